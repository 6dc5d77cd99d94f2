import { AppError } from '../../domain/shared/errors.js';
import { timeLimitPassed } from '../../utils/resilience/signalScope.js';

export interface PatienceLimits {
  /** From the call to the first piece, waits and repetitions included. */
  firstMs: number;
  /** Between two pieces. */
  silenceMs: number;
}

/** Ends a call whose first piece or next piece does not come. One per call of a model. */
export class Patience {
  readonly #limits: PatienceLimits;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;
  #isUnderWay = false;

  constructor(limits: PatienceLimits) {
    this.#limits = limits;
    this.#timer = setTimeout(() => this.#end(limits.firstMs), limits.firstMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The call has a place, and the outside party is being asked. */
  begin(): void {
    this.#isUnderWay = true;
  }

  /** A piece has come. */
  hear(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(this.#limits.silenceMs), this.#limits.silenceMs);
  }

  /** The caller has gone. */
  leave(reason: unknown): void {
    this.#controller.abort(reason);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #end(ms: number): void {
    this.#controller.abort(
      this.#isUnderWay
        ? timeLimitPassed('dependency_unavailable', `The model said nothing for ${ms / 1000} s. Try again shortly.`)
        : // Nobody was asked, so this says nothing against the outside party.
          new AppError('overloaded', 'Too many questions are waiting for the model. Try again shortly.', {
            retryAfterSeconds: 1,
          }),
    );
  }
}
