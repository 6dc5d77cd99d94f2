/**
 * A lane past Express's router for what is asked most. It serves the same declaration
 * by the same function, with the same steps before and after it as `app.ts` lists for the router.
 * What is in memory goes faster still (`memoryLane.ts`). Anything unusual goes through Express; a
 * test holds the answers of all against each other.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Express, Request, Response } from 'express';
import type { CallerLimits } from '../../middleware/callerLimits.js';
import { write } from '../../middleware/rateLimit.js';
import type { RequestContext } from '../../middleware/requestContext.js';
import type { Endpoint } from './endpoint.js';
import type { probesOf } from '../health.js';
import { MemoryLane } from './memoryLane.js';
import { ProbeLane } from './probeLane.js';
import type { Serve } from './router.js';
import { type Found, paramsOf, RouteTable } from './routeTable.js';

interface Steps {
  /** Gives the request its id, and logs and measures its end. */
  context: RequestContext;
  /** Headers of every answer. */
  headers: (response: ServerResponse) => void;
  limits: CallerLimits;
  probes: ReturnType<typeof probesOf>;
  failed: ErrorRequestHandler;
}

/** @param servers of all endpoints; the lane takes those that are declared `hot`. */
export function hotLane(app: Express, servers: ReadonlyMap<Endpoint, Serve>, steps: Steps): RequestListener {
  const { context, headers, limits, failed } = steps;
  const table = new RouteTable([...servers.keys()].filter(({ hot }) => hot));
  const probes = new ProbeLane(steps.probes, context);
  const memory = new MemoryLane([...servers.keys()], {
    limits,
    context,
    fail: (incoming, outgoing, state, { failure, headers: counted }) =>
      enter(app, incoming, outgoing, {}, (request, response) => {
        context.adopt(request, state);
        if (!response.headersSent) {
          response.set('x-request-id', state.requestId);
          headers(response);
          write(response, { headers: counted });
        }
        failed(failure, request, response, giveUpOf(request));
      }),
  });
  return (request, response) => {
    if (memory.take(request, response) || probes.take(request, response)) return;
    const found = table.find(pathOf(request.url ?? ''));
    const spec = found?.byMethod.get(request.method ?? '');
    const serve = spec && servers.get(spec);
    const params = found && readable(found);
    if (serve && params) enter(app, request, response, params, (one, other) => run(serve, steps, one, other));
    else app(request, response);
  };
}

/** @returns undefined for escapes that Express refuses. */
function readable(found: Found): Request['params'] | undefined {
  try {
    return paramsOf(found);
  } catch {
    return undefined;
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** Makes them Express's request and response, as the framework itself does. */
function enter(
  app: Express,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  params: Request['params'],
  go: (request: Request, response: Response) => void,
): void {
  const request: Request = Object.setPrototypeOf(incoming, app.request);
  const response: Response = Object.setPrototypeOf(outgoing, app.response);
  request.res = response;
  response.req = request;
  request.originalUrl = request.url;
  request.params = params;
  go(request, response);
}

function run(serve: Serve, { context, headers, failed }: Steps, request: Request, response: Response): void {
  void context.enter(request, response, (error?: unknown) => {
    headers(response);
    const answered = error === undefined ? serve(request, response) : Promise.reject(error);
    answered.catch((failure: unknown) => failed(failure, request, response, giveUpOf(request)));
  });
}

/** Without an answer to give, Express closes the connection as well. */
function giveUpOf(request: Request): () => void {
  return () => void request.socket.destroy();
}
