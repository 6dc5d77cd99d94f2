/** The jobs that run in this process, each with its time limit and its signal. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, ClaimedJob, JobKind } from '../../domain/job/jobKinds.js';
import { type Claims, JobLost } from '../../services/job/claims.js';

export interface JobRun {
  readonly attempt: Attempt;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Aborts when the time is over, the process stops, or the job belongs to another worker. */
  readonly signal: AbortSignal;
  /** Shows how much is done, 0 to 1. */
  readonly progress: (share: number) => void;
}

export type JobOutcome = 'done' | 'retried' | 'failed' | 'lost';

/** `settled`: the handler has completed the job in the transaction of its effects. */
export type Handler = (run: JobRun) => Promise<'settled' | undefined>;

interface Entry {
  job: ClaimedJob;
  abort: AbortController;
  isEnding: boolean;
}

interface Options {
  claims: Pick<Claims, 'progress'>;
  kinds: Readonly<Record<string, JobKind>>;
  handlers: Readonly<Record<string, Handler>>;
}

/** A restaurant's screen shows progress; more often would only cost writes. */
const PROGRESS_MS = 1_000;

export class Running {
  readonly #options: Options;
  readonly #entries = new Map<string, Entry>();
  readonly #counts = new Map<string, number>();
  readonly #ends = new Set<Promise<unknown>>();

  constructor(options: Options) {
    this.#options = options;
  }

  count(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Runs the handler, then settles. Never rejects. */
  run(
    job: ClaimedJob,
    complete: () => Promise<boolean>,
    fail: (error: unknown) => Promise<JobOutcome>,
  ): Promise<JobOutcome> {
    const entry = { job, abort: new AbortController(), isEnding: false };
    this.#entries.set(keyOf(job), entry);
    this.#counts.set(job.kind, this.count(job.kind) + 1);
    const end = this.#attempt(entry, complete, fail).finally(() => {
      this.#entries.delete(keyOf(job));
      this.#counts.set(job.kind, this.count(job.kind) - 1);
      this.#ends.delete(end);
    });
    this.#ends.add(end);
    return end;
  }

  async #attempt(
    entry: Entry,
    complete: () => Promise<boolean>,
    fail: (error: unknown) => Promise<JobOutcome>,
  ): Promise<JobOutcome> {
    try {
      if ((await this.#handle(entry)) === 'settled') return 'done';
      entry.isEnding = true;
      return (await complete()) ? 'done' : 'lost';
    } catch (error) {
      const { aborted, reason } = entry.abort.signal;
      if (error instanceof JobLost || reason instanceof JobLost) return 'lost';
      entry.isEnding = true;
      return fail(aborted ? reason : error);
    }
  }

  async #handle({ job, abort }: Entry): Promise<'settled' | undefined> {
    const handler = this.#options.handlers[job.kind];
    const { limitSeconds = 60 } = this.#options.kinds[job.kind] ?? {};
    if (!handler) throw new Error(`this program has no handler for jobs of the kind ${job.kind}`);
    const timer = setTimeout(
      () => abort.abort(new Error(`the job took longer than ${limitSeconds} s`)),
      limitSeconds * 1_000,
    );
    let toldAt = 0;
    const progress = (share: number): void => {
      if (abort.signal.aborted || performance.now() - toldAt < PROGRESS_MS) return;
      toldAt = performance.now();
      this.#options.claims.progress(job, share).catch(() => undefined);
    };
    try {
      return await handler({ attempt: job, payload: job.payload, signal: abort.signal, progress });
    } finally {
      clearTimeout(timer);
    }
  }

  byKind(): Map<string, Attempt[]> {
    const kinds = new Map<string, Attempt[]>();
    for (const { job, isEnding } of this.#entries.values())
      if (!isEnding) kinds.set(job.kind, [...(kinds.get(job.kind) ?? []), job]);
    return kinds;
  }

  abort(attempt: Attempt, reason: Error): void {
    const entry = this.#entries.get(keyOf(attempt));
    if (entry && !entry.isEnding) entry.abort.abort(reason);
  }

  /** @returns the jobs that were still running. */
  abortAll(): Attempt[] {
    const open = [...this.#entries.values()].filter(({ isEnding }) => !isEnding);
    for (const { abort } of open) abort.abort(new JobLost());
    return open.map(({ job }) => job);
  }

  /** Waits until no job runs, at most so long. */
  async ended(limitMs: number): Promise<void> {
    const done = new AbortController();
    const limit = sleep(limitMs, undefined, { signal: done.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#ends), limit]);
    done.abort();
  }
}

function keyOf({ id, retryCount }: Attempt): string {
  return `${id} ${retryCount}`;
}
