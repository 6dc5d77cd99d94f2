/**
 * Long computing on the event loop, in slices. One slice runs in a turn of the loop, whoever asks, and restaurants take turns:
 * ten imports delay a request no more than one does.
 */

/** A tenth of what a request may hold the loop for: what runs in a slice may be longer by one step. */
const SLICE_MS = 5;

/** By restaurant, in the order of whose turn it is: those that wait for a slice. */
const waiting = new Map<string, (() => void)[]>();
let isGranting = false;

/** The slices of one piece of work. */
export class Pace {
  readonly #key: string;
  #until = 0;

  /** @param key whose work it is: the restaurant's id. */
  constructor(key: string) {
    this.#key = key;
  }

  /** For work that seldom fills a slice: its first one runs at once, in the turn of who asks. */
  static begun(key: string): Pace {
    const pace = new Pace(key);
    pace.#until = performance.now() + SLICE_MS;
    return pace;
  }

  /** Whether to `rest` before the next step. Cheap: ask before each one. */
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

/** Runs work that pauses after each small step, with a rest whenever its slice is over. @returns what the work returns. */
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
