/**
 * One declaration per endpoint: its input, its allowed callers and its answer. The router and
 * `/openapi.json` are both made from it, so the document always agrees with the server.
 */
import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Call } from '../../domain/shared/call.js';
import { AppError, CallerGone } from '../../domain/shared/errors.js';
import type { Scope } from '../../domain/people/roles.js';
import { anonymousCall, authorize } from '../../middleware/authenticate.js';
import type { CallerLimits } from '../../middleware/callerLimits.js';
import { readIdempotencyClaim } from '../../middleware/idempotency.js';
import { stateOf } from '../../middleware/requestContext.js';
import { boundLists } from '../../middleware/boundedLists.js';
import { readJsonBody } from '../../middleware/jsonBody.js';
import { MAX_FAULTS, validateBody, validateParams, validateQuery } from '../../middleware/validate.js';
import type { Secrets } from '../../utils/secrets.js';
import { holdsSecret } from './secretFields.js';

/**
 * For an endpoint without fields: the body may still be `{}`, as many clients send it; the query
 * must be empty.
 */
const noFields = z.strictObject({});

/** For callers with a checked credential. */
const MAX_BODY_BYTES = 1_000_000;
/** For callers without a credential. It has room for every field at its longest. */
const MAX_STRANGER_BODY_BYTES = 16_000;
/** For an endpoint whose body has no fields. */
const MAX_EMPTY_BODY_BYTES = 1_000;

type Method = 'get' | 'post' | 'patch' | 'delete';

/** `public`: anyone. `member`: anyone with a credential. Else: a caller with one of the scopes. */
type Access = 'public' | 'member' | Scope | readonly Scope[];

export interface EndpointInput<P, Q, B> {
  call: Call;
  params: P;
  query: Q;
  body: B;
  request: Request;
  response: Response;
}

export interface EndpointSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: Method;
  /** OpenAPI style: `/v1/orders/{id}`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  /** 200 by default. Without `response` the status is 204. */
  status?: 200 | 201;
  /** Schema of the JSON answer. */
  response?: R;
  /** `required`: a request without If-Match gets 428. `optional`: checked if sent. */
  ifMatch?: 'required' | 'optional';
  /**
   * `version` sends `ETag: "<version>"`. `version+content` adds a digest, because the answer may
   * change without an edit, for example when portions are sold. With `content`, the handler itself
   * sends a digest of the body.
   */
  etag?: 'version' | 'version+content' | 'content';
  /** Further media types of the answer, for `/openapi.json`. */
  alsoProduces?: string[];
  /** Media types that the handler sends itself, instead of JSON. */
  produces?: string[];
  /**
   * Limit of the JSON body, compressed and uncompressed. Default: 1 MB; 16 kB if no credential is
   * needed.
   */
  maxBodyBytes?: number;
  /** Reads a multipart/form-data body, instead of JSON, and returns its fields. */
  upload?: (request: Request, response: Response) => Promise<unknown>;
  /** Tier that counts callers with a credential, instead of `api`. */
  limit?: 'heavy' | 'uploads';
  /**
   * The account that the body names, or a substitute such as an address. Attempts are counted by
   * it.
   */
  accountOf?: (body: z.output<B>, request: Request) => string;
  /**
   * The body proves the caller: by the account's secret or by a refresh token. See `CallerLimits`
   * for the counting.
   */
  proof?: 'account' | { refreshTokenOf: (body: z.output<B>) => string };
  handle: (input: EndpointInput<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<R> | void>;
}

/** An endpoint after its type check, without its type parameters. */
export interface Endpoint
  extends Omit<EndpointSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'handle' | 'accountOf' | 'proof'> {
  accountOf?: (body: never, request: Request) => string;
  proof?: 'account' | { refreshTokenOf: (body: never) => string };
  handle: (input: EndpointInput<never, never, never>) => Promise<unknown>;
}

export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  spec: EndpointSpec<P, Q, B, R>,
): Endpoint {
  return spec;
}

/** The scopes of which a caller needs one. Empty if the caller needs no scope. */
export function scopesFor({ access }: Pick<Endpoint, 'access'>): readonly Scope[] {
  if (access === 'public' || access === 'member') return [];
  return typeof access === 'string' ? [access] : access;
}

export interface EndpointDependencies {
  limits: CallerLimits;
  secrets: Secrets;
}

function maxBodyBytes(spec: Endpoint): number {
  if (!spec.body) return MAX_EMPTY_BODY_BYTES;
  return spec.maxBodyBytes ?? (spec.access === 'public' ? MAX_STRANGER_BODY_BYTES : MAX_BODY_BYTES);
}

/**
 * A router that serves the endpoints and answers 405 with Allow on their paths for every other
 * method.
 */
export function routerOf(endpoints: readonly Endpoint[], deps: EndpointDependencies): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const methods = new Map<string, string[]>();
  for (const spec of endpoints) {
    const terms: AnswerTerms = { isKeyed: isKeyed(spec), showsSecret: holdsSecret(spec.response) };
    const path = spec.path.replaceAll(/\{(\w+)\}/g, ':$1');
    methods.set(path, [
      ...(methods.get(path) ?? []),
      ...(spec.method === 'get' ? ['GET', 'HEAD'] : [spec.method.toUpperCase()]),
    ]);
    if (spec.body) boundLists(spec.body, MAX_FAULTS);
    router[spec.method](path, (request, response) => serve(spec, terms, deps, request, response));
  }
  for (const [path, allow] of methods) {
    router.all(path, (request) => {
      throw new AppError(
        'method_not_allowed',
        `${request.method} is not allowed on this path. Use ${allow.join(', ')}.`,
        {
          allow,
        },
      );
    });
  }
  return router;
}

/**
 * Whether the endpoint accepts an Idempotency-Key: every write does, except public ones without a
 * secret in the body. Only the secret tells public callers apart. Without it, two callers with the
 * same key would get the same tokens.
 */
export function isKeyed({ method, access, body }: Endpoint): boolean {
  return method !== 'get' && (access !== 'public' || holdsSecret(body));
}

/** Properties of an endpoint's stored answers, computed once. */
interface AnswerTerms {
  isKeyed: boolean;
  showsSecret: boolean;
}

async function serve(
  spec: Endpoint,
  terms: AnswerTerms,
  deps: EndpointDependencies,
  request: Request,
  response: Response,
): Promise<void> {
  const route = `${spec.method.toUpperCase()} ${spec.path}`;
  stateOf(request).route = route;
  const call = await identify(spec, deps.limits, request, response);
  if (spec.method === 'get') call.gone = goneSignal(response);
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
  const holder = account ?? refreshTokenOf(spec, body);
  if (claim && holder !== undefined) claim.account = deps.secrets.digest('idempotency-account', holder);
  if (claim) call.idempotency = claim;
  // `endpoint` has checked that the handler's input matches these schemas.
  const input = { call, params, query, body, request, response } as unknown as EndpointInput<never, never, never>;
  const result = await prove(spec, deps.limits, { request, response, body, account }, () => spec.handle(input));
  if (response.headersSent) return;
  if (claim?.replayed) response.set('idempotent-replayed', 'true');
  send(spec, response, result);
}

/** A caller that proves itself by the body is counted after the body was read. */
async function identify(spec: Endpoint, limits: CallerLimits, request: Request, response: Response): Promise<Call> {
  if (spec.access !== 'public') return limits.identify(request, response, spec.limit);
  return spec.proof === undefined ? limits.stranger(request, response) : anonymousCall(request);
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
  return limits.refresh(request, response, proof.refreshTokenOf(body as never), handle);
}

function refreshTokenOf({ proof }: Endpoint, body: unknown): string | undefined {
  return typeof proof === 'object' ? proof.refreshTokenOf(body as never) : undefined;
}

/**
 * Aborts when the connection closes before the answer is sent. Only reads have it: a write is
 * always finished.
 */
function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new CallerGone());
  });
  return controller.signal;
}

function send(spec: Endpoint, response: Response, result: unknown): void {
  if (!spec.response) {
    response.status(204).end();
    return;
  }
  const body = JSON.stringify(result);
  const etag = spec.etag && spec.etag !== 'content' && etagOf(spec.etag, result);
  if (etag) response.set('etag', etag);
  response.set('cache-control', etag ? 'private, no-cache' : 'no-store');
  if (etag && spec.method === 'get' && isKnown(response.req, etag)) {
    response.status(304).end();
    return;
  }
  response
    .status(spec.status ?? 200)
    .type('application/json')
    .send(body);
}

/**
 * Whether If-None-Match contains the ETag, compared weakly (RFC 9110, 13.1.2). Express's own check
 * is not used: it never answers 304 to `Cache-Control: no-cache`, which `fetch` adds to every
 * request that sets If-None-Match itself.
 */
export function isKnown(request: Request, etag: string): boolean {
  const known = request.get('if-none-match')?.split(',') ?? [];
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}

function etagOf(kind: 'version' | 'version+content', result: unknown): string {
  if (kind === 'version') return `"${versionOf(result)}"`;
  // Sorted, because a write and a later read may return the same fields in a different order.
  return `"${versionOf(result)}-${digestOf(JSON.stringify(result, withSortedFields))}"`;
}

function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}

function withSortedFields(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function versionOf(result: unknown): number {
  if (typeof result === 'object' && result !== null && 'version' in result && typeof result.version === 'number')
    return result.version;
  throw new Error('an endpoint with a version ETag must answer a version');
}

function readIfMatch(request: Request, need: 'required' | 'optional'): number | undefined {
  const header = request.get('if-match');
  if (header === undefined) {
    if (need === 'optional') return undefined;
    throw new AppError(
      'version_required',
      "Send If-Match with the ETag you last read, so that nobody else's change is overwritten.",
    );
  }
  const version = /^"?(\d{1,9})(?:-[\w-]{27})?"?$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new AppError('version_mismatch', 'If-Match must contain the ETag of this resource, for example "3".');
  return Number(version);
}
