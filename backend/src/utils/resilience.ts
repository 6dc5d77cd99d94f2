/**
 * Every call to an outside party goes through a policy. From the outside in: deadline; bulkhead and
 * rate with a limited queue; retry; breaker per attempt; time limit per attempt, by AbortSignal.
 *
 * opossum is only the breaker, because of these measurements: its timeout does not stop the call;
 * its capacity rejections count as failures and opened a circuit without one real failure; with its
 * defaults a single failure opens. Also, rejected calls count as calls and dilute the failures
 * after a reset, so an open breaker is not fired. And a failure is compared with the calls
 * *started* in the window, so with a window shorter than the time limit, a party that hangs never
 * opens it.
 */
import CircuitBreaker from 'opossum';
import { type Breaker, BreakerOpen, Cancelled } from './resilience/breaker.js';
import { isAnswered } from './resilience/classify.js';
import type {
  BreakerState,
  Policy,
  PolicyObserver,
  PolicyOptions,
  PolicyState,
  RunOptions,
} from './resilience/policies.js';
import { GuardedPolicy, type PolicySettings } from './resilience/policyRun.js';
import { systemTime } from './resilience/time.js';

const SHORTEST_WINDOW_MS = 60_000;
/**
 * A policy has a breaker and timers: one per outside party. More of one name mean a policy per
 * request by mistake.
 */
const MOST_OF_ONE_NAME = 50;

/** A person waits for the answer. */
const OPENAI: PolicyOptions = {
  name: 'openai',
  atOnce: 10,
  rate: { maxCalls: 100, windowMs: 60_000 },
  maxAttempts: 2,
  timeoutMs: 10_000,
  deadlineMs: 10_000,
};
/** Twilio has no idempotency key for messages: a message sent twice is paid and read twice. */
const TWILIO: PolicyOptions = {
  name: 'twilio',
  atOnce: 10,
  idempotent: false,
  maxAttempts: 2,
  timeoutMs: 10_000,
  deadlineMs: 20_000,
};

const policies = new Set<Policy>();
const shared = new Map<string, Policy>();
let observer: PolicyObserver = {};

/**
 * Runs one call to OpenAI: 10 at once and 50 waiting, 100 a minute, two attempts within 10 s.
 * Throws like `Policy.run`.
 */
export function safeOpenAICall<T>(work: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T> {
  return sharedPolicy(OPENAI).run(work, options);
}

/**
 * Runs one call to Twilio: 10 at once, repeated only if it surely did nothing. Throws like
 * `Policy.run`.
 */
export function safeTwilioCall<T>(work: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T> {
  return sharedPolicy(TWILIO).run(work, options);
}

/** The state of every policy of this process, for `/health/detailed`. */
export function policyStates(): PolicyState[] {
  sharedPolicy(OPENAI);
  sharedPolicy(TWILIO);
  return [...policies].map((one) => one.state());
}

/**
 * Closes all policies. Those of OpenAI and Twilio are made again, with closed breakers, at their
 * next call.
 */
export function closePolicies(): void {
  for (const one of policies) one.close();
  shared.clear();
}

/**
 * Sets the observer of attempts and breaker changes, and first reports the state of every policy: a
 * breaker that never changes would otherwise never be seen. The context calls this; the last
 * observer counts.
 */
export function observePolicies(next: PolicyObserver): void {
  // Before the observer changes: a policy that `policyStates` makes is reported only once.
  const states = next.onBreaker ? policyStates() : [];
  observer = next;
  for (const { name, breaker } of states) next.onBreaker?.(name, breaker);
}

/** Makes a policy. Keep it as long as the outside party is called. */
export function policy({ breaker: limits = {}, ...options }: PolicyOptions): Policy {
  const namesakes = [...policies].filter((one) => one.name === options.name).length;
  if (namesakes >= MOST_OF_ONE_NAME)
    throw new Error(`${namesakes} policies have the name ${options.name}. Make one and share it.`);
  const settings: PolicySettings = {
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
  const made = new GuardedPolicy({
    settings,
    breaker: new OpossumBreaker(settings, limits),
    onAttempt: (attempt) => observer.onAttempt?.(attempt),
    onClose: (closed) => policies.delete(closed),
  });
  policies.add(made);
  observer.onBreaker?.(made.name, 'closed');
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

class OpossumBreaker implements Breaker {
  readonly #circuit: CircuitBreaker<[() => Promise<unknown>], unknown>;
  readonly #now: () => number;
  readonly #resetMs: number;
  #openedAt = 0;

  constructor({ name, timeoutMs, time }: PolicySettings, limits: NonNullable<PolicyOptions['breaker']>) {
    this.#now = () => time.now();
    this.#resetMs = limits.resetMs ?? 60_000;
    this.#circuit = new CircuitBreaker((attempt: () => Promise<unknown>) => attempt(), {
      name,
      timeout: false,
      errorThresholdPercentage: limits.errorPercentage ?? 50,
      volumeThreshold: limits.volumeThreshold ?? 10,
      resetTimeout: this.#resetMs,
      rollingCountTimeout: Math.max(SHORTEST_WINDOW_MS, 2 * timeoutMs),
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      errorFilter: (error: unknown) => this.#tellsNothing(error),
    });
    this.#circuit.on('open', () => {
      this.#openedAt = this.#now();
      observer.onBreaker?.(name, 'open');
    });
    this.#circuit.on('halfOpen', () => observer.onBreaker?.(name, 'half_open'));
    this.#circuit.on('close', () => observer.onBreaker?.(name, 'closed'));
  }

  async fire<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      // The circuit returns the result of the given function.
      return (await this.#circuit.fire(attempt)) as T;
    } catch (error) {
      const rejected = error instanceof Error && CircuitBreaker.isOurError(error);
      throw rejected ? new BreakerOpen(undefined, { cause: error }) : error;
    }
  }

  state(): BreakerState {
    if (this.#circuit.opened) return 'open';
    return this.#circuit.halfOpen ? 'half_open' : 'closed';
  }

  retryAfterSeconds(): number {
    if (!this.#circuit.opened) return 0;
    return Math.max(1, Math.ceil((this.#openedAt + this.#resetMs - this.#now()) / 1000));
  }

  recent(): { succeeded: number; failed: number } {
    const { successes, failures } = this.#circuit.stats;
    return { succeeded: successes, failed: failures };
  }

  close(): void {
    this.#circuit.shutdown();
  }

  /**
   * Failures that say nothing against the outside party: it answered below 500, or our caller left.
   * opossum counts them as successes, and a success closes a half-open circuit. A caller that left
   * proves nothing, so then it counts as a failure.
   */
  #tellsNothing(error: unknown): boolean {
    return isAnswered(error) || (error instanceof Cancelled && !this.#circuit.halfOpen);
  }
}
