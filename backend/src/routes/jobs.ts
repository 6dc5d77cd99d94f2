import type { JobService } from '../services/JobService.js';
import { idParams, pageOf } from './schemas/common.js';
import { job, jobQuery } from './schemas/job.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function jobEndpoints({ jobs }: { jobs: JobService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/jobs',
      tag: 'Jobs',
      summary: 'List background jobs, newest first',
      description: 'Ended jobs are kept for 14 days.',
      access: 'jobs:read',
      query: jobQuery,
      response: pageOf(job),
      handle: ({ call, query }) => jobs.list(call, { kind: query.kind, state: query.state }, query),
    }),
    endpoint({
      method: 'get',
      path: '/v1/jobs/{id}',
      tag: 'Jobs',
      summary: 'Get a background job',
      access: 'jobs:read',
      params: idParams,
      response: job,
      handle: ({ call, params }) => jobs.get(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/jobs/{id}/retry',
      tag: 'Jobs',
      summary: 'Let a failed job run again',
      access: 'jobs:write',
      params: idParams,
      response: job,
      handle: ({ call, params }) => jobs.retry(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/jobs/{id}/cancel',
      tag: 'Jobs',
      summary: 'End a job that waits, runs or has failed',
      description: 'A running job stops at its next step; what it stored in finished steps stays.',
      access: 'jobs:write',
      params: idParams,
      response: job,
      handle: ({ call, params }) => jobs.cancel(call, params.id),
    }),
  ];
}
