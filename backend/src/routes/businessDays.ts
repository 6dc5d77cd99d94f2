import { withTaxesDue } from '../domain/report/dayTaxes.js';
import type { BusinessDayService } from '../services/BusinessDayService.js';
import type { DaySummaries } from '../services/report/DaySummaries.js';
import {
  businessDay,
  closeInput,
  dateParams,
  dayDifferences,
  daysQuery,
  differencesQuery,
} from './schemas/businessDay.js';
import { pageOf } from './schemas/common.js';
import { daySummary, summaryParams, summaryQuery } from './schemas/daySummary.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Business days';

interface Dependencies {
  businessDays: BusinessDayService;
  daySummaries: DaySummaries;
}

export function businessDayEndpoints({ businessDays, daySummaries }: Dependencies): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/business-days',
      tag: TAG,
      summary: 'List business days, newest first: closed ones, or those waiting to be closed',
      access: 'reports:read',
      query: daysQuery,
      response: pageOf(businessDay),
      handle: async ({ call, query: { status, ...page } }) => {
        const { data, nextCursor } = await businessDays.list(call, status, page);
        return { data: data.map(withTaxesDue), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/business-days/{date}',
      tag: TAG,
      summary: 'Get the figures of a business day: live while open (X report), fixed once closed (Z report)',
      access: 'reports:read',
      params: dateParams,
      response: businessDay,
      handle: async ({ call, params }) => withTaxesDue(await businessDays.get(call, params.date)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/business-days/{date}/summary',
      tag: TAG,
      summary: 'Get a business day at a glance, beside the same weekday before',
      description:
        'For a screen that shows the day in one call. Its figures are read one after another, so orders of the last second may be in some of them only.',
      access: 'reports:read',
      params: summaryParams,
      query: summaryQuery,
      response: daySummary,
      handle: ({ call, params, query }) => daySummaries.of(call, params.date, query.top),
    }),
    endpoint({
      method: 'get',
      path: '/v1/reports/closed-days',
      tag: TAG,
      summary: 'List closed days whose figures do not add up',
      description:
        'Checks `balance` of every closed day of the period, at most 366 days. Days that were closed by an older release have none: theirs is ' +
        'computed from the movements up to their close. Nothing of a closed day changes; correct it on an open day.',
      access: 'reports:read',
      query: differencesQuery,
      response: dayDifferences,
      handle: ({ call, query }) => businessDays.differences(call, query),
    }),
    endpoint({
      method: 'post',
      path: '/v1/business-days/{date}/close',
      tag: TAG,
      summary: 'Close a business day',
      description:
        'Issues the Z report, a document of type `day_close`. Afterwards, any request that would change the figures gets `409 business_day_closed`.',
      access: 'business_days:close',
      params: dateParams,
      body: closeInput,
      status: 201,
      response: businessDay,
      handle: async ({ call, params, body }) => withTaxesDue(await businessDays.close(call, params.date, body)),
    }),
  ];
}
