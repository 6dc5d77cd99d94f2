import type { EventService } from '../services/EventService.js';
import { Turn } from '../utils/turn.js';
import { eventPage, eventQuery } from './schemas/event.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function eventEndpoints({ events }: { events: EventService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/events',
      tag: 'Events',
      summary: 'List events in order, and wait for new ones',
      description:
        'Events have positions: dense, and in order for each subject. Read on with `after=<nextAfter>`. With `wait`, an empty page is answered only after that many seconds, so a receiver without a public address gets each event at once. Events of things that the caller may not read are left out; `nextAfter` passes them. Events are kept for 30 days.',
      access: 'member',
      query: eventQuery,
      response: eventPage,
      handle: ({ call, query, request }) => {
        const { wait, ...wanted } = query;
        if (wait === 0) return events.list(call, wanted);
        // A waiting caller takes no place from those at work.
        Turn.of(request)?.end();
        return events.await(call, wanted, wait * 1_000);
      },
    }),
  ];
}
