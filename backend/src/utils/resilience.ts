/**
 * Every call to an outside party goes through a policy. From the outside in: deadline; bulkhead and rate with a bounded
 * queue; retry; breaker per attempt; time limit per attempt, by AbortSignal.
 *
 * opossum is the breaker and nothing else, for what was measured of it: its timeout does not stop the call, its capacity
 * rejections count as failures and opened a circuit without one real failure, and with its defaults a single failure
 * opens. Further: rejected calls count as calls, and dilute the failures after a reset, so we do not fire an open breaker;
 * a failure is compared with the calls *started* in the window, so a window shorter than two time limits never opens on
 * a party that hangs.
 */
import CircuitBreaker from 'opossum';
import { AppError } from '../domain/errors.js';
import { attemptOnce, type Stragglers, whenEnded } from './resilience/attempt.js';
import { isAnswered, isSurelyUndone, isTransient, retryAfterSecondsOf } from './resilience/classify.js';
import { Gate } from './resilience/gate.js';
import type {
  BreakerState,
  Policy,
  PolicyObserver,
  PolicyOptions,
  PolicyState,
  RunOptions,
} from './resilience/policies.js';
import { retrying } from './resilience/retry.js';
import { currentSignal, isTimeLimit, onAnyAbort, timeLimitPassed } from './resilience/signalScope.js';
import { systemTime } from './resilience/time.js';

const SHORTEST_WINDOW_MS = 60_000;
/** A policy holds a breaker and timers: one per outside party. More of one name are a policy per request by mistake. */
const MOST_OF_ONE_NAME = 50;

const OPENAI: PolicyOptions = {
  name: 'openai',
  atOnce: 10,
  rate: { maxCalls: 100, windowMs: 60_000 },
};
/** Twilio has no idempotency key for messages: one sent twice is paid and read twice. */
const TWILIO: PolicyOptions = { name: 'twilio', atOnce: 10, idempotent: false };

const open = new Set<Policy>();
const shared = new Map<string, Policy>();
let observer: PolicyObserver = {};

/** Runs one call to OpenAI: 10 at once, 100 a minute, three attempts, 30 s each. Throws as `Policy.run` does. */
export function safeOpenAICall<T>(work: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T> {
  return sharedPolicy(OPENAI).run(work, options);
}

/** Runs one call to Twilio: 10 at once, repeated only when it surely did nothing. Throws as `Policy.run` does. */
export function safeTwilioCall<T>(work: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T> {
  return sharedPolicy(TWILIO).run(work, options);
}

/** The state of every policy of this process, for `/health/detailed`. */
export function policyStates(): PolicyState[] {
  sharedPolicy(OPENAI);
  sharedPolicy(TWILIO);
  return [...open].map((one) => one.state());
}

/** Closes all policies. Those of OpenAI and Twilio start anew, with closed breakers, at their next call. */
export function closePolicies(): void {
  for (const one of open) one.close();
  shared.clear();
}

/** Hands attempts and breaker changes to whoever counts them. Called once, by the context. */
export function observePolicies(next: PolicyObserver): void {
  observer = next;
}

/** Makes a policy, to be kept for as long as the outside party is called. */
export function policy(options: PolicyOptions): Policy {
  const namesakes = [...open].filter((one) => one.name === options.name).length;
  if (namesakes >= MOST_OF_ONE_NAME)
    throw new Error(`${namesakes} policies are called ${options.name}. Make it once and share it.`);
  const made = new BreakingPolicy(options, (closed) => open.delete(closed));
  open.add(made);
  return made;
}

function sharedPolicy(options: PolicyOptions): Policy {
  let found = shared.get(options.name);
  if (!found) {
    found = policy(options);
    shared.set(options.name, found);
  }
  return found;
}

class BreakerOpen extends Error {}

class BreakingPolicy implements Policy {
  readonly name: string;
  readonly #options: Required<Omit<PolicyOptions, 'breaker' | 'rate'>>;
  readonly #resetMs: number;
  readonly #gate: Gate;
  readonly #breaker: CircuitBreaker<[() => Promise<unknown>], unknown>;
  readonly #onClose: (policy: Policy) => void;
  #openedAt = 0;
  #closed = false;

  constructor({ breaker = {}, rate, ...options }: PolicyOptions, onClose: (policy: Policy) => void) {
    this.name = options.name;
    this.#onClose = onClose;
    this.#options = {
      atOnce: 10,
      maxWaiting: 50,
      maxAttempts: 3,
      baseMs: 1_000,
      capMs: 10_000,
      timeoutMs: 30_000,
      deadlineMs: 90_000,
      idempotent: true,
      time: systemTime,
      random: () => Math.random(),
      ...options,
    };
    this.#gate = new Gate({ ...this.#options, rate });
    this.#resetMs = breaker.resetMs ?? 60_000;
    this.#breaker = new CircuitBreaker((attempt: () => Promise<unknown>) => attempt(), {
      name: this.name,
      timeout: false,
      errorThresholdPercentage: breaker.errorPercentage ?? 50,
      volumeThreshold: breaker.volumeThreshold ?? 10,
      resetTimeout: this.#resetMs,
      rollingCountTimeout: Math.max(SHORTEST_WINDOW_MS, 2 * this.#options.timeoutMs),
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      errorFilter: (error: unknown) => this.#tellsNothing(error),
    });
    this.#breaker.on('open', () => {
      this.#openedAt = this.#options.time.now();
    });
    // opossum's overloads take one name at a time; all three listeners ignore their arguments.
    for (const event of ['open', 'halfOpen', 'close'] as const)
      this.#breaker.on(event as 'open', () => observer.onBreaker?.(this.name, this.#breakerState()));
  }

  async run<T>(work: (signal: AbortSignal) => Promise<T>, options: RunOptions = {}): Promise<T> {
    const { time, deadlineMs, idempotent, graceMs } = { ...this.#options, graceMs: this.#options.timeoutMs };
    const endsAt = time.now() + (options.deadlineMs ?? deadlineMs);
    const shouldRetry = (options.idempotent ?? idempotent) ? isRepeatable : isSurelyUndone;
    const stragglers: Stragglers = new Set();
    const controller = new AbortController();
    const { signal } = controller;
    const forget = onAnyAbort([options.signal ?? currentSignal()], (reason) => controller.abort(reason));
    const cancelDeadline = time.after(options.deadlineMs ?? deadlineMs, () =>
      controller.abort(
        timeLimitPassed('dependency_unavailable', `${this.name} did not answer in time. Try again later.`),
      ),
    );
    let inside = false;
    try {
      if (this.#closed) throw new BreakerOpen();
      await this.#gate.enter(signal);
      inside = true;
      return await retrying(
        async (number) => {
          if (number > 1) await this.#gate.again(signal);
          return this.#attempt(work, signal, stragglers);
        },
        {
          ...this.#options,
          exponential: true,
          signal,
          remainingMs: () => endsAt - time.now(),
          shouldRetry: (error) => !(error instanceof BreakerOpen) && shouldRetry(error),
        },
      );
    } catch (error) {
      throw signal.aborted && error === signal.reason ? error : this.#translate(error);
    } finally {
      cancelDeadline();
      forget();
      // A call that ignores its signal still burdens the other side, so it keeps its place, though not for ever.
      if (inside) whenEnded(stragglers, graceMs, time, () => this.#gate.leave());
    }
  }

  state(): PolicyState {
    const { successes, failures } = this.#breaker.stats;
    return {
      name: this.name,
      breaker: this.#breakerState(),
      retryAfterSeconds: this.#breaker.opened ? this.#secondsToReset() : 0,
      running: this.#gate.running,
      waiting: this.#gate.waiting,
      recentCalls: this.#gate.recentCalls,
      recentAttempts: { succeeded: successes, failed: failures },
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gate.close(
      new AppError('overloaded', 'The server is stopping. Try again shortly.', { retryAfterSeconds: 1 }),
    );
    this.#breaker.shutdown();
    this.#onClose(this);
  }

  async #attempt<T>(work: (signal: AbortSignal) => Promise<T>, outer: AbortSignal, stragglers: Stragglers): Promise<T> {
    if (this.#closed || this.#breaker.opened) throw new BreakerOpen();
    const { name, timeoutMs, time } = this.#options;
    const startedAt = time.now();
    const tell = (outcome: 'ok' | 'answered' | 'failed'): void =>
      observer.onAttempt?.({ policy: name, outcome, durationMs: time.now() - startedAt });
    try {
      const fired = this.#breaker.fire(() => attemptOnce(work, { name, timeoutMs, outer, stragglers, time }));
      // The breaker answers what the function that it fires answers.
      const result = (await fired) as T;
      tell('ok');
      return result;
    } catch (error) {
      if (isOpenBreaker(error)) throw new BreakerOpen(undefined, { cause: error });
      tell(isAnswered(error) ? 'answered' : 'failed');
      throw error;
    }
  }

  /**
   * Failures that say nothing against the other side: it answered below 500, or our caller went away. opossum takes them for
   * successes, and a success closes a half-open breaker; a caller who went away has proved nothing, so then it counts.
   */
  #tellsNothing(error: unknown): boolean {
    return isAnswered(error) || (isCancelled(error) && !this.#breaker.halfOpen);
  }

  #breakerState(): BreakerState {
    if (this.#breaker.opened) return 'open';
    return this.#breaker.halfOpen ? 'half_open' : 'closed';
  }

  #secondsToReset(): number {
    return Math.max(1, Math.ceil((this.#openedAt + this.#resetMs - this.#options.time.now()) / 1000));
  }

  #translate(error: unknown): unknown {
    if (error instanceof BreakerOpen)
      return new AppError(
        'dependency_unavailable',
        `${this.name} keeps failing and is left alone for now. Try later.`,
        {
          cause: error.cause,
          retryAfterSeconds: this.#secondsToReset(),
        },
      );
    if (error instanceof AppError || !isTransient(error)) return error;
    return new AppError('dependency_unavailable', `${this.name} is not available right now. Try again shortly.`, {
      cause: error,
      retryAfterSeconds: Math.ceil(retryAfterSecondsOf(error) ?? 1),
    });
  }
}

function isRepeatable(error: unknown): boolean {
  return isTransient(error) || isTimeLimit(error);
}

function isOpenBreaker(error: unknown): boolean {
  return CircuitBreaker.isOurError(error as Error);
}
