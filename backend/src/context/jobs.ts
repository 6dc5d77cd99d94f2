/** The jobs wing: the queues of background jobs. */
import { JOB_KINDS, type JobKind } from '../domain/job/jobKinds.js';
import { JobRepository } from '../repositories/JobRepository.js';
import { JobClaims } from '../repositories/job/JobClaims.js';
import { JobService } from '../services/JobService.js';
import { jobObserver } from '../services/metrics/observers.js';
import type { Platform } from './platform.js';

/** @param kinds other ones than usual, for tests and benchmarks. */
export function createJobs(
  { unitOfWork, database, cursors, clock, log, metrics }: Platform,
  appUrl: string,
  kinds: Readonly<Record<string, JobKind>> = JOB_KINDS,
) {
  const jobMetrics = jobObserver(metrics, Object.keys(kinds));
  const jobs = new JobService({
    unitOfWork,
    repository: new JobRepository(database),
    kinds,
    openClaims: () => new JobClaims({ appUrl, kinds, log, onWarning: jobMetrics.warned }),
    cursors,
    clock,
  });
  return { jobs, jobMetrics };
}
