import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from '../config/logger.js';
import type { Call } from '../domain/shared/call.js';
import { newId } from '../utils/ids.js';

/** State of one request, shared by the layers above the services. */
export interface RequestState {
  requestId: string;
  log: Logger;
  /** Route pattern, once a route has matched. */
  route?: string;
  /** Set by `CallerLimits.identify`. */
  call?: Call;
  /** Finds the caller again, for an answer that lasts. @throws AppError invalid_token. */
  identifyAgain?: () => Promise<Omit<Call, 'requestId'>>;
  /** The answer waits for events, so its time says nothing about Servio. */
  isWaiting?: boolean;
}

const states = new WeakMap<Request, RequestState>();
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Facts about a request that was answered or broken off. */
export interface FinishedRequest {
  /** Route pattern; `none` if no route matched. */
  route: string;
  method: string;
  status: number;
  /** Absent for an answer that waited for events. */
  durationMs: number | undefined;
}

/**
 * W3C Trace Context, version 00: `00-<trace id>-<parent id>-<flags>`. An id of only zeros means
 * none.
 */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** @throws Error if the request did not pass `requestContext`: the middleware order is wrong. */
export function stateOf(request: Request): RequestState {
  const state = states.get(request);
  if (!state) throw new Error('requestContext must come first');
  return state;
}

/**
 * Gives each request an id, a new one or the caller's, and logs one line at its end. A
 * `traceparent` adds the caller's trace to every line; an invalid one is ignored, as the standard
 * demands.
 * @param onFinish is called at the end of each request. Must not throw.
 */
export function requestContext(log: Logger, onFinish?: (request: FinishedRequest) => void): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const offered = request.get('x-request-id');
    const requestId = offered !== undefined && REQUEST_ID.test(offered) ? offered : newId();
    const state: RequestState = { requestId, log: log.child({ requestId, ...traceOf(request) }) };
    states.set(request, state);
    response.set('x-request-id', requestId);
    const startedAt = performance.now();
    response.on('close', () => {
      const route = state.route ?? 'none';
      const { method } = request;
      const status = response.statusCode;
      const durationMs = performance.now() - startedAt;
      state.log.info({
        method,
        route,
        status,
        durationMs: Math.round(durationMs),
        restaurantId: state.call?.restaurantId,
        aborted: response.writableFinished ? undefined : true,
      });
      onFinish?.({ route, method, status, durationMs: state.isWaiting ? undefined : durationMs });
    });
    next();
  };
}

function traceOf(request: Request): { traceId: string; parentId: string } | undefined {
  const [, traceId, parentId] = TRACEPARENT.exec(request.get('traceparent') ?? '') ?? [];
  return traceId === undefined || parentId === undefined ? undefined : { traceId, parentId };
}
