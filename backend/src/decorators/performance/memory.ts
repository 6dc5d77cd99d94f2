import type { Primitive } from './types.js';

interface Entry<R> {
  result: Promise<R>;
  /** Infinite while it runs. */
  endsAt: number;
}

/** Results of one method of one instance, the oldest pushed out by the newest. */
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

  /** Keeps `result` while it runs and for `ttlMs` after; not at all when it rejects. */
  set(key: Primitive, result: Promise<R>, ttlMs: number, now: () => number): void {
    const entry: Entry<R> = { result, endsAt: Infinity };
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

/** One text or value per list of arguments: `('a', 'b')` and `('ab')` differ, and so do `1` and `'1'`. */
export function keyOf(args: readonly Primitive[]): Primitive {
  if (args.length === 0) return undefined;
  const [only] = args;
  if (args.length === 1) return typeof only === 'string' ? `s${only}` : only;
  return `m${args.map((one) => `${typeof one}${String(one).length}:${String(one)}`).join()}`;
}
