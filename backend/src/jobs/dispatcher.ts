/**
 * Takes jobs from the queues and runs them, with limits per kind and per restaurant. Not pg-boss's
 * own worker: it would complete each job in a transaction apart from the job's effects.
 */
import type { ClaimedJob, JobKind } from '../domain/job/jobKinds.js';
import { type Claims, JobLost } from '../services/job/claims.js';
import { Settling } from './dispatcher/settling.js';
import { type Handler, type JobOutcome, Running } from './dispatcher/running.js';

/**
 * Idle dispatchers ask this often whether a queue has jobs. A commit in the process asks at once.
 */
const POLL_MS = 500;
/** Three signs of life fit into the heartbeat of 10 s. */
const TOUCH_MS = 3_000;
/** Jobs taken in one statement. */
const BATCH = 200;
/** Time for jobs to end by themselves when the process stops; then they are given back. */
const FINISH_MS = 8_000;
const GIVE_BACK_MS = 2_000;

export interface DispatcherObserver {
  began(kind: string, waitedMs: number, isTakeover: boolean): void;
  ended(kind: string, outcome: JobOutcome, durationMs: number): void;
}

export interface DispatcherOptions {
  claims: Claims;
  kinds: Readonly<Record<string, JobKind>>;
  handlers: Readonly<Record<string, Handler>>;
  observer: DispatcherObserver;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  pollMs?: number | undefined;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #running: Running;
  readonly #settling: Settling;
  /** Kinds whose jobs are being fetched, and whether to look once more after that. */
  readonly #filling = new Map<string, { again: boolean }>();
  readonly #takes = new Set<Promise<number>>();
  #timers: NodeJS.Timeout[] = [];
  #isStopping = false;
  #isTouching = false;
  #isPolling = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#running = new Running(options);
    this.#settling = new Settling(options.claims, options.log);
  }

  /** Connects and begins to take jobs. @throws the error of the database. */
  async start(): Promise<void> {
    await this.#options.claims.start();
    this.#timers = [
      setInterval(() => void this.#poll(), this.#options.pollMs ?? POLL_MS),
      setInterval(() => void this.#touch(), TOUCH_MS),
    ];
    void this.#poll();
  }

  /** Looks for jobs of a kind at once, because one was just committed. */
  nudge(kind: string): void {
    if (this.#options.handlers[kind]) void this.#poll([kind]);
  }

  /** Takes no more jobs, waits for the running ones, and gives back those that take too long. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers.slice(0, 1)) clearInterval(timer);
    await Promise.allSettled(this.#takes);
    await this.#running.ended(FINISH_MS);
    await this.#settling.settled();
    const given = this.#running.abortAll();
    await Promise.allSettled(given.map((attempt) => this.#options.claims.giveBack(attempt)));
    await this.#running.ended(GIVE_BACK_MS);
    for (const timer of this.#timers) clearInterval(timer);
    await this.#options.claims.close();
  }

  async #poll(only?: readonly string[]): Promise<void> {
    if (this.#isStopping || (!only && this.#isPolling)) return;
    if (!only) this.#isPolling = true;
    try {
      const open = (only ?? Object.keys(this.#options.handlers)).filter((kind) => this.#placesOf(kind) > 0);
      if (open.length > 0) for (const kind of await this.#options.claims.ready(open)) void this.#fill(kind);
    } catch (err) {
      this.#options.log.warn({ err }, 'jobs: the queues cannot be read, will try again');
    } finally {
      if (!only) this.#isPolling = false;
    }
  }

  /** Takes jobs until there are none, or no places left. */
  async #fill(kind: string): Promise<void> {
    const before = this.#filling.get(kind);
    if (before) {
      before.again = true;
      return;
    }
    const state = { again: false };
    this.#filling.set(kind, state);
    try {
      for (let found = 1; (found > 0 || state.again) && !this.#isStopping; ) {
        state.again = false;
        const take = this.#take(kind).finally(() => this.#takes.delete(take));
        this.#takes.add(take);
        found = await take;
      }
    } catch (err) {
      this.#options.log.warn({ err, kind }, 'jobs: none could be taken, will try again');
    } finally {
      this.#filling.delete(kind);
    }
  }

  async #take(kind: string): Promise<number> {
    const places = Math.min(BATCH, this.#placesOf(kind));
    if (places === 0) return 0;
    const jobs = await this.#options.claims.fetch(kind, places, this.#options.kinds[kind]?.perRestaurant ?? 1);
    if (this.#isStopping) await Promise.allSettled(jobs.map((job) => this.#options.claims.giveBack(job)));
    else for (const job of jobs) void this.#run(job);
    return jobs.length;
  }

  async #run(job: ClaimedJob): Promise<void> {
    const { observer } = this.#options;
    const startedAt = performance.now();
    observer.began(job.kind, job.waitedMs, job.isTakeover);
    const outcome = await this.#running.run(
      job,
      () => this.#settling.complete(job),
      (error) => this.#settling.fail(job, error),
    );
    observer.ended(job.kind, outcome, performance.now() - startedAt);
    // A place is free, and so is the restaurant's.
    if (!this.#isStopping) void this.#fill(job.kind);
  }

  /** Tells that the running jobs are alive, and stops those that belong to somebody else by now. */
  async #touch(): Promise<void> {
    if (this.#isTouching) return;
    this.#isTouching = true;
    try {
      for (const [kind, attempts] of this.#running.byKind()) {
        const ours = await this.#options.claims.touch(kind, attempts);
        for (const attempt of attempts) if (!ours.has(attempt.id)) this.#running.abort(attempt, new JobLost());
      }
    } catch (err) {
      this.#options.log.warn({ err }, 'jobs: no sign of life could be given, will try again');
    } finally {
      this.#isTouching = false;
    }
  }

  #placesOf(kind: string): number {
    return (this.#options.kinds[kind]?.atOnce ?? 0) - this.#running.count(kind);
  }
}
