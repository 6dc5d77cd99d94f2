/**
 * Attempts to prove an identity. A failure is counted, a success is not, and a repeat of the same
 * wrong attempt counts only against that attempt. So one broken device uses up its own limit and
 * not that of the other devices behind the same address.
 */
import type { Response } from 'express';
import { AppError, type ErrorCode } from '../domain/shared/errors.js';
import type { CountedTier } from '../domain/people/rateLimits.js';
import { Recent } from '../utils/recent.js';
import type { RateLimits } from './rateLimit.js';

/** As long as the longest window. Afterwards the same wrong attempt counts as a new one. */
const REMEMBER_MS = 15 * 60_000;
/** Per process; 0.2 kB each. A forgotten attempt counts as a new one. */
const MAX_FAILED = 10_000;

/** Failures of the caller. */
const FAULTS: readonly ErrorCode[] = ['unauthenticated', 'invalid_token', 'token_reused', 'invalid_credentials'];
/** Failures of Servio. They must not lock the caller out afterwards. */
const OUR_FAULTS: readonly ErrorCode[] = [
  'overloaded',
  'database_unavailable',
  'dependency_unavailable',
  'internal_error',
  'idempotency_key_in_use',
];

export interface Charge {
  tier: CountedTier;
  key: string;
}

export interface Attempt<T> {
  response: Response;
  /** Digest of the presented secret and its context; equal for a repeat. */
  fingerprint: string;
  /** The tier that counts repeats of the same wrong attempt. */
  again: CountedTier;
  /** Counters for the first failure of an attempt. */
  charges: readonly Charge[];
  /**
   * Whether to count before the work and give back on success. Otherwise a failure is counted after
   * the work. Asked again after each wait.
   */
  isPaidFirst: () => boolean;
  /**
   * Whether a failure is permanent. If so, a repeat that is paid first is refused without a try.
   */
  isFinal?: boolean;
  work: () => Promise<T>;
}

interface Failure {
  until: number;
  error: AppError;
}

export class Attempts {
  readonly #limits: RateLimits;
  readonly #failed = new Recent<string, Failure>(MAX_FAILED);
  /**
   * Attempts under way that were paid first. The same attempt at the same time waits for the
   * result.
   */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** @throws AppError rate_limited; errors of the work. */
  async run<T>(attempt: Attempt<T>): Promise<T> {
    const { fingerprint, isPaidFirst } = attempt;
    while (isPaidFirst()) {
      const other = this.#underWay.get(fingerprint);
      if (!other) return this.#alone(attempt);
      await other;
    }
    return this.#run(attempt, false);
  }

  async #alone<T>(attempt: Attempt<T>): Promise<T> {
    const { fingerprint } = attempt;
    const outcome = this.#run(attempt, true);
    this.#underWay.set(
      fingerprint,
      outcome.catch(() => undefined),
    );
    try {
      return await outcome;
    } finally {
      this.#underWay.delete(fingerprint);
    }
  }

  async #run<T>(attempt: Attempt<T>, isPaidFirst: boolean): Promise<T> {
    const failure = this.#failureOf(attempt.fingerprint);
    if (failure) {
      await this.#count(attempt, { tier: attempt.again, key: attempt.fingerprint });
      if (attempt.isFinal && isPaidFirst) throw failure.error;
    }
    const paid = isPaidFirst && !failure ? await this.#pay(attempt) : [];
    try {
      const result = await attempt.work();
      await this.#giveBack(paid);
      this.#failed.delete(attempt.fingerprint);
      return result;
    } catch (error) {
      if (isOneOf(OUR_FAULTS, error)) await this.#giveBack(paid);
      else if (isOneOf(FAULTS, error)) await this.#fail(attempt, error, { isPaid: paid.length > 0, isNew: !failure });
      throw error;
    }
  }

  async #fail(
    attempt: Attempt<unknown>,
    error: AppError,
    { isPaid, isNew }: { isPaid: boolean; isNew: boolean },
  ): Promise<void> {
    const { fingerprint, charges, again } = attempt;
    // No await between the check and the note: of many equal attempts that fail at once, only one
    // pays.
    const isFirst = !this.#failureOf(fingerprint);
    this.#failed.set(fingerprint, { until: performance.now() + REMEMBER_MS, error });
    if (isFirst && !isPaid) for (const charge of charges) await this.#count(attempt, charge);
    if (isNew) await this.#count(attempt, { tier: again, key: fingerprint });
  }

  /** Counts all or nothing. */
  async #pay(attempt: Attempt<unknown>): Promise<readonly Charge[]> {
    const paid: Charge[] = [];
    for (const charge of attempt.charges) {
      try {
        await this.#count(attempt, charge);
      } catch (error) {
        await this.#giveBack(paid);
        throw error;
      }
      paid.push(charge);
    }
    return paid;
  }

  async #giveBack(paid: readonly Charge[]): Promise<void> {
    await Promise.all(paid.map(({ tier, key }) => this.#limits.giveBack(tier, key)));
  }

  #count({ response }: Attempt<unknown>, { tier, key }: Charge): Promise<void> {
    return this.#limits.count(tier, response, key);
  }

  #failureOf(fingerprint: string): Failure | undefined {
    const failure = this.#failed.get(fingerprint);
    if (!failure || performance.now() < failure.until) return failure;
    this.#failed.delete(fingerprint);
    return undefined;
  }
}

function isOneOf(codes: readonly ErrorCode[], error: unknown): error is AppError {
  // An error that is no AppError is a failure of Servio.
  return error instanceof AppError ? codes.includes(error.code) : codes === OUR_FAULTS;
}
