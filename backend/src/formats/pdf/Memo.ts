/**
 * A cache of computed values by text. When full, it is cleared: values still in use are soon
 * computed again.
 */
export class Memo<Value> {
  readonly #most: number;
  readonly #known = new Map<string, Value>();

  /** @param most maximum of entries, so that no document fills the memory. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= this.#most) this.#known.clear();
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}
