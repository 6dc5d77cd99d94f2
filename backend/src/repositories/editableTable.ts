import type { Tx } from '../config/database.js';
import type { Edited } from '../domain/shared/edited.js';
import type { Slice } from './pageSize.js';

/** What a list continues from: the id of the last row. */
export interface ListPage {
  limit: number;
  after: string | undefined;
  /** Part of a name, in any case; only in tables whose things have names. */
  q?: string | undefined;
}

/** Above every id: where a list that goes down begins. */
export const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Below every id: where a list that goes up begins. */
export const OLDEST = '00000000-0000-0000-0000-000000000000';

/** One kind of editable thing in its table(s). Rows are read and written whole. */
export interface EditableTable<T extends Edited> {
  insert(restaurantId: string, tx: Tx, thing: T): Promise<void>;
  /** Writes the whole thing over the stored one. */
  update(restaurantId: string, tx: Tx, thing: T): Promise<void>;
  /** Soft delete; the caller has locked the row. */
  remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void>;
  find(restaurantId: string, tx: Tx, id: string): Promise<T | undefined>;
  /** As `find`, and keeps the row for this transaction. */
  lock(restaurantId: string, tx: Tx, id: string): Promise<T | undefined>;
  /** In id order, which is the order of creation. */
  list(restaurantId: string, tx: Tx, page: ListPage): Promise<Slice<T>>;
}
