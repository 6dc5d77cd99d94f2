import type { Primitive } from './methodTypes.js';

/**
 * Equals the longest transaction deadline: a result that is not there by then may never come, and
 * no further call waits for it.
 */
const JOINABLE_MS = 30_000;

interface Entry<R> {
  result: Promise<R>;
  endsAt: number;
}

/** Results of one method of one instance. When full, the oldest entry is removed. */
export class Memory<R> {
  readonly #entries = new Map<Primitive, Entry<R>>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get(key: Primitive, now: number): Promise<R> | undefined {
    const entry = this.#entries.get(key);
    return entry && now < entry.endsAt ? entry.result : undefined;
  }

  /**
   * Keeps `result` while it runs, for 30 s at most, and for `ttlMs` afterwards. A rejected result
   * is removed.
   */
  set(key: Primitive, result: Promise<R>, ttlMs: number, now: () => number): void {
    const entry: Entry<R> = { result, endsAt: now() + JOINABLE_MS };
    this.#entries.delete(key);
    if (this.#entries.size >= this.#maxEntries) this.#forgetOldest();
    this.#entries.set(key, entry);
    result.then(
      () => {
        entry.endsAt = now() + ttlMs;
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
  }

  #forgetOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}

/** Key of a list of arguments: `('a', 'b')` and `('ab')` differ, and so do `1` and `'1'`. */
export function keyOf(args: readonly Primitive[]): Primitive {
  if (args.length === 0) return undefined;
  const [only] = args;
  if (args.length === 1) return typeof only === 'string' ? `s${only}` : only;
  return `m${args.map((one) => `${typeof one}${String(one).length}:${String(one)}`).join()}`;
}
