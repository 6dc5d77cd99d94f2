/** Data of events about orders, payments, documents and days. */
import { z } from 'zod';
import { DOCUMENT_STATUSES } from '../../../domain/document/document.js';
import { ORDER_STATUSES } from '../../../domain/order/orderStatus.js';
import { PAYMENT_METHODS } from '../../../domain/order/payment.js';
import { CORRECTION_KINDS } from '../../../domain/order/saleCorrection.js';
import { amount, balance, businessDate, currency, id, rounding, sum, timestamp, total } from '../common.js';
import { documentType } from '../document.js';
import { series } from '../documentSeries.js';
import { importResult } from '../import.js';
import { orderType } from '../menuParts.js';
import { shownQuantity } from '../quantity.js';

const order = z.object({
  orderId: id,
  number: z.string(),
  businessDate,
  type: orderType,
  status: z.enum(ORDER_STATUSES),
  total: sum,
  currency,
  version: z.int(),
});
const line = { lineId: id, name: z.string(), quantity: shownQuantity };
const reason = z.string().optional();
const change = z.object({ from: z.unknown().optional(), to: z.unknown().optional() });

/** Absent on older events. */
const coins = { rounding: rounding.optional(), shiftId: id.nullable().optional() };
const money = { paymentId: id, number: z.string(), amount, currency, version: z.int() };

const document = z.object({
  documentId: id,
  type: documentType,
  status: z.enum(DOCUMENT_STATUSES),
  seriesId: id.nullable(),
  number: z.string().nullable(),
  businessDate: businessDate.nullable(),
  hash: z.string().nullable(),
  currency,
  total: balance,
});

export const TRADE_EVENTS = {
  'order.placed': order,
  'order.changed': order,
  'order.status_changed': order.extend({ from: z.enum(ORDER_STATUSES), to: z.enum(ORDER_STATUSES), reason }),
  'order.line_added': order.extend(line),
  'order.line_changed': order.extend({ lineId: id, reason, changes: z.record(z.string(), change) }),
  'order.line_voided': order.extend({ ...line, reason: z.string().nullable() }),
  'order.line_comped': order.extend({
    ...line,
    reason: z.string(),
    allowedBy: z.string(),
    by: z.string(),
    at: timestamp,
  }),
  'order.lines_credited': order.extend({
    lines: z.array(z.object({ lineId: id, quantity: shownQuantity })),
    reason: z.string(),
  }),
  'order.sale_corrected': z.object({
    number: z.string(),
    kind: z.enum(CORRECTION_KINDS),
    documentId: id.nullable(),
    amount: z.int(),
    currency,
    reason: z.string(),
    version: z.int(),
  }),
  'payment.recorded': z.object({
    ...money,
    method: z.enum(PAYMENT_METHODS),
    tip: amount,
    isDeposit: z.literal(true).optional(),
    ...coins,
  }),
  'payment.refunded': z.object({
    ...money,
    method: z.enum(PAYMENT_METHODS).optional(),
    ...coins,
    refundId: id,
    reason: z.string(),
  }),
  'document.created': document,
  'document.changed': document,
  'document.deleted': document,
  'document.issued': document,
  'document.voided': document,
  'document_series.created': series,
  'document_series.changed': series,
  'document_series.deleted': series,
  'business_day.closed': z.object({
    documentId: id,
    date: businessDate,
    number: z.string(),
    hash: z.string(),
    total,
    currency,
  }),
  'import.finished': importResult.omit({ errors: true }),
};
