import { addressKey } from '../middleware/rateLimit.js';
import type { DemoService } from '../services/DemoService.js';
import { demoRequest, demoSession } from './schemas/demoSession.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function demoSessionEndpoints({ demo }: { demo: DemoService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/demo-sessions',
      tag: 'Demo',
      summary: 'Open a demo restaurant of your own',
      description:
        'With a menu, recipes, stock and a few days of trade. It and its tokens end at `expiresAt`; then all of it is removed. Each call opens another one: an `Idempotency-Key` is no proof of who calls, and is not read. Its owner may do everything but invite people, make API keys and import.',
      access: 'public',
      body: demoRequest,
      // Nobody is named: who asks is an address.
      accountOf: (_body, request) => addressKey(request),
      status: 201,
      response: demoSession,
      handle: ({ call, body }) => demo.openSession(call, body),
    }),
  ];
}
