import type { Tx } from '../config/database.js';
import type { Edited } from '../domain/shared/edited.js';
import type { Slice } from './pageSize.js';

/** Filters of lists. Each only for tables that know it. */
export interface ListFilter {
  /** Part of a name, in any case. */
  q?: string | undefined;
  categoryId?: string | undefined;
  /** In any case. */
  station?: string | undefined;
  isAvailable?: boolean | undefined;
}

/** Position, size and filters of a page. */
export interface ListPage extends ListFilter {
  limit: number;
  /** Id of the last row of the previous page. */
  after: string | undefined;
}

/** Above every id: start of a descending list. */
export const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Below every id: start of an ascending list. */
export const OLDEST = '00000000-0000-0000-0000-000000000000';

/** Table, or tables, of one kind of editable thing. Rows are read and written whole. */
export interface EditableTable<T extends Edited> {
  insert(restaurantId: string, tx: Tx, thing: T): Promise<void>;
  /** Overwrites the whole stored thing. */
  update(restaurantId: string, tx: Tx, thing: T): Promise<void>;
  /** Soft delete. The caller has locked the row. */
  remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void>;
  find(restaurantId: string, tx: Tx, id: string): Promise<T | undefined>;
  /** As `find`, and locks the row until the transaction ends. */
  lock(restaurantId: string, tx: Tx, id: string): Promise<T | undefined>;
  /** In id order, which is the order of creation. */
  list(restaurantId: string, tx: Tx, page: ListPage): Promise<Slice<T>>;
}

/** What many are written by at once, in a fixed number of statements. */
export interface BulkTable<T> {
  insertAll(restaurantId: string, tx: Tx, things: readonly T[]): Promise<void>;
  /** Writes whole things over the stored ones. */
  updateAll(restaurantId: string, tx: Tx, things: readonly T[]): Promise<void>;
}
