/** `/openapi.json`, made from the endpoints themselves. */
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { FAULT_RULES } from '../../domain/shared/errors.js';
import { eventSchemas } from '../schemas/eventData.js';
import { type Endpoint, etagKind, isKeyed, isList, scopesFor } from './endpoint.js';
import type { ApiDocument } from './openapi/document.js';
import { finish } from './openapi/finish.js';
import { operationName } from './openapi/names.js';
import { describeWebhooks } from './openapi/webhooks.js';
import { cookieQuery } from './refreshCookie.js';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable error code for programs.' }),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string(),
          message: z.string(),
          rule: z.enum(FAULT_RULES).optional().meta({
            description: 'The rule that is broken, for pages in other languages. Absent: only `message` says it.',
          }),
          params: z.record(z.string(), z.string()).optional().meta({
            description: 'Values for the sentence of the rule: `limit`, or `values`.',
          }),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

const REASONS: Record<number, string> = {
  400: 'The request cannot be read.',
  401: 'The credential is missing or not valid.',
  403: 'The role or key lacks the scope.',
  404: 'Unknown, deleted, or in another restaurant. The answer does not tell which.',
  408: 'The body did not arrive in time.',
  409: 'The current state does not allow this, or the Idempotency-Key is in use.',
  412: 'The version of the resource differs from If-Match, or from those in the body.',
  413: 'The body is too large.',
  415: 'The content type is not supported here.',
  422: 'The request is readable but not valid; `errors` says where.',
  428: 'If-Match is missing.',
  429: 'Too many requests; see Retry-After.',
  500: 'A fault in Servio, code `internal_error`. The same request would fail again. Tell the operator the requestId.',
  503: 'The server is overloaded, or the database does not answer; see Retry-After. Nothing was stored.',
};

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .meta({
    description:
      'Makes the request safe to repeat for at least 48 hours: the same key and body get the same answer again, with `Idempotent-Replayed: true`. An answer that contains a secret is repeated only for ten minutes.',
    examples: ['4f0c2b1e-order-12'],
  });

const ifNoneMatch = z.object({
  'If-None-Match': z
    .string()
    .optional()
    .meta({
      description: 'The ETag last read. If the resource is unchanged, the answer is 304 without a body.',
      examples: ['"3"'],
    }),
});

const told = (description: string) => z.string().optional().meta({ description });
const etag = { ETag: told('For If-None-Match and If-Match.') };
const replayed = {
  'Idempotent-Replayed': told('`true` if this is the stored answer of an earlier call with the same key.'),
};
const rateLimit = {
  RateLimit: told('Remaining calls under each limit that counted this call, and the seconds until it resets.'),
};
/** 409 too: the first call with the Idempotency-Key may still be running. */
const MAY_BE_REPEATED = [409, 429, 503];
const retryAfter = { 'Retry-After': told('Seconds to wait before the next try.') };

/** @param version of Servio. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): ApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const spec of endpoints) {
    const path = (paths[spec.path] ??= {});
    path[spec.method] = operationOf(spec);
  }
  const made = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Servio',
      version,
      description:
        'The restaurant backend. Money is an integer in minor units of the resource’s `currency`; times are RFC 3339 in UTC; ids are UUIDs. ' +
        'The credential determines the restaurant. Every POST, PATCH and DELETE accepts `Idempotency-Key`, except `POST /v1/demo-sessions`, `POST /v1/devices/pairings` and `POST /v1/auth/forgot-password`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map((spec) => spec.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key (`sk_…`).' },
      },
    },
  });
  const { webhooks, schemas } = describeWebhooks(eventSchemas);
  const { securitySchemes, schemas: shared } = made.components ?? {};
  // Resources name the parts that events share with them.
  const components = { schemas: { ...shared, ...schemas }, parameters: {}, headers: {}, responses: {}, examples: {} };
  // Plain JSON without shared objects, which the steps may change.
  const document = JSON.parse(
    JSON.stringify({ ...made, webhooks, components: { ...components, securitySchemes } }),
  ) as ApiDocument;
  finish(document);
  return document;
}

function operationOf(spec: Endpoint): ZodOpenApiOperationObject {
  const writes = spec.method !== 'get';
  const scopes = scopesFor(spec).map((name) => `\`${name}\``);
  const scope = scopes.length === 0 ? '' : `Needs the scope ${scopes.join(' or ')}.`;
  const operation: ZodOpenApiOperationObject = {
    tags: [spec.tag],
    summary: spec.summary,
    operationId: spec.name ?? operationName(spec.method, spec.path, isList(spec)),
    description: [spec.description, scope].filter(Boolean).join('\n\n'),
    security: spec.access === 'public' ? [] : [{ bearer: [] }],
    requestParams: {
      ...(spec.params instanceof z.ZodObject ? { path: spec.params } : {}),
      ...(spec.query instanceof z.ZodObject ? { query: spec.query } : {}),
      ...(writes ? { header: headersOf(spec) } : etagKind(spec) ? { header: ifNoneMatch } : {}),
    },
    responses: responsesOf(spec),
  };
  if (spec.body)
    operation.requestBody = {
      required: spec.upload !== undefined || !spec.body.safeParse({}).success,
      content: { [spec.upload ? 'multipart/form-data' : 'application/json']: { schema: spec.body } },
    };
  return operation;
}

function headersOf(spec: Endpoint): z.ZodObject {
  const version = z.string().meta({ description: 'The ETag last read.', examples: ['"3"'] });
  return z.object({
    ...(isKeyed(spec) ? { 'Idempotency-Key': idempotencyKey } : {}),
    ...(spec.ifMatch ? { 'If-Match': spec.ifMatch === 'required' ? version : version.optional() } : {}),
  });
}

function responsesOf(spec: Endpoint): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  const headers = z.object({ ...(etagKind(spec) ? etag : {}), ...(isKeyed(spec) ? replayed : {}), ...rateLimit });
  if (spec.response) {
    const content: Record<string, { schema: z.ZodType }> = { 'application/json': { schema: spec.response } };
    for (const type of spec.alsoProduces ?? []) content[type] = { schema: textOrFile(type) };
    responses[`${spec.status ?? 200}`] = { description: 'Done.', headers, content };
    if (spec.accepted)
      responses['202'] = {
        description: 'Accepted: the work became a job. Read it at `GET /v1/jobs/{id}`.',
        headers,
        content: { 'application/json': { schema: spec.accepted } },
      };
  } else if (spec.produces) {
    const content = Object.fromEntries(spec.produces.map((type) => [type, { schema: textOrFile(type) }]));
    responses['200'] = { description: 'Done.', headers, content };
  } else responses['204'] = { description: 'Done.', headers };
  if (spec.method === 'get' && etagKind(spec))
    responses['304'] = { description: 'Unchanged since If-None-Match.', headers };
  for (const status of failuresOf(spec)) {
    responses[`${status}` as '400'] = {
      description: REASONS[status] ?? '',
      headers: z.object({ ...rateLimit, ...(MAY_BE_REPEATED.includes(status) ? retryAfter : {}) }),
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  return responses;
}

/** Files are bytes; the language of OpenAPI has them as texts of their own format. */
function textOrFile(type: string): z.ZodType {
  return /^text\/|xml$/.test(type) ? z.string() : z.string().meta({ format: 'binary' });
}

function failuresOf(spec: Endpoint): number[] {
  const statuses = [400, 404, 422, 429, 500, 503];
  // Only pages of Servio itself may use the cookie.
  if (spec.access !== 'public' || spec.query === cookieQuery || spec.mayForbid) statuses.push(403);
  statuses.push(401);
  if (spec.method !== 'get') statuses.push(408, 409, 413, 415);
  // The current state of the resource may not allow this file.
  if (spec.produces || spec.mayConflict) statuses.push(409);
  if (spec.ifMatch || spec.takesVersions) statuses.push(412);
  if (spec.ifMatch === 'required') statuses.push(428);
  return statuses.sort((a, b) => a - b);
}
