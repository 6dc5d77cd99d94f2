/** Opaque list cursors. A keyed digest binds each to its tenant and query. */
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
   * Reads the position where the last page ended.
   * @param binding tenant, list and filters: a cursor made for others is refused.
   * @throws AppError invalid_request when this server did not make the cursor for this list.
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

  /** Removes the extra row, which was fetched to learn whether there are more. */
  page<T>(rows: T[], limit: number, binding: readonly unknown[], positionOf: (row: T) => string): PageOf<T> {
    return this.slice({ rows: rows.slice(0, limit), hasMore: rows.length > limit }, binding, positionOf);
  }

  /** Makes a page of rows that the reader already cut, possibly fewer than wanted. */
  slice<T>(
    { rows, hasMore }: { rows: T[]; hasMore: boolean },
    binding: readonly unknown[],
    positionOf: (row: T) => string,
  ): PageOf<T> {
    const last = rows.at(-1);
    const nextCursor = hasMore && last !== undefined ? this.write(positionOf(last), binding) : null;
    return { data: rows, nextCursor };
  }

  /** Makes a page of rows that end at a position; undefined: there are no more. */
  walked<T>({ rows, end }: { rows: T[]; end: string | undefined }, binding: readonly unknown[]): PageOf<T> {
    return { data: rows, nextCursor: end === undefined ? null : this.write(end, binding) };
  }

  /** Makes the cursor that `read` decodes with the same binding. */
  write(position: string, binding: readonly unknown[]): string {
    return this.#digest(position, binding) + Buffer.from(position).toString('base64url');
  }

  #digest(position: string, binding: readonly unknown[]): string {
    return this.#secrets.digest(PURPOSE, JSON.stringify(binding), position);
  }
}

/** The binding of a list with filters: those that are set, in any order. */
export function bindingOf(restaurantId: string, list: string, filter: object): unknown[] {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return [restaurantId, list, ...set.sort(([one], [other]) => (one < other ? -1 : 1))];
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
