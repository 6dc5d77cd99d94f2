/** Opaque list cursors, bound by a keyed digest to the tenant and the query that they continue. */
import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../domain/shared/errors.js';
import type { Secrets } from './secrets.js';

export interface Page {
  /** Rows wanted, 1 to 100. */
  limit: number;
  cursor?: string | undefined;
}

export interface PageOf<T> {
  data: T[];
  nextCursor: string | null;
}

const PURPOSE = 'cursor';
const DIGEST_CHARS = 43;

export class Cursors {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /**
   * Reads where the last page ended.
   * @param binding tenant, list and filters: a cursor made for others is refused.
   * @throws AppError invalid_request when it was not made here for this list.
   */
  read(cursor: string | undefined, binding: readonly unknown[]): string | undefined {
    if (cursor === undefined) return undefined;
    const digest = cursor.slice(0, DIGEST_CHARS);
    const position = Buffer.from(cursor.slice(DIGEST_CHARS), 'base64url').toString('utf8');
    const expected = this.#digest(position, binding);
    if (isEqual(Buffer.from(digest), Buffer.from(expected))) return position;
    const message = 'This cursor does not belong to this list. Start again without a cursor.';
    throw new AppError('invalid_request', message, { errors: [{ pointer: '?cursor', message }] });
  }

  /** Cuts one row too many, fetched to learn whether there is more, off the page. */
  page<T>(rows: T[], limit: number, binding: readonly unknown[], positionOf: (row: T) => string): PageOf<T> {
    return this.slice({ rows: rows.slice(0, limit), hasMore: rows.length > limit }, binding, positionOf);
  }

  /** The page of rows that were cut where they were read, which may be fewer than were wanted. */
  slice<T>(
    { rows, hasMore }: { rows: T[]; hasMore: boolean },
    binding: readonly unknown[],
    positionOf: (row: T) => string,
  ): PageOf<T> {
    const last = rows.at(-1);
    const nextCursor = hasMore && last !== undefined ? this.write(positionOf(last), binding) : null;
    return { data: rows, nextCursor };
  }

  /** What `read` gives back for the same binding. */
  write(position: string, binding: readonly unknown[]): string {
    return this.#digest(position, binding) + Buffer.from(position).toString('base64url');
  }

  #digest(position: string, binding: readonly unknown[]): string {
    return this.#secrets.digest(PURPOSE, JSON.stringify(binding), position);
  }
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
