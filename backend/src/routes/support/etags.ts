/**
 * Entity tags of answers, and the preconditions that callers send with them (RFC 9110, 8.8 and
 * 13.1).
 */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { AppError } from '../../domain/shared/errors.js';

/**
 * Whether If-None-Match contains the ETag, compared weakly (RFC 9110, 13.1.2). Express's own check
 * is not used: it never answers 304 to `Cache-Control: no-cache`, which `fetch` adds to every
 * request that sets If-None-Match itself.
 */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  const known = ifNoneMatch.split(',');
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}

export function etagOf(kind: 'version' | 'version+content', result: unknown): string {
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

export function readIfMatch(request: Request, need: 'required' | 'optional'): number | undefined {
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
