import { z } from 'zod';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import { MEASURE_UNITS } from '../../domain/order/measure.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import { PAYMENT_METHODS } from '../../domain/order/payment.js';
import { PAYMENT_STATES } from '../../domain/order/paymentFilter.js';
import { amount, businessDate, id, timestamp, printLanguage, rounding, signedSum, sum, text } from './common.js';
import { holder } from './codePool.js';
import { plainText } from './order.js';
import { prepaid, rate } from './prepaid.js';
import { shownQuantity, unitsOfLine } from './quantity.js';

const method = z.enum(PAYMENT_METHODS);
const drawerId = id.optional().meta({
  description: 'The drawer, which must be in a shift. By default that of the caller’s open shift, if there is one.',
});

export const paymentInput = z
  .strictObject({
    method,
    amount: amount.meta({
      description:
        'Amount towards the bill. Cash may exceed the amount due: the rest is change. The cash that pays the rest of a bill is rounded to ' +
        'the smallest coin of the restaurant; 0 pays a rest that is rounded to nothing.',
    }),
    tip: amount.optional().meta({ description: 'Tip in addition to `amount`. It is no part of a deposit.' }),
    reference: plainText(200)
      .nullable()
      .optional()
      .meta({ description: 'Reference of the terminal or voucher. Never send a card number.' }),
    drawerId,
    deposit: z
      .boolean()
      .optional()
      .meta({
        description:
          'A deposit is taken before the meal: its taxes are due today, in proportion to those of the order, and are deducted on the day of ' +
          'the meal. Without this field, a payment is one when the order is of a later business day (`scheduledFor`) and takes deposits: it ' +
          'sells no vouchers, and is neither completed nor of a closed day. A payment by a single-purpose voucher never is. false: none, ' +
          'where the law taxes the meal alone.',
      }),
    code: text(200).optional().meta({
      description:
        'The voucher that pays `amount` and `tip`: it is redeemed in the same transaction. Only with the method `voucher`.',
    }),
  })
  .refine(({ method: by, code }) => code === undefined || by === 'voucher', {
    path: ['code'],
    error: 'Only a payment by voucher has a code. Leave it out, or send "method": "voucher".',
  })
  .meta({
    id: 'PaymentInput',
    override: { examples: [{ method: 'card', amount: 1250, tip: 200, reference: 'T-0815' }] },
  });

export const payment = z
  .object({
    id,
    orderId: id,
    method,
    amount: sum.meta({ description: 'Amount that counts towards the bill.' }),
    tip: sum,
    rounding: rounding.meta({ description: 'Cash taken beyond amount and tip; negative: waived.' }),
    tendered: sum.meta({ description: 'Amount handed over: amount + tip + rounding + change.' }),
    change: sum,
    refunded: sum,
    currency: z.string(),
    reference: z.string().nullable(),
    shiftId: id.nullable().meta({ description: 'The shift of the drawer that the money went into.' }),
    prepaid: prepaid.meta({
      description:
        'For a deposit: the net and the taxes that it pays. For a single-purpose voucher: those of its sale. Null for any other payment.',
    }),
    businessDate,
    createdBy: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'Payment' });

const refundLine = z
  .strictObject({
    lineId: id,
    quantity: unitsOfLine.optional().meta({ description: 'Units of the line to refund.' }),
    amount: amount.min(1, 'Refund at least one minor unit.').optional().meta({
      description: 'With all taxes of the line. Without quantity and amount: all that is left of the line.',
    }),
  })
  .meta({ id: 'RefundLineInput' });

export const refundInput = z
  .strictObject({
    amount: amount.min(1, 'Refund at least one minor unit.').optional().meta({
      description:
        'Without `lines`: for the order as a whole, in proportion to its taxes; the tip last. With `lines`: their sum, which is checked.',
    }),
    lines: z.array(refundLine).min(1).max(500).optional().meta({
      description: 'The lines that the refund is for. It takes exactly their taxes, no service charge and no tip.',
    }),
    goodwill: z
      .boolean()
      .default(false)
      .meta({
        description:
          'With `amount` alone: given for no goods. Goods that leave the order later are owed to the guest in addition. ' +
          'Without it, an amount pays for goods that leave the order later.',
      }),
    tip: amount.optional().meta({ description: 'Tip to give back, in addition to `amount` or `lines`.' }),
    method: method.optional().meta({
      description: 'How the money is given back. By default as it was paid; a card payment may be given back in cash.',
    }),
    drawerId,
    reason: plainText(500),
    acceptFurther: z.boolean().default(false).meta({
      description:
        'Allows a further refund of a completed order whose bill was reduced after an earlier refund. Otherwise that is `409 already_refunded`.',
    }),
  })
  .refine(
    (sent) => !sent.goodwill || (sent.amount !== undefined && sent.lines === undefined),
    'Goodwill is an amount without lines. Send two refunds if both are meant.',
  )
  .meta({ id: 'RefundInput', override: { examples: [{ amount: 1250, reason: 'The soup was cold' }] } });

export const keepDepositInput = z
  .strictObject({
    reason: plainText(500),
    taxed: z.boolean().meta({
      description:
        'true: the deposit is a sale of today and keeps its taxes. false: damages, its taxes are taken back.',
    }),
  })
  .meta({ id: 'KeepDepositInput' });

export const handOutInput = z.strictObject({ holder }).meta({ id: 'VoucherHandOutInput' });

export const writeOffInput = z.strictObject({ reason: plainText(500) }).meta({ id: 'WriteOffInput' });

export const refund = z
  .object({
    id,
    paymentId: id,
    orderId: id,
    method: method.meta({ description: 'How the money was given back.' }),
    amount: sum,
    rounding: rounding.meta({ description: 'Cash handed out beyond the amount; negative: less.' }),
    tip: sum.meta({ description: 'Tip in the amount, also of a reversed payment.' }),
    shiftId: id.nullable().meta({ description: 'The shift of the drawer that the money came from.' }),
    currency: z.string(),
    lines: z
      .array(
        z.object({
          lineId: id,
          name: z.string(),
          quantity: z.union([...shownQuantity.options, z.null()]),
          amount: sum,
        }),
      )
      .meta({ description: 'The lines that the refund names. Empty: an amount for the order as a whole.' }),
    goodwill: z.boolean(),
    parts: z.object({ goods: sum, serviceCharge: sum, tax: sum, tip: sum, unsettled: sum }).meta({
      description:
        'Parts of the refunded amount. `unsettled` reverses a payment on an open order, or returns an overpayment.',
    }),
    taxes: z.array(rate).meta({ description: '`parts.tax` by tax.' }),
    prepaid: prepaid.meta({
      description:
        'The part of a deposit that was given back before the meal, or of a single-purpose voucher that came back onto it.',
    }),
    reason: z.string(),
    businessDate,
    createdBy: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'Refund' });

/** Fields that lists add. */
const listed = {
  orderNumber: z.string(),
  createdByName: z
    .string()
    .nullable()
    .meta({ description: 'Name of the person or API key, as it is today. Null for others.' }),
};

export const listedPayment = payment
  .extend({
    ...listed,
    status: z.enum(PAYMENT_STATES).meta({ description: 'The part of it that was refunded.' }),
  })
  .meta({ id: 'ListedPayment' });

export const listedRefund = refund.extend(listed).meta({ id: 'ListedRefund' });

export const orderPayments = z
  .object({ payments: z.array(payment), refunds: z.array(refund) })
  .meta({ id: 'OrderPayments' });

export const receipt = z
  .object({
    restaurant: z.object({
      name: z.string(),
      address: z.string().nullable(),
      vatId: z.string().nullable(),
      taxNumber: z.string().nullable(),
      country: z.string().nullable(),
      language: printLanguage,
    }),
    number: z.string(),
    orderId: id,
    status: z.enum(ORDER_STATUSES),
    type: z.enum(ORDER_TYPES),
    table: z.string().nullable(),
    businessDate,
    placedAt: z.string().meta({ description: 'Local time of the restaurant.', examples: ['2026-11-22 19:30'] }),
    currency: z.string(),
    lines: z.array(
      z.object({
        name: z.string(),
        variantName: z.string().nullable(),
        quantity: shownQuantity,
        unit: z.enum(MEASURE_UNITS).nullable(),
        unitPrice: amount,
        modifiers: z.array(z.object({ name: z.string(), quantity: z.int(), amount: sum })),
        grossAmount: signedSum,
        discountAmount: signedSum,
        amount: signedSum,
      }),
    ),
    subtotal: sum,
    discountTotal: signedSum,
    serviceChargeTotal: sum,
    taxes: z.array(
      z.object({ name: z.string(), rate: z.string(), inclusive: z.boolean(), base: signedSum, amount: signedSum }),
    ),
    tipTotal: sum,
    total: sum,
    payments: z.array(
      z.object({
        method,
        amount: sum,
        tip: sum,
        rounding: rounding.optional(),
        tendered: sum,
        change: sum,
        reference: z.string().nullable(),
      }),
    ),
    refunds: z.array(z.object({ amount: sum, rounding: rounding.optional(), reason: z.string() })),
    roundingTotal: rounding.meta({
      description: 'Cash taken beyond the payments, less cash given back beyond the refunds.',
    }),
    refundTaxes: z
      .array(z.object({ name: z.string(), rate: z.string(), inclusive: z.boolean(), base: sum, amount: sum }))
      .meta({ description: 'The part of `taxes` that refunds and credit notes took back.' }),
    voucherTaxes: z.array(rate.omit({ taxId: true })).meta({
      description: 'Taxes of single-purpose vouchers that paid. They were stated with the sale of the voucher.',
    }),
    dueTotal: z.int(),
    cashDue: z.int().meta({ description: 'dueTotal as it is paid in cash.' }),
    footer: z.string().nullable(),
  })
  .meta({ id: 'Receipt' });

export const receiptQuery = z.strictObject({ language: printLanguage.optional() });
