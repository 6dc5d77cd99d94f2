/** Tells the queues how jobs ended: successes of one turn together, failures one by one. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, ClaimedJob } from '../../domain/job/jobKinds.js';
import { AppError, type ErrorCode } from '../../domain/shared/errors.js';
import type { Claims } from '../../services/job/claims.js';

const MOST_TOGETHER = 500;
/** While the database is away. Another worker takes the job meanwhile, if it is not away for it. */
const AGAIN_MS = 1_000;
const TRIES = 10;
/** The same request may succeed a moment later. All other expected errors would come again. */
const PASSING = new Set<ErrorCode>([
  'database_unavailable',
  'dependency_unavailable',
  'idempotency_key_in_use',
  'internal_error',
  'overloaded',
  'rate_limited',
  'request_timeout',
]);

interface Waiting {
  attempt: Attempt;
  resolve: (isOurs: boolean) => void;
}

interface Log {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export class Settling {
  readonly #claims: Claims;
  readonly #log: Log;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #flushes = new Set<Promise<void>>();

  constructor(claims: Claims, log: Log) {
    this.#claims = claims;
    this.#log = log;
  }

  /** @returns false when the job was lost to another worker. Never rejects. */
  complete(attempt: Attempt): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(attempt.kind);
      if (waiting) {
        waiting.push({ attempt, resolve });
        return;
      }
      this.#waiting.set(attempt.kind, [{ attempt, resolve }]);
      const flush = this.#flush(attempt.kind).finally(() => this.#flushes.delete(flush));
      this.#flushes.add(flush);
    });
  }

  /**
   * Reports a failure: expected errors that would come again are final. Never rejects. A failure
   * that cannot be reported is noticed by the missing heartbeat.
   */
  async fail(attempt: ClaimedJob, error: unknown): Promise<'retried' | 'failed' | 'lost'> {
    const { kind, id } = attempt;
    const isExpected = error instanceof AppError;
    const isFinal = isExpected && !PASSING.has(error.code);
    if (!isExpected || error.code === 'internal_error') this.#log.error({ err: error, kind, id }, 'a job failed');
    const told = isExpected
      ? { code: error.code, message: error.message }
      : {
          code: 'internal_error',
          message: 'The server had an internal error. It is in its log under the id of the job.',
        };
    try {
      if (!(await this.#claims.fail(attempt, told, isFinal))) return 'lost';
    } catch (err) {
      this.#log.warn({ err, kind, id }, 'the failure of a job could not be reported');
      return 'lost';
    }
    return isFinal || attempt.isLast ? 'failed' : 'retried';
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#flushes);
  }

  async #flush(kind: string): Promise<void> {
    // Jobs that end in this turn are completed together.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const batch = this.#waiting.get(kind)?.splice(0, MOST_TOGETHER) ?? [];
      if (batch.length === 0) break;
      const ours = await this.#complete(
        kind,
        batch.map(({ attempt }) => attempt),
      );
      for (const { attempt, resolve } of batch) resolve(ours.has(attempt.id));
    }
    this.#waiting.delete(kind);
  }

  async #complete(kind: string, attempts: readonly Attempt[]): Promise<ReadonlySet<string>> {
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        return await this.#claims.complete(kind, attempts, null);
      } catch (err) {
        this.#log.warn({ err, kind }, 'finished jobs could not be completed, will try again');
        await sleep(AGAIN_MS, undefined, { ref: false });
      }
    }
    return new Set();
  }
}
