import { z } from 'zod';
import { holdsCardNumber } from '../../domain/order/cardNumber.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { dueTotal, PAYMENT_STATUSES, paymentStatus } from '../../domain/order/order.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import { amount, businessDate, email, id, pageOf, pageQuery, percent, sum, text, timestamp } from './common.js';
import { orderType, taxRate } from './menu.js';

const MAX_LINES = 500;
const MAX_QUANTITY = 10_000;

/** Free text in which nobody may leave a card number behind. */
export function plainText(maxChars: number) {
  return text(maxChars).refine(
    (value) => !holdsCardNumber(value),
    'This looks like a card number. Never send one; send the terminal’s reference instead.',
  );
}

const quantity = z.int(`Give a whole number from 1 to ${MAX_QUANTITY}.`).min(1).max(MAX_QUANTITY);
const discount = z
  .strictObject({ name: text(100).optional(), percent: percent.optional(), amount: amount.optional() })
  .refine((value) => (value.percent === undefined) !== (value.amount === undefined), 'Give either percent or amount.')
  .meta({
    id: 'Discount',
    description: 'Taken in the order given, each from what the one before left; never below zero.',
  });
export const discounts = z.array(discount).max(20);
const modifierChoice = z.strictObject({ modifierId: id, quantity: z.int().min(1).max(100).default(1) });
const modifiers = z.array(modifierChoice).max(100);
const notes = plainText(1000).nullable();
const course = z.int().min(1).max(20).nullable();
const seat = z.int().min(1).max(1000).nullable();

export const lineInput = z
  .strictObject({
    menuItemId: id,
    variantId: id.optional().meta({ description: 'Needed when the item has variants.' }),
    quantity,
    modifiers: modifiers.default([]),
    discounts: discounts.default([]),
    notes: notes.optional(),
    course: course.optional(),
    seat: seat.optional(),
  })
  .meta({ id: 'OrderLineInput' });

export const customer = z
  .strictObject({
    name: text(200).optional(),
    phone: text(50).optional(),
    email: email.optional(),
    address: text(500).optional(),
  })
  .meta({ id: 'Customer' });

const details = {
  table: text(50).nullable().optional(),
  guests: z.int().min(1).max(10_000).nullable().optional(),
  customer: customer.nullable().optional(),
  notes: notes.optional(),
  scheduledFor: timestamp.nullable().optional().meta({
    description:
      'When the guest wants it, at most two years ahead: opening hours and dayparts are checked for that time, and its business day is the order’s. Null: now.',
  }),
  discounts: discounts.optional(),
  tip: amount.optional(),
};

export const orderInput = z
  .strictObject({
    type: orderType,
    ...details,
    lines: z.array(lineInput).min(1, 'An order needs at least one line.').max(MAX_LINES),
  })
  .meta({ id: 'OrderInput' });

export const orderPatch = z
  .strictObject(details)
  .refine((sent) => Object.values(sent).some((value) => value !== undefined), 'Send at least one field to change.')
  .meta({ id: 'OrderPatch' });

const reason = plainText(500);

export const linePatch = z
  .strictObject({
    quantity: quantity.optional(),
    modifiers: modifiers.optional().meta({ description: 'Replaces the whole choice, at today’s prices.' }),
    notes: notes.optional(),
    course: course.optional(),
    seat: seat.optional(),
    reason: reason.optional().meta({ description: 'Needed to lower the quantity of a line that the kitchen knows.' }),
  })
  .refine(
    (sent) => Object.entries(sent).some(([field, value]) => field !== 'reason' && value !== undefined),
    'Send at least one field to change.',
  )
  .meta({ id: 'OrderLinePatch' });

export const reasonInput = z.strictObject({ reason: reason.optional() }).meta({ id: 'ReasonInput' });
export const reasonQuery = z.strictObject({
  reason: reason.optional().meta({ description: 'May stand here or in the body.' }),
});
export const lineParams = z.object({ id, lineId: id });

export const orderQuery = pageQuery.extend({
  status: z.enum(ORDER_STATUSES).optional(),
  businessDate: businessDate.optional(),
  type: orderType.optional(),
  number: text(50).optional(),
});

const signedAmount = z.int();
const taxAmount = taxRate.extend({ amount: sum });
const line = z
  .object({
    id,
    position: z.int(),
    menuItemId: id,
    variantId: id.nullable(),
    categoryId: id,
    categoryName: z.string(),
    name: z.string(),
    variantName: z.string().nullable(),
    quantity: z.int(),
    unitPrice: amount.meta({ description: 'Of the item or variant alone, as it was when the line was taken.' }),
    modifiers: z.array(
      z.object({
        modifierId: id,
        groupId: id,
        name: z.string(),
        price: amount,
        quantity: z.int(),
        freeQuantity: z.int(),
      }),
    ),
    discounts: z.array(discount),
    taxes: z.array(taxAmount),
    grossAmount: sum.meta({ description: '(unitPrice + charged modifiers) x quantity.' }),
    discountAmount: sum.meta({ description: 'Own discounts and the line’s part of the order’s.' }),
    amount: sum.meta({ description: 'grossAmount - discountAmount; included taxes are inside.' }),
    taxAmount: sum,
    notes: z.string().nullable(),
    course: z.int().nullable(),
    seat: z.int().nullable(),
    voidedAt: timestamp.nullable(),
    voidReason: z.string().nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'OrderLine' });

const preview = {
  status: z.enum(ORDER_STATUSES),
  type: orderType,
  businessDate: businessDate.meta({
    description: 'On which it counts as a sale: that of `scheduledFor`, else of the placing.',
  }),
  currency: z.string(),
  table: z.string().nullable(),
  guests: z.int().nullable(),
  customer: customer.nullable(),
  notes: z.string().nullable(),
  scheduledFor: timestamp.nullable(),
  discounts: z.array(discount),
  serviceCharge: z.object({ rate: z.string(), taxes: z.array(taxRate) }).nullable(),
  lines: z.array(line),
  taxes: z.array(taxAmount.extend({ base: sum.meta({ description: 'What the tax is computed on.' }) })),
  subtotal: sum.meta({ description: 'Sum of grossAmount.' }),
  discountTotal: sum,
  serviceChargeTotal: sum,
  taxTotal: sum.meta({ description: 'All taxes, included and added.' }),
  taxIncludedTotal: sum.meta({ description: 'The part of taxTotal that prices contain already.' }),
  tipTotal: sum,
  total: sum.meta({
    description: 'subtotal - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal.',
  }),
};

export const orderPreview = z.object(preview).meta({ id: 'OrderPreview' });

export const order = z
  .object({
    id,
    number: z.string().meta({ description: 'With the month of the placing.', examples: ['ORD-2026-11-0001'] }),
    ...preview,
    paymentStatus: z.enum(PAYMENT_STATUSES).meta({ description: 'overpaid: the guest gets money back (`dueTotal`).' }),
    orderTip: sum,
    paidTotal: sum,
    refundedTotal: sum,
    refundedSaleTotal: sum.meta({
      description:
        'The part of refundedTotal that takes the sale back. The rest reversed payments, or has left the bill since.',
    }),
    dueTotal: signedAmount.meta({
      description:
        'Still to pay; negative when the guest gets money back. total - refundedSaleTotal = paidTotal - refundedTotal + dueTotal; 0 once cancelled.',
    }),
    cancelReason: z.string().nullable(),
    externalSource: z.string().nullable(),
    externalId: z.string().nullable(),
    version: z.int(),
    createdBy: z.string(),
    createdAt: timestamp,
    updatedAt: timestamp,
    completedAt: timestamp.nullable(),
  })
  .meta({ id: 'Order' });

/** Nearly every story is told in one answer. */
export const historyQuery = pageQuery.extend({ limit: pageQuery.shape.limit.unwrap().default(100) });

export const orderHistory = pageOf(
  z.object({
    at: timestamp,
    action: z.string(),
    actor: z.object({ kind: z.string(), id: z.string() }),
    changes: z.record(z.string(), z.object({ from: z.unknown().optional(), to: z.unknown().optional() })),
  }),
).meta({ id: 'OrderHistory' });

/** What a preview shows of an order that will not be stored. */
export function presentPreview(draft: Omit<Order, 'number'>): z.input<typeof orderPreview> {
  const shown = Object.entries({ ...draft, lines: draft.lines.map(presentLine) }).filter(([field]) => field in preview);
  // The fields kept are exactly those of the schema, each of the draft's own type.
  return Object.fromEntries(shown) as z.input<typeof orderPreview>;
}

/** An order as the API shows it: with what follows from its sums. */
export function presentOrder(stored: Order) {
  const { refundedBill: _, settledRefund: __, lines, ...shown } = stored;
  return { ...shown, lines: lines.map(presentLine), dueTotal: dueTotal(stored), paymentStatus: paymentStatus(stored) };
}

function presentLine(line: OrderLine) {
  const { stockUse: _, ...shown } = line;
  return shown;
}
