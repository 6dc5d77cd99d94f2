import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from '../config/logger.js';
import type { Call } from '../domain/call.js';
import { newId } from '../utils/ids.js';

/** What the layers above the services share about one request. */
export interface RequestState {
  requestId: string;
  log: Logger;
  /** Route pattern, once a route has taken the request. */
  route?: string;
  /** Set by `authenticate`. */
  call?: Call;
}

const states = new WeakMap<Request, RequestState>();
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** @throws Error when the request never passed `requestContext`: a mistake in the middleware order. */
export function stateOf(request: Request): RequestState {
  const state = states.get(request);
  if (!state) throw new Error('requestContext must come first');
  return state;
}

/** Gives each request an id, its own or the caller's, and writes one line when it has been answered. */
export function requestContext(log: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const offered = request.get('x-request-id');
    const requestId = offered !== undefined && REQUEST_ID.test(offered) ? offered : newId();
    const state: RequestState = { requestId, log: log.child({ requestId }) };
    states.set(request, state);
    response.set('x-request-id', requestId);
    const startedAt = performance.now();
    response.on('close', () => {
      state.log.info({
        method: request.method,
        route: state.route ?? 'none',
        status: response.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
        restaurantId: state.call?.restaurantId,
        aborted: response.writableFinished ? undefined : true,
      });
    });
    next();
  };
}
