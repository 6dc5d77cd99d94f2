import { AppError } from '../../domain/shared/errors.js';
import { CallWindow } from './callWindow.js';
import type { Time } from './time.js';

export interface GateOptions {
  /** Name of the outside party, for messages. */
  name: string;
  atOnce: number;
  maxWaiting: number;
  rate: { maxCalls: number; windowMs: number } | undefined;
  time: Time;
}

interface Waiter {
  go: () => void;
  fail: (reason: unknown) => void;
}

/**
 * Bulkhead and rate in one: a call starts when a place is free and the rate allows it. The other
 * calls wait in order of arrival, up to a limit. Repeated attempts of admitted calls go first,
 * because they already have a place.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #window: CallWindow | undefined;
  readonly #inside = new Set<Waiter>();
  readonly #outside = new Set<Waiter>();
  #running = 0;
  #cancelTimer: (() => void) | undefined;
  #closedBecause: AppError | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
    if (options.rate) this.#window = new CallWindow(options.rate.maxCalls, options.rate.windowMs);
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#outside.size;
  }

  /** Number of calls within the last window of the rate. */
  get recentCalls(): number {
    return this.#window?.used(this.#options.time.now()) ?? 0;
  }

  /**
   * Takes a place and starts a first call. `leave` gives the place back.
   * @throws AppError overloaded when too many wait; the signal's reason when it aborts first.
   */
  enter(signal: AbortSignal): Promise<void> {
    if (this.#outside.size >= this.#options.maxWaiting) {
      this.#pump();
      if (this.#outside.size >= this.#options.maxWaiting) return Promise.reject(this.#full());
    }
    return this.#wait(this.#outside, signal);
  }

  /** Starts one more attempt of an admitted call. */
  again(signal: AbortSignal): Promise<void> {
    return this.#wait(this.#inside, signal);
  }

  leave(): void {
    this.#running -= 1;
    this.#pump();
  }

  /** Rejects every call that waits or arrives later. */
  close(reason: AppError): void {
    this.#closedBecause = reason;
    this.#cancelTimer?.();
    for (const waiter of [...this.#inside, ...this.#outside]) waiter.fail(reason);
  }

  #wait(queue: Set<Waiter>, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted || this.#closedBecause) {
        reject(signal.aborted ? signal.reason : this.#closedBecause);
        return;
      }
      const onAbort = (): void => waiter.fail(signal.reason);
      const gone = (): void => {
        queue.delete(waiter);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        go: () => {
          gone();
          resolve();
        },
        fail: (reason) => {
          gone();
          reject(reason);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queue.add(waiter);
      this.#pump();
    });
  }

  /** Starts every call that may start, and runs again when the rate allows the next one. */
  #pump(): void {
    for (;;) {
      const [insider] = this.#inside;
      const [outsider] = this.#running < this.#options.atOnce ? this.#outside : [];
      const waiter = insider ?? outsider;
      if (!waiter) return;
      const now = this.#options.time.now();
      const waitMs = this.#window?.waitMs(now) ?? 0;
      if (waitMs > 0) {
        this.#cancelTimer ??= this.#options.time.after(Math.ceil(waitMs), () => {
          this.#cancelTimer = undefined;
          this.#pump();
        });
        return;
      }
      this.#window?.take(now);
      if (waiter === outsider) this.#running += 1;
      waiter.go();
    }
  }

  #full(): AppError {
    const waitMs = this.#window?.waitMs(this.#options.time.now()) ?? 0;
    return new AppError('overloaded', `Too many calls to ${this.#options.name} are waiting. Try again shortly.`, {
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    });
  }
}
