/** Lines of supplier invoices, and the prices that they have left behind. */
import { query, type Tx } from '../../config/database.js';
import type { SupplierInvoiceLine } from '../../domain/supplierInvoice/supplierInvoice.js';

const listLines = query<SupplierInvoiceLine>(
  'supplierInvoice.listLines',
  `select l.position, l.line, l.is_stock as "isStock", l.inventory_item_id as "inventoryItemId",
     trim_scale(l.pack_quantity)::text as "packQuantity", trim_scale(l.score)::text as score, l.match_source as "matchSource",
     i.name as "itemName", i.unit as "itemUnit", trim_scale(l.stock_quantity)::text as "stockQuantity",
     trim_scale(l.unit_cost)::text as "unitCost"
   from supplier_invoice_lines l
   left join inventory_items i on i.restaurant_id = l.restaurant_id and i.id = l.inventory_item_id
   where l.restaurant_id = $1 and l.supplier_invoice_id = $2
   order by l.position`,
);
const removeLines = query(
  'supplierInvoice.removeLines',
  'delete from supplier_invoice_lines where restaurant_id = $1 and supplier_invoice_id = $2',
);
const insertLines = query(
  'supplierInvoice.insertLines',
  `insert into supplier_invoice_lines (restaurant_id, supplier_invoice_id, position, line, is_stock, inventory_item_id, pack_quantity, score,
     match_source, stock_quantity, unit_cost)
   select $1, $2, l.position, l.line, l."isStock", l."inventoryItemId", l."packQuantity", l.score, l."matchSource", l."stockQuantity",
     l."unitCost"
   from jsonb_to_recordset($3::jsonb) as l(position int, line jsonb, "isStock" boolean, "inventoryItemId" uuid, "packQuantity" numeric,
     score numeric, "matchSource" text, "stockQuantity" numeric, "unitCost" numeric)`,
);
const priceHistory = query<PaidPriceRow>(
  'supplierInvoice.listPrices',
  `select l.supplier_invoice_id as "supplierInvoiceId", l.position, s.supplier_id as "supplierId", p.name as "supplierName",
     s.invoice ->> 'number' as number, s.issue_date as "issueDate", trim_scale(l.stock_quantity)::text as "stockQuantity",
     trim_scale(l.unit_cost)::text as "unitCost"
   from supplier_invoice_lines l
   join supplier_invoices s on s.restaurant_id = l.restaurant_id and s.id = l.supplier_invoice_id
   join suppliers p on p.restaurant_id = s.restaurant_id and p.id = s.supplier_id
   where l.restaurant_id = $1 and l.inventory_item_id = $2 and l.stock_quantity > 0 and s.status = 'posted'
   order by s.issue_date desc nulls last, l.supplier_invoice_id desc, l.position
   limit $3`,
);
const lastPrices = query<LastPrice>(
  'supplierInvoice.listLastPrices',
  `select i.id as "inventoryItemId", trim_scale(i.average_cost)::text as "averageCost", last."unitCost", last."issueDate"
   from inventory_items i
   left join lateral (
     select trim_scale(l.unit_cost)::text as "unitCost", s.issue_date as "issueDate"
     from supplier_invoice_lines l
     join supplier_invoices s on s.restaurant_id = l.restaurant_id and s.id = l.supplier_invoice_id
     where l.restaurant_id = i.restaurant_id and l.inventory_item_id = i.id and l.stock_quantity > 0 and s.status = 'posted' and s.id <> $3
     order by s.issue_date desc nulls last, s.id desc
     limit 1
   ) last on true
   where i.restaurant_id = $1 and i.id = any ($2::uuid[])`,
);

const listDishes = query<{ id: string; name: string; price: number }>(
  'supplierInvoice.listDishes',
  'select id, name, price from menu_items where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null',
);

/** One price of an item that an invoice has stated. */
export interface PaidPriceRow {
  supplierInvoiceId: string;
  position: number;
  supplierId: string;
  supplierName: string;
  number: string | null;
  issueDate: string | null;
  stockQuantity: string;
  /** Minor units for one stock unit. */
  unitCost: string;
}

export interface LastPrice {
  inventoryItemId: string;
  averageCost: string;
  /** Null before the first posted invoice. */
  unitCost: string | null;
  issueDate: string | null;
}

export class InvoiceLines {
  list(restaurantId: string, tx: Tx, supplierInvoiceId: string): Promise<SupplierInvoiceLine[]> {
    return tx.many(listLines, [restaurantId, supplierInvoiceId]);
  }

  /** Writes all lines anew. The caller has locked the document. */
  async replace(restaurantId: string, tx: Tx, id: string, lines: readonly SupplierInvoiceLine[]): Promise<void> {
    await tx.run(removeLines, [restaurantId, id]);
    if (lines.length > 0) await tx.run(insertLines, [restaurantId, id, JSON.stringify(lines)]);
  }

  /** Prices of an item, newest first. */
  prices(restaurantId: string, tx: Tx, inventoryItemId: string, limit: number): Promise<PaidPriceRow[]> {
    return tx.many(priceHistory, [restaurantId, inventoryItemId, limit]);
  }

  dishes(restaurantId: string, tx: Tx, ids: readonly string[]) {
    return ids.length === 0 ? Promise.resolve([]) : tx.many(listDishes, [restaurantId, ids]);
  }

  /** The newest price of each item in posted invoices other than `exceptId`. */
  lastPrices(restaurantId: string, tx: Tx, itemIds: readonly string[], exceptId: string): Promise<LastPrice[]> {
    return itemIds.length === 0 ? Promise.resolve([]) : tx.many(lastPrices, [restaurantId, itemIds, exceptId]);
  }
}
