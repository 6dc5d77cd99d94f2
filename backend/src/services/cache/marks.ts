/**
 * Marks: the knowledge of this instance about which values are current, without asking Redis.
 *
 * A mark represents everything loaded under a tag since the tag's last invalidation. A load takes
 * the marks first and checks them when it stores: a dead mark means that the value may have been
 * read before the write, so it is not stored. Entries keep their marks, so one assignment makes all
 * entries of a tag old, however many there are.
 */
import type { CacheTag } from './keys.js';

export interface Mark {
  alive: boolean;
  /**
   * For a tag: its version in Redis, learned after the mark was made and valid while the mark is
   * alive.
   */
  version?: string | undefined;
}

/** Marks taken before a load. */
export interface Guard {
  /** Marks of the tags. An entry is valid while they are alive. */
  readonly marks: readonly Mark[];
  /**
   * Mark of deletions by key or pattern in this restaurant. A load from before a deletion takes no
   * new callers and is not stored.
   */
  readonly fence: Mark;
}

/**
 * Maximum number of marks per kind of name. A forgotten mark counts as dead, so the limit costs a
 * load but never returns an old value.
 */
const MARKS_MAX = 20_000;

export class Marks {
  #epoch: Mark = { alive: true };
  /**
   * Marks by kind of name, in order of use. A flood of one kind does not push out marks of another.
   */
  readonly #byKind = new Map<string, Map<string, Mark>>();
  readonly #max: number;

  /** @param max how many marks of one kind are remembered. */
  constructor(max = MARKS_MAX) {
    this.#max = max;
  }

  /** The mark of everything and those of some tags. */
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

  /**
   * A deletion by key or pattern detaches every load of the restaurant. This is coarse but cheap,
   * and an extra load does no harm.
   */
  killFence(restaurantId: string): void {
    this.#kill(restaurantId);
  }

  /** For when messages may have been lost: everything in this instance counts as old. */
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
    // Moved to the end: the first mark is the least recently used one.
    if (known) marks.delete(name);
    marks.set(name, mark);
    if (marks.size > this.#max) {
      const oldest = marks.keys().next();
      if (!oldest.done) this.#kill(oldest.value);
    }
    return mark;
  }
}

/** `menu` for the tag of a menu; empty for a restaurant's fence, which is only its id. */
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
