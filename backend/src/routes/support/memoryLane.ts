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
import { isUnpacked, writtenOf } from './rendered.js';
import { noFields } from './router.js';
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

interface Dependencies {
  limits: CallerLimits;
  context: RequestContext;
  /** Answers a call that a limit refuses. */
  refuse: (request: IncomingMessage, response: ServerResponse, state: RequestState, tally: Tally) => void;
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
    const { authorization } = asked ?? {};
    if (!asked || !authorization?.startsWith(BEARER)) return false;
    const { limits, context } = this.#deps;
    const caller = limits.recall(authorization.slice(BEARER.length));
    if (!caller || !mayEnter(place, caller)) return false;
    // `validateQuery` has made the query with the schema of this endpoint.
    const rendered = place.spec.recall?.(caller, place.query as never);
    if (!rendered || isUnpacked(rendered, asked)) return false;
    const { 'x-request-id': requestId, traceparent } = asked;
    const state = context.begin(response, { method: 'GET', requestId, traceparent });
    state.route = place.route;
    state.call = { ...caller, requestId: state.requestId };
    const counted = limits.tally(caller, place.spec.limit);
    const finish = (tally: Tally): void => {
      if (tally.refusal) this.#deps.refuse(request, response, state, tally);
      else answer(response, state, tally, rendered, asked);
    };
    if (counted instanceof Promise) void counted.then(finish);
    else finish(counted);
    return true;
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
  state: RequestState,
  tally: Tally,
  rendered: RenderedMenu,
  asked: PlainHeaders,
): void {
  const { status, headers, body } = writtenOf(rendered, asked);
  response.writeHead(status, ['x-request-id', state.requestId, ...SECURITY_HEADERS, ...tally.headers, ...headers]);
  response.end(body);
}
