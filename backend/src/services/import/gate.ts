import { AppError } from '../../domain/errors.js';

/** Lets a few in at a time; the others wait in line, and where the line is long they are sent away. */
export class Gate {
  readonly #places: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(places: number, maxWaiting: number) {
    this.#places = places;
    this.#maxWaiting = maxWaiting;
  }

  /** @throws AppError overloaded. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#places) {
      if (this.#waiting.length >= this.#maxWaiting) {
        throw new AppError('overloaded', 'Too many imports are waiting. Try again in a minute.', {
          retryAfterSeconds: 60,
        });
      }
      // Whoever leaves hands over the place.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#inside += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside -= 1;
    }
  }
}
