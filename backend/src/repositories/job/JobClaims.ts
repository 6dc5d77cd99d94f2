/**
 * A worker's side of the queues: takes jobs, shows that they are alive, settles them. It has a few
 * connections of its own, so that busy requests cannot delay a sign of life.
 */
import { type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from '../../config/logger.js';
import { SESSION_SETTINGS } from '../../config/database.js';
import { JOB_SCHEMA } from '../../config/jobSchema.js';
import { affectedBy, settledBy } from './bossLink.js';
import type { Attempt, ClaimedJob, JobKind } from '../../domain/job/jobKinds.js';

const CONNECTIONS = 4;
/** A worker that died is noticed after its heartbeat and at most this time. */
const SUPERVISE_SECONDS = 4;
/** Pauses between attempts double up to this. */
const LONGEST_DELAY_SECONDS = 3_600;
const HEARTBEAT_LOST = 'job heartbeat timeout';

export interface JobClaimsOptions {
  appUrl: string;
  kinds: Readonly<Record<string, JobKind>>;
  log: Logger;
  /** Called for each warning of the supervision, such as a held vacuum; the text is in the log. */
  onWarning: () => void;
}

const READY = `
  select q.name
  from ${JOB_SCHEMA}.queue q
  where q.name = any ($1)
    and not exists (select from ${JOB_SCHEMA}.servio_paused_queues p where p.name = q.name)
    and exists (
      select from ${JOB_SCHEMA}.job_common j
      where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= ${JOB_SCHEMA}.job_now())`;

const FAILURE = `
  update ${JOB_SCHEMA}.job
  set retry_delay = $4, retry_limit = case when $5 then retry_count else retry_limit end
  where name = $1 and id = $2 and state = 'active' and retry_count = $3`;

const PROGRESS = `
  update ${JOB_SCHEMA}.job set output = jsonb_build_object('progress', $4::numeric), heartbeat_on = ${JOB_SCHEMA}.job_now()
  where name = $1 and id = $2 and state = 'active' and retry_count = $3`;

/**
 * The next attempt has a higher count, because the job keeps its start: so the old worker cannot
 * settle it. The attempt that was given back is not counted as a failure.
 */
const GIVE_BACK = `
  update ${JOB_SCHEMA}.job
  set state = 'retry', retry_limit = retry_limit + 1, start_after = ${JOB_SCHEMA}.job_now(), output = null
  where name = $1 and id = $2 and state = 'active' and retry_count = $3`;

export class JobClaims {
  readonly #boss: PgBoss;
  readonly #kinds: Readonly<Record<string, JobKind>>;

  constructor({ appUrl, kinds, log, onWarning }: JobClaimsOptions) {
    this.#kinds = kinds;
    this.#boss = new PgBoss({
      connectionString: appUrl,
      max: CONNECTIONS,
      application_name: 'servio-jobs',
      options: Object.entries({ ...SESSION_SETTINGS, statement_timeout: '30000' })
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      schema: JOB_SCHEMA,
      // Each of these needs the owner's rights, some only from the second day on.
      migrate: false,
      createSchema: false,
      reindex: false,
      persistQueueStats: false,
      registerInstance: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
    });
    this.#boss.on('error', (err) => log.warn({ err }, 'jobs: the supervision failed, will try again'));
    this.#boss.on('warning', ({ message, data }) => {
      log.warn({ data }, message);
      onWarning();
    });
  }

  /** Connects, supervises from now on, and sends the jobs of the schedule. */
  async start(): Promise<void> {
    await this.#boss.start();
    // After an outage one job is sent, however many were missed: each does all that is due.
    for (const [name, { cron }] of Object.entries(this.#kinds))
      if (cron !== undefined) await this.#boss.schedule(name, cron, {}, { tz: 'UTC', missed: 'once' });
  }

  /** Of the queues, those that have a job which may begin now and that are not paused. */
  async ready(names: readonly string[]): Promise<string[]> {
    const { rows } = await this.#boss.getDb().executeSql(READY, [[...names]]);
    return rows.map(({ name }) => String(name));
  }

  async fetch(kind: string, batchSize: number, perRestaurant: number): Promise<ClaimedJob[]> {
    const jobs = await this.#boss.fetch<Record<string, unknown>>(kind, {
      batchSize,
      groupConcurrency: perRestaurant,
      includeMetadata: true,
    });
    return jobs.map((job) => claimed(kind, job));
  }

  /** Shows that the jobs are alive. @returns ids of those that still belong to this worker. */
  async touch(kind: string, attempts: readonly Attempt[]): Promise<ReadonlySet<string>> {
    return settledBy(await this.#boss.touch(kind, attemptsOf(attempts)));
  }

  /** @returns ids of the jobs that were completed; the others were lost to another worker. */
  async complete(kind: string, attempts: readonly Attempt[], output: object | null): Promise<ReadonlySet<string>> {
    return settledBy(await this.#boss.complete(kind, attemptsOf(attempts), output));
  }

  /**
   * @param isFinal whether another attempt would fail too.
   * @returns false when the job was lost to another worker.
   */
  async fail(attempt: Attempt, error: { code: string; message: string }, isFinal: boolean): Promise<boolean> {
    const { kind, id, retryCount } = attempt;
    const { retryDelaySeconds = 0 } = this.#kinds[kind] ?? {};
    const delaySeconds = Math.min(retryDelaySeconds * 2 ** retryCount, LONGEST_DELAY_SECONDS);
    await this.#run(FAILURE, [kind, id, retryCount, delaySeconds, isFinal]);
    return affectedBy(await this.#boss.fail(kind, { id, retryCount }, error)) > 0;
  }

  async progress({ kind, id, retryCount }: Attempt, share: number): Promise<void> {
    await this.#run(PROGRESS, [kind, id, retryCount, share]);
  }

  /** Lets another worker take the job at once. */
  async giveBack({ kind, id, retryCount }: Attempt): Promise<void> {
    await this.#run(GIVE_BACK, [kind, id, retryCount]);
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 2_000 });
  }

  async #run(text: string, values: unknown[]): Promise<void> {
    await this.#boss.getDb().executeSql(text, values);
  }
}

function claimed(kind: string, job: JobWithMetadata<Record<string, unknown>>): ClaimedJob {
  const { id, data, retryCount, retryLimit, output, startAfter, startedOn } = job;
  return {
    kind,
    id,
    retryCount,
    payload: data ?? {},
    isTakeover: retryCount > 0 && JSON.stringify(output ?? '').includes(HEARTBEAT_LOST),
    isLast: retryCount >= retryLimit,
    waitedMs: Math.max(0, new Date(startedOn).getTime() - new Date(startAfter).getTime()),
  };
}

function attemptsOf(attempts: readonly Attempt[]): { id: string; retryCount: number }[] {
  return attempts.map(({ id, retryCount }) => ({ id, retryCount }));
}
