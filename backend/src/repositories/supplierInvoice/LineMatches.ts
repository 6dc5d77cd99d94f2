/** What leads from a supplier's paper to our supplier, and from its lines to our items. */
import { query, type Tx } from '../../config/database.js';
import type { StockUnits } from '../../domain/inventory/units.js';

const findSupplier = query<{ id: string }>(
  'supplierInvoice.findSupplier',
  `select coalesce(
     (select n.supplier_id from supplier_identities n
      join suppliers s on s.restaurant_id = n.restaurant_id and s.id = n.supplier_id and s.deleted_at is null
      where n.restaurant_id = $1 and n.identity = any ($2::text[])
      order by n.identity desc limit 1),
     (select s.id from suppliers s where s.restaurant_id = $1 and lower(s.name) = $3 and s.deleted_at is null)) as id`,
);
const learnIdentities = query(
  'supplierInvoice.learnIdentities',
  `insert into supplier_identities (restaurant_id, identity, supplier_id, updated_at)
   select $1, identity, $3, $4 from unnest($2::text[]) identity
   on conflict (restaurant_id, identity) do update set supplier_id = excluded.supplier_id, updated_at = excluded.updated_at`,
);
const learned = query<LearnedArticle>(
  'supplierInvoice.listLearned',
  `select a.article_key as "articleKey", a.is_stock as "isStock", a.inventory_item_id as "inventoryItemId",
     trim_scale(a.pack_quantity)::text as "packQuantity"
   from supplier_articles a
   left join inventory_items i on i.restaurant_id = a.restaurant_id and i.id = a.inventory_item_id
   where a.restaurant_id = $1 and a.supplier_id = $2 and a.article_key = any ($3::text[]) and (not a.is_stock or i.deleted_at is null)`,
);
const learn = query(
  'supplierInvoice.learnArticles',
  `insert into supplier_articles (restaurant_id, supplier_id, article_key, is_stock, inventory_item_id, pack_quantity, updated_at)
   select $1, $2, n."articleKey", n."isStock", n."inventoryItemId", n."packQuantity", $4
   from jsonb_to_recordset($3::jsonb) as n("articleKey" text, "isStock" boolean, "inventoryItemId" uuid, "packQuantity" numeric)
   order by n."articleKey"
   on conflict (restaurant_id, supplier_id, article_key) do update
   set is_stock = excluded.is_stock, inventory_item_id = excluded.inventory_item_id, pack_quantity = excluded.pack_quantity,
     updated_at = excluded.updated_at`,
);
const soldArticles = query<SoldArticle>(
  'supplierInvoice.listSoldArticles',
  `select a.article_number as "articleNumber", a.inventory_item_id as "inventoryItemId", a.pack_unit as "packUnit"
   from supplier_items a
   join inventory_items i on i.restaurant_id = a.restaurant_id and i.id = a.inventory_item_id and i.deleted_at is null
   where a.restaurant_id = $1 and a.supplier_id = $2 and a.article_number = any ($3::text[]) and a.deleted_at is null
   order by a.id`,
);
// Shared groups of three characters, of all that either name has. One pass over the items for all
// lines: a comparison of each pair would take a second for a thousand items and twenty lines.
/** As `comparedName` does it. */
const COMPARED = `replace(normalize(regexp_replace(normalize(lower(i.name), nfkd), '[\u0300-\u036f]', '', 'g'), nfc), 'ß', 'ss')`;
const likeNames = query<LikeName>(
  'supplierInvoice.listLikeNames',
  `with wanted as (
     select w.position, t.trigram, cardinality(g.trigrams) as size
     from jsonb_to_recordset($2::jsonb) as w(position int, name text)
     cross join lateral (select name_trigrams(w.name) as trigrams) g
     cross join lateral unnest(g.trigrams) as t(trigram)
   ), items as (
     select i.id, t.trigram, cardinality(g.trigrams) as size
     from inventory_items i
     cross join lateral (select name_trigrams(${COMPARED}) as trigrams) g
     cross join lateral unnest(g.trigrams) as t(trigram)
     where i.restaurant_id = $1 and i.deleted_at is null
   )
   select distinct on (position) position, id as "inventoryItemId", score
   from (
     select w.position, i.id,
       round(greatest(count(*)::numeric / (w.size + i.size - count(*)), 0.9 * count(*) / i.size - 0.05), 3)::text as score
     from wanted w
     join items i on i.trigram = w.trigram
     group by w.position, i.id, w.size, i.size
   ) likeness
   order by position, score::numeric desc, id`,
);
const findItems = query<MatchedItem>(
  'supplierInvoice.listItems',
  `select id, name, unit, units from inventory_items where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null`,
);
const findOrder = query<OrderCandidate>(
  'supplierInvoice.findOrder',
  `select o.id, o.status, (
     select r.id from goods_receipts r
     where r.restaurant_id = o.restaurant_id and r.purchase_order_id = o.id and r.reversed_at is null
       and not exists (
         select 1 from supplier_invoices s
         where s.restaurant_id = r.restaurant_id and s.goods_receipt_id = r.id and s.status in ('approved', 'posted'))
     order by r.id desc limit 1) as "goodsReceiptId"
   from purchase_orders o
   where o.restaurant_id = $1 and o.supplier_id = $2 and o.number = $3`,
);
const orderLines = query<ComparedLine>(
  'supplierInvoice.listOrdered',
  `select l.inventory_item_id as "inventoryItemId", trim_scale(sum(l.quantity))::text as quantity, l.unit,
     max(l.unit_price) as "unitPrice", i.unit as "itemUnit", i.units
   from purchase_order_lines l
   join inventory_items i on i.restaurant_id = l.restaurant_id and i.id = l.inventory_item_id
   where l.restaurant_id = $1 and l.purchase_order_id = $2
   group by l.inventory_item_id, l.unit, i.unit, i.units`,
);
const receivedLines = query<{ inventoryItemId: string; stockQuantity: string }>(
  'supplierInvoice.listReceived',
  `select l.inventory_item_id as "inventoryItemId", trim_scale(sum(l.stock_quantity))::text as "stockQuantity"
   from goods_receipt_lines l
   where l.restaurant_id = $1 and l.goods_receipt_id = $2
   group by l.inventory_item_id`,
);

export interface LearnedArticle {
  articleKey: string;
  isStock: boolean;
  inventoryItemId: string | null;
  packQuantity: string | null;
}

export interface SoldArticle {
  articleNumber: string;
  inventoryItemId: string;
  packUnit: string;
}

export interface LikeName {
  position: number;
  inventoryItemId: string;
  score: string;
}

export interface MatchedItem extends StockUnits {
  id: string;
  name: string;
}

export interface OrderCandidate {
  id: string;
  status: string;
  /** A receipt of it that no invoice has taken yet. */
  goodsReceiptId: string | null;
}

/** An item of a purchase order, as ordered. */
export interface ComparedLine {
  inventoryItemId: string;
  quantity: string;
  unit: string;
  unitPrice: number | null;
  itemUnit: string;
  units: StockUnits['units'];
}

export class LineMatches {
  /** @param identities of the paper. @param name in lower case; empty for none. */
  async supplierOf(restaurantId: string, tx: Tx, identities: readonly string[], name: string): Promise<string | null> {
    return (await tx.maybeOne(findSupplier, [restaurantId, identities, name]))?.id ?? null;
  }

  async learnSupplier(restaurantId: string, tx: Tx, identities: readonly string[], supplierId: string, at: Date) {
    if (identities.length > 0) await tx.run(learnIdentities, [restaurantId, identities, supplierId, at]);
  }

  learned(restaurantId: string, tx: Tx, supplierId: string, keys: readonly string[]): Promise<LearnedArticle[]> {
    return tx.many(learned, [restaurantId, supplierId, keys]);
  }

  async learn(restaurantId: string, tx: Tx, supplierId: string, articles: readonly LearnedArticle[], at: Date) {
    if (articles.length > 0) await tx.run(learn, [restaurantId, supplierId, JSON.stringify(articles), at]);
  }

  /** Articles that the supplier's list names by their number. */
  sold(restaurantId: string, tx: Tx, supplierId: string, articleNumbers: readonly string[]): Promise<SoldArticle[]> {
    return tx.many(soldArticles, [restaurantId, supplierId, articleNumbers]);
  }

  /** The item with the likest name for each line. @param lines names as they are compared. */
  likeNames(restaurantId: string, tx: Tx, lines: readonly { position: number; name: string }[]): Promise<LikeName[]> {
    return lines.length === 0 ? Promise.resolve([]) : tx.many(likeNames, [restaurantId, JSON.stringify(lines)]);
  }

  /** The live ones of the items. */
  items(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<MatchedItem[]> {
    return ids.length === 0 ? Promise.resolve([]) : tx.many(findItems, [restaurantId, ids]);
  }

  /** The purchase order of a supplier that a paper names. */
  order(restaurantId: string, tx: Tx, supplierId: string, number: string): Promise<OrderCandidate | undefined> {
    return tx.maybeOne(findOrder, [restaurantId, supplierId, number]);
  }

  ordered(restaurantId: string, tx: Tx, purchaseOrderId: string): Promise<ComparedLine[]> {
    return tx.many(orderLines, [restaurantId, purchaseOrderId]);
  }

  received(restaurantId: string, tx: Tx, goodsReceiptId: string) {
    return tx.many(receivedLines, [restaurantId, goodsReceiptId]);
  }
}
