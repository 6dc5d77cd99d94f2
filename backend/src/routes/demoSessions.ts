import { addressKey } from '../middleware/rateLimit.js';
import type { DemoService } from '../services/DemoService.js';
import { demoRequest, demoSession } from './schemas/demoSession.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { cookieQuery, inCookie } from './support/refreshCookie.js';

export function demoSessionEndpoints({ demo }: { demo: DemoService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/demo-sessions',
      name: 'openDemoSession',
      tag: 'Demo',
      summary: 'Open your own demo restaurant',
      description:
        'The demo has a menu, recipes, stock and a few days of trade. At `expiresAt` the demo and its tokens end, and all its data is removed. Each call opens another demo: `Idempotency-Key` is ignored here, because it does not prove who calls. The demo’s owner may do everything except invite people, create API keys and import.',
      access: 'public',
      query: cookieQuery,
      body: demoRequest,
      // The request names no account, so the address stands in for one.
      accountOf: (_body, request) => addressKey(request),
      status: 201,
      response: demoSession,
      handle: (input) => inCookie(input, () => demo.openSession(input.call, input.body)),
    }),
  ];
}
