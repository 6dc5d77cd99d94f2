/** Reads and checks what a caller sends: body, query and path, by the schema that also describes them. */
import { isUtf8 } from 'node:buffer';
import express, { type Request, type Response } from 'express';
import type { z } from 'zod';
import { AppError, type FieldError } from '../domain/errors.js';
import { faultMessage, MISSING } from './faultMessages.js';

export const JSON_LIMIT_BYTES = 1_000_000;
const MAX_DEPTH = 32;
const NO_ID = '00000000-0000-0000-0000-000000000000';
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
/** PostgreSQL stores no NUL, and half a surrogate pair is no text. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

const parseJson = express.json({
  limit: JSON_LIMIT_BYTES,
  strict: false,
  type: 'application/json',
  verify: (request, _response, bytes) => {
    if (!isUtf8(bytes)) throw Object.assign(new Error('body is not UTF-8'), { type: 'entity.verify.failed' });
    rawBodies.set(request, bytes);
  },
});
const rawBodies = new WeakMap<object, Buffer>();

/** The body's bytes as they came, for digests. */
export function rawBody(request: Request): Buffer {
  return rawBodies.get(request) ?? Buffer.alloc(0);
}

/** Parses a JSON body. A request without one leaves `undefined`. @throws AppError 400, 413, 415. */
export async function readJsonBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  // The parser would also decode UTF-7, -16 and -32, after the bytes were checked to be UTF-8.
  const charset = CHARSET.exec(request.get('content-type') ?? '')?.[1] ?? 'utf-8';
  if (!request.is('application/json') || charset.toLowerCase() !== 'utf-8') {
    throw new AppError('unsupported_media_type', 'Send the body as application/json in UTF-8.');
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => (error ? reject(unreadable(error)) : resolve()));
  });
  const body: unknown = request.body;
  return body;
}

/** The parser marks every fault it knows with a type; one without comes from unpacking damaged gzip, deflate or br. */
function unreadable(error: unknown): unknown {
  if (!(error instanceof Error) || 'type' in error) return error;
  return new AppError('malformed_request', 'The body cannot be unpacked: it is not what Content-Encoding says.', {
    cause: error,
  });
}

/** @throws AppError invalid_request naming each fault. */
export function validateBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const errors = textFaults(body, '');
  if (errors.length > 0) throw invalidRequest(errors);
  return parse(schema, body, toPointer);
}

export function validateQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const errors = textFaults(query, '?');
  if (errors.length > 0) throw invalidRequest(errors);
  return parse(schema, { ...(query as object) }, (path) => `?${path.join('.')}`);
}

/**
 * Reads the path. What cannot be an id is read as an id that nothing has: it goes the way of an unknown one, and the answer
 * tells the two apart by nothing.
 * @throws AppError invalid_request for what is no id, such as a date.
 */
export function validateParams<T>(schema: z.ZodType<T>, params: Record<string, unknown>): T {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const faulty = new Set(parsed.error.issues.map((issue) => issue.path[0]));
  const readable = schema.safeParse(
    Object.fromEntries(Object.entries(params).map(([name, value]) => [name, faulty.has(name) ? NO_ID : value])),
  );
  return readable.success ? readable.data : parse(schema, params, toPointer);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, pointerOf: (path: PropertyKey[]) => string): T {
  const parsed = schema.safeParse(value, { error: faultMessage, reportInput: true });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, pointerOf));
  // Two checks of one field may say the same.
  throw invalidRequest([...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]);
}

function faultsOf(issue: z.core.$ZodIssue, pointerOf: (path: PropertyKey[]) => string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), message: issue.message }));
  }
  return [{ pointer: pointerOf(issue.path), message: ofMissing(issue) ?? issue.message }];
}

/** Where a schema has words of its own, they tell what to send, but not that nothing came. */
function ofMissing({ input, message }: z.core.$ZodIssue): string | undefined {
  return input === undefined && message !== MISSING ? `${MISSING} ${message}` : undefined;
}

function toPointer(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function invalidRequest(errors: FieldError[]): AppError {
  const first = errors[0];
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = first
    ? `${first.pointer === '' ? 'The body' : first.pointer}: ${first.message}${rest}`
    : 'The request is not valid.';
  return new AppError('invalid_request', detail, { errors: errors.slice(0, 100) });
}

/** Walks the parsed value with a stack of its own: nesting cannot overflow it. */
function textFaults(root: unknown, prefix: string): FieldError[] {
  const errors: FieldError[] = [];
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: prefix, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (typeof value === 'string' && UNSTORABLE.test(value)) {
      errors.push({ pointer, message: 'Text must not hold NUL or half a surrogate pair.' });
    } else if (typeof value === 'object' && value !== null) {
      if (depth === MAX_DEPTH) return [{ pointer: '', message: `Nested deeper than ${MAX_DEPTH} levels.` }];
      for (const [key, child] of Object.entries(value)) {
        if (UNSTORABLE.test(key)) errors.push({ pointer, message: 'A field name holds NUL or half a surrogate pair.' });
        open.push({
          value: child,
          pointer: `${pointer}${prefix === '?' ? '' : '/'}${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          depth: depth + 1,
        });
      }
    }
  }
  return errors;
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}
