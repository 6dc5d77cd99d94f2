import { query, type Tx } from '../../config/database.js';
import type { Tax } from '../../domain/menu.js';
import type { ListPage, MenuTable } from './MenuTable.js';

const COLUMNS = `id, name, trim_scale(rate)::text as rate, inclusive, order_types as "orderTypes", version,
  created_at as "createdAt", updated_at as "updatedAt"`;

const insertTax = query(
  'tax.insert',
  `insert into taxes (restaurant_id, id, name, rate, inclusive, order_types, version, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9)`,
);
const updateTax = query(
  'tax.update',
  `update taxes
   set name = $3, rate = $4, inclusive = $5, order_types = $6::text[], version = $7, updated_at = $8
   where restaurant_id = $1 and id = $2`,
);
const removeTax = query('tax.remove', `update taxes set deleted_at = $3 where restaurant_id = $1 and id = $2`);
const findTax = query<Tax>(
  'tax.find',
  `select ${COLUMNS} from taxes where restaurant_id = $1 and id = $2 and deleted_at is null`,
);
const lockTax = query<Tax>('tax.lock', `${findTax.text} for update`);
const listTaxes = query<Tax>(
  'tax.list',
  `select ${COLUMNS} from taxes
   where restaurant_id = $1 and deleted_at is null and ($2::uuid is null or id > $2)
   order by id
   limit $3`,
);

export class TaxTable implements MenuTable<Tax> {
  async insert(restaurantId: string, tx: Tx, tax: Tax): Promise<void> {
    const { id, name, rate, inclusive, orderTypes, version, createdAt, updatedAt } = tax;
    await tx.run(insertTax, [restaurantId, id, name, rate, inclusive, orderTypes, version, createdAt, updatedAt]);
  }

  async update(restaurantId: string, tx: Tx, tax: Tax): Promise<void> {
    const { id, name, rate, inclusive, orderTypes, version, updatedAt } = tax;
    await tx.run(updateTax, [restaurantId, id, name, rate, inclusive, orderTypes, version, updatedAt]);
  }

  async remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(removeTax, [restaurantId, id, at]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Tax | undefined> {
    return tx.maybeOne(findTax, [restaurantId, id]);
  }

  lock(restaurantId: string, tx: Tx, id: string): Promise<Tax | undefined> {
    return tx.maybeOne(lockTax, [restaurantId, id]);
  }

  list(restaurantId: string, tx: Tx, page: ListPage): Promise<Tax[]> {
    return tx.many(listTaxes, [restaurantId, page.after ?? null, page.limit + 1]);
  }
}
