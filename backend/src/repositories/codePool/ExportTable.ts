import { query, type Tx } from '../../config/database.js';

export interface CodeExport {
  id: string;
  poolId: string;
  count: number;
  /** Null: no longer readable. */
  sealed: Buffer | null;
  readableUntil: string;
}

const insert = query(
  'codeExport.insert',
  `insert into code_exports (restaurant_id, id, pool_id, count, sealed, readable_until, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const find = query<CodeExport>(
  'codeExport.find',
  `select id, pool_id as "poolId", count, case when readable_until > $3 then sealed end as sealed, readable_until as "readableUntil"
   from code_exports
   where restaurant_id = $1 and id = $2`,
);
const forget = query('codeExport.forget', 'delete from code_exports where restaurant_id = $1 and created_at < $2');

/** Exported batches. */
export class ExportTable {
  async insert(
    restaurantId: string,
    tx: Tx,
    { id, poolId, count, sealed, readableUntil }: CodeExport,
    by: { createdBy: string; createdAt: Date },
  ): Promise<void> {
    await tx.run(insert, [restaurantId, id, poolId, count, sealed, readableUntil, by.createdBy, by.createdAt]);
  }

  find(restaurantId: string, tx: Tx, id: string, at: Date): Promise<CodeExport | undefined> {
    return tx.maybeOne(find, [restaurantId, id, at]);
  }

  forget(restaurantId: string, tx: Tx, before: Date): Promise<number> {
    return tx.run(forget, [restaurantId, before]);
  }
}
