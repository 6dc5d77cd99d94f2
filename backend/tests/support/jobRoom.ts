/** Queues with kinds of a test, and a worker for them in this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { installJobs } from '../../src/config/jobSchema.js';
import { createJobs } from '../../src/context/jobs.js';
import { JOB_KINDS, type JobKind } from '../../src/domain/job/jobKinds.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { startBackground } from '../../src/jobs/background.js';
import type { Handler } from '../../src/jobs/dispatcher/running.js';
import type { SendOptions } from '../../src/services/JobService.js';
import type { TestApi } from './api.js';

export const TEST_KIND: JobKind = {
  keys: ['restaurantId', 'thingId'],
  atOnce: 10,
  perRestaurant: 10,
  limitSeconds: 60,
  retries: 2,
  retryDelaySeconds: 0,
};

export class JobRoom {
  readonly jobs: ReturnType<typeof createJobs>['jobs'];
  readonly #api: TestApi;
  readonly #wing: ReturnType<typeof createJobs>;
  readonly #stops = new Set<() => Promise<void>>();

  private constructor(api: TestApi, kinds: Record<string, JobKind>) {
    this.#api = api;
    this.#wing = createJobs(api.context, api.database.appUrl, { ...JOB_KINDS, ...kinds });
    this.jobs = this.#wing.jobs;
  }

  static async open(api: TestApi, kinds: Record<string, JobKind>): Promise<JobRoom> {
    await installJobs(api.database.ownerUrl, { ...JOB_KINDS, ...kinds });
    return new JobRoom(api, kinds);
  }

  /** @returns a function that stops the worker. */
  async work(handlers: Record<string, Handler>): Promise<() => Promise<void>> {
    const end = await startBackground({ ...this.#api.context, ...this.#wing }, handlers);
    const stop = (): Promise<void> => {
      this.#stops.delete(stop);
      return end();
    };
    this.#stops.add(stop);
    return stop;
  }

  /** Stops the workers that failed tests have left. */
  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  send(kind: string, payload: Record<string, string>, options: SendOptions = {}): Promise<string> {
    const { unitOfWork } = this.#api.context;
    // Kinds of a test are not among the program's.
    return unitOfWork.run(systemCall(payload['restaurantId'] ?? '', 'test'), (tx) =>
      this.jobs.send(tx, kind as never, payload as never, options),
    );
  }
}

export async function until(isTrue: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isTrue())) {
    assert.ok(performance.now() < end, 'it did not become true in time');
    await sleep(20);
  }
}
