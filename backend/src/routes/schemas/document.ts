/** Schemas of business documents. */
import { z } from 'zod';
import { DOCUMENT_STATUSES, DOCUMENT_TYPES } from '../../domain/document/document.js';
import { PAYMENT_METHODS } from '../../domain/order/payment.js';
import { dayReport } from './businessDay.js';
import {
  flag,
  EXAMPLE_ID,
  balance,
  amount,
  businessDate,
  country,
  currency,
  edited,
  id,
  pageQuery,
  patchOf,
  printLanguage,
  rounding,
  signedSum,
  sum,
  taxOfficeNumber,
  text,
  timestamp,
  total,
} from './common.js';
import { inOneCell } from './exported.js';
import { companyId, contact, eInvoiceProfile, electronicAddress, paymentAccount, postalAddress } from './party.js';
import { positiveQuantity } from './inventory.js';
import { taxRate } from './tax.js';
import { customer as orderCustomer, discounts, plainText } from './order.js';

const MAX_LINES = 500;
export const documentType = z.enum(DOCUMENT_TYPES);
export const place = z.string().trim().max(50).meta({
  description: 'Your own name for the location or the register; empty for none. It selects the number series.',
});

const lineInput = z
  .strictObject({
    description: plainText(500),
    quantity: positiveQuantity,
    unit: text(30).nullable().optional(),
    unitPrice: amount.meta({
      description: 'Price of one unit, in minor units. The line amount is rounded half away from zero.',
    }),
    taxIds: z.array(id).max(20).default([]),
    discounts: discounts.default([]),
  })
  .meta({ id: 'DocumentLineInput' });
const lines = z.array(lineInput).min(1, 'A document needs at least one line.').max(MAX_LINES);

const customer = orderCustomer
  .extend({
    vatId: taxOfficeNumber('Same format as the vatId of the restaurant.').optional(),
    country: country.optional(),
    postalAddress: postalAddress.optional(),
    electronicAddress: electronicAddress.optional(),
    companyId: companyId.optional(),
    language: printLanguage
      .optional()
      .meta({ description: 'Language of the customer’s documents. If absent: the restaurant’s.' }),
  })
  .meta({ id: 'DocumentCustomer' });

const seller = z
  .object({
    name: z.string(),
    address: z.string().nullable(),
    vatId: z.string().nullable().optional(),
    taxNumber: z.string().nullable().optional(),
    country: z.string().nullable().optional(),
    language: printLanguage.optional(),
    receiptFooter: z.string().nullable().optional(),
    eInvoiceProfile: eInvoiceProfile.optional(),
    postalAddress: postalAddress.optional(),
    contact: contact.optional(),
    electronicAddress: electronicAddress.optional(),
    companyId: companyId.optional(),
    paymentAccount: paymentAccount.optional(),
  })
  .meta({ id: 'Seller', description: 'The restaurant’s settings at the time of issue.' });

const buyerReference = plainText(100).meta({
  description: 'The customer’s sign for this invoice: a department, a Leitweg-ID (BT-10).',
});
const purchaseOrderReference = plainText(100).meta({
  description: 'Number of the customer’s purchase order (BT-13).',
});
const eInvoiceInput = z
  .strictObject({
    profile: eInvoiceProfile.nullable().optional(),
    buyerReference: buyerReference.nullable().optional(),
    purchaseOrderReference: purchaseOrderReference.nullable().optional(),
  })
  .meta({
    id: 'EInvoiceInput',
    description:
      'Invoice and credit note only: data of their electronic form. Absent fields keep their value, null removes one.',
  });
const eInvoice = z
  .object({
    profile: eInvoiceProfile.optional(),
    buyerReference: buyerReference.optional(),
    purchaseOrderReference: purchaseOrderReference.optional(),
  })
  .meta({ id: 'EInvoiceDetails' });

const details = {
  customer: customer.nullable().optional(),
  notes: plainText(2000).nullable().optional(),
  location: place.optional(),
  register: place.optional(),
  eInvoice: eInvoiceInput.optional(),
  supplyDate: businessDate.nullable().optional().meta({
    description: 'Invoice, receipt or credit note: day of the supply, if it is not that of the order or of the issue.',
  }),
};

export const documentInput = z
  .strictObject({
    type: documentType,
    lines: lines.optional(),
    orderId: id.optional().meta({ description: 'Instead of lines: takes the current content of this order.' }),
    paymentId: id.optional().meta({
      description: 'For the type deposit, instead of lines: a payment that is a deposit. Its taxes are stated.',
    }),
    quotationId: id.optional().meta({
      description:
        'For an invoice or a receipt, instead of lines: takes over an issued quotation or bill of quantities as it was quoted.',
    }),
    purchaseOrderId: id
      .optional()
      .meta({ description: 'For the type purchase_order, instead of lines: a purchase order that was sent.' }),
    goodsReceiptId: id.optional().meta({ description: 'For the type goods_receipt, instead of lines.' }),
    stockCountId: id
      .optional()
      .meta({ description: 'For the type stock_count, instead of lines: a count that was committed.' }),
    discounts: discounts.optional(),
    ...details,
  })
  .refine(
    ({ lines, orderId, paymentId, quotationId, purchaseOrderId, goodsReceiptId, stockCountId }) =>
      [lines, orderId, paymentId, quotationId, purchaseOrderId, goodsReceiptId, stockCountId].filter(
        (source) => source !== undefined,
      ).length === 1,
    'Give one of lines, orderId, paymentId, quotationId, purchaseOrderId, goodsReceiptId and stockCountId.',
  )
  .refine(
    (sent) => sent.lines !== undefined || sent.discounts === undefined,
    'Send discounts only together with lines. Any other source brings its own discounts.',
  )
  .meta({ id: 'DocumentInput', override: { examples: [{ type: 'invoice', orderId: EXAMPLE_ID }] } });

export const documentPatch = patchOf(z.strictObject({ lines, discounts, ...details })).meta({ id: 'DocumentPatch' });

export const issueQuery = z.strictObject({
  issue: flag.optional().meta({ description: 'true: issues the document in the same call.' }),
});

export const voidInput = z.strictObject({ reason: plainText(500) }).meta({ id: 'VoidInput' });

export const creditInput = z
  .strictObject({
    reason: plainText(500),
    lines: z
      .array(z.strictObject({ position: z.int().min(1), quantity: positiveQuantity }))
      .min(1)
      .max(MAX_LINES)
      .optional()
      .meta({ description: 'If absent: everything that is not credited yet.' }),
    applyToOrder: z
      .boolean()
      .default(false)
      .meta({
        description:
          'The credited goods also leave the order: their lines are voided or lowered, and their portions and stock return. Issues the credit ' +
          'note in the same call. Without it, an issued credit note lowers what the order owes, and its taxes, on the day of its issue.',
      }),
  })
  .meta({ id: 'CreditInput' });

export const documentQuery = pageQuery
  .extend({
    type: documentType.optional(),
    status: z.enum(DOCUMENT_STATUSES).optional(),
    number: text(50).optional(),
    businessDate: businessDate.optional().meta({ description: 'Business date of issue.' }),
    orderId: id.optional(),
    originalId: id.optional().meta({ description: 'Credit notes for this document.' }),
    seriesId: id
      .optional()
      .meta({ description: 'Sorts by number, highest first. The only other filter allowed is status.' }),
  })
  .refine(
    ({ seriesId, type, number, businessDate, orderId, originalId }) =>
      seriesId === undefined || [type, number, businessDate, orderId, originalId].every((one) => one === undefined),
    { path: ['seriesId'], message: 'With seriesId, the only other filter allowed is status. Remove the others.' },
  );

const taxAmount = taxRate.extend({ amount: signedSum });
const line = z
  .object({
    position: z.int(),
    kind: z.enum(['item', 'service_charge', 'tip', 'deposit']),
    description: z.string(),
    quantity: z.string().meta({ description: 'Decimal text; below zero for a returned deposit.' }),
    unit: z.string().nullable(),
    unitPrice: sum,
    unitCost: z.string().optional().meta({
      description:
        'Stock count only: average cost per unit, in minor units as decimal text. unitPrice is this cost rounded; amount is computed from the exact cost.',
    }),
    discounts,
    taxes: z.array(taxAmount),
    grossAmount: signedSum,
    discountAmount: sum,
    amount: signedSum.meta({ description: 'grossAmount - discountAmount, with included taxes.' }),
    taxAmount: signedSum,
    orderLineId: id
      .optional()
      .meta({ description: 'Only if made from an order: its line. Absent on older documents.' }),
    originalPosition: z.int().nullable().meta({ description: 'Credit note only: position of the credited line.' }),
  })
  .meta({ id: 'DocumentLine' });

export const document = z
  .object({
    ...edited,
    type: documentType,
    status: z.enum(DOCUMENT_STATUSES),
    number: z
      .string()
      .nullable()
      .meta({ description: 'Null while it is a draft.', examples: ['INV-2026-11-0001'] }),
    seriesId: id.nullable(),
    period: z.string().nullable(),
    counter: z.int().nullable(),
    businessDate: businessDate.nullable(),
    issuedAt: timestamp.nullable(),
    issuedBy: z.string().nullable(),
    seller: inOneCell(seller).nullable(),
    location: z.string(),
    register: z.string(),
    currency,
    customer: customer.nullable(),
    notes: z.string().nullable(),
    lines: z.array(line),
    discounts,
    taxes: z.array(taxRate.extend({ base: balance, amount: balance })),
    subtotal: total,
    discountTotal: total,
    taxTotal: balance,
    taxIncludedTotal: balance,
    total: total.meta({ description: 'subtotal - discountTotal + (taxTotal - taxIncludedTotal).' }),
    details: inOneCell(
      z.object({
        payments: z
          .array(
            z.object({
              method: z.enum(PAYMENT_METHODS),
              amount: sum,
              tip: sum,
              rounding: rounding.optional(),
              tendered: sum,
              change: sum,
              deposit: z
                .string()
                .optional()
                .meta({ description: 'Number of the deposit’s document that is deducted.' }),
            }),
          )
          .optional()
          .meta({ description: 'Receipt or invoice of an order: its payments when the document was written.' }),
        refunds: z
          .array(
            z.object({
              method: z.enum(PAYMENT_METHODS),
              amount: sum,
              rounding: rounding.optional(),
              reason: z.string(),
              taxes: z.array(taxAmount.extend({ base: sum })),
            }),
          )
          .optional()
          .meta({
            description: 'Invoice or receipt of an order: earlier refunds of its sale. The lines are less them.',
          }),
        deposits: z
          .array(
            z.object({
              kind: z
                .literal('voucher')
                .optional()
                .meta({ description: 'A single-purpose voucher, taxed when it was sold. Absent: a deposit.' }),
              documentId: id.nullable().meta({ description: 'Null: a voucher.' }),
              paymentId: id,
              number: z.string().meta({ description: 'For a voucher: the reference of its payment.' }),
              issueDate: businessDate,
              date: businessDate.meta({ description: 'Business date of the payment.' }),
              amount: sum,
              charges: z.array(z.object({ net: sum, taxes: z.array(taxAmount.extend({ base: sum })) })),
            }),
          )
          .optional()
          .meta({
            description:
              'Invoice or receipt of an order: its deposits that have valid documents, and single-purpose vouchers, among the payments. The electronic form has them as lines below zero.',
          }),
        deposit: z
          .object({ paymentId: id, date: businessDate })
          .optional()
          .meta({ description: 'Deposit only: its payment and the day on which it came.' }),
        taxExemption: z
          .object({ reason: z.string(), certificate: z.string() })
          .optional()
          .meta({ description: 'Tax-exempt customer only.' }),
        order: z
          .object({
            number: z.string(),
            placedAt: z.string().meta({ description: 'Local time of the restaurant.', examples: ['2026-11-22 19:30'] }),
            table: z.string().nullable(),
            businessDate: businessDate
              .optional()
              .meta({ description: 'Business date of the order: the day of the supply.' }),
          })
          .optional()
          .meta({ description: 'Only if made from an order: details by which the guest recognises it.' }),
        purchase: z
          .object({
            purchaseOrderId: id.optional(),
            goodsReceiptId: id.optional(),
            reference: z
              .string()
              .nullable()
              .meta({ description: 'Number of the purchase order or of the delivery note.' }),
            customerNumber: z
              .string()
              .nullable()
              .meta({ description: 'The restaurant’s customer number at the supplier.' }),
          })
          .optional()
          .meta({ description: 'Purchase order or goods receipt only: the source of the document.' }),
        stockCount: z
          .object({ stockCountId: id, date: businessDate })
          .optional()
          .meta({ description: 'Stock count only: the count and the business date of its commit.' }),
        quotation: z
          .object({ quotationId: id, number: z.string() })
          .optional()
          .meta({ description: 'The quotation or bill of quantities from which the document was made.' }),
        replaces: z.object({ documentId: id, number: z.string() }).optional().meta({
          description:
            'Invoice or receipt only: the fully credited document of the same order or quotation that this one replaces.',
        }),
        supplyDate: businessDate.optional().meta({ description: 'Day of the supply, if it is not that of the order.' }),
        eInvoice: eInvoice.optional(),
        dayClose: dayReport.optional().meta({ description: 'Day close only: the figures of the day.' }),
      }),
    ).nullable(),
    orderId: id.nullable(),
    originalId: id.nullable().meta({ description: 'Credit note only: the document that it corrects.' }),
    reason: z.string().nullable(),
    previousHash: z
      .string()
      .nullable()
      .meta({ description: 'Hash of the previous document in the series; empty for the first.' }),
    hash: z
      .string()
      .nullable()
      .meta({ description: 'SHA-256 of the document’s canonical form, which includes previousHash.' }),
    voidReason: z.string().nullable(),
    voidedAt: timestamp.nullable(),
    voidedBy: z.string().nullable(),
    createdBy: z.string(),
  })
  .meta({ id: 'Document' });
