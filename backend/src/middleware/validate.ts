/** Checks body, query and path against the schemas that also document them. */
import type { z } from 'zod';
import { AppError, type FieldError } from '../domain/shared/errors.js';
import { brokenRule, faultMessage, MISSING } from './faultMessages.js';

const NO_ID = '00000000-0000-0000-0000-000000000000';
/** PostgreSQL cannot store NUL, and half a surrogate pair is not valid text. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;
/** JavaScript gives it a meaning of its own, and objects that are copied lose it. */
const UNUSABLE_NAME = '__proto__';
/** Most faults that an answer names. */
export const MAX_FAULTS = 20;

/** @throws AppError invalid_request naming the faults, at most `MAX_FAULTS`. */
export function validateBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const errors = storageFaults(body, '');
  if (errors.length > 0) throw invalidRequest(errors);
  return parse(schema, body, toPointer);
}

export function validateQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const errors = storageFaults(query, '?');
  if (errors.length > 0) throw invalidRequest(errors);
  return parse(schema, { ...(query as object) }, (path) => `?${path.join('.')}`);
}

/**
 * Reads the path. A malformed id is replaced by an id that no resource has. So a malformed and an
 * unknown id get the same answer.
 * @throws AppError invalid_request for other malformed parameters, such as a date.
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
  // Two checks of one field may report the same fault.
  throw invalidRequest([...new Map(faults.map((fault) => [`${fault.pointer} ${fault.message}`, fault])).values()]);
}

function faultsOf(issue: z.core.$ZodIssue, pointerOf: (path: PropertyKey[]) => string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      message: issue.message,
      rule: 'unknown',
    }));
  }
  return [{ pointer: pointerOf(issue.path), message: ofMissing(issue) ?? issue.message, ...brokenRule(issue) }];
}

/** A schema's own message says what to send. This adds that the field is missing. */
function ofMissing({ input, message }: z.core.$ZodIssue): string | undefined {
  return input === undefined && message !== MISSING ? `${MISSING} ${message}` : undefined;
}

function toPointer(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function invalidRequest(errors: FieldError[]): AppError {
  const first = errors[0];
  const others = errors.length >= MAX_FAULTS ? `at least ${MAX_FAULTS - 1}` : errors.length - 1;
  const rest = errors.length > 1 ? ` (and ${others} more)` : '';
  const detail = first
    ? `${first.pointer === '' ? 'The body' : first.pointer}: ${first.message}${rest}`
    : 'The request is not valid.';
  return new AppError('invalid_request', detail, { errors: errors.slice(0, MAX_FAULTS) });
}

/** A part of the value, and where it is. */
interface Part {
  value: unknown;
  key: string;
  parent: Part | undefined;
}

/**
 * Finds whatever would not be stored as it was sent: also where a schema takes any value.
 * Walks the parsed value, whose depth and size were checked, with its own stack. Stops at
 * `MAX_FAULTS` faults. Pointers are only made for faults: to make them all took a quarter of
 * the validation of a document.
 */
function storageFaults(root: unknown, prefix: string): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (part: Part, message: string) => errors.push({ pointer: pointerOf(part, prefix), message });
  const open: Part[] = [{ value: root, key: '', parent: undefined }];
  for (let next = open.pop(); next !== undefined && errors.length < MAX_FAULTS; next = open.pop()) {
    const part = next;
    const { value } = part;
    if (typeof value === 'string' && UNSTORABLE.test(value)) {
      refuse(part, 'Text must not contain a NUL character or half a surrogate pair.');
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      refuse(part, 'This number is too large.');
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        if (UNSTORABLE.test(key))
          refuse(part, 'A field name must not contain a NUL character or half a surrogate pair.');
        // The key is one of its own.
        const child = { value: (value as Record<string, unknown>)[key], key, parent: part };
        if (key === UNUSABLE_NAME) refuse(child, 'A field cannot have this name.');
        open.push(child);
      }
    }
  }
  return errors;
}

function pointerOf(part: Part, prefix: string): string {
  const path: string[] = [];
  for (let at = part; at.parent; at = at.parent) path.unshift(at.key);
  return prefix + (prefix === '?' ? path.join('') : toPointer(path));
}
