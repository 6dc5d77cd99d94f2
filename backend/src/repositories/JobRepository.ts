/**
 * Background jobs as their restaurant and operators see them, and everything that happens to a job
 * inside a transaction of Servio. pg-boss has the tables; `job/JobClaims` is the side of a worker.
 */
import { PgBoss } from 'pg-boss';
import { type Database, query, type Tx } from '../config/database.js';
import { JOB_SCHEMA } from '../config/jobSchema.js';
import { NO_RESTAURANT } from '../domain/shared/call.js';
import type { Attempt, Job, JobState } from '../domain/job/jobKinds.js';
import { affectedBy, bossLink } from './job/bossLink.js';
import { type Slice, sliceOf } from './pageSize.js';

export interface NewJob {
  id: string;
  payload: Readonly<Record<string, string>>;
  /** Jobs of one restaurant share its places among the running ones. */
  restaurantId: string;
  /** Jobs of an ordered kind that have the same key run one after the other. */
  key?: string | undefined;
  /** Another job with this key is not sent again within so many seconds. */
  once?: { key: string; seconds: number } | undefined;
  startAfter?: Date | undefined;
}

export interface JobFilter {
  kind?: string | undefined;
  state?: JobState | undefined;
}

/** The state of one queue, at most some seconds old. */
export interface QueueState {
  kind: string;
  queued: number;
  running: number;
  failed: number;
  /** Age of the oldest job that could run, in seconds. */
  oldestSeconds: number;
  /** Jobs of an ordered kind that failed for good: each blocks its key. */
  blockedKeys: number;
  isPaused: boolean;
  /** Age of these figures in seconds; that of the queue when no worker has ever looked. */
  ageSeconds: number;
}

const COLUMNS = `
  id, name as kind,
  case when state in ('created', 'retry') then 'queued' when state = 'active' then 'running'
    when state = 'completed' then 'done' else state::text end as state,
  case when state = 'completed' then to_jsonb(1)
    when state = 'active' then output -> 'progress' end as progress,
  case when started_on is null then 0 else retry_count + 1 end as attempts,
  case when state in ('retry', 'failed') and output is not null then jsonb_build_object(
    'code', coalesce(output ->> 'code', 'worker_lost'),
    'message', coalesce(output ->> 'message', 'The worker stopped or took too long.')) end as error,
  case when state = 'completed' then output end as result,
  created_on as "createdAt", started_on as "startedAt", completed_on as "finishedAt"`;

/**
 * Two statements: with an optional state, the planner would not use the index of unfinished jobs.
 */
const listJobs = query<Job>(
  'job.list',
  `select ${COLUMNS}
   from ${JOB_SCHEMA}.job
   where data ->> 'restaurantId' = $1::uuid::text and id < $2 and ($4::text is null or name = $4)
     and ($5::text[] is null or state = any ($5::${JOB_SCHEMA}.job_state[]))
   order by id desc
   limit $3`,
);
const listUnfinished = query<Job>(
  'job.listUnfinished',
  `select ${COLUMNS}
   from ${JOB_SCHEMA}.job
   where data ->> 'restaurantId' = $1::uuid::text and id < $2 and ($4::text is null or name = $4)
     and state not in ('completed', 'cancelled') and state = any ($5::${JOB_SCHEMA}.job_state[])
   order by id desc
   limit $3`,
);
const findJob = query<Job>(
  'job.find',
  `select ${COLUMNS}
   from ${JOB_SCHEMA}.job
   where data ->> 'restaurantId' = $1::uuid::text and id = $2`,
);
const lockJob = query<Job>('job.lock', `${findJob.text} for update`);
const giveUp = query(
  'job.giveUp',
  `update ${JOB_SCHEMA}.job set state = 'cancelled'
   where data ->> 'restaurantId' = $1::uuid::text and id = $2 and state = 'failed'`,
);

const queueStates = query<QueueState>(
  'job.queueStates',
  `select q.name as kind, q.queued_count as queued, q.active_count as running, q.failed_count as failed,
     coalesce(q.ready_oldest_seconds, 0)::integer as "oldestSeconds",
     case when q.policy = 'key_strict_fifo' then q.failed_count else 0 end as "blockedKeys",
     exists (select from ${JOB_SCHEMA}.servio_paused_queues p where p.name = q.name) as "isPaused",
     extract(epoch from ${JOB_SCHEMA}.job_now() - coalesce(q.monitor_on, q.created_on))::integer as "ageSeconds"
   from ${JOB_SCHEMA}.queue q
   where q.name not like '\\_\\_pgboss\\_\\_%'
   order by q.name`,
);
const pauseQueue = query<{ known: boolean }>(
  'job.pauseQueue',
  `with found as (
     select name from ${JOB_SCHEMA}.queue where name = $1
   ), paused as (
     insert into ${JOB_SCHEMA}.servio_paused_queues (name, paused_at)
     select name, $2 from found
     on conflict (name) do nothing
   )
   select exists (select from found) as known`,
);
const resumeQueue = query('job.resumeQueue', `delete from ${JOB_SCHEMA}.servio_paused_queues where name = $1`);
const failedOfQueue = query<{ id: string }>(
  'job.listFailedOfQueue',
  `select id from ${JOB_SCHEMA}.job where name = $1 and state = 'failed' order by created_on limit $2`,
);

const STATES: Record<JobState, readonly string[]> = {
  queued: ['created', 'retry'],
  running: ['active'],
  done: ['completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};
const UNFINISHED = new Set<JobState | undefined>(['queued', 'running', 'failed']);

export class JobRepository {
  readonly #boss: PgBoss;

  constructor(database: Pick<Database, 'read'>) {
    // Never started: its own connection only reads the definitions of queues, each once. All else
    // goes through the transaction that a method receives.
    this.#boss = new PgBoss({
      db: {
        executeSql: (text, values) =>
          database.read(NO_RESTAURANT, (tx) => bossLink(tx, 'queue').executeSql(text, values)),
      },
      schema: JOB_SCHEMA,
      migrate: false,
    });
  }

  /** @returns how many were new: a job that is sent `once` may be there already. */
  async send(tx: Tx, kind: string, jobs: readonly NewJob[]): Promise<number> {
    const rows = jobs.map(({ id, payload, restaurantId, key, once, startAfter }) => ({
      id,
      data: payload,
      group: { id: restaurantId },
      ...(key === undefined ? {} : { singletonKey: key }),
      ...(once === undefined ? {} : { singletonKey: once.key, singletonSeconds: once.seconds }),
      ...(startAfter === undefined ? {} : { startAfter }),
    }));
    const ids = await this.#boss.insert(kind, rows, { db: bossLink(tx, 'send'), returnId: true });
    return ids?.length ?? 0;
  }

  /** Jobs older than the given id, newest first. */
  async list(
    restaurantId: string,
    tx: Tx,
    { kind, state }: JobFilter,
    { beforeId, limit }: { beforeId: string; limit: number },
  ): Promise<Slice<Job>> {
    const statement = UNFINISHED.has(state) ? listUnfinished : listJobs;
    const states = state === undefined ? null : STATES[state];
    return sliceOf(await tx.many(statement, [restaurantId, beforeId, limit + 1, kind ?? null, states]), limit);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Job | undefined> {
    return tx.maybeOne(findJob, [restaurantId, id]);
  }

  lock(restaurantId: string, tx: Tx, id: string): Promise<Job | undefined> {
    return tx.maybeOne(lockJob, [restaurantId, id]);
  }

  /** Lets a failed job run again, and frees its key. The caller has locked it. */
  async retry(tx: Tx, kind: string, id: string): Promise<void> {
    await this.#boss.retry(kind, id, { db: bossLink(tx, 'retry') });
  }

  /** Ends a job that waits or runs. Its worker notices, and stores nothing. */
  async cancel(tx: Tx, kind: string, id: string): Promise<void> {
    await this.#boss.cancel(kind, id, { db: bossLink(tx, 'cancel') });
  }

  /** Gives up on a failed job, which frees its key. */
  async giveUp(restaurantId: string, tx: Tx, id: string): Promise<void> {
    await tx.run(giveUp, [restaurantId, id]);
  }

  /**
   * Settles a job in the transaction of its effects.
   * @returns false when the job was lost to another worker: the caller must roll back.
   */
  async complete(tx: Tx, { kind, id, retryCount }: Attempt, result: object | null): Promise<boolean> {
    const settled = await this.#boss.complete(kind, { id, retryCount }, result, { db: bossLink(tx, 'complete') });
    return affectedBy(settled) === 1;
  }

  queueStates(tx: Tx): Promise<QueueState[]> {
    return tx.many(queueStates, []);
  }

  /** @returns false when there is no such queue. */
  async pause(tx: Tx, kind: string, at: Date): Promise<boolean> {
    return (await tx.one(pauseQueue, [kind, at])).known;
  }

  /** @returns false when it was not paused. */
  async resume(tx: Tx, kind: string): Promise<boolean> {
    return (await tx.run(resumeQueue, [kind])) > 0;
  }

  /** Lets failed jobs of all restaurants run again, the oldest first. @returns how many. */
  async retryFailed(tx: Tx, kind: string, most: number): Promise<number> {
    const ids = (await tx.many(failedOfQueue, [kind, most])).map(({ id }) => id);
    if (ids.length === 0) return 0;
    return affectedBy(await this.#boss.retry(kind, ids, { db: bossLink(tx, 'retry') }));
  }
}
