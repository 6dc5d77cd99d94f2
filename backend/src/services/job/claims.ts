/** What a worker needs from the queues. */
import type { Attempt, ClaimedJob } from '../../domain/job/jobKinds.js';

/** A worker's side of the queues. */
export interface Claims {
  start(): Promise<void>;
  ready(kinds: readonly string[]): Promise<string[]>;
  fetch(kind: string, batchSize: number, perRestaurant: number): Promise<ClaimedJob[]>;
  touch(kind: string, attempts: readonly Attempt[]): Promise<ReadonlySet<string>>;
  complete(kind: string, attempts: readonly Attempt[], output: object | null): Promise<ReadonlySet<string>>;
  fail(attempt: Attempt, error: { code: string; message: string }, isFinal: boolean): Promise<boolean>;
  progress(attempt: Attempt, share: number): Promise<void>;
  giveBack(attempt: Attempt): Promise<void>;
  close(): Promise<void>;
}

/** Another worker has the job, or it was cancelled. Whatever this one did must not be stored. */
export class JobLost extends Error {
  constructor() {
    super('the job belongs to another worker, or was cancelled');
    this.name = 'JobLost';
  }
}
