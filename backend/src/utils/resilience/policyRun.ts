import { AppError } from '../../domain/shared/errors.js';
import { attemptOnce, type Stragglers, whenEnded } from './attempt.js';
import { type Breaker, BreakerOpen, Cancelled } from './breaker.js';
import { isAnswered, isSurelyUndone, isTransient, retryAfterSecondsOf } from './classify.js';
import { Gate } from './gate.js';
import type { Policy, PolicyObserver, PolicyOptions, PolicyState, RunOptions } from './policies.js';
import { retrying } from './retry.js';
import { currentSignal, isTimeLimit, onAnyAbort, timeLimitPassed } from './signalScope.js';

export type PolicySettings = Required<Omit<PolicyOptions, 'breaker' | 'rate'>> & Pick<PolicyOptions, 'rate'>;

/** Deadline, gate, retry and time limit around a breaker. */
export class GuardedPolicy implements Policy {
  readonly name: string;
  readonly #settings: PolicySettings;
  readonly #breaker: Breaker;
  readonly #onAttempt: NonNullable<PolicyObserver['onAttempt']>;
  readonly #onClose: () => void;
  readonly #gate: Gate;
  #lastFailure: unknown;
  #closed = false;

  constructor(deps: {
    settings: PolicySettings;
    breaker: Breaker;
    onAttempt: NonNullable<PolicyObserver['onAttempt']>;
    onClose: (policy: Policy) => void;
  }) {
    this.name = deps.settings.name;
    this.#settings = deps.settings;
    this.#breaker = deps.breaker;
    this.#onAttempt = deps.onAttempt;
    this.#onClose = () => deps.onClose(this);
    this.#gate = new Gate({ ...deps.settings, rate: deps.settings.rate });
  }

  async run<T>(work: (signal: AbortSignal) => Promise<T>, options: RunOptions = {}): Promise<T> {
    const { name, time } = this.#settings;
    const { deadlineMs = this.#settings.deadlineMs, timeoutMs = this.#settings.timeoutMs, mayRepeat } = options;
    const isWorthIt = (options.idempotent ?? this.#settings.idempotent) ? isRepeatable : isSurelyUndone;
    const endsAt = time.now() + deadlineMs;
    const stragglers: Stragglers = new Set();
    const controller = new AbortController();
    const { signal } = controller;
    const forget = onAnyAbort([options.signal ?? currentSignal()], (reason) => controller.abort(reason));
    let inside = false;
    const cancelDeadline = time.after(deadlineMs, () => {
      const late = timeLimitPassed('dependency_unavailable', `${name} did not answer in time. Try again later.`);
      controller.abort(inside ? late : crowded(name));
    });
    try {
      // No call waits for a party that would not be called anyway.
      this.#assertAsking();
      await this.#gate.enter(signal);
      inside = true;
      return await retrying(
        async (number) => {
          if (number > 1) await this.#gate.again(signal);
          return this.#attempt(work, { outer: signal, stragglers, timeoutMs });
        },
        {
          ...this.#settings,
          maxAttempts: options.maxAttempts ?? this.#settings.maxAttempts,
          exponential: true,
          signal,
          remainingMs: () => endsAt - time.now(),
          shouldRetry: (error) => isWorthIt(error) && (mayRepeat?.() ?? true),
        },
      );
    } catch (error) {
      throw signal.aborted && error === signal.reason ? error : this.#translate(error);
    } finally {
      cancelDeadline();
      forget();
      // A call that ignores its signal still burdens the outside party, so it keeps its place, but
      // not for ever.
      if (inside) whenEnded(stragglers, timeoutMs, time, () => this.#gate.leave());
    }
  }

  state(): PolicyState {
    return {
      name: this.name,
      breaker: this.#breaker.state(),
      retryAfterSeconds: this.#breaker.retryAfterSeconds(),
      running: this.#gate.running,
      waiting: this.#gate.waiting,
      recentCalls: this.#gate.recentCalls,
      recentAttempts: this.#breaker.recent(),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gate.close(stopping());
    this.#breaker.close();
    this.#onClose();
  }

  #assertAsking(): void {
    if (this.#closed) throw stopping();
    if (this.#breaker.state() === 'open') throw new BreakerOpen(undefined, { cause: this.#lastFailure });
  }

  async #attempt<T>(
    work: (signal: AbortSignal) => Promise<T>,
    limits: { outer: AbortSignal; stragglers: Stragglers; timeoutMs: number },
  ): Promise<T> {
    this.#assertAsking();
    const { name, time } = this.#settings;
    const { outer } = limits;
    const startedAt = time.now();
    const tell = (outcome: 'ok' | 'answered' | 'failed'): void =>
      this.#onAttempt({ policy: name, outcome, durationMs: time.now() - startedAt });
    try {
      const result = await this.#breaker.fire(() =>
        attemptOnce(work, { ...limits, name, time }).catch((error: unknown) => {
          throw outer.aborted && error === outer.reason && !isTimeLimit(error) ? new Cancelled(error) : error;
        }),
      );
      tell('ok');
      return result;
    } catch (error) {
      if (error instanceof Cancelled) throw error.reason;
      if (error instanceof BreakerOpen) throw error;
      const answered = isAnswered(error);
      if (!answered) this.#lastFailure = error;
      tell(answered ? 'answered' : 'failed');
      throw error;
    }
  }

  #translate(error: unknown): unknown {
    if (error instanceof BreakerOpen)
      return new AppError(
        'dependency_unavailable',
        `${this.name} keeps failing and is not called for now. Try again later.`,
        {
          cause: error,
          retryAfterSeconds: Math.max(1, this.#breaker.retryAfterSeconds()),
        },
      );
    if (error instanceof AppError || !isTransient(error)) return error;
    return new AppError('dependency_unavailable', `${this.name} is not available right now. Try again shortly.`, {
      cause: error,
      retryAfterSeconds: Math.max(1, Math.ceil(retryAfterSecondsOf(error) ?? 1)),
    });
  }
}

function isRepeatable(error: unknown): boolean {
  return isTransient(error) || isTimeLimit(error);
}

/** Not the time limit of a call, because nothing was called. */
function crowded(name: string): AppError {
  return new AppError('overloaded', `Too many calls to ${name} are waiting. Try again shortly.`, {
    retryAfterSeconds: 1,
  });
}

function stopping(): AppError {
  return new AppError('overloaded', 'The server is stopping. Try again shortly.', { retryAfterSeconds: 1 });
}
