/**
 * Attempts to prove something: what fails is counted, what succeeds costs nothing, and the same wrong thing said again counts
 * against itself alone. So one broken device behind the address of a house uses up its own limit and nobody else's.
 */
import type { Request, Response } from 'express';
import { AppError, type ErrorCode } from '../domain/shared/errors.js';
import type { CountedTier } from '../domain/people/rateLimits.js';
import { Recent } from '../utils/recent.js';
import type { RateLimits } from './rateLimit.js';

/** As long as the longest window: after it the same wrong thing counts once more. */
const REMEMBER_MS = 15 * 60_000;
/** In each process; 0.2 kB each. What is forgotten counts once more. */
const MAX_FAILED = 10_000;

/** The caller has failed. */
const FAULTS: readonly ErrorCode[] = ['unauthenticated', 'invalid_token', 'token_reused', 'invalid_credentials'];
/** Servio has: the caller shall not be locked out when all is well again. */
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
  request: Request;
  response: Response;
  /** Digest of what is presented: equal for the same thing said again. */
  fingerprint: string;
  /** The tier that counts the same wrong thing again. */
  again: CountedTier;
  /** What the first of its kind is counted by. */
  charges: readonly Charge[];
  /** Whether to count before the work, and give back; else what failed is counted after it. Asked again after each wait. */
  isPaidFirst: () => boolean;
  /** What failed once fails for ever: it is not tried a second time. */
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
  /** Attempts that were paid for first: the same thing at the same time waits for what comes of it. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** @throws AppError rate_limited, and whatever the work throws. */
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
    // Looked at and noted without a pause between: of many that fail at the same time, one pays.
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

  #count({ request, response }: Attempt<unknown>, { tier, key }: Charge): Promise<void> {
    return this.#limits.count(tier, request, response, key);
  }

  #failureOf(fingerprint: string): Failure | undefined {
    const failure = this.#failed.get(fingerprint);
    if (!failure || performance.now() < failure.until) return failure;
    this.#failed.delete(fingerprint);
    return undefined;
  }
}

function isOneOf(codes: readonly ErrorCode[], error: unknown): error is AppError {
  // Whatever is no AppError is our own failure.
  return error instanceof AppError ? codes.includes(error.code) : codes === OUR_FAULTS;
}
