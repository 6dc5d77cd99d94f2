/** Background jobs: sent inside the transaction that causes them, listed for their restaurant. */
import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import { type Call, NO_RESTAURANT, systemCall } from '../domain/shared/call.js';
import { AppError, notFound } from '../domain/shared/errors.js';
import {
  assertPayload,
  type Attempt,
  type Job,
  type JobKind,
  type JobKindName,
  type JobPayload,
  restaurantOf,
} from '../domain/job/jobKinds.js';
import type { JobFilter, JobRepository, QueueState } from '../repositories/JobRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import { type Claims, JobLost } from './job/claims.js';
import type { UnitOfWork } from './UnitOfWork.js';

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Failed jobs that one command lets run again. */
const MOST_RETRIED = 1_000;

export type { QueueState } from '../repositories/JobRepository.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: JobRepository;
  kinds: Readonly<Record<string, JobKind>>;
  /** Opens a worker's side of the queues. */
  openClaims: () => Claims;
  cursors: Cursors;
  clock: Clock;
}

export interface SendOptions {
  /** The job's id; a new one if absent. */
  id?: string;
  /** Required for an ordered kind: jobs with the same key run one after the other. */
  key?: string;
  /** Another job with this key is not sent again within so many seconds. */
  once?: { key: string; seconds: number };
  startAfter?: Date;
}

export class JobService {
  readonly #deps: Dependencies;
  readonly #listeners = new Set<(kind: string) => void>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get kinds(): Readonly<Record<string, JobKind>> {
    return this.#deps.kinds;
  }

  /**
   * Sends a job within the caller's transaction: it exists if the transaction commits. A worker in
   * this process then looks at once, others within half a second.
   * @returns the job's id.
   */
  async send<N extends JobKindName>(
    tx: Tx,
    kind: N,
    payload: JobPayload<N>,
    options: SendOptions = {},
  ): Promise<string> {
    const id = options.id ?? newId();
    await this.sendAll(tx, kind, [payload], { ...options, id });
    return id;
  }

  /** Same as `send`, for several payloads. @returns how many jobs are new. */
  async sendAll<N extends JobKindName>(
    tx: Tx,
    kind: N,
    payloads: readonly JobPayload<N>[],
    options: SendOptions = {},
  ): Promise<number> {
    const { id, ...rest } = options;
    const jobs = payloads.map((payload) => {
      assertPayload(kind, this.#kindOf(kind), payload);
      return { ...rest, id: id ?? newId(), payload, restaurantId: restaurantOf(payload) };
    });
    const sent = await this.#deps.repository.send(tx, kind, jobs);
    tx.afterCommit(() => this.#nudge(kind));
    return sent;
  }

  /**
   * Completes a job in the transaction of its effects.
   * @throws JobLost, which rolls the transaction back.
   */
  async finish(tx: Tx, attempt: Attempt, result: Record<string, string | number> | null): Promise<void> {
    if (!(await this.#deps.repository.complete(tx, attempt, result))) throw new JobLost();
  }

  /** A job as the running transaction sees it. @throws AppError not_found. */
  async findWithin(tx: Tx, restaurantId: string, id: string): Promise<Job> {
    const found = await this.#deps.repository.find(restaurantId, tx, id);
    if (!found) throw notFound('job');
    return found;
  }

  /** Jobs of the caller's restaurant, newest first. */
  @Track('jobs.list')
  list(call: Call, filter: JobFilter, page: Page): Promise<PageOf<Job>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'jobs', filter.kind ?? null, filter.state ?? null];
    const beforeId = cursors.read(page.cursor, binding) ?? AFTER_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(call.restaurantId, tx, filter, { beforeId, limit: page.limit });
      return cursors.slice(rows, binding, ({ id }) => id);
    });
  }

  /** @throws AppError not_found. */
  @Track('jobs.get')
  get(call: Call, id: string): Promise<Job> {
    return this.#deps.unitOfWork.read(call, (tx) => this.findWithin(tx, call.restaurantId, id));
  }

  /** Lets a failed job run again. @throws AppError not_found; invalid_state. */
  @Track('jobs.retry')
  retry(call: Call, id: string): Promise<Job> {
    return this.#change(call, id, 'job.retried', async (tx, job) => {
      if (job.state !== 'failed')
        throw new AppError('invalid_state', `Only a failed job can be retried; this one is ${job.state}.`);
      await this.#deps.repository.retry(tx, job.kind, id);
      tx.afterCommit(() => this.#nudge(job.kind));
    });
  }

  /** Ends a job that waits, runs or has failed. @throws AppError not_found; invalid_state. */
  @Track('jobs.cancel')
  cancel(call: Call, id: string): Promise<Job> {
    return this.#change(call, id, 'job.cancelled', async (tx, job) => {
      if (job.state === 'done' || job.state === 'cancelled')
        throw new AppError('invalid_state', `This job has ended already: it is ${job.state}.`);
      if (job.state === 'failed') await this.#deps.repository.giveUp(call.restaurantId, tx, id);
      else await this.#deps.repository.cancel(tx, job.kind, id);
    });
  }

  /** The queues of all restaurants together, for operators. */
  @Track('jobs.queues')
  queues(): Promise<QueueState[]> {
    return this.#deps.unitOfWork.read({ restaurantId: NO_RESTAURANT }, (tx) => this.#deps.repository.queueStates(tx));
  }

  /** Stops workers from beginning jobs of a kind. @throws AppError not_found. */
  @Track('jobs.pause')
  async pause(kind: string): Promise<void> {
    const at = this.#deps.clock();
    if (await this.#operate((tx) => this.#deps.repository.pause(tx, kind, at))) return;
    this.#kindOf(kind);
    throw notFound('queue');
  }

  /** @returns false when the queue was not paused. */
  @Track('jobs.resume')
  resume(kind: string): Promise<boolean> {
    return this.#operate((tx) => this.#deps.repository.resume(tx, kind));
  }

  /** Lets failed jobs of a kind run again, of all restaurants. @returns how many. */
  @Track('jobs.retryFailed')
  retryFailed(kind: string): Promise<number> {
    this.#kindOf(kind);
    return this.#operate((tx) => this.#deps.repository.retryFailed(tx, kind, MOST_RETRIED));
  }

  openClaims(): Claims {
    return this.#deps.openClaims();
  }

  /**
   * Tells a worker in this process about jobs as soon as they are committed. @returns the end of
   * it.
   */
  onSent(listener: (kind: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #change(
    call: Call,
    id: string,
    type: 'job.retried' | 'job.cancelled',
    change: (tx: Tx, job: Job) => Promise<void>,
  ): Promise<Job> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const job = await repository.lock(call.restaurantId, tx, id);
      if (!job) throw notFound('job');
      await change(tx, job);
      await unitOfWork.record(tx, call, [{ type, subject: 'job', subjectId: id, data: { kind: job.kind } }]);
      return this.findWithin(tx, call.restaurantId, id);
    });
  }

  #operate<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#deps.unitOfWork.run(systemCall(NO_RESTAURANT, 'operator'), work);
  }

  #kindOf(name: string): JobKind {
    const kind = this.#deps.kinds[name];
    if (!kind)
      throw new AppError(
        'not_found',
        `There is no queue ${name}. Queues: ${Object.keys(this.#deps.kinds).join(', ')}.`,
      );
    return kind;
  }

  #nudge(kind: string): void {
    for (const listener of this.#listeners) listener(kind);
  }
}
