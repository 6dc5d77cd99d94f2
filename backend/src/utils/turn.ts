/** A request's place among those under way: given back while its body is awaited, and when it has been answered. */
import type { Overload, Priority } from './overload.js';

const turns = new WeakMap<object, Turn>();

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
  static take(overload: Overload, priority: Priority, request: object): Turn | undefined {
    if (!overload.admit(priority)) return undefined;
    const turn = new Turn(overload, priority);
    turns.set(request, turn);
    return turn;
  }

  /** The turn of a request. A server without a bound on requests, as tests have, gives none. */
  static of(request: object): Turn | undefined {
    return turns.get(request);
  }

  /** Nothing of ours works on the request before its body is here: a sender that never sends it takes no place. */
  pause(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#overload.done();
  }

  /** @returns false when others have taken the place meanwhile. */
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
