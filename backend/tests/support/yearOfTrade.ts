/**
 * A year of synthetic trade, so that the planner sees production-like tables: real proportions,
 * restaurants of unequal size, ids in time order, a few open orders before a long tail of closed
 * ones. Set-based SQL makes it as the owner, so a million orders take minutes, not hours.
 */
import { TALK } from './yearOfTalk.js';
import type { SetupClient } from '../../src/config/database.js';
import { SUMS_VERSION } from '../../src/domain/report/daySums.js';

export interface TradeSize {
  restaurants: number;
  orders: number;
  /** Number of the first restaurant, where others are there already. Default: 0. */
  first?: number;
  /** Id of the first restaurant, if it exists already. */
  id?: string;
  /** All orders are of the 30th of December, and the day is open. */
  isOneDay?: boolean;
  /** Whether the planner gets to know what has been loaded. Default: yes. */
  isAnalyzed?: boolean;
}

/** Ids of two restaurants, between which the others lie. */
export interface YearOfTrade {
  largest: string;
  smallest: string;
  /** An import of the largest, at work on a few thousand rows. */
  runningImport: string;
}

const YEAR_SECONDS = 365 * 24 * 3600;
/** From seven in the morning, in Berlin. */
const ONE_DAY = { start: '2025-12-30 06:00Z', seconds: 18 * 3600 };
/** Numbers of the orders of restaurants that were loaded by one call and another. */
const ORDERS_APART = 10_000_000;

/**
 * Ids are computed from what they number, so that children name their parents without a join. They
 * are in time order like UUIDv7.
 */
const FUNCTIONS = `
  create function pg_temp.trade_id(at timestamptz, seed text) returns uuid language sql stable as $$
    select overlay(overlay(md5(seed) placing lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' from 1)
      placing 'a' from 17)::uuid
  $$;
  create function pg_temp.stock_id(kind text, restaurant int, number int) returns uuid language sql stable as $$
    select pg_temp.trade_id('2024-12-01Z', concat_ws(' ', kind, restaurant, number))
  $$`;

/** Rows of restaurants that were loaded before stay as they are. */
const OF_THESE = 'restaurant_id in (select id from restaurant)';

const MEMBERS = 12;
const FIRST_SHIFT = '2024-12-25';
/** After the first. */
const SHIFTS = 380;
const ITEMS = 120;
const GROUPS = 25;
const INGREDIENTS = 80;
const PURCHASES = 500;

/**
 * Rows that each restaurant has once; `r` is the row of a restaurant. In the order of their
 * references.
 */
const STANDING = [
  `insert into restaurants (id, name, currency, timezone, business_day_cutoff_hour, created_at, updated_at)
   select id, 'Bistro ' || number, 'EUR', 'Europe/Berlin', 4, since, since from restaurant
   on conflict (id) do nothing`,
  `insert into users (id, email, name, password_hash, created_at)
   select pg_temp.stock_id('user', r.number, n), format('person-%s-%s@example.com', r.number, n), 'Person ' || n, md5(n::text), since
   from restaurant r, generate_series(1, ${MEMBERS}) n`,
  `insert into members (restaurant_id, id, user_id, role, status, invitation_hash, invitation_expires_at, created_at, updated_at)
   select r.id, pg_temp.stock_id('member', r.number, n), pg_temp.stock_id('user', r.number, n),
     case n when 1 then 'owner' when 2 then 'manager' else 'staff' end,
     case n when 11 then 'removed' when 12 then 'invited' else 'active' end,
     case n when 12 then md5(r.number::text) end, case n when 12 then timestamptz '2026-01-07Z' end, since, since
   from restaurant r, generate_series(1, ${MEMBERS}) n`,
  `insert into sessions (restaurant_id, id, user_id, created_at, expires_at, revoked_at)
   select r.id, pg_temp.stock_id('session', r.number, n), pg_temp.stock_id('user', r.number, 1 + n % 10), at, at + interval '30 days',
     case when n % 3 > 0 then at + interval '8 hours' end
   from restaurant r, generate_series(1, 200) n, lateral (select since + n * interval '43 hours' as at) t`,
  `insert into refresh_tokens (restaurant_id, id, session_id, token_hash, created_at, used_at)
   select r.id, pg_temp.stock_id('token', r.number, n), pg_temp.stock_id('session', r.number, 1 + n / 4), md5(r.number || ' ' || n), at,
     case when n % 4 < 3 then at end
   from restaurant r, generate_series(0, 799) n, lateral (select since + n * interval '10 hours' as at) t`,
  `insert into stream_tickets (restaurant_id, hash, credential, expires_at)
   select r.id, md5(r.number || ' ticket ' || n), 'x', since from restaurant r, generate_series(1, 5) n`,
  `insert into api_keys (restaurant_id, id, name, kind, key_hash, hint, scopes, created_by, created_at, revoked_at)
   select r.id, pg_temp.stock_id('key', r.number, n), 'Till', 'till', md5(r.number || ' ' || n), 'abcd', '{orders:write}', 'user:1', since,
     case when n % 2 = 0 then since end
   from restaurant r, generate_series(1, 8) n`,
  `insert into device_pairings (restaurant_id, device_hash, code_hash, expires_at)
   select r.id, md5(r.number || ' device ' || n), md5(r.number || ' code ' || n), since
   from restaurant r, generate_series(1, 20) n`,
  `insert into preferences (restaurant_id, owner, key, value, created_at, updated_at)
   select r.id, 'user:' || o, 'view.' || n, '{}', since, since
   from restaurant r, generate_series(1, 10) o, generate_series(1, 20) n`,
  `insert into idempotency_keys (restaurant_id, caller, route, key, request_hash, status, body, created_at)
   select r.id, 'user:1', 'POST /v1/orders', md5(r.number || ' ' || n), md5(n::text), 201, repeat('body ', 60)::bytea,
     timestamptz '2025-12-31Z' + n * interval '2 minutes'
   from restaurant r, generate_series(1, 400) n`,
  `insert into number_counters (restaurant_id, series, period, last_number)
   select r.id, 'ORD', '2025-' || lpad(n::text, 2, '0'), 100 from restaurant r, generate_series(1, 12) n`,
  `insert into categories (restaurant_id, id, name, position, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('category', r.number, n), 'Category ' || n, n, since, since, case when n > 10 then since end
   from restaurant r, generate_series(1, 12) n`,
  `insert into taxes (restaurant_id, id, name, rate, inclusive, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('tax', r.number, n), 'VAT ' || n, n, true, since, since, case when n > 3 then since end
   from restaurant r, generate_series(1, 4) n`,
  `insert into modifier_groups (restaurant_id, id, name, min_selections, max_selections, free_selections, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('group', r.number, n), 'Group ' || n, 0, 3, 0, since, since, case when n % 10 = 0 then since end
   from restaurant r, generate_series(1, ${GROUPS}) n`,
  `insert into modifiers (restaurant_id, id, modifier_group_id, name, price, max_quantity, is_available, position, deleted_at)
   select r.id, pg_temp.stock_id('modifier', r.number, n), pg_temp.stock_id('group', r.number, 1 + n % ${GROUPS}), 'Extra ' || n, 50, 1, true, n,
     case when n % 10 = 0 then since end
   from restaurant r, generate_series(1, 200) n`,
  `insert into menu_pictures (restaurant_id, id, sha256, created_at)
   select r.id, pg_temp.stock_id('picture', r.number, n), md5(r.number || ' picture ' || n), since from restaurant r, generate_series(1, 60) n`,
  `insert into menu_items (restaurant_id, id, category_id, name, description, price, position, is_available, remaining, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('item', r.number, n), pg_temp.stock_id('category', r.number, 1 + n % 10), 'Dish ' || n, repeat('tasty ', 20),
     500 + n * 10, n, n % 15 > 0, case when n % 12 = 0 then 40 end, since, since, case when n % 6 = 0 then since end
   from restaurant r, generate_series(1, ${ITEMS}) n`,
  `insert into menu_item_variants (restaurant_id, id, menu_item_id, name, price, position, deleted_at)
   select r.id, pg_temp.stock_id('variant', r.number, n), pg_temp.stock_id('item', r.number, 1 + n % ${ITEMS}), 'Size ' || n, 900, n,
     case when n % 10 = 0 then since end
   from restaurant r, generate_series(1, 150) n`,
  `insert into menu_item_modifier_groups (restaurant_id, menu_item_id, modifier_group_id, position)
   select r.id, pg_temp.stock_id('item', r.number, n), pg_temp.stock_id('group', r.number, 1 + (n + k) % ${GROUPS}), k
   from restaurant r, generate_series(1, ${ITEMS}) n, generate_series(1, 2) k`,
  `insert into menu_item_taxes (restaurant_id, menu_item_id, tax_id)
   select r.id, pg_temp.stock_id('item', r.number, n), pg_temp.stock_id('tax', r.number, 1 + n % 3)
   from restaurant r, generate_series(1, ${ITEMS}) n`,
  `insert into stock_locations (restaurant_id, id, name, created_at, updated_at)
   select r.id, pg_temp.stock_id('location', r.number, n), 'Shelf ' || n, since, since from restaurant r, generate_series(1, 4) n`,
  `insert into drawers (restaurant_id, id, name, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('drawer', r.number, n), 'Drawer ' || n, since, since, case when n > 2 then since end
   from restaurant r, generate_series(1, 3) n`,
  // One a day, the last of them open.
  `insert into drawer_shifts (restaurant_id, id, drawer_id, status, business_date, opening_float, opened_by, opened_at, figures, closed_by, closed_at)
   select r.id, pg_temp.stock_id('shift', r.number, day - date '${FIRST_SHIFT}'), pg_temp.stock_id('drawer', r.number, 1 + n % 2),
     case n when ${SHIFTS} then 'open' else 'closed' end, day, 20000, 'user:1', day,
     case when n < ${SHIFTS} then '{"cash": {"expected": 30000, "counted": 30000, "difference": 0}}'::jsonb end,
     case when n < ${SHIFTS} then 'user:1' end, case when n < ${SHIFTS} then day end
   from restaurant r, generate_series(0, ${SHIFTS}) n, lateral (select date '${FIRST_SHIFT}' + n as day) t`,
  `insert into drawer_movements (restaurant_id, id, shift_id, kind, amount, reason, business_date, created_by, created_at)
   select s.restaurant_id, pg_temp.trade_id(s.opened_at, kind || s.id), s.id, kind, 1000, 'change', s.business_date, 'user:1', s.opened_at
   from drawer_shifts s, unnest(array['pay_in', 'drop']) kind where s.${OF_THESE}`,
  `insert into inventory_items (restaurant_id, id, name, unit, policy, location_id, reorder_point, current_quantity, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('ingredient', r.number, n), 'Ingredient ' || n, 'kg', 'allow_negative',
     pg_temp.stock_id('location', r.number, 1 + n % 4), 10, case when n % 20 = 0 then 5 else 50 end, since, since,
     case when n % 15 = 0 then since end
   from restaurant r, generate_series(1, ${INGREDIENTS}) n`,
  `insert into stock_levels (restaurant_id, inventory_item_id, location_id, quantity)
   select r.id, pg_temp.stock_id('ingredient', r.number, n), pg_temp.stock_id('location', r.number, 1 + (n + 1) % 4), 2
   from restaurant r, generate_series(1, ${INGREDIENTS}) n where n % 5 = 0`,
  // One a week, the last of them open, with all lines counted.
  `insert into stock_counts (restaurant_id, id, location_id, is_blind, status, gain, loss, created_by, created_at, closed_by, closed_at)
   select r.id, pg_temp.trade_id(at, 'count ' || r.number || ' ' || n), pg_temp.stock_id('location', r.number, 1 + n % 4), true,
     case n when 52 then 'open' else 'committed' end, case when n < 52 then 100 end, case when n < 52 then 200 end, 'user:1', at,
     case when n < 52 then 'user:1' end, case when n < 52 then at end
   from restaurant r, generate_series(1, 52) n, lateral (select since + n * interval '1 week' as at) t`,
  `insert into stock_count_lines (restaurant_id, count_id, inventory_item_id, counted_quantity, expected_quantity, counted_at, counted_by,
     unit_cost, recorded_at)
   select c.restaurant_id, c.id, i.id, 9, 10, c.created_at, 'user:1', 100, c.created_at
   from stock_counts c join inventory_items i on i.restaurant_id = c.restaurant_id and i.location_id = c.location_id
   where c.${OF_THESE}`,
  `insert into recipes (restaurant_id, id, name, menu_item_id, yield, yield_unit, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('recipe', r.number, n), 'Recipe ' || n,
     case when n <= ${ITEMS} then pg_temp.stock_id('item', r.number, n) end, 1, 'portion', since, since, case when n % 12 = 0 then since end
   from restaurant r, generate_series(1, ${ITEMS} + 10) n`,
  `insert into recipe_lines (restaurant_id, recipe_id, position, inventory_item_id, component_recipe_id, quantity, unit)
   select r.id, pg_temp.stock_id('recipe', r.number, n), k,
     case when k < 6 then pg_temp.stock_id('ingredient', r.number, 1 + (n * 7 + k) % ${INGREDIENTS}) end,
     case when k = 6 then pg_temp.stock_id('recipe', r.number, ${ITEMS} + 1 + n % 10) end, 0.2, 'kg'
   from restaurant r, generate_series(1, ${ITEMS}) n, generate_series(1, 6) k`,
  `insert into suppliers (restaurant_id, id, name, created_at, updated_at, deleted_at)
   select r.id, pg_temp.stock_id('supplier', r.number, n), 'Supplier ' || n, since, since, case when n % 8 = 0 then since end
   from restaurant r, generate_series(1, 16) n`,
  `insert into supplier_items (restaurant_id, id, supplier_id, inventory_item_id, pack_unit, last_price, last_price_at, is_preferred, created_at,
     updated_at, deleted_at)
   select r.id, pg_temp.stock_id('supplier item', r.number, n), pg_temp.stock_id('supplier', r.number, 1 + n % 15),
     pg_temp.stock_id('ingredient', r.number, 1 + n % ${INGREDIENTS}), 'kg', 1200, since, n <= ${INGREDIENTS}, since, since,
     case when n % 20 = 0 then since end
   from restaurant r, generate_series(1, 200) n`,
  // A few an order day; the last ones are on their way.
  `insert into purchase_orders (restaurant_id, id, number, status, supplier_id, created_by, created_at, updated_at, sent_at)
   select r.id, pg_temp.trade_id(at, 'purchase ' || r.number || ' ' || n), case when n <= ${PURCHASES} - 3 then 'PO-' || n end,
     case when n > ${PURCHASES} - 3 then 'draft' when n > ${PURCHASES} - 10 then 'sent' when n % 30 = 0 then 'cancelled' else 'received' end,
     pg_temp.stock_id('supplier', r.number, 1 + n % 15), 'user:1', at, at, case when n <= ${PURCHASES} - 3 then at end
   from restaurant r, generate_series(1, ${PURCHASES}) n, lateral (select since + n * interval '16 hours' as at) t`,
  `insert into purchase_order_lines (restaurant_id, id, purchase_order_id, position, inventory_item_id, quantity, unit, unit_price,
     received_quantity)
   select o.restaurant_id, pg_temp.trade_id(o.created_at, 'purchase line ' || o.id || ' ' || k), o.id, k,
     pg_temp.stock_id('ingredient', r.number, 1 + (k * 7 + length(o.number)) % ${INGREDIENTS}), 10, 'kg', 1200,
     case o.status when 'received' then 10 else 0 end
   from purchase_orders o join restaurant r on r.id = o.restaurant_id, generate_series(1, 8) k`,
  `insert into goods_receipts (restaurant_id, id, supplier_id, purchase_order_id, received_at, created_by, created_at)
   select restaurant_id, id, supplier_id, id, created_at, 'user:1', created_at from purchase_orders
   where status = 'received' and ${OF_THESE}`,
  `insert into goods_receipt_lines (restaurant_id, goods_receipt_id, position, purchase_order_line_id, inventory_item_id, quantity, unit,
     stock_quantity, unit_cost, unit_price)
   select restaurant_id, purchase_order_id, position, id, inventory_item_id, 10, unit, 10, 1200, 1200
   from purchase_order_lines where received_quantity > 0 and ${OF_THESE}`,
  `insert into code_pools (restaurant_id, id, name, kind, alphabet, length, target, low_water, batch, when_empty, tax_kind, created_at, updated_at)
   select r.id, pg_temp.stock_id('pool', r.number, n), 'Pool ' || n, (array['voucher', 'pickup', 'imported', 'table'])[1 + n % 4],
     '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 15, 100, 20, 50, 'refuse', case when n % 4 = 0 then 'multi_purpose' end, since, since
   from restaurant r, generate_series(0, 5) n`,
  `insert into code_pool_counters (restaurant_id, pool_id, generated, next_n, claimed, window_at)
   select restaurant_id, id, 2000, 1000, 500, created_at from code_pools where ${OF_THESE}`,
  `insert into code_batches (restaurant_id, pool_id, first_n, last_n, sealed, created_at)
   select p.restaurant_id, p.id, n * 50 + 1, n * 50 + 50, 'x', p.created_at
   from code_pools p, generate_series(0, 39) n where p.${OF_THESE}`,
  `insert into code_leases (restaurant_id, id, pool_id, first_n, last_n, owner, beats_at)
   select p.restaurant_id, pg_temp.trade_id(p.created_at, 'lease ' || p.id || n), p.id, n * 50 + 1, n * 50 + 50, p.id, p.created_at
   from code_pools p, generate_series(10, 19) n where p.${OF_THESE}`,
  `insert into code_imports (restaurant_id, hash, pool_id, created_at)
   select p.restaurant_id, md5(p.id::text || n), p.id, p.created_at from code_pools p, generate_series(1, 100) n
   where p.${OF_THESE} and p.kind = 'imported'`,
  `insert into code_exports (restaurant_id, id, pool_id, count, readable_until, created_by, created_at)
   select p.restaurant_id, pg_temp.trade_id(p.created_at, 'export ' || p.id || n), p.id, 10, p.created_at, 'user:1', p.created_at
   from code_pools p, generate_series(1, 5) n where p.${OF_THESE} and p.kind = 'voucher'`,
  `insert into code_table_tokens (restaurant_id, id, pool_id, table_name, token_id, created_at, updated_at)
   select p.restaurant_id, pg_temp.trade_id(p.created_at, 'table ' || p.id || n), p.id, 'Table ' || n, md5(p.id::text || n), p.created_at, p.created_at
   from code_pools p, generate_series(1, 40) n where p.${OF_THESE} and p.kind = 'table'`,
  // An invoice for each receipt; the last ones wait to be read or reviewed.
  `insert into supplier_invoices (restaurant_id, id, workflow_id, status, product, user_id, file_name, file_key, sha256, bytes, kind,
     uploaded_at, invoice, number_key, issue_date, supplier_id, purchase_order_id, goods_receipt_id, created_at, updated_at)
   select r.restaurant_id, pg_temp.trade_id(r.created_at, 'invoice ' || r.id), r.id,
     case when n < 4 then 'received' when n < 8 then 'review' else 'posted' end, 'invoice', 'user:' || n % 3, 'invoice.xml', 'key',
     encode(sha256(r.id::text::bytea), 'hex'), 20000, 'xml', r.created_at, '{"totals": {"gross": "10.00"}}', 'N' || n, r.created_at::date,
     r.supplier_id, r.purchase_order_id, r.id, r.created_at, r.created_at
   from (
     select g.*, row_number() over (partition by restaurant_id order by id desc) as n from goods_receipts g where ${OF_THESE}
   ) r`,
  `insert into supplier_invoice_lines (restaurant_id, supplier_invoice_id, position, line, inventory_item_id, pack_quantity, stock_quantity,
     unit_cost)
   select s.restaurant_id, s.id, l.position, '{"description": "Rice"}', l.inventory_item_id, 1, 10, 1200
   from supplier_invoices s
   join goods_receipt_lines l on l.restaurant_id = s.restaurant_id and l.goods_receipt_id = s.goods_receipt_id
   where s.${OF_THESE}`,
  `insert into supplier_articles (restaurant_id, supplier_id, article_key, inventory_item_id, pack_quantity, updated_at)
   select r.id, pg_temp.stock_id('supplier', r.number, 1 + n % 15), 'a article ' || n, pg_temp.stock_id('ingredient', r.number, 1 + n % ${INGREDIENTS}),
     1, since
   from restaurant r, generate_series(1, 200) n`,
  `insert into supplier_identities (restaurant_id, identity, supplier_id, updated_at)
   select r.id, 'name supplier ' || n, pg_temp.stock_id('supplier', r.number, n), since from restaurant r, generate_series(1, 16) n`,
  `insert into supplier_mailboxes (restaurant_id, token_hash, created_by, created_at)
   select r.id, 'hash', 'user:1', since from restaurant r`,
  `insert into imports (restaurant_id, id, kind, status, dry_run, file_name, source, currency, created_by, created_at, heartbeat_at)
   select r.id, pg_temp.stock_id('import', r.number, n), 'orders', case n when 1 then 'processing' else 'completed' end, false, 'orders.csv',
     'old till', 'EUR', 'user:1', at, at
   from restaurant r, generate_series(1, 40) n, lateral (select since + n * interval '1 week' as at) t`,
  // A few large files wait for their jobs.
  `insert into import_uploads (restaurant_id, id, job_id, kind, file_name, mapping, dry_run, created_by, created_at)
   select r.id, pg_temp.stock_id('import', r.number, n), pg_temp.stock_id('job', r.number, n), 'orders', 'orders.csv', '{}', false,
     'user:1', since
   from restaurant r, generate_series(1, 3) n`,
  `insert into import_upload_parts (restaurant_id, upload_id, ordinal, bytes)
   select r.id, pg_temp.stock_id('import', r.number, n), part, repeat('x', 1000)::bytea
   from restaurant r, generate_series(1, 3) n, generate_series(0, 9) part`,
  `insert into document_series (restaurant_id, id, type, prefix, reset, kind, created_at, updated_at)
   select r.id, pg_temp.stock_id('series', r.number, n), (array['invoice', 'receipt', 'quotation'])[n], 'P' || n, 'month', 'gapless', since, since
   from restaurant r, generate_series(1, 3) n
   on conflict do nothing`,
  `insert into document_counters (restaurant_id, series_id, period, last_number, last_hash)
   select r.id, pg_temp.stock_id('series', r.number, n), '2025-' || lpad(m::text, 2, '0'), 100, 'hash'
   from restaurant r, generate_series(1, 3) n, generate_series(1, 12) m`,
  `insert into webhook_endpoints (restaurant_id, id, version, url, nouns, ordered, header_names, state, created_at, updated_at)
   select r.id, pg_temp.stock_id('webhook', r.number, n), 1, 'https://example.com/' || n, '{order}', true, '{}', 'enabled', since, since
   from restaurant r, generate_series(1, 2) n where n = 1`,
  `insert into webhook_queues (restaurant_id, endpoint_id)
   select restaurant_id, id from webhook_endpoints where ${OF_THESE}`,
  // Few imports run at once.
  `insert into import_rows (restaurant_id, import_id, line, order_key, is_faulty, ordered_at, order_type, item_no, choices, quantity,
     unit_price, discount_amount, amount)
   select r.id, pg_temp.stock_id('import', r.number, 1), n, 'order ' || n / 3, n % 100 = 0, since, 'takeaway', n % 90, '{}', 1, 500, 0, 500
   from restaurant r, generate_series(1, 3000) n where r.number < 4`,
  `insert into import_orders (restaurant_id, import_id, order_no, order_key, ordered_at, order_type, line_count, faulty_rows, units, amount, action)
   select r.id, pg_temp.stock_id('import', r.number, 1), n, 'order ' || n, since, 'takeaway', 3, 0, 3, 1500,
     case when n % 10 = 0 then 'skip' else 'create' end
   from restaurant r, generate_series(1, 1000) n where r.number < 4`,
];

/**
 * The rows of every order; `t` is a row of trade. One to five lines, a payment, two facts,
 * sometimes a refund.
 */
const TRADING = [
  `insert into orders (restaurant_id, id, number, status, type, business_date, currency, table_name, subtotal, discount_total,
     service_charge_total, tax_total, tax_included_total, order_tip, tip_total, total, paid_total, refunded_total, external_source, external_id,
     created_by, created_at, updated_at, completed_at, deleted_at)
   select t.restaurant_id, t.id, 'ORD-' || t.n, t.status, (array['dine_in', 'takeaway', 'delivery'])[1 + t.n % 3], t.day, 'EUR',
     'Table ' || t.n % 20, t.total, 0, 0, 0, 0, 0, 0, t.total, case t.status when 'completed' then t.total else 0 end, 0,
     case when t.n % 10 = 0 then 'old till' end, case when t.n % 10 = 0 then 'key ' || t.n end, 'user:1', t.at, t.at,
     case t.status when 'completed' then t.at end, case when t.n % 97 = 0 then t.at end
   from trade t`,
  `insert into order_lines (restaurant_id, id, order_id, position, menu_item_id, category_id, category_name, name, quantity, unit_price,
     gross_amount, discount_amount, amount, tax_amount, voided_at, created_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'line ' || t.n || ' ' || k), t.id, k, pg_temp.stock_id('item', t.restaurant, item),
     pg_temp.stock_id('category', t.restaurant, 1 + item % 10), 'Category', 'Dish ' || item, 1, t.price, t.price, 0, t.price, 0,
     case when (t.n + k) % 50 = 0 then t.at end, t.at
   from trade t, generate_series(1, t.lines) k, lateral (select 1 + (t.n * 7 + k * 11) % ${ITEMS} as item) i`,
  `insert into stock_movements (restaurant_id, id, inventory_item_id, kind, quantity, unit_cost, source_kind, source_id, source_version,
     business_date, occurred_at, created_by, created_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'movement ' || t.n || ' ' || k),
     pg_temp.stock_id('ingredient', t.restaurant, 1 + (t.n + k) % ${INGREDIENTS}), 'sale', -0.2, 100, 'order', t.id, 1, t.day,
     case when t.n % 40 = 0 then t.at - interval '1 day' else t.at end, 'user:1', t.at
   from trade t, generate_series(1, 3) k`,
  // A receipt for each order, a draft now and then, and credit notes.
  `insert into documents (restaurant_id, id, type, status, series_id, period, counter, number, business_date, issued_at, hash, currency, lines,
     subtotal, discount_total, tax_total, tax_included_total, total, order_id, original_id, request_key, created_by, created_at, updated_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'document ' || t.n), 'receipt', case when d then 'draft' else 'issued' end,
     case when not d then pg_temp.stock_id('series', t.restaurant, 2) end, case when not d then to_char(t.day, 'YYYY-MM') end,
     case when not d then t.n end, case when not d then 'P2-' || t.n end, case when not d then t.day end, case when not d then t.at end,
     case when not d then 'hash' end, 'EUR', '[{"description": "Dish"}]', t.total, 0, 0, 0, t.total, t.id,
     case when t.n % 20 = 0 then pg_temp.trade_id(t.at, 'document ' || t.n - 1) end, 'key ' || t.n, 'user:1', t.at, t.at
   from trade t, lateral (select t.n % 30 = 0 as d) o`,
  `insert into documents (restaurant_id, id, type, status, currency, lines, details, subtotal, discount_total, tax_total, tax_included_total,
     total, purchase_order_id, created_by, created_at, updated_at)
   select restaurant_id, pg_temp.trade_id(created_at, 'paper ' || id), 'purchase_order', 'draft', 'EUR', '[{"description": "Rice"}]', null, 0, 0, 0, 0,
     0, id, 'user:1', created_at, created_at
   from purchase_orders where status = 'received' and ${OF_THESE}`,
  `insert into documents (restaurant_id, id, type, status, currency, lines, details, subtotal, discount_total, tax_total, tax_included_total,
     total, goods_receipt_id, created_by, created_at, updated_at)
   select restaurant_id, pg_temp.trade_id(created_at, 'note ' || id), 'goods_receipt', 'draft', 'EUR', '[{"description": "Rice"}]', null, 0, 0, 0, 0,
     0, id, 'user:1', created_at, created_at
   from goods_receipts where ${OF_THESE}`,
  `insert into documents (restaurant_id, id, type, status, currency, lines, details, subtotal, discount_total, tax_total, tax_included_total,
     total, stock_count_id, created_by, created_at, updated_at)
   select restaurant_id, pg_temp.trade_id(created_at, 'sheet ' || id), 'stock_count', 'draft', 'EUR', '[{"description": "Rice"}]', null, 0, 0, 0, 0,
     0, id, 'user:1', created_at, created_at
   from stock_counts where status = 'committed' and ${OF_THESE}`,
  `insert into documents (restaurant_id, id, type, status, currency, lines, details, subtotal, discount_total, tax_total, tax_included_total,
     total, quotation_id, replaces_id, created_by, created_at, updated_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'quoted ' || t.n), 'invoice', 'draft', 'EUR', '[{"description": "Dish"}]', null, 0, 0, 0, 0,
     0, pg_temp.trade_id(t.at, 'document ' || t.n), case when t.n % 100 = 0 then pg_temp.trade_id(t.at, 'document ' || t.n - 1) end,
     'user:1', t.at, t.at
   from trade t where t.n % 25 = 0`,
  // Every day is closed by any of its documents, because reads of it use its id.
  `alter table business_days disable trigger business_days_have_their_close`,
  `insert into business_days (restaurant_id, business_date, document_id)
   select distinct on (t.restaurant_id, t.day) t.restaurant_id, t.day, pg_temp.trade_id(t.at, 'document ' || t.n)
   from trade t
   order by t.restaurant_id, t.day, t.n`,
  // Days have sums, but for the newest ones.
  `insert into day_sums (restaurant_id, business_date, version, figures)
   select restaurant_id, day, v.version, case when v.version > 0 then '{"total": 1}'::jsonb end
   from (select distinct restaurant_id, day from trade) t
   cross join lateral (select case when t.day < '2025-12-29' then ${SUMS_VERSION} else 0 end as version) v
   on conflict do nothing`,
  `insert into day_sales (restaurant_id, business_date, kind, key, newest, orders, units, gross_sales, discount_total, revenue, tax_total)
   select d.restaurant_id, d.business_date, kind, key, repeat('n', 40), 1, 1, 1, 0, 1, 0
   from day_sums d
   cross join unnest(array['day', 'hour', 'item', 'category', 'type']) kind
   cross join generate_series(1, case kind when 'item' then 20 when 'day' then 1 else 3 end) key
   where d.version > 0
   on conflict do nothing`,
  // One of these has parts.
  `update day_sums set parts_until = 'ffffffff-ffff-7fff-8fff-ffffffffffff' where version = 0 and business_date = '2025-12-29'`,
  `insert into day_parts (restaurant_id, business_date, above_id, until_id, version, figures)
   select restaurant_id, business_date, md5(part::text)::uuid, 'ffffffff-ffff-7fff-8fff-ffffffffffff', ${SUMS_VERSION}, '{}'
   from day_sums
   cross join generate_series(1, 20) part
   where version = 0 and business_date = '2025-12-29'
   on conflict do nothing`,
  `insert into part_sales (restaurant_id, business_date, above_id, kind, key, newest, orders, units, gross_sales, discount_total, revenue,
     tax_total, vouchers_sold)
   select restaurant_id, business_date, above_id, kind, key, repeat('n', 40), 1, 1, 1, 0, 1, 0, 0
   from day_parts
   cross join unnest(array['day', 'hour', 'item', 'category', 'type']) kind
   cross join generate_series(1, 3) key
   on conflict do nothing`,
  `insert into payments (restaurant_id, id, order_id, method, amount, tip, tendered, change, business_date, created_by, created_at, shift_id)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'payment ' || t.n), t.id, (array['cash', 'card'])[1 + t.n % 2], t.total, 0, t.total, 0, t.day,
     'user:1', t.at, case when t.n % 4 > 0 then pg_temp.stock_id('shift', t.restaurant, t.day - date '${FIRST_SHIFT}') end
   from trade t where t.status = 'completed'`,
  `insert into refunds (restaurant_id, id, payment_id, order_id, amount, parts, reason, business_date, created_by, created_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'refund ' || t.n), pg_temp.trade_id(t.at, 'payment ' || t.n), t.id, 100, '{"unsettled": 0}',
     'cold', t.day, 'user:1', t.at
   from trade t where t.status = 'completed' and t.n % 8 = 0`,
  `insert into event_feed (restaurant_id, position, event_id, type, subject, subject_id, data, created_at, relayed_at)
   select t.restaurant_id, coalesce(c.position, 0) + row_number() over (partition by t.restaurant_id order by t.at, t.n, place), pg_temp.trade_id(t.at, 'event ' || t.n || type),
     type, 'order', t.id, jsonb_build_object('number', t.n), t.at, now()
   from trade t
   left join event_cursors c on c.restaurant_id = t.restaurant_id
   cross join unnest(array['order.placed', 'order.status_changed']) with ordinality as e(type, place)`,
  `insert into codes (restaurant_id, id, pool_id, n, hash, hint, value, balance, tax_kind, expires_at, business_date, created_by, created_at, updated_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'code ' || t.n), pg_temp.stock_id('pool', t.restaurant, 0), t.n, md5(t.n::text), 'ABCD', 5000,
     case when t.n % 3 = 0 then 0 else 2000 end, 'multi_purpose', t.at + interval '3 years', t.day, 'user:1', t.at, t.at
   from trade t where t.n % 4 = 0`,
  `insert into code_movements (restaurant_id, id, code_id, kind, amount, balance_after, tax_kind, order_id, payment_id, business_date, created_by, created_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'code movement ' || t.n || kind), pg_temp.trade_id(t.at, 'code ' || t.n), kind, 1000, 2000, 'multi_purpose', t.id,
     pg_temp.trade_id(t.at, 'payment ' || t.n), t.day, 'user:1', t.at
   from trade t, unnest(array['redeem', 'refund']) kind where t.n % 4 = 0`,
  `insert into sale_corrections (restaurant_id, id, order_id, kind, amount, parts, reason, business_date, created_by, created_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'correction ' || t.n), t.id, 'write_off', 100, '{"goods": 100, "tax": 0, "taxes": []}', 'gone', t.day,
     'user:1', t.at
   from trade t where t.status = 'completed' and t.n % 16 = 0`,
  `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'waiting event ' || t.n), 'order.changed', 'order', t.id, '{}', t.at
   from trade t where t.n % 100 = 0`,
  // An endpoint that fails now and then; the newest hundred deliveries wait.
  `insert into webhook_deliveries (restaurant_id, id, endpoint_id, position, event_id, type, subject_id, status, due_at,
     attempts, attempts_total, created_at, finished_at)
   select f.restaurant_id, pg_temp.trade_id(f.created_at, 'delivery ' || f.event_id), w.id, f.position, f.event_id, f.type, f.subject_id,
     case when f.position % 50 = 0 then 'given_up' when f.position % 7 = 0 then 'waiting' else 'delivered' end,
     case when f.position % 50 <> 0 and f.position % 7 = 0 then f.created_at end, 1, 1, f.created_at, f.created_at
   from event_feed f
   join webhook_endpoints w on w.restaurant_id = f.restaurant_id
   where (f.position % 50 = 0 or f.position % 7 <> 0 or f.position % 700 = 0)
   on conflict do nothing`,
  `insert into webhook_attempts (restaurant_id, delivery_id, number, status, answer, duration_ms, at)
   select d.restaurant_id, d.id, 1, 200, 'ok', 25, d.created_at
   from webhook_deliveries d
   on conflict do nothing`,
  `insert into event_cursors (restaurant_id, position)
   select restaurant_id, max(position) from event_feed group by restaurant_id
   on conflict (restaurant_id) do update set position = excluded.position`,
  `insert into audit_log (restaurant_id, id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at)
   select t.restaurant_id, pg_temp.trade_id(t.at, 'audit ' || t.n || action), 'user', 'user:1', action, 'order', t.id,
     '{"status": {"from": "placed", "to": "ready"}}', 'request ' || t.n, t.at
   from trade t, unnest(array['order.placed', 'order.completed']) action`,
];

/**
 * Fills a migrated database with the year 2025.
 * @param owner a superuser's connection. References are not checked during the load, because the
 * data is consistent by construction.
 */
export async function loadYearOfTrade(owner: SetupClient, size: TradeSize): Promise<YearOfTrade> {
  const { restaurants, orders, first = 0, isOneDay = false } = size;
  const { start, seconds } = isOneDay ? ONE_DAY : { start: '2025-01-01Z', seconds: YEAR_SECONDS };
  const before = first * ORDERS_APART;
  await owner.query('set session_replication_role = replica');
  await owner.query(FUNCTIONS);
  const restaurant = `create temp table restaurant as
    select number, case number when ${first} then ${size.id === undefined ? 'null::uuid' : `'${size.id}'::uuid`} end as given,
      pg_temp.stock_id('restaurant', number, 0) as id, timestamptz '2025-01-01Z' as since
    from generate_series(${first}, ${first + restaurants - 1}) number`;
  await owner.query(`${restaurant};
    update restaurant set id = given where given is not null`);
  // The golden ratio scatters the orders over the restaurants. The power gives the first ones more
  // orders than the last.
  await owner.query(`create temp table trade as
    select ${before} + n as n, restaurant, r.id as restaurant_id, pg_temp.trade_id(at, 'order ' || ${before} + n) as id, at,
      (at - interval '4 hours')::date as day, lines, price, lines * price as total,
      case when n > ${orders} - ${restaurants} * 8 then (array['placed', 'accepted', 'preparing', 'ready'])[1 + n % 4]
        when n % 33 = 0 then 'cancelled' else 'completed' end as status
    from generate_series(1, ${orders}) n,
      lateral (select ${first} + floor(${restaurants} * power((n * 0.6180339887 % 1)::float8, 1.5))::int as restaurant,
        timestamptz '${start}' + n * ${seconds / orders} * interval '1 second' as at, 1 + n % 5 as lines, 500 + n % 20 * 50 as price) o
    join restaurant r on r.number = o.restaurant`);
  for (const statement of [...STANDING, ...TALK, ...TRADING]) await owner.query(statement);
  if (isOneDay) await owner.query('delete from business_days where restaurant_id in (select id from restaurant)');
  await owner.query('drop table trade');
  if (size.isAnalyzed !== false) await owner.query('vacuum (analyze)');
  const { rows } = await owner.query<YearOfTrade>(`
    select (select id from restaurant where number = ${first}) as largest,
      (select id from restaurant where number = ${first + restaurants - 1}) as smallest,
      pg_temp.stock_id('import', ${first}, 1) as "runningImport"`);
  const [year] = rows;
  if (!year) throw new Error('select without from answered no row');
  return year;
}
