import { z } from 'zod';
import { holdsCardNumber } from '../../domain/order/cardNumber.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { dueTotal, isUnsettled, PAYMENT_STATUSES, paymentStatus } from '../../domain/order/order.js';
import { LINE_KINDS } from '../../domain/order/lineKind.js';
import { MEASURE_UNITS } from '../../domain/order/measure.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import {
  EXAMPLE_ID,
  amount,
  businessDate,
  email,
  flag,
  id,
  pageOf,
  pageQuery,
  percent,
  signedSum,
  sum,
  text,
  timestamp,
} from './common.js';
import { auditActor } from './auditLog.js';
import { decimal } from './exported.js';
import { lineQuantity, shownQuantity, unitsOfLine } from './quantity.js';
import { orderType } from './menuParts.js';
import { taxRate, vatTreatment } from './tax.js';

const MAX_LINES = 500;

/** Free text without card numbers. */
export function plainText(maxChars: number) {
  return text(maxChars).refine((value) => !holdsCardNumber(value), {
    error: 'This looks like a card number. Never send one; send the terminal’s reference instead.',
    params: { rule: 'card_number' },
  });
}

const discount = z
  .strictObject({ name: text(100).optional(), percent: percent.optional(), amount: amount.optional() })
  .refine((value) => (value.percent === undefined) !== (value.amount === undefined), 'Give either percent or amount.')
  .meta({
    id: 'Discount',
    description: 'Discounts apply in the order given, each to the remainder of the previous one; never below zero.',
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
    variantId: id.optional().meta({ description: 'Required if the item has variants.' }),
    quantity: lineQuantity,
    modifiers: modifiers.default([]),
    discounts: discounts.default([]),
    notes: notes.optional(),
    course: course.optional(),
    seat: seat.optional(),
    free: z
      .strictObject({ reason: plainText(500), allowedBy: plainText(200).optional() })
      .optional()
      .meta({
        description:
          'Orders it at the price 0, with the reason and who allowed it (by default the caller). Needs `refunds:write`. Chosen modifiers and deposits are charged.',
      }),
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
      'When the guest wants the order, at most two years ahead. Opening hours and dayparts are checked for that time, and the order belongs to the business day of that time. Null: now.',
  }),
  discounts: discounts.optional(),
  tip: amount.optional(),
};

const taxExemption = z
  .strictObject({
    reason: plainText(200).meta({ description: 'Why the customer pays no tax, as it is printed.' }),
    certificate: plainText(100).meta({ description: 'Number of the certificate that the customer showed.' }),
  })
  .meta({ id: 'TaxExemption' });
const exemptionInput = taxExemption.nullable().optional().meta({
  description:
    'The order is priced without taxes: included taxes are taken out of the prices, added ones are not added. Null: taxes apply.',
});

export const orderInput = z
  .strictObject({
    type: orderType,
    ...details,
    taxExemption: exemptionInput,
    lines: z.array(lineInput).min(1, 'An order needs at least one line.').max(MAX_LINES),
  })
  .meta({
    id: 'OrderInput',
    override: {
      examples: [
        { type: 'dine_in', table: '12', lines: [{ menuItemId: EXAMPLE_ID, quantity: 2, notes: 'No onions' }] },
      ],
    },
  });

export const orderPatch = z
  .strictObject({
    ...details,
    type: orderType.optional().meta({
      description: 'Takes the taxes and the service charge of this type, as they are on the menu now.',
    }),
    serviceCharge: z.null().optional().meta({ description: 'null waives the service charge of this order.' }),
    taxExemption: exemptionInput,
  })
  .refine((sent) => Object.values(sent).some((value) => value !== undefined), 'Send at least one field to change.')
  .meta({ id: 'OrderPatch' });

const reason = plainText(500);

export const linePatch = z
  .strictObject({
    quantity: lineQuantity.optional(),
    modifiers: modifiers.optional().meta({ description: 'Replaces all chosen modifiers, at today’s prices.' }),
    discounts: discounts.optional().meta({ description: 'Replaces all discounts of the line; a comp ends with them.' }),
    notes: notes.optional(),
    course: course.optional(),
    seat: seat.optional(),
    reason: reason
      .optional()
      .meta({ description: 'Required to lower the quantity of a line that the kitchen has received.' }),
  })
  .refine(
    (sent) => Object.entries(sent).some(([field, value]) => field !== 'reason' && value !== undefined),
    'Send at least one field to change.',
  )
  .meta({ id: 'OrderLinePatch' });

export const compInput = z
  .strictObject({
    reason,
    allowedBy: plainText(200).optional().meta({ description: 'Who allowed it. By default the caller.' }),
    quantity: unitsOfLine.optional().meta({ description: 'Units of the line; by default all of them.' }),
  })
  .meta({ id: 'CompInput' });

export const reasonInput = z.strictObject({ reason: reason.optional() }).meta({ id: 'ReasonInput' });
export const dryRunQuery = z.strictObject({
  dryRun: flag.optional().meta({
    description: 'true: answers the order as it would be, under its present version. Nothing is changed.',
  }),
});
export const voidQuery = dryRunQuery.extend({
  reason: reason.optional().meta({ description: 'Send the reason here or in the body.' }),
});
export const lineParams = z.object({ id, lineId: id });

const taxAmount = taxRate.extend({ amount: signedSum });
const given = z.object({ reason: z.string(), allowedBy: z.string(), by: z.string(), at: timestamp });
const line = z
  .object({
    id,
    position: z.int(),
    kind: z.enum(LINE_KINDS),
    parentLineId: id.nullable().meta({
      description: 'The line that it belongs to: it has its quantity, and leaves the order with it.',
    }),
    menuItemId: id,
    variantId: id.nullable(),
    categoryId: id,
    categoryName: z.string(),
    name: z.string(),
    variantName: z.string().nullable(),
    quantity: shownQuantity.meta({
      description: 'Decimal text if the item is sold by weight or the like. Below zero: a returned deposit.',
    }),
    unit: z.enum(MEASURE_UNITS).nullable(),
    unitPrice: amount.meta({
      description: 'Price of one piece or one unit, without modifiers, when the line was added.',
    }),
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
    taxes: z.array(
      taxAmount.extend({
        exemptRate: z
          .string()
          .optional()
          .meta({ description: 'Tax-exempt customer only: the rate of everybody else.' }),
        exemptVat: vatTreatment.optional().meta({ description: 'Likewise, where the tax has `vat`.' }),
      }),
    ),
    grossAmount: signedSum.meta({
      description:
        '(unitPrice + charged modifiers) x quantity. With a unit: unitPrice x quantity, rounded half away from zero to a minor unit, + charged modifiers.',
    }),
    discountAmount: signedSum.meta({
      description:
        'Discounts of the line plus its share of the order’s discounts. For a tax-exempt customer, also the included taxes.',
    }),
    amount: signedSum.meta({ description: 'grossAmount - discountAmount, with included taxes.' }),
    taxAmount: signedSum,
    notes: z.string().nullable(),
    course: z.int().nullable(),
    seat: z.int().nullable(),
    voidedAt: timestamp.nullable(),
    voidReason: z.string().nullable(),
    comp: given.nullable().meta({ description: 'Set when the line is given for nothing.' }),
    free: given.nullable().meta({ description: 'Set when the line was ordered at the price 0.' }),
    createdAt: timestamp,
  })
  .meta({ id: 'OrderLine' });

const preview = {
  status: z.enum(ORDER_STATUSES),
  type: orderType,
  businessDate: businessDate.meta({
    description: 'Business date of the sale: that of `scheduledFor`, otherwise of the time of placing.',
  }),
  currency: z.string(),
  table: z.string().nullable(),
  guests: z.int().nullable(),
  customer: customer.nullable(),
  notes: z.string().nullable(),
  scheduledFor: timestamp.nullable(),
  discounts: z.array(discount),
  serviceCharge: z.object({ rate: decimal(z.string()), taxes: z.array(taxRate) }).nullable(),
  taxExemption: taxExemption.nullable(),
  lines: z.array(line),
  taxes: z.array(taxAmount.extend({ base: signedSum.meta({ description: 'Amount on which the tax is computed.' }) })),
  subtotal: sum.meta({ description: 'Sum of grossAmount.' }),
  discountTotal: signedSum,
  serviceChargeTotal: sum,
  taxTotal: signedSum.meta({ description: 'All taxes, included and added.' }),
  taxIncludedTotal: signedSum.meta({ description: 'Part of taxTotal that is included in prices.' }),
  tipTotal: sum,
  total: sum.meta({
    description: 'subtotal - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal.',
  }),
};

export const orderPreview = z.object(preview).meta({ id: 'OrderPreview' });

export const order = z
  .object({
    id,
    number: z
      .string()
      .meta({ description: 'Contains the month in which the order was placed.', examples: ['ORD-2026-11-0001'] }),
    pickupCode: z
      .string()
      .nullable()
      .meta({ description: 'Where the restaurant’s `pickupCodes` are on for orders of this type.' }),
    ...preview,
    paymentStatus: z.enum(PAYMENT_STATUSES).meta({ description: 'overpaid: the guest gets money back (`dueTotal`).' }),
    orderTip: sum,
    paidTotal: sum,
    refundedTotal: sum,
    refundedSaleTotal: signedSum.meta({
      description:
        'Negative: a deposit kept of a cancelled order. Taken off the sale by refunds, credit notes and write-offs. Not in it: refunds that reversed payments, and amounts later removed from the bill.',
    }),
    dueTotal: signedSum.meta({
      description:
        'Amount still to pay; negative if the guest gets money back. total - refundedSaleTotal = paidTotal - refundedTotal + dueTotal. For a cancelled order, paidTotal - refundedTotal + dueTotal is 0, or the deposit that was kept of it.',
    }),
    unsettled: z.boolean().meta({ description: 'The order is completed and the guest gets money back.' }),
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

export const listedOrder = order.partial({ lines: true }).meta({ id: 'ListedOrder' });

/** Nearly every story is told in one answer. */
export const historyQuery = pageQuery.extend({ limit: pageQuery.shape.limit.unwrap().default(100) });

export const orderHistory = pageOf(
  z.object({
    at: timestamp,
    action: z.string(),
    actor: auditActor,
    changes: z.record(z.string(), z.object({ from: z.unknown().optional(), to: z.unknown().optional() })),
  }),
).meta({ id: 'OrderHistory' });

/** Fields that a preview shows of an order. The order is not stored. */
export function presentPreview(draft: Omit<Order, 'number'>): z.input<typeof orderPreview> {
  const shown = Object.entries({ ...draft, lines: draft.lines.map(presentLine) }).filter(([field]) => field in preview);
  // Exactly the schema's fields remain, and their types come from the draft.
  return Object.fromEntries(shown) as z.input<typeof orderPreview>;
}

/**
 * Adds the values that follow from an order's sums. Fields that are not shown are undefined, which
 * JSON leaves out: V8 copies an object whole, and one without some fields field by field.
 */
export function presentOrder(stored: Order) {
  return {
    ...stored,
    refundedBill: undefined,
    settledRefund: undefined,
    lines: stored.lines.map(presentLine),
    dueTotal: dueTotal(stored),
    paymentStatus: paymentStatus(stored),
    unsettled: isUnsettled(stored),
  };
}

/** An order of a list. @param withLines whether it shows them. */
export function presentListed(stored: Order, withLines: boolean) {
  const shown = presentOrder(stored);
  return withLines ? shown : { ...shown, lines: undefined };
}

function presentLine(line: OrderLine) {
  const { quantity, unitPrice } = line.measured ?? line;
  return {
    ...line,
    stockUse: undefined,
    parentUnits: undefined,
    measured: undefined,
    quantity,
    unit: line.measured?.unit ?? null,
    unitPrice,
  };
}
