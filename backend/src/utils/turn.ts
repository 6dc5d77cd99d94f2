/**
 * A request's place among those in progress: given up while its body arrives, and when it has been
 * answered.
 */
import type { Overload, Priority } from './overload.js';

/** A property of the request and not a WeakMap: that takes 0.7 µs, and time at each collection. */
const TURN = Symbol('turn');

interface WithTurn {
  [TURN]?: Turn;
}

export class Turn {
  readonly #overload: Overload;
  readonly #priority: Priority;
  #isHeld = true;
  #isOver = false;

  private constructor(overload: Overload, priority: Priority) {
    this.#overload = overload;
    this.#priority = priority;
  }

  /** @returns undefined when the request must be refused. */
  static take(overload: Overload, priority: Priority, request: object, waitedMs = 0): Turn | undefined {
    if (!overload.admit(priority, waitedMs)) return undefined;
    const turn = new Turn(overload, priority);
    // Only this file knows the symbol.
    (request as WithTurn)[TURN] = turn;
    return turn;
  }

  /** The turn of a request. Undefined on a server without a limit of requests, such as in tests. */
  static of(request: object): Turn | undefined {
    // Same reason as in `take`.
    return (request as WithTurn)[TURN];
  }

  /**
   * Gives up the place until the body is here. Servio does not work on the request before, so a
   * sender that never sends its body takes no place.
   */
  pause(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#overload.done();
  }

  /** @returns false when other requests have taken the place meanwhile. */
  resume(): boolean {
    if (this.#isHeld || this.#isOver) return true;
    this.#isHeld = this.#overload.readmit(this.#priority);
    return this.#isHeld;
  }

  /** May be called more than once. */
  end(): void {
    this.#isOver = true;
    this.pause();
  }
}
