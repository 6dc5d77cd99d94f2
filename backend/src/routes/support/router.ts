/** Serves endpoints as they are declared: each request in the order of `serve`. */
import type { Request, RequestHandler, Response } from 'express';
import type { Call } from '../../domain/shared/call.js';
import { AppError, CallerGone } from '../../domain/shared/errors.js';
import { anonymousCall, authorize } from '../../middleware/authenticate.js';
import { boundLists } from '../../middleware/boundedLists.js';
import type { CallerLimits } from '../../middleware/callerLimits.js';
import { readIdempotencyClaim } from '../../middleware/idempotency.js';
import { readJsonBody } from '../../middleware/jsonBody.js';
import { stateOf } from '../../middleware/requestContext.js';
import { MAX_FAULTS, validateBody, validateParams, validateQuery } from '../../middleware/validate.js';
import type { RestaurantService } from '../../services/RestaurantService.js';
import type { Secrets } from '../../utils/secrets.js';
import { contentEtag } from '../../utils/storedBody.js';
import { splitFormat } from './export/formatQuery.js';
import { ListExports } from './export/ListExports.js';
import { Accepted, type Endpoint, type EndpointInput, etagKind, isKeyed, scopesFor } from './endpoint.js';
import { etagOf, isKnown, readIfMatch } from './etags.js';
import { fileTypesOf } from './linkTargets.js';
import { noFields } from './noFields.js';
import { sendJson } from './rendered.js';
import { paramsOf, RouteTable } from './routeTable.js';
import { holdsSecret } from './secretFields.js';

/** For callers with a checked credential. */
const MAX_BODY_BYTES = 1_000_000;
/** For callers without a credential. It has room for every field at its longest. */
const MAX_STRANGER_BODY_BYTES = 16_000;
/** For an endpoint whose body has no fields. */
const MAX_EMPTY_BODY_BYTES = 1_000;

export interface EndpointDependencies {
  limits: CallerLimits;
  secrets: Secrets;
  restaurants: RestaurantService;
}

interface Serving extends EndpointDependencies {
  exports: ListExports;
}

function maxBodyBytes(spec: Endpoint): number {
  if (!spec.body) return MAX_EMPTY_BODY_BYTES;
  return spec.maxBodyBytes ?? (spec.access === 'public' ? MAX_STRANGER_BODY_BYTES : MAX_BODY_BYTES);
}

/** Serves one endpoint. Rejects with every failure, for the error handler. */
export type Serve = (request: Request, response: Response) => Promise<void>;

/** How each endpoint is served. Its schemas are prepared here, once. */
export function serversOf(endpoints: readonly Endpoint[], deps: EndpointDependencies): Map<Endpoint, Serve> {
  const serving = { ...deps, exports: new ListExports(deps) };
  return new Map(
    endpoints.map((spec) => {
      const terms: AnswerTerms = {
        isKeyed: isKeyed(spec),
        showsSecret: holdsSecret(spec.response),
        etag: etagKind(spec),
      };
      if (spec.body) boundLists(spec.body, MAX_FAULTS);
      return [spec, (request, response) => serve(spec, terms, serving, request, response)];
    }),
  );
}

/** Serves the endpoints, and answers 405 with Allow on their paths for every other method. */
export function routerOf(servers: ReadonlyMap<Endpoint, Serve>): RequestHandler {
  const table = new RouteTable([...servers.keys()]);
  return (request, response, next) => {
    const found = table.find(request.path);
    if (!found) {
      next();
      return undefined;
    }
    const spec = found.byMethod.get(request.method === 'HEAD' ? 'GET' : request.method);
    const server = spec && servers.get(spec);
    if (!server) throw notAllowed(request.method, found.byMethod);
    request.params = paramsOf(found);
    return server(request, response);
  };
}

function notAllowed(method: string, byMethod: ReadonlyMap<string, Endpoint>): AppError {
  const allow = [...byMethod.keys()].flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one]));
  return new AppError('method_not_allowed', `${method} is not allowed on this path. Use ${allow.join(', ')}.`, {
    allow,
  });
}

/** Properties of an endpoint's stored answers, computed once. */
interface AnswerTerms {
  isKeyed: boolean;
  showsSecret: boolean;
  etag: ReturnType<typeof etagKind>;
}

async function serve(
  spec: Endpoint,
  terms: AnswerTerms,
  deps: Serving,
  request: Request,
  response: Response,
): Promise<void> {
  const route = `${spec.method.toUpperCase()} ${spec.path}`;
  stateOf(request).route = route;
  const call = await identify(spec, deps.limits, request, response);
  if (spec.method === 'get' || spec.endsWithCaller) call.gone = goneSignal(response);
  const scopes = scopesFor(spec);
  if (scopes.length > 0) authorize(call, scopes);
  const params = spec.params && validateParams(spec.params, request.params);
  const query = validateQuery(spec.query ?? noFields, request.query);
  const body = await readBody(spec, deps.limits, request, response);
  const account = spec.accountOf?.(body as never, request).toLowerCase();
  if (account !== undefined && spec.proof === undefined) await deps.limits.countNew(request, response, account);
  const ifMatch = spec.ifMatch && readIfMatch(request, spec.ifMatch);
  if (ifMatch !== undefined) call.ifMatch = ifMatch;
  const { showsSecret } = terms;
  const answer = { route, status: spec.response ? (spec.status ?? 200) : 204, showsSecret };
  const claim = terms.isKeyed ? readIdempotencyClaim(request, answer, deps.secrets) : undefined;
  const holder = account ?? secretOf(spec, body, request);
  if (claim && holder !== undefined) claim.account = deps.secrets.digest('idempotency-account', holder);
  if (claim) call.idempotency = claim;
  // `endpoint` has checked that the handler's input matches these schemas.
  const input = { call, params, query, body, request, response } as unknown as EndpointInput<never, never, never>;
  if (await sentAsFile(spec, deps.exports, input)) return;
  const result = await prove(spec, deps.limits, { request, response, body, account }, () => spec.handle(input));
  if (response.headersSent) return;
  if (claim?.replayed) response.set('idempotent-replayed', 'true');
  await send(spec, terms, response, result);
}

/** Sends a list as a file if the query names a format. */
async function sentAsFile(
  { table, path, handle }: Endpoint,
  exports: ListExports,
  input: EndpointInput<object, object, unknown>,
): Promise<boolean> {
  const { format, filters } = splitFormat(input.query ?? {});
  if (!table || !format) return false;
  const { call, request, response } = input;
  // The filters were checked with the rest of the query.
  const read = (query: object) => handle({ ...input, query } as unknown as EndpointInput<never, never, never>);
  await exports.send({ table, format, call, request, response, path, query: filters, read });
  return true;
}

/** A caller that proves itself by the body is counted after the body was read. */
async function identify(spec: Endpoint, limits: CallerLimits, request: Request, response: Response): Promise<Call> {
  const tier = spec.table && request.query['format'] !== undefined ? 'heavy' : spec.limit;
  if (stateOf(request).linkMaker) {
    if (fileTypesOf(spec).length === 0) throw new AppError('forbidden', 'A link leads to files only.');
    return limits.identifyMaker(request, response, tier);
  }
  if (spec.isStream) return limits.identifyStream(request, response);
  if (spec.access !== 'public') return limits.identify(request, response, tier);
  return spec.proof === undefined ? limits.stranger(request, response, spec.limit) : anonymousCall(request);
}

async function readBody(spec: Endpoint, limits: CallerLimits, request: Request, response: Response): Promise<unknown> {
  try {
    const sent = spec.upload
      ? await spec.upload(request, response)
      : spec.method === 'get'
        ? undefined
        : await readJsonBody(request, response, maxBodyBytes(spec));
    return validateBody(spec.body ?? noFields, sent === undefined ? {} : sent);
  } catch (error) {
    // An unreadable body proves nothing, so the call counts as one without a credential.
    if (spec.proof !== undefined) await limits.stranger(request, response);
    throw error;
  }
}

/** Runs the handler, and counts attempts that fail to prove the caller. */
function prove(
  { proof }: Endpoint,
  limits: CallerLimits,
  sent: { request: Request; response: Response; body: unknown; account: string | undefined },
  handle: () => Promise<unknown>,
): Promise<unknown> {
  const { request, response, body, account } = sent;
  if (proof === undefined) return handle();
  if (proof === 'account') return limits.login(request, response, account ?? '', handle);
  if ('deviceSecretOf' in proof) return limits.pairing(request, response, proof.deviceSecretOf(body as never), handle);
  return limits.refresh(request, response, proof.refreshTokenOf(body as never, request), handle);
}

/** The secret that stands for the caller, as the owner of an Idempotency-Key. */
function secretOf({ proof }: Endpoint, body: unknown, request: Request): string | undefined {
  if (typeof proof !== 'object') return undefined;
  return 'deviceSecretOf' in proof ? proof.deviceSecretOf(body as never) : proof.refreshTokenOf(body as never, request);
}

/**
 * Aborts when the connection closes before the answer is sent. Only reads have it: a write is
 * always finished.
 */
function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  // It may have closed while the caller was identified: `close` does not come again.
  if (response.destroyed) controller.abort(new CallerGone());
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new CallerGone());
  });
  return controller.signal;
}

async function send(spec: Endpoint, terms: AnswerTerms, response: Response, result: unknown): Promise<void> {
  if (!spec.response) {
    response.status(204).end();
    return;
  }
  const isJob = result instanceof Accepted;
  const body = Buffer.from(JSON.stringify(isJob ? result.body : result));
  const etag = isJob ? undefined : etagFor(terms.etag, result, body);
  if (etag) response.set('etag', etag);
  response.set('cache-control', etag ? 'private, no-cache' : 'no-store');
  if (etag && spec.method === 'get' && isKnown(response.req.get('if-none-match'), etag)) {
    response.status(304).end();
    return;
  }
  response.status(isJob ? 202 : (spec.status ?? 200));
  await sendJson(response.req, response, body, !terms.showsSecret);
}

function etagFor(kind: AnswerTerms['etag'], result: unknown, body: Buffer): string | undefined {
  if (kind === undefined || kind === 'content') return undefined;
  return kind === 'body' ? contentEtag(body) : etagOf(kind, result);
}
