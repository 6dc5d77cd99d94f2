/**
 * Queue of the drafts that wait for a number. All that wait for one restaurant share one
 * transaction (group commit): for fifty documents the counter is locked once and there is one
 * commit. Every number is drawn through this queue.
 */
import { isPassing, type Tx } from '../../config/database.js';
import type { Logger } from '../../config/logger.js';
import type { Call } from '../../domain/shared/call.js';
import type { Document } from '../../domain/document/document.js';
import { AppError } from '../../domain/shared/errors.js';
import { Batcher, type Outcome } from '../../utils/batcher.js';
import { newId } from '../../utils/ids.js';
import { ConsecutiveBreaker } from '../../utils/resilience/consecutiveBreaker.js';
import type { BreakerState } from '../../utils/resilience/policies.js';
import { sleep, systemTime, type Time } from '../../utils/resilience/time.js';
import type { Issuing, IssueRequest } from './issuing.js';

/** Covers waiting, all attempts and the commit. */
const DEADLINE_MS = 3_000;
const AT_ONCE = 50;
const MAX_WAITING = 1_000;
const MAX_RETRIES = 8;
const BREAKER_FAILURES = 3;
const BREAKER_OPEN_MS = 30_000;

export interface IssueMetrics {
  /** @param durationMs from the call to the commit. */
  issued(durationMs: number): void;
  retried(): void;
  breaker(state: BreakerState): void;
}

interface Dependencies {
  issuing: Pick<Issuing, 'attempt' | 'within'>;
  metrics: IssueMetrics;
  log: Logger;
  time?: Time;
}

type IssueOrder = Omit<IssueRequest, 'token' | 'lockWaitMs'>;

/** A draft that was just stored, or already was. */
export interface Written {
  id: string;
  /** Its content; absent when an earlier call stored it. */
  fresh?: Document;
}

/** A request with its start time and its attempts so far. */
interface Waiting extends IssueRequest {
  startedAt: number;
  attempts: number;
}

export class IssueQueue {
  readonly #deps: Dependencies;
  readonly #time: Time;
  readonly #breaker: ConsecutiveBreaker;
  readonly #batcher: Batcher<Waiting, Document>;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#time = deps.time ?? systemTime;
    this.#breaker = new ConsecutiveBreaker({
      failures: BREAKER_FAILURES,
      openMs: BREAKER_OPEN_MS,
      onState: (state) => deps.metrics.breaker(state),
      time: this.#time,
    });
    this.#batcher = new Batcher({
      maxSize: AT_ONCE,
      maxWaiting: MAX_WAITING,
      run: (restaurantId, requests) => this.#run(restaurantId, requests),
      identities: identitiesOf,
    });
  }

  /**
   * Issues a draft.
   * @returns the committed document with its number.
   * @throws AppError database_unavailable, overloaded within three seconds (the draft is kept);
   * also the reason why the draft cannot be issued.
   */
  issue(request: IssueOrder): Promise<Document> {
    return this.#withinDeadline(this.#issue(request, this.#time.now()));
  }

  /**
   * As `issue`, for a draft that `write` stores first: three seconds for both.
   * @throws also the errors of `write`.
   */
  writeAndIssue(request: Omit<IssueOrder, 'documentId' | 'fresh'>, write: () => Promise<Written>): Promise<Document> {
    const startedAt = this.#time.now();
    const issued = write().then(({ id, fresh }) => this.#issue({ ...request, documentId: id, fresh }, startedAt));
    return this.#withinDeadline(issued);
  }

  /**
   * Issues a draft that the open transaction has stored; the counter is the last lock that it takes.
   * @throws AppError with the reason why the draft cannot be issued.
   */
  async issueWithin(tx: Tx, call: Call, draft: Document): Promise<Document> {
    const startedAt = this.#time.now();
    const request: Waiting = {
      call,
      documentId: draft.id,
      token: newId(),
      isOwn: true,
      fresh: draft,
      startedAt,
      attempts: 1,
    };
    const outcome = (await this.#deps.issuing.within(call.restaurantId, tx, [request])).get(request);
    if (!outcome) throw new Error('a document was neither issued nor refused');
    if ('error' in outcome) throw outcome.error;
    tx.afterCommit(() => this.#tell(new Map([[request, outcome]])));
    return outcome.value;
  }

  /**
   * For `/health/detailed`.
   * @returns the seconds until the breaker allows a call again; 0 unless it is open.
   */
  state(): { breaker: BreakerState; retryAfterSeconds: number } {
    return { breaker: this.#breaker.state(), retryAfterSeconds: this.#breaker.retryAfterSeconds() };
  }

  async #issue(request: IssueOrder, startedAt: number): Promise<Document> {
    const waitSeconds = this.#breaker.retryAfterSeconds();
    if (waitSeconds > 0) throw kept('database_unavailable', waitSeconds);
    const waiting: Waiting = { ...request, token: newId(), startedAt, attempts: 0 };
    return this.#batcher.add(request.call.restaurantId, waiting).catch(sayKept);
  }

  /**
   * A document may still be issued after the deadline: the same Idempotency-Key, or a look at the
   * draft, then tells its number.
   */
  #withinDeadline(issued: Promise<Document>): Promise<Document> {
    return new Promise((resolve, reject) => {
      const cancel = this.#time.after(DEADLINE_MS, () => reject(kept('database_unavailable', 1)));
      issued.then(resolve, reject).finally(cancel);
    });
  }

  async #run(restaurantId: string, all: readonly Waiting[]): Promise<Map<Waiting, Outcome<Document>>> {
    const inTime = all.filter((one) => this.#remainingMs([one]) > 0);
    const late = all
      .filter((one) => !inTime.includes(one))
      .map((one) => [one, { error: kept('overloaded', 1) }] as const);
    if (inTime.length === 0) return new Map(late);
    try {
      const outcomes = await this.#attempts(restaurantId, inTime);
      this.#breaker.succeeded();
      this.#tell(outcomes);
      return new Map([...outcomes, ...late]);
    } catch (error) {
      if (isUnavailable(error)) this.#breaker.failed();
      else if (!(error instanceof AppError) && inTime.length > 1)
        return new Map([...(await this.#alone(restaurantId, inTime)), ...late]);
      throw error;
    }
  }

  /**
   * Repeats what a lost connection, a deadlock or a serialisation failure has undone. The token
   * tells which documents were issued after all.
   */
  async #attempts(restaurantId: string, requests: readonly Waiting[]): Promise<Map<Waiting, Outcome<Document>>> {
    for (let retry = 0; ; retry += 1) {
      for (const request of requests) request.attempts += 1;
      try {
        // `attempt` returns the requests that it was given, so its keys are `Waiting`.
        return (await this.#deps.issuing.attempt(restaurantId, requests, this.#remainingMs(requests))) as Map<
          Waiting,
          Outcome<Document>
        >;
      } catch (error) {
        const waitMs = backoffMs(retry);
        if (retry === MAX_RETRIES || !isPassing(error) || waitMs >= this.#remainingMs(requests)) throw error;
        this.#deps.metrics.retried();
        await sleep(waitMs, undefined, this.#time);
      }
    }
  }

  /**
   * One request makes the database fail. Each runs alone, so that it costs no other request its
   * number.
   */
  async #alone(restaurantId: string, requests: readonly Waiting[]): Promise<Map<Waiting, Outcome<Document>>> {
    const outcomes = new Map<Waiting, Outcome<Document>>();
    for (const request of requests) {
      const [[, outcome] = [undefined, undefined]] = await this.#run(restaurantId, [request]).catch(
        (error: unknown) => new Map([[request, { error }]]),
      );
      if (outcome) outcomes.set(request, outcome);
    }
    return outcomes;
  }

  #remainingMs(requests: readonly Waiting[]): number {
    const latest = Math.max(...requests.map(({ startedAt }) => startedAt));
    return latest + DEADLINE_MS - this.#time.now();
  }

  /**
   * Logs one line for each number that was drawn. A request that was refused, or found its document
   * already issued, has none.
   */
  #tell(outcomes: Map<Waiting, Outcome<Document>>): void {
    for (const [{ call, lockWaitMs, attempts, startedAt }, outcome] of outcomes) {
      if (lockWaitMs === undefined || 'error' in outcome) continue;
      const totalMs = this.#time.now() - startedAt;
      this.#deps.metrics.issued(totalMs);
      const { seriesId: series, number, counter } = outcome.value;
      const line = { requestId: call.requestId, series, number, counter, attempts };
      this.#deps.log.info(
        { ...line, lockWaitMs: Math.round(lockWaitMs), totalMs: Math.round(totalMs) },
        'document issued',
      );
    }
  }
}

/**
 * A document is issued once and a key has one answer: a request that shares either waits for the
 * first one and gets its result.
 */
function identitiesOf({ documentId, call: { actor, idempotency } }: Waiting): string[] {
  if (!idempotency) return [documentId];
  return [documentId, `${actor.kind} ${actor.id} ${idempotency.route} ${idempotency.key}`];
}

/** Wait before the next attempt: 15 ms, 1.5 times longer each time, at most one second. */
function backoffMs(retry: number): number {
  return Math.min(1_000, 15 * 1.5 ** retry);
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'database_unavailable';
}

function sayKept(error: unknown): never {
  const isWait = error instanceof AppError && (error.code === 'database_unavailable' || error.code === 'overloaded');
  throw isWait ? kept(error.code, error.retryAfterSeconds ?? 1, error) : error;
}

function kept(code: 'database_unavailable' | 'overloaded', retryAfterSeconds: number, cause?: unknown): AppError {
  return new AppError(
    code,
    'The document got no number in time and is kept as a draft. Repeat this call with the same Idempotency-Key, or issue the draft later.',
    { retryAfterSeconds, cause },
  );
}
