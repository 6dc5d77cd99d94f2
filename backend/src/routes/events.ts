import { bearerToken } from '../middleware/authenticate.js';
import { stateOf } from '../middleware/requestContext.js';
import type { EventService } from '../services/EventService.js';
import type { StreamTickets } from '../services/event/StreamTickets.js';
import { eventPage, eventQuery, streamQuery, streamTicket } from './schemas/event.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { lastLong, openEventStream } from './support/liveAnswer.js';

interface Services {
  events: EventService;
  streamTickets: StreamTickets;
}

export function eventEndpoints({ events, streamTickets }: Services): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/events',
      name: 'listEvents',
      tag: 'Events',
      summary: 'List events in order, and wait for new ones',
      description:
        'Events have positions: dense, and in order for each subject. Read on with `after=<nextAfter>`. With `wait`, an empty page is answered only after that many seconds, so a receiver without a public address gets each event at once. Events of things that the caller may not read are left out; `nextAfter` passes them. Events are kept for 30 days.',
      access: 'member',
      hot: true,
      query: eventQuery,
      response: eventPage,
      mayConflict: true,
      handle: ({ call, query, request }) => {
        const { wait, ...wanted } = query;
        if (wait === 0) return events.list(call, wanted);
        lastLong(request);
        return events.await(call, wanted, wait * 1_000);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/events/stream',
      name: 'streamEvents',
      tag: 'Events',
      summary: 'Receive events as they happen',
      description:
        'Server-sent events: `id` is the position, `event` the type, `data` the event as in `GET /v1/events`. A new stream begins with `event: position`, which tells where it starts: load your data after it. A stream that is cut continues after `Last-Event-ID` (or `after`) without loss or repetition. `event: reset` means that the events after your position are not there: load your data anew; the stream continues from the position that it tells. Events that the caller may not see only move the `id`. A stream is not counted as a call, but its opening is limited. Browsers send no header with `EventSource`: give it a ticket from `POST /v1/events/stream-tickets`.',
      access: 'member',
      isStream: true,
      query: streamQuery,
      produces: ['text/event-stream'],
      handle: async ({ call, query, request, response }) => {
        const identify = stateOf(request).identifyAgain;
        if (!identify) throw new Error('a stream needs a caller that can be identified again');
        if (request.method === 'HEAD') {
          openEventStream(response).end();
          return;
        }
        const after = lastEventId(request.get('last-event-id')) ?? query.after;
        await events.stream(call, { after, types: query.types }, { open: () => openEventStream(response), identify });
        lastLong(request);
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/events/stream-tickets',
      tag: 'Events',
      summary: 'Get a ticket that opens one stream',
      description:
        'For readers that can send no `Authorization` header, such as a browser’s `EventSource`: use it within 60 seconds as `?ticket=`. The stream has the rights of the credential that made the ticket, and ends with it.',
      access: 'member',
      status: 201,
      response: streamTicket,
      handle: ({ call, request }) => streamTickets.issue(call, bearerToken(request)),
    }),
  ];
}

/** @returns NaN for an id that is not ours: the stream then says so. */
function lastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  return /^\d{1,15}$/.test(header) ? Number(header) : Number.NaN;
}
