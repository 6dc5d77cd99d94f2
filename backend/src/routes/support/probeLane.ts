/**
 * Probes past Express: load balancers ask for them all day, also while the server refuses the rest.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../../middleware/requestContext.js';
import type { Probe } from '../health.js';
import { plainHeadersOf } from './plainHeaders.js';

export class ProbeLane {
  readonly #probes: ReadonlyMap<string, () => Probe | Promise<Probe>>;
  readonly #context: RequestContext;

  constructor(probes: ReadonlyMap<string, () => Probe | Promise<Probe>>, context: RequestContext) {
    this.#probes = probes;
    this.#context = context;
  }

  /** @returns false when it has done nothing: the request is Express's. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const ask = this.#probes.get(request.url ?? '');
    if (!ask || request.method !== 'GET' || response.hasHeader('connection')) return false;
    const asked = plainHeadersOf(request.rawHeaders);
    if (!asked) return false;
    const { 'x-request-id': offered, traceparent } = asked;
    const { requestId } = this.#context.begin(response, { method: 'GET', requestId: offered, traceparent });
    const probe = ask();
    const unavailable = (): void => answer(response, requestId, { status: 503, body: { status: 'unavailable' } });
    if (probe instanceof Promise) probe.then((one) => answer(response, requestId, one)).catch(unavailable);
    else answer(response, requestId, probe);
    return true;
  }
}

/** Header by header in the order of Express: the same bytes. */
function answer(response: ServerResponse, requestId: string, { status, body }: Probe): void {
  const text = JSON.stringify(body);
  response.writeHead(status, [
    'x-request-id',
    requestId,
    ...(status === 503 ? ['retry-after', '1'] : []),
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Length',
    String(text.length),
  ]);
  response.end(text);
}
