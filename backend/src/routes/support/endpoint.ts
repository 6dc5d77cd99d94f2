/**
 * One declaration per endpoint: its input, its allowed callers and its answer. The router and
 * `/openapi.json` are both made from it, so the document always agrees with the server.
 */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Call } from '../../domain/shared/call.js';
import type { Scope } from '../../domain/people/roles.js';
import type { RenderedMenu } from '../../services/menu/renderMenu.js';
import { type Table, tableOf } from './export/columns.js';
import { withFormat } from './export/formatQuery.js';
import { EXPORT_FORMATS, EXPORT_TYPES } from './export/ListExports.js';
import { holdsSecret } from './secretFields.js';

type Method = 'get' | 'post' | 'patch' | 'delete';

/** `public`: anyone. `member`: anyone with a credential. Else: a caller with one of the scopes. */
type Access = 'public' | 'member' | Scope | readonly Scope[];

/** The answer of a handler whose work became a job: it is sent with status 202. */
export class Accepted {
  readonly body: unknown;

  constructor(body: unknown) {
    this.body = body;
  }
}

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
  /** Name for clients, where the path does not give it: see `operationName`. */
  name?: string;
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  /** 200 by default. Without `response` the status is 204. */
  status?: 200 | 201 | 202;
  /** Schema of the JSON answer. */
  response?: R;
  /** Schema of the answer when the work became a job: see `Accepted`. */
  accepted?: z.ZodType;
  /** `required`: a request without If-Match gets 428. `optional`: checked if sent. */
  ifMatch?: 'required' | 'optional';
  /** The body may have versions of several resources: others are refused as by If-Match. */
  takesVersions?: true;
  /**
   * `version` sends `ETag: "<version>"`. `version+content` adds a digest, because the answer may
   * change without an edit, for example when portions are sold. With `content`, the handler itself
   * sends a digest of the body. A list needs no declaration: see `etagKind`.
   */
  etag?: 'version' | 'version+content' | 'content';
  /** Further media types of the answer, for `/openapi.json`. */
  alsoProduces?: string[];
  /** Media types that the handler sends itself, instead of JSON. */
  produces?: string[];
  /** A read that the current state may not allow. */
  mayConflict?: boolean;
  /** An endpoint without a credential that may still lack a right. */
  mayForbid?: boolean;
  /**
   * Limit of the JSON body, compressed and uncompressed. Default: 1 MB; 16 kB if no credential is
   * needed.
   */
  maxBodyBytes?: number;
  /** Reads a multipart/form-data body, instead of JSON, and returns its fields. */
  upload?: (request: Request, response: Response) => Promise<unknown>;
  /** Screens and tills call it all the time, so it is served past Express's router. */
  hot?: true;
  /**
   * The same answer as `handle`, if it is in memory: then a hot endpoint needs neither Express nor
   * any waiting.
   */
  recall?: (caller: Pick<Call, 'restaurantId'>, query: z.output<Q>) => RenderedMenu | undefined;
  /** The work ends when its caller leaves, although it is a write: nobody else needs it. */
  endsWithCaller?: boolean;
  /**
   * Tier that counts callers with a credential, instead of `api`; strangers, instead of `global`.
   */
  limit?: 'heavy' | 'uploads' | 'pictures' | 'pairings' | 'pairing_codes';
  /** The answer is a stream: its opening is counted, and a ticket may stand for the credential. */
  isStream?: boolean;
  /**
   * The account that the body names, or a substitute such as an address. Attempts are counted by
   * it.
   */
  accountOf?: (body: z.output<B>, request: Request) => string;
  /**
   * The request proves the caller: by the account's secret, by a refresh token or by the secret of
   * a device that is being paired. See `CallerLimits` for the counting.
   */
  proof?:
    | 'account'
    | { refreshTokenOf: (body: z.output<B>, request: Request) => string }
    | { deviceSecretOf: (body: z.output<B>) => string };
  handle: (input: EndpointInput<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<R> | Accepted | void>;
}

/** An endpoint after its type check, without its type parameters. */
export interface Endpoint
  extends Omit<EndpointSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'handle' | 'accountOf' | 'proof' | 'recall'> {
  /** For a list or a report: its form in `?format=`. */
  table?: Table;
  recall?: (caller: Pick<Call, 'restaurantId'>, query: never) => RenderedMenu | undefined;
  accountOf?: (body: never, request: Request) => string;
  proof?:
    | 'account'
    | { refreshTokenOf: (body: never, request: Request) => string }
    | { deviceSecretOf: (body: never) => string };
  handle: (input: EndpointInput<never, never, never>) => Promise<unknown>;
}

export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  spec: EndpointSpec<P, Q, B, R>,
): Endpoint {
  const table = spec.method === 'get' ? tableOf(spec.path, spec.response) : undefined;
  return table ? exportable(spec, table) : spec;
}

/** Every list and report is exported, too. */
function exportable(spec: Endpoint, table: Table): Endpoint {
  const alsoProduces = [...(spec.alsoProduces ?? []), ...EXPORT_FORMATS.map((format) => EXPORT_TYPES[format])];
  return { ...spec, table, query: withFormat(spec.path, spec.query), alsoProduces };
}

/** The scopes of which a caller needs one. Empty if the caller needs no scope. */
export function scopesFor({ access }: Pick<Endpoint, 'access'>): readonly Scope[] {
  if (access === 'public' || access === 'member') return [];
  return typeof access === 'string' ? [access] : access;
}

/**
 * Whether the endpoint accepts an Idempotency-Key: every write does, except public ones without a
 * secret in the body. Only the secret tells public callers apart. Without it, two callers with the
 * same key would get the same tokens.
 */
export function isKeyed({ method, access, body }: Endpoint): boolean {
  return method !== 'get' && (access !== 'public' || holdsSecret(body));
}

/** Whether the answer is a page of a list. */
export function isList({ response }: Pick<Endpoint, 'response'>): boolean {
  return response instanceof z.ZodObject && 'nextCursor' in response.shape;
}

/** How an answer gets its ETag. Lists, which screens poll, have a digest of their body: `body`. */
export function etagKind(spec: Endpoint): Endpoint['etag'] | 'body' {
  return spec.etag ?? (spec.method === 'get' && isList(spec) ? 'body' : undefined);
}
