/** Suppliers, what they sell, purchase orders and goods receipts. */
import { query, type Tx } from '../config/database.js';
import type { Supplier, SupplierContact, SupplierItem } from '../domain/purchasing/purchasing.js';
import type { LowItem, Offer, Outstanding } from '../domain/purchasing/replenishment.js';
import type { StockUnits } from '../domain/inventory/units.js';
import type { CounterRepository } from './CounterRepository.js';
import { type ListPage, OLDEST } from './editableTable.js';
import { PlainTable } from './plainTable.js';
import { GoodsReceiptTable } from './purchasing/GoodsReceiptTable.js';
import { PurchaseOrderTable } from './purchasing/PurchaseOrderTable.js';

/** Fields of an inventory item that a purchase needs. */
export interface BoughtItem extends StockUnits {
  id: string;
  name: string;
  /** The item's own location. */
  locationId: string | null;
}

/** Fields of a supplier that a purchase order needs. */
interface KeptSupplier extends Pick<Supplier, 'minimumOrder' | 'leadTimeDays'> {
  supplierName: string;
}

export interface PricedOffer extends Offer {
  /** The supplier's own article number. */
  articleNumber: string | null;
}

const supplierItemTable = new PlainTable<SupplierItem>({
  noun: 'supplierItem',
  table: 'supplier_items',
  columns: {
    supplierId: 'supplier_id',
    supplierName: {
      column: 'supplier_id',
      read: '(select s.name from suppliers s where s.restaurant_id = supplier_items.restaurant_id and s.id = supplier_id)',
      isReadOnly: true,
    },
    inventoryItemId: 'inventory_item_id',
    inventoryItemName: {
      column: 'inventory_item_id',
      read: '(select i.name from inventory_items i where i.restaurant_id = supplier_items.restaurant_id and i.id = inventory_item_id)',
      isReadOnly: true,
    },
    articleNumber: 'article_number',
    packUnit: 'pack_unit',
    orderMultiple: 'order_multiple',
    lastPrice: 'last_price',
    lastPriceAt: 'last_price_at',
    isPreferred: 'is_preferred',
  },
  taken: {
    supplier_items_pack_key: {
      pointer: '/packUnit',
      message: 'This supplier already has this item in this pack. Change that entry or use another pack.',
    },
    supplier_items_preferred_key: {
      pointer: '/isPreferred',
      message:
        'Another supplier became the preferred one at the same time. Read the suppliers of the item and try again.',
    },
  },
  lock: 'no key update',
});

// A deletion locks the supplier for update, so the supplier stays until this transaction ends.
const keepSupplier = query<KeptSupplier>(
  'supplier.keep',
  `select name as "supplierName", minimum_order as "minimumOrder", lead_time_days as "leadTimeDays"
   from suppliers
   where restaurant_id = $1 and id = $2 and deleted_at is null
   for key share`,
);
// Deleted suppliers included: purchases from them stay.
const supplierContact = query<SupplierContact>(
  'supplier.findContact',
  `select name, email, phone, address, customer_number as "customerNumber" from suppliers where restaurant_id = $1 and id = $2`,
);
const hasOpenOrders = query<{ has: boolean }>(
  'supplier.hasOpenOrders',
  `select exists (
     select 1 from purchase_orders
     where restaurant_id = $1 and supplier_id = $2 and status in ('draft', 'sent', 'partly_received')) as has`,
);
const removeItemsOf = query(
  'supplier.removeItems',
  'update supplier_items set deleted_at = $3 where restaurant_id = $1 and supplier_id = $2 and deleted_at is null',
);

const ITEMS = 'select id, name, unit, units, location_id as "locationId" from inventory_items';
const findItems = query<BoughtItem>(
  'purchasing.listItems',
  `${ITEMS} where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null`,
);

// Entries of a deleted inventory item stay in the table but are not listed.
const OF_LIVE_ITEM = `exists (
     select 1 from inventory_items i
     where i.restaurant_id = supplier_items.restaurant_id and i.id = inventory_item_id and i.deleted_at is null)`;

// The same lock as in the statement that posts stock, taken earlier: no other caller can delete an
// item between this check and the posting.
const lockItems = query<BoughtItem>('purchasing.lockItems', `${findItems.text} order by id for no key update`);

const listOfSupplier = query<SupplierItem>(
  'supplierItem.listOfSupplier',
  `${supplierItemTable.selection}
   where restaurant_id = $1 and supplier_id = $2 and deleted_at is null and id > $3 and ${OF_LIVE_ITEM}
   order by id
   limit $4`,
);
const listOfItem = query<SupplierItem>(
  'supplierItem.listOfItem',
  `${supplierItemTable.selection}
   where restaurant_id = $1 and inventory_item_id = $2 and deleted_at is null and id > $3
   order by id
   limit $4`,
);
const unprefer = query(
  'supplierItem.unprefer',
  `update supplier_items
   set is_preferred = false, version = version + 1, updated_at = $4
   where restaurant_id = $1 and inventory_item_id = $2 and id <> $3 and is_preferred and deleted_at is null`,
);

const offers = query<PricedOffer>(
  'supplierItem.listOffers',
  `select supplier_id as "supplierId", inventory_item_id as "inventoryItemId", article_number as "articleNumber", pack_unit as "packUnit",
     order_multiple as "orderMultiple", last_price as "lastPrice", is_preferred as "isPreferred"
   from supplier_items
   where restaurant_id = $1 and inventory_item_id = any ($2::uuid[]) and ($3::uuid is null or supplier_id = $3) and deleted_at is null
   order by inventory_item_id, is_preferred desc, id`,
);
// A receipt that is booked late does not bring back an older price. The version is raised as by an
// edit, because a caller that is about to edit the price has not seen this one.
const updatePrices = query(
  'supplierItem.updatePrices',
  `update supplier_items s
   set last_price = p."unitPrice", last_price_at = $4, version = s.version + 1
   from jsonb_to_recordset($3::jsonb) as p("inventoryItemId" uuid, unit text, "unitPrice" bigint)
   where s.restaurant_id = $1 and s.supplier_id = $2 and s.inventory_item_id = p."inventoryItemId" and s.pack_unit = p.unit
     and s.deleted_at is null and (s.last_price_at is null or s.last_price_at <= $4)`,
);

const lockProposals = query(
  'purchasing.lockProposals',
  `select pg_advisory_xact_lock(hashtextextended('servio purchase proposals ' || $1::text, 0))`,
);
const lowItems = query<LowItem>(
  'purchasing.listLowItems',
  `select id, name, unit, units, trim_scale(current_quantity)::text as "currentQuantity", trim_scale(par_level)::text as "parLevel"
   from inventory_items
   where restaurant_id = $1 and deleted_at is null and current_quantity < reorder_point
   order by id`,
);
const outstanding = query<Outstanding>(
  'purchasing.listOutstanding',
  `select l.inventory_item_id as "inventoryItemId", l.unit, trim_scale(sum(l.quantity - l.received_quantity))::text as quantity
   from purchase_orders o
   join purchase_order_lines l on l.restaurant_id = o.restaurant_id and l.purchase_order_id = o.id
   where o.restaurant_id = $1 and o.status in ('draft', 'sent', 'partly_received') and l.quantity > l.received_quantity
   group by l.inventory_item_id, l.unit`,
);

/** Price paid for one `unit` of an item. */
export interface PaidPrice {
  inventoryItemId: string;
  unit: string;
  unitPrice: number;
}

export class PurchasingRepository {
  readonly suppliers = new PlainTable<Supplier>({
    noun: 'supplier',
    table: 'suppliers',
    columns: {
      name: 'name',
      contactName: 'contact_name',
      email: 'email',
      phone: 'phone',
      address: 'address',
      customerNumber: 'customer_number',
      notes: 'notes',
      leadTimeDays: 'lead_time_days',
      minimumOrder: 'minimum_order',
    },
    nameKey: 'suppliers_name_key',
  });
  readonly supplierItems = supplierItemTable;
  readonly orders: PurchaseOrderTable;
  readonly receipts: GoodsReceiptTable;

  constructor(counters: CounterRepository) {
    this.orders = new PurchaseOrderTable(counters);
    this.receipts = new GoodsReceiptTable(counters);
  }

  /** A live supplier. It cannot be deleted until the transaction ends. */
  keepSupplier(restaurantId: string, tx: Tx, supplierId: string): Promise<KeptSupplier | undefined> {
    return tx.maybeOne(keepSupplier, [restaurantId, supplierId]);
  }

  /** Contact of the supplier of a purchase order or a goods receipt, deleted or not. */
  supplierContact(restaurantId: string, tx: Tx, supplierId: string): Promise<SupplierContact> {
    return tx.one(supplierContact, [restaurantId, supplierId]);
  }

  /** Whether the supplier has a draft or an order that is not fully delivered. */
  async hasOpenOrders(restaurantId: string, tx: Tx, supplierId: string): Promise<boolean> {
    return (await tx.one(hasOpenOrders, [restaurantId, supplierId])).has;
  }

  /** Soft delete of all items of the supplier. The caller has locked the supplier. */
  async removeItemsOf(restaurantId: string, tx: Tx, supplierId: string, at: Date): Promise<void> {
    await tx.run(removeItemsOf, [restaurantId, supplierId, at]);
  }

  /** The live ones of the inventory items, in no particular order. */
  findItems(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<BoughtItem[]> {
    return tx.many(findItems, [restaurantId, ids]);
  }

  /** Items of a supplier, oldest entries first, up to `limit + 1`. */
  itemsOfSupplier(restaurantId: string, tx: Tx, supplierId: string, page: ListPage): Promise<SupplierItem[]> {
    return tx.many(listOfSupplier, [restaurantId, supplierId, page.after ?? OLDEST, page.limit + 1]);
  }

  /** Suppliers of an item, oldest entries first, up to `limit + 1`. */
  suppliersOfItem(restaurantId: string, tx: Tx, inventoryItemId: string, page: ListPage): Promise<SupplierItem[]> {
    return tx.many(listOfItem, [restaurantId, inventoryItemId, page.after ?? OLDEST, page.limit + 1]);
  }

  /** Removes the preference from all other entries of the inventory item. */
  async unpreferOthers(restaurantId: string, tx: Tx, { id, inventoryItemId, updatedAt }: SupplierItem): Promise<void> {
    await tx.run(unprefer, [restaurantId, inventoryItemId, id, updatedAt]);
  }

  /** As `findItems`, and locks the items until the transaction ends. */
  lockItems(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<BoughtItem[]> {
    return tx.many(lockItems, [restaurantId, ids]);
  }

  /** Offers for the items, preferred suppliers first. @param supplierId absent: all suppliers. */
  offers(restaurantId: string, tx: Tx, itemIds: readonly string[], supplierId?: string): Promise<PricedOffer[]> {
    return tx.many(offers, [restaurantId, itemIds, supplierId ?? null]);
  }

  /** Writes paid prices to the supplier's packs, if the pack exists and has no newer price. */
  async updatePrices(
    restaurantId: string,
    tx: Tx,
    supplierId: string,
    prices: readonly PaidPrice[],
    at: string,
  ): Promise<void> {
    await tx.run(updatePrices, [restaurantId, supplierId, JSON.stringify(prices), at]);
  }

  /**
   * If two calls ask for proposals at once, the second waits and counts the drafts of the first.
   */
  async lockProposals(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockProposals, [restaurantId]);
  }

  /** Items below their reorder point, in the order of their ids. */
  lowItems(restaurantId: string, tx: Tx): Promise<LowItem[]> {
    return tx.many(lowItems, [restaurantId]);
  }

  /** Quantities that drafts and open orders still expect, in the units of their lines. */
  outstanding(restaurantId: string, tx: Tx): Promise<Outstanding[]> {
    return tx.many(outstanding, [restaurantId]);
  }
}
