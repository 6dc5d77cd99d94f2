/** Stock movements of a period and current costs. */
import { query, type Tx } from '../../config/database.js';
import type { StockCost } from '../../domain/report/dishCost.js';
import { MOVEMENT_KINDS } from '../../domain/stock/stock.js';
import type { LedgerPeriod } from '../../domain/report/stockVariance.js';

const IN_PERIOD = 'm.occurred_at < $3';
const byKind = MOVEMENT_KINDS.map(
  (kind) =>
    `'${kind}', trim_scale(coalesce(sum(m.quantity) filter (where ${IN_PERIOD} and m.kind = '${kind}'), 0))::text`,
);

// Calculates from the current stock back to the period, so that only the end of a long ledger is
// read, along the index of each item. One statement, so that quantities and movements are of one
// moment.
const ledgerPeriod = query<LedgerPeriod>(
  'report.sumLedgerPeriod',
  `select i.id as "inventoryItemId", i.name, i.unit, trim_scale(i.current_quantity - p.later)::text as "closingQuantity", p.moved,
     p."theoreticalUseValue", p."varianceValue"
   from inventory_items i
   cross join lateral (
     select count(*) filter (where ${IN_PERIOD}) as movements, coalesce(sum(m.quantity) filter (where not ${IN_PERIOD}), 0) as later,
       jsonb_build_object(${byKind.join(', ')}) as moved,
       coalesce(-sum(m.quantity * m.unit_cost) filter (where ${IN_PERIOD} and m.kind in ('sale', 'void')), 0)::text as "theoreticalUseValue",
       coalesce(-sum(m.quantity * m.unit_cost) filter (where ${IN_PERIOD} and m.kind in ('waste', 'count')), 0)::text as "varianceValue"
     from stock_movements m
     where m.restaurant_id = $1 and m.inventory_item_id = i.id and m.occurred_at >= $2) p
   where i.restaurant_id = $1 and (i.deleted_at is null or p.movements > 0)`,
);

const stockCosts = query<StockCost>(
  'report.listStockCosts',
  `select id, name, unit, trim_scale(average_cost)::text as "unitCost" from inventory_items where restaurant_id = $1 and deleted_at is null`,
);

export class StockReports {
  /** Each item with its movements from `from` to before `to`. Deleted items only if they moved. */
  ledgerPeriod(restaurantId: string, tx: Tx, from: Date, to: Date): Promise<LedgerPeriod[]> {
    return tx.many(ledgerPeriod, [restaurantId, from, to]);
  }

  stockCosts(restaurantId: string, tx: Tx): Promise<StockCost[]> {
    return tx.many(stockCosts, [restaurantId]);
  }
}
