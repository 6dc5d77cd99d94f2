/**
 * The fast half of the lane past Express: answers that are in memory, for callers that are, in one
 * turn and with one write. It follows the steps of `router.ts` for the same declaration. Before it
 * has changed anything it gives up for everything unusual, and Express answers; only a refusal by a
 * limit is written here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { Scope } from '../../domain/people/roles.js';
import type { CallerLimits } from '../../middleware/callerLimits.js';
import type { Tally } from '../../middleware/rateLimit.js';
import type { RequestContext, RequestState } from '../../middleware/requestContext.js';
import { SECURITY_HEADERS } from '../../middleware/securityHeaders.js';
import { validateQuery } from '../../middleware/validate.js';
import type { Identity } from '../../services/auth/callers.js';
import type { RenderedMenu } from '../../services/menu/renderMenu.js';
import { type Endpoint, scopesFor } from './endpoint.js';
import { isUnpacked, type Written, writtenOf } from './rendered.js';
import { noFields } from './noFields.js';
import { type PlainHeaders, plainHeadersOf } from './plainHeaders.js';

/** Texts of queries whose fields are remembered. */
const MAX_QUERIES = 1_000;
const PLAIN_URL = /^[\w/.?&=:+%-]{1,200}$/;
const BEARER = 'Bearer ';

/** An endpoint with the fields of one query. */
interface Place {
  spec: Endpoint;
  route: string;
  scopes: readonly Scope[];
  query: unknown;
}

export interface FailedCall {
  failure: unknown;
  /** Headers of the limits: names and values in turn. */
  headers: readonly string[];
}

interface Dependencies {
  limits: CallerLimits;
  context: RequestContext;
  /** Answers a call that a limit refuses, or that failed. */
  fail: (request: IncomingMessage, response: ServerResponse, state: RequestState, failed: FailedCall) => void;
}

export class MemoryLane {
  readonly #deps: Dependencies;
  readonly #byPath = new Map<string, Endpoint>();
  readonly #byUrl = new Map<string, Place>();

  constructor(endpoints: readonly Endpoint[], deps: Dependencies) {
    this.#deps = deps;
    for (const spec of endpoints) if (spec.hot && spec.recall) this.#byPath.set(spec.path, spec);
  }

  /** @returns false when it has done nothing: the request is Express's. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const place = this.#placeOf(request.url ?? '');
    if (!place || request.method !== 'GET' || response.hasHeader('connection')) return false;
    const asked = plainHeadersOf(request.rawHeaders);
    const recalled = asked && this.#recall(place, asked);
    if (!recalled) return false;
    const { caller, rendered } = recalled;
    const { limits, context } = this.#deps;
    const { 'x-request-id': requestId, traceparent } = asked;
    const state = context.begin(response, { method: 'GET', requestId, traceparent });
    state.route = place.route;
    state.call = { ...caller, requestId: state.requestId };
    const fail = (failure: unknown, headers: readonly string[] = []): void =>
      this.#deps.fail(request, response, state, { failure, headers });
    const finish = ({ headers, refusal }: Tally): void => {
      if (refusal) fail(refusal, headers);
      else answer(response, state, headers, writtenOf(rendered, asked));
    };
    try {
      const counted = limits.tally(caller, place.spec.limit);
      if (counted instanceof Promise) counted.then(finish).catch(fail);
      else finish(counted);
    } catch (error) {
      fail(error);
    }
    return true;
  }

  /** @returns undefined unless the caller and its answer are in memory. */
  #recall(place: Place, asked: PlainHeaders): { caller: Identity; rendered: RenderedMenu } | undefined {
    const { authorization } = asked;
    if (!authorization?.startsWith(BEARER)) return undefined;
    try {
      const caller = this.#deps.limits.recall(authorization.slice(BEARER.length));
      if (!caller || !mayEnter(place, caller)) return undefined;
      // `validateQuery` has made the query with the schema of this endpoint.
      const rendered = place.spec.recall?.(caller, place.query as never);
      return rendered && !isUnpacked(rendered, asked) ? { caller, rendered } : undefined;
    } catch {
      // Express meets the same failure, and reports it.
      return undefined;
    }
  }

  #placeOf(url: string): Place | undefined {
    const known = this.#byUrl.get(url);
    if (known) return known;
    const [path = '', text, ...rest] = url.split('?');
    const spec = this.#byPath.get(path);
    if (!spec || rest.length > 0 || !PLAIN_URL.test(url)) return undefined;
    const place = placeOf(spec, text);
    if (place && this.#byUrl.size >= MAX_QUERIES) this.#byUrl.clear();
    if (place) this.#byUrl.set(url, place);
    return place;
  }
}

/** @returns undefined for a query that the schema refuses. */
function placeOf(spec: Endpoint, text: string | undefined): Place | undefined {
  try {
    const query = validateQuery(spec.query ?? noFields, parseQuery(text ?? ''));
    return { spec, route: `GET ${spec.path}`, scopes: scopesFor(spec), query };
  } catch {
    return undefined;
  }
}

function mayEnter({ scopes }: Place, caller: Identity): boolean {
  return scopes.length === 0 || scopes.some((scope) => caller.scopes.has(scope));
}

/** Header by header in the order of Express: the same bytes. */
function answer(
  response: ServerResponse,
  { requestId }: RequestState,
  limits: readonly string[],
  { status, headers, body }: Written,
): void {
  response.writeHead(status, ['x-request-id', requestId, ...SECURITY_HEADERS, ...limits, ...headers]);
  response.end(body);
}
