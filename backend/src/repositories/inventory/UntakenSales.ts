/** Orders of past days and their lines that took nothing from stock. */
import { query, type Tx } from '../../config/database.js';
import type { UntakenLine } from '../../domain/stock/depletion.js';
import type { StockUse } from '../../domain/inventory/needs.js';

const BELOW_ALL_IDS = '00000000-0000-0000-0000-000000000000';

export interface SoldOrder {
  id: string;
  version: number;
  isCancelled: boolean;
  businessDate: string;
  createdAt: string;
}

/** Last order of the previous page. */
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
   where o.restaurant_id = $1 and o.business_date <= $2 and o.deleted_at is null and (o.business_date, o.id) > ($3::date, $4::uuid)
   order by o.business_date, o.id
   limit $5`,
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

// An unchanged imported order stays unchanged: taking its ingredients is no edit by a person.
const raiseVersions = query(
  'untakenSales.raiseVersions',
  `update orders
   set version = version + 1, updated_at = $3,
       imported_version = case when imported_version = version then version + 1 else imported_version end
   where restaurant_id = $1 and id = any ($2::uuid[])`,
);

export class UntakenSales {
  /** All orders of the days, by business date and id. */
  list(restaurantId: string, tx: Tx, page: SoldPage): Promise<SoldOrder[]> {
    return tx.many(listOrders, valuesOf(restaurantId, page));
  }

  /** As `list`, and locks the orders until the transaction ends. */
  lock(restaurantId: string, tx: Tx, page: SoldPage): Promise<SoldOrder[]> {
    return tx.many(lockOrders, valuesOf(restaurantId, page));
  }

  /**
   * Lines that are not voided and took nothing from stock. Read them after the orders are locked,
   * to see changes that the lock waited for.
   */
  lines(restaurantId: string, tx: Tx, orderIds: readonly string[]): Promise<(UntakenLine & { orderId: string })[]> {
    return tx.many(listLines, [restaurantId, orderIds]);
  }

  /**
   * Stores the ingredients that one unit of each line takes, and raises the versions of the orders.
   * The caller has locked the orders.
   */
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
  const { businessDate, id } = after ?? { businessDate: from, id: BELOW_ALL_IDS };
  return [restaurantId, to, businessDate, id, limit];
}
