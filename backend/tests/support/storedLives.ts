/** Stores orders that lived without a server, so that reports can be asked about them. */
import { withClient } from '../../src/config/database.js';
import type { OrderLife } from './orderLives.js';

const ORDERS = `
  insert into orders (restaurant_id, id, number, status, type, business_date, currency, discounts, service_charge, taxes, subtotal, discount_total,
    service_charge_total, tax_total, tax_included_total, order_tip, tip_total, total, paid_total, refunded_total, refunded_sale_total,
    refunded_bill, settled_refund, created_by, created_at, updated_at)
  select $1, o.id, o.id, o.status, o.type, o."businessDate", o.currency, o.discounts, o."serviceCharge", o.taxes, o.subtotal, o."discountTotal",
    o."serviceChargeTotal", o."taxTotal", o."taxIncludedTotal", o."orderTip", o."tipTotal", o.total, o."paidTotal", o."refundedTotal",
    o."refundedSaleTotal", nullif(o."refundedBill", 'null'), nullif(o."settledRefund", 'null'), o."createdBy", o."createdAt", o."updatedAt"
  from jsonb_to_recordset($2) as o(id uuid, status text, type text, "businessDate" date, currency text, discounts jsonb, "serviceCharge" jsonb,
    taxes jsonb, subtotal bigint, "discountTotal" bigint, "serviceChargeTotal" bigint, "taxTotal" bigint, "taxIncludedTotal" bigint,
    "orderTip" bigint, "tipTotal" bigint, total bigint, "paidTotal" bigint, "refundedTotal" bigint, "refundedSaleTotal" bigint,
    "refundedBill" jsonb, "settledRefund" jsonb, "createdBy" text, "createdAt" timestamptz, "updatedAt" timestamptz)`;

const LINES = `
  insert into order_lines (restaurant_id, id, order_id, position, menu_item_id, category_id, category_name, name, quantity, unit_price,
    discounts, taxes, gross_amount, discount_amount, amount, tax_amount, voided_at, created_at, kind, parent_line_id,
    parent_units, measured)
  select $1, l.id, l."orderId", l.position, l."menuItemId", l."categoryId", l."categoryName", l.name, l.quantity, l."unitPrice",
    l.discounts, l.taxes, l."grossAmount", l."discountAmount", l.amount, l."taxAmount", l."voidedAt", l."createdAt", l.kind, l."parentLineId",
    l."parentUnits", l.measured
  from jsonb_to_recordset($2) as l(id uuid, "orderId" uuid, position int, "menuItemId" uuid, "categoryId" uuid, "categoryName" text,
    name text, quantity int, "unitPrice" bigint, discounts jsonb, taxes jsonb, "grossAmount" bigint, "discountAmount" bigint, amount bigint,
    "taxAmount" bigint, "voidedAt" timestamptz, "createdAt" timestamptz, kind text, "parentLineId" uuid, "parentUnits" int, measured jsonb)`;

const PAYMENTS = `
  insert into payments (restaurant_id, id, order_id, method, amount, tip, rounding, tendered, change, refunded, prepaid, business_date, created_by, created_at)
  select $1, p.id, p."orderId", p.method, p.amount, p.tip, p.rounding, p.tendered, p.change, p.refunded, nullif(p.prepaid, 'null'), p."businessDate",
    p."createdBy", p."createdAt"
  from jsonb_to_recordset($2) as p(id uuid, "orderId" uuid, method text, amount bigint, tip bigint, rounding bigint, tendered bigint, change bigint,
    refunded bigint, prepaid jsonb, "businessDate" date, "createdBy" text, "createdAt" timestamptz)`;

const REFUNDS = `
  insert into refunds (restaurant_id, id, payment_id, order_id, method, amount, rounding, lines, goodwill, parts, prepaid, reason, business_date,
    created_by, created_at)
  select $1, r.id, r."paymentId", r."orderId", r.method, r.amount, r.rounding, r.lines, r.goodwill, r.parts || jsonb_build_object('taxes', r.taxes),
    nullif(r.prepaid, 'null'), r.reason, r."businessDate", r."createdBy", r."createdAt"
  from jsonb_to_recordset($2) as r(id uuid, "paymentId" uuid, "orderId" uuid, method text, amount bigint, rounding bigint, lines jsonb, goodwill boolean,
    parts jsonb, taxes jsonb, prepaid jsonb, reason text,
    "businessDate" date, "createdBy" text, "createdAt" timestamptz)`;

const CORRECTIONS = `
  insert into sale_corrections (restaurant_id, id, order_id, kind, amount, parts, prepaid, reason, business_date, created_by, created_at)
  select $1, c.id, c."orderId", c.kind, c.amount, c.parts || jsonb_build_object('taxes', c.taxes), c.prepaid, c.reason, c."businessDate",
    c."createdBy", c."createdAt"
  from jsonb_to_recordset($2) as c(id uuid, "orderId" uuid, kind text, amount bigint, parts jsonb, taxes jsonb, prepaid jsonb,
    reason text, "businessDate" date, "createdBy" text, "createdAt" timestamptz)`;

/** @param ownerUrl of a superuser, whom row-level security does not bind. */
export async function storeLives(ownerUrl: string, restaurantId: string, lives: readonly OrderLife[]): Promise<void> {
  const rows = (of: (life: OrderLife) => object[]) => JSON.stringify(lives.flatMap(of));
  await withClient(ownerUrl, async (client) => {
    await client.query('begin');
    await client.query(ORDERS, [restaurantId, rows(({ order }) => [order])]);
    await client.query(LINES, [
      restaurantId,
      rows(({ order }) => order.lines.map((line) => ({ ...line, orderId: order.id }))),
    ]);
    await client.query(PAYMENTS, [restaurantId, rows(({ payments }) => payments)]);
    await client.query(REFUNDS, [restaurantId, rows(({ refunds }) => refunds)]);
    await client.query(CORRECTIONS, [restaurantId, rows(({ corrections }) => corrections)]);
    await client.query('commit');
    // Stored all at once, as no trade is: the planner is told before it can find out.
    await client.query('analyze orders, order_lines, payments, refunds, sale_corrections');
  });
}
