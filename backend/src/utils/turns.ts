/**
 * Long computations on the event loop, in slices. Each turn of the loop runs only one slice, and
 * restaurants take turns: ten imports delay a request no more than one does.
 */

/** A tenth of the time that a request may block the loop. A slice may exceed this by one step. */
const SLICE_MS = 5;

/** Work that waits for a slice, by restaurant, in the order of their turns. */
const waiting = new Map<string, (() => void)[]>();
let isGranting = false;

/** The slices of one piece of work. */
export class Pace {
  readonly #key: string;
  #until = 0;

  /** @param key id of the restaurant that the work is for. */
  constructor(key: string) {
    this.#key = key;
  }

  /** For work that seldom fills a slice: its first slice runs at once, in the caller's turn. */
  static begun(key: string): Pace {
    const pace = new Pace(key);
    pace.#until = performance.now() + SLICE_MS;
    return pace;
  }

  /** Whether to `rest` before the next step. Cheap: check before each step. */
  get isUp(): boolean {
    return performance.now() >= this.#until;
  }

  /** Resolves when it is this work's turn again. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      const own = waiting.get(this.#key);
      if (own) own.push(resolve);
      else waiting.set(this.#key, [resolve]);
      if (!isGranting) grantNext();
    });
    this.#until = performance.now() + SLICE_MS;
  }
}

/**
 * Runs work that pauses after each small step, with a rest whenever its slice is over. @returns
 * what the work returns.
 */
export async function inTurns<T>(steps: Generator<void, T>, pace: Pace): Promise<T> {
  for (;;) {
    if (pace.isUp) await pace.rest();
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function grantNext(): void {
  isGranting = true;
  setImmediate(() => {
    const [next] = waiting;
    if (!next) {
      isGranting = false;
      return;
    }
    const [key, own] = next;
    waiting.delete(key);
    own.shift()?.();
    if (own.length > 0) waiting.set(key, own);
    grantNext();
  });
}
