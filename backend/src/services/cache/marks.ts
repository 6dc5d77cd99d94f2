/**
 * What this instance knows to be current, without asking anybody.
 *
 * A mark stands for everything known under a tag since that tag was last invalidated. Whoever starts to load takes the marks
 * first and shows them when he stores: a dead one means that the value may have been read before the write, so it is not
 * stored. Entries keep their marks, so one assignment makes all entries of a tag old, however many there are.
 */
import type { CacheTag } from './keys.js';

export interface Mark {
  alive: boolean;
  /** Of a tag: its version in Redis, learned after the mark was made. It is the version while the mark lives. */
  version?: string | undefined;
}

/** Taken before a load. */
export interface Guard {
  /** Of the tags: an entry is good while they live. */
  readonly marks: readonly Mark[];
  /** Of deletions by key or pattern in this restaurant: nobody may join or store a load that began before one. */
  readonly fence: Mark;
}

/** Of one kind of name. A forgotten mark counts as dead, so the limit costs a load and never an old value. */
const MARKS_MAX = 20_000;

export class Marks {
  #epoch: Mark = { alive: true };
  /** By kind of name, so that a flood of one kind makes none of the others forgotten; in the order of use. */
  readonly #byKind = new Map<string, Map<string, Mark>>();
  readonly #max: number;

  /** @param max how many marks of one kind are remembered. */
  constructor(max = MARKS_MAX) {
    this.#max = max;
  }

  /** The marks of everything and of some tags. */
  take(tags: readonly CacheTag[]): readonly Mark[] {
    const marks = [this.#epoch];
    for (const tag of tags) marks.push(this.#mark(tag));
    return marks;
  }

  guard(restaurantId: string, tags: readonly CacheTag[]): Guard {
    return { marks: this.take(tags), fence: this.#mark(restaurantId) };
  }

  killTag(tag: string): void {
    this.#kill(tag);
  }

  /** Deletions by key or pattern detach every load of the restaurant: coarse, cheap, and a load too many does no harm. */
  killFence(restaurantId: string): void {
    this.#kill(restaurantId);
  }

  /** After messages may have been lost: nothing that is known here counts any more. */
  killAll(): void {
    this.#epoch.alive = false;
    this.#epoch = { alive: true };
    for (const marks of this.#byKind.values()) for (const mark of marks.values()) mark.alive = false;
    this.#byKind.clear();
  }

  #kill(name: string): void {
    const marks = this.#byKind.get(kindOfName(name));
    const mark = marks?.get(name);
    if (!mark) return;
    mark.alive = false;
    marks?.delete(name);
  }

  #mark(name: string): Mark {
    const kind = kindOfName(name);
    let marks = this.#byKind.get(kind);
    if (!marks) this.#byKind.set(kind, (marks = new Map()));
    const known = marks.get(name);
    const mark = known ?? { alive: true };
    // Behind all others: the first is the one not used for longest.
    if (known) marks.delete(name);
    marks.set(name, mark);
    if (marks.size > this.#max) {
      const oldest = marks.keys().next();
      if (!oldest.done) this.#kill(oldest.value);
    }
    return mark;
  }
}

/** `menu` of the tag of a menu; of a restaurant's fence, which is its bare id, nothing. */
function kindOfName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1 || name.length);
}

export function areAlive(marks: readonly Mark[]): boolean {
  for (const mark of marks) if (!mark.alive) return false;
  return true;
}

export function isCurrent(guard: Guard): boolean {
  return guard.fence.alive && areAlive(guard.marks);
}
