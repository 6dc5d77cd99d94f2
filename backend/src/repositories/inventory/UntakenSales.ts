/** Orders of past days, and which of their lines have taken nothing from stock. */
import { query, type Tx } from '../../config/database.js';
import type { UntakenLine } from '../../domain/stock/depletion.js';
import type { StockUse } from '../../domain/inventory/needs.js';

export interface SoldOrder {
  id: string;
  version: number;
  isCancelled: boolean;
  businessDate: string;
  createdAt: string;
}

/** Where the last page ended. */
export interface SoldPosition {
  businessDate: string;
  id: string;
}

export interface SoldPage {
  from: string;
  to: string;
  after: SoldPosition | undefined;
  limit: number;
}

const listOrders = query<SoldOrder>(
  'untakenSales.listOrders',
  `select o.id, o.version, o.status = 'cancelled' as "isCancelled", o.business_date as "businessDate", o.created_at as "createdAt"
   from orders o
   where o.restaurant_id = $1 and o.business_date between $2 and $3 and o.deleted_at is null
     and ($4::date is null or (o.business_date, o.id) > ($4::date, $5::uuid))
   order by o.business_date, o.id
   limit $6`,
);
const lockOrders = query<SoldOrder>('untakenSales.lockOrders', `${listOrders.text} for no key update of o`);

const listLines = query<UntakenLine & { orderId: string }>(
  'untakenSales.listLines',
  `select id, order_id as "orderId", menu_item_id as "menuItemId", variant_id as "variantId", name, variant_name as "variantName",
     quantity, modifiers
   from order_lines
   where restaurant_id = $1 and order_id = any ($2::uuid[]) and voided_at is null and stock_use = '{}'
   order by order_id, position`,
);

const saveUses = query(
  'untakenSales.saveUses',
  `update order_lines l
   set stock_use = u."stockUse"
   from jsonb_to_recordset($2::jsonb) as u(id uuid, "stockUse" jsonb)
   where l.restaurant_id = $1 and l.id = u.id`,
);

// An imported order that nobody has touched stays one: what takes its ingredients is no change by a person.
const raiseVersions = query(
  'untakenSales.raiseVersions',
  `update orders
   set version = version + 1, updated_at = $3,
       imported_version = case when imported_version = version then version + 1 else imported_version end
   where restaurant_id = $1 and id = any ($2::uuid[])`,
);

export class UntakenSales {
  /** Orders of the days in the order of their days, whatever their lines. */
  list(restaurantId: string, tx: Tx, page: SoldPage): Promise<SoldOrder[]> {
    return tx.many(listOrders, valuesOf(restaurantId, page));
  }

  /** As `list`, and keeps them for this transaction. */
  lock(restaurantId: string, tx: Tx, page: SoldPage): Promise<SoldOrder[]> {
    return tx.many(lockOrders, valuesOf(restaurantId, page));
  }

  /** Lines of the orders that count and have taken nothing. Read after the orders are locked: what a lock waited for counts. */
  lines(restaurantId: string, tx: Tx, orderIds: readonly string[]): Promise<(UntakenLine & { orderId: string })[]> {
    return tx.many(listLines, [restaurantId, orderIds]);
  }

  /** Writes down what one unit of each line takes, and makes the next version of their orders. The caller has locked them. */
  async save(
    restaurantId: string,
    tx: Tx,
    orderIds: readonly string[],
    uses: readonly { id: string; stockUse: StockUse }[],
    at: Date,
  ): Promise<void> {
    await tx.run(saveUses, [restaurantId, JSON.stringify(uses)]);
    await tx.run(raiseVersions, [restaurantId, orderIds, at]);
  }
}

function valuesOf(restaurantId: string, { from, to, after, limit }: SoldPage): unknown[] {
  return [restaurantId, from, to, after?.businessDate ?? null, after?.id ?? null, limit];
}
