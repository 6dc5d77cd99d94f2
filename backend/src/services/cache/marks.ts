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

/** A forgotten mark counts as dead, so the limit costs a load and never an old value. */
const MARKS_MAX = 20_000;

export class Marks {
  #epoch: Mark = { alive: true };
  readonly #byName = new Map<string, Mark>();

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
    for (const mark of this.#byName.values()) mark.alive = false;
    this.#byName.clear();
  }

  #kill(name: string): void {
    const mark = this.#byName.get(name);
    if (!mark) return;
    mark.alive = false;
    this.#byName.delete(name);
  }

  #mark(name: string): Mark {
    const known = this.#byName.get(name);
    if (known) return known;
    if (this.#byName.size >= MARKS_MAX) {
      const oldest = this.#byName.keys().next();
      if (!oldest.done) this.#kill(oldest.value);
    }
    const mark = { alive: true };
    this.#byName.set(name, mark);
    return mark;
  }
}

export function areAlive(marks: readonly Mark[]): boolean {
  for (const mark of marks) if (!mark.alive) return false;
  return true;
}

export function isCurrent(guard: Guard): boolean {
  return guard.fence.alive && areAlive(guard.marks);
}
