/**
 * Every kind of background job: the keys of its payload and its limits. Each kind is a queue of its
 * own. The rows of jobs have no row-level security, so a payload contains ids and nothing else.
 */
import { NO_RESTAURANT } from '../shared/call.js';

export interface JobKind {
  /** Keys of the payload; each value is a UUID. `restaurantId` comes first where there is one. */
  readonly keys: readonly string[];
  /** Jobs of this kind that one dispatcher runs at once. */
  readonly atOnce: number;
  /** Jobs of this kind and of one restaurant that run at once, in the whole fleet. */
  readonly perRestaurant: number;
  /** Longest run of one attempt. Then another attempt begins, and the first one stores nothing. */
  readonly limitSeconds: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Pause before the second attempt; doubles each time. */
  readonly retryDelaySeconds: number;
  /**
   * Jobs with the same key run one after the other, in the order in which they were sent. A job
   * that failed for good blocks its key until it is retried or cancelled.
   */
  readonly ordered?: boolean;
  /**
   * Cron expression in UTC. A kind with one is sent by the schedule and belongs to no restaurant.
   */
  readonly cron?: string;
}

const SWEEP = { keys: [], atOnce: 1, perRestaurant: 1, limitSeconds: 600, retries: 2, retryDelaySeconds: 10 } as const;

export const JOB_KINDS = {
  /** The import of a large file, which waits in the database. */
  'import.run': {
    keys: ['restaurantId', 'uploadId'],
    atOnce: 2,
    perRestaurant: 1,
    limitSeconds: 7_200,
    retries: 3,
    retryDelaySeconds: 5,
  },
  /** Tells one restaurant in its morning which items are low. */
  'stock.digest': {
    keys: ['restaurantId'],
    atOnce: 4,
    perRestaurant: 1,
    limitSeconds: 60,
    retries: 5,
    retryDelaySeconds: 10,
  },
  /** Sends `stock.digest` to the restaurants whose morning it is. */
  'stock.send_digests': { ...SWEEP, cron: '2 * * * *' },
  'events.keep_months': { ...SWEEP, cron: '7 */6 * * *' },
  'talk.forget': { ...SWEEP, cron: '27 */6 * * *' },
  'answers.forget': { ...SWEEP, cron: '17 * * * *' },
  'uploads.forget': { ...SWEEP, cron: '37 * * * *' },
  'files.remove': { ...SWEEP, cron: '*/5 * * * *', retries: 0 },
  'demos.remove': { ...SWEEP, cron: '* * * * *', retries: 0 },
  /** Sums of business days that are over. */
  'days.sum': { ...SWEEP, cron: '*/5 * * * *' },
  'statistics.refresh': { ...SWEEP, cron: '47 * * * *' },
} as const satisfies Record<string, JobKind>;

export type JobKindName = keyof typeof JOB_KINDS;

/** The payload of a kind. */
export type JobPayload<N extends JobKindName> = Readonly<Record<(typeof JOB_KINDS)[N]['keys'][number], string>>;

export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface JobError {
  code: string;
  message: string;
}

/** A job as its restaurant sees it. */
export interface Job {
  id: string;
  kind: string;
  state: JobState;
  /** Share of the work that is done, 0 to 1; null when the job does not tell. */
  progress: number | null;
  /** Attempts begun. */
  attempts: number;
  /** Why the last attempt failed. */
  error: JobError | null;
  /** Ids of what a finished job made. */
  result: Record<string, unknown> | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** One attempt of a job. Another one has another count, so a late worker settles nothing. */
export interface Attempt {
  readonly kind: string;
  readonly id: string;
  readonly retryCount: number;
}

export interface ClaimedJob extends Attempt {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Whether the worker of the attempt before went silent. */
  readonly isTakeover: boolean;
  /** Whether a failure of this attempt is final. */
  readonly isLast: boolean;
  /** Since the job could have begun, in milliseconds. */
  readonly waitedMs: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Checks that a payload has exactly the keys of its kind and that each value is an id.
 * @throws Error that names the fault: a bug of the caller.
 */
export function assertPayload(name: string, { keys }: Pick<JobKind, 'keys'>, payload: Record<string, unknown>): void {
  const foreign = Object.keys(payload).filter((key) => !keys.includes(key));
  if (foreign.length > 0)
    throw new Error(`A payload of ${name} has no ${foreign.join(', ')}: add the key to its list.`);
  for (const key of keys) {
    const value = payload[key];
    if (typeof value !== 'string' || !UUID.test(value))
      throw new Error(`A payload of ${name} needs an id as ${key}. Payloads contain only ids.`);
  }
}

/** The restaurant that a job enters before it reads anything. */
export function restaurantOf(payload: Readonly<Record<string, unknown>>): string {
  const { restaurantId } = payload;
  return typeof restaurantId === 'string' ? restaurantId : NO_RESTAURANT;
}
