import { z } from 'zod';
import {
  CODE_KINDS,
  CODE_STATUSES,
  MAX_CODES,
  MOVEMENT_KINDS,
  TAX_KINDS,
  WHEN_EMPTY,
} from '../../domain/codePool/codePool.js';
import { amount, balance, businessDate, currency, edited, id, patchOf, sum, text, timestamp, total } from './common.js';
import { plainText } from './order.js';
import { prepaid } from './prepaid.js';

const MAX_COUNT = 100;
const MAX_EXPORT = 1_000;
const MAX_IMPORT = 5_000;
const MAX_LOW_WATER = 1_000_000;
const MAX_DAYS = 36_600;

const kind = z.enum(CODE_KINDS).meta({
  description:
    'pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere.',
});
const taxKind = z.enum(TAX_KINDS);

const shape = {
  alphabet: z.string().max(36).optional().meta({
    description: 'Absent: 32 letters without I, L, O and U; for pick-up codes 24 letters that can form no word.',
  }),
  length: z.int().min(1).max(32).optional().meta({
    description:
      'Letters, without the check character that vouchers have. Absent: 4 for pick-up codes, 15 for vouchers.',
  }),
};
const settings = {
  name: text(100),
  target: z.int().min(0).max(MAX_LOW_WATER).optional().meta({ description: 'Codes that a refill makes available.' }),
  lowWater: z.int().min(0).max(MAX_LOW_WATER).optional().meta({ description: 'A refill starts below it.' }),
  batch: z.int().min(1).max(10_000).optional().meta({ description: 'Codes in one lease of an instance, at first.' }),
  whenEmpty: z.enum(WHEN_EMPTY).optional(),
  value: amount
    .min(1)
    .nullable()
    .optional()
    .meta({ description: 'What each voucher is worth. Null: given with the claim.' }),
  taxKind: taxKind.nullable().optional().meta({
    description: 'VAT is due when a single-purpose voucher is issued, and when a multi-purpose one is redeemed.',
  }),
  expiresAfterDays: z.int().min(1).max(MAX_DAYS).nullable().optional(),
  usesPerCode: z.int().min(1).max(1_000_000).nullable().optional(),
  coolDownSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .nullable()
    .optional()
    .meta({ description: 'Between two uses of a table token.' }),
};

export const codePoolInput = z.strictObject({ kind, ...shape, ...settings }).meta({ id: 'CodePoolInput' });
/** Kind, alphabet and length are fixed: codes that exist have them. */
export const codePoolPatch = patchOf(z.strictObject(settings)).meta({ id: 'CodePoolPatch' });

export const codePool = z
  .object({
    ...edited,
    name: z.string(),
    kind,
    alphabet: z.string(),
    length: z.int(),
    target: z.int(),
    lowWater: z.int(),
    batch: z.int(),
    whenEmpty: z.enum(WHEN_EMPTY),
    value: amount.nullable(),
    taxKind: taxKind.nullable(),
    expiresAfterDays: z.int().nullable(),
    usesPerCode: z.int().nullable(),
    coolDownSeconds: z.int().nullable(),
    currency,
  })
  .meta({ id: 'CodePool' });

export const poolStatus = z
  .object({
    generated: z.int(),
    available: z.int().meta({ description: 'In no lease.' }),
    leased: z
      .int()
      .meta({ description: 'In the memory of instances. generated = available + leased + claimed + abandoned.' }),
    claimed: z.int(),
    redeemed: z.int().meta({ description: 'Redemptions of codes with a record.' }),
    abandoned: z.int().meta({ description: 'Codes without value that were lost with an instance.' }),
    toGenerate: z.int(),
    secondsUntilEmpty: z.int().nullable().meta({ description: 'At the present pace. Null: nothing is claimed.' }),
  })
  .meta({ id: 'CodePoolStatus' });

export const refillInput = z.strictObject({ count: z.int().min(1).max(MAX_CODES) }).meta({ id: 'CodePoolRefill' });

const importedCode = z
  .string()
  .trim()
  .min(1, 'A code must not be empty.')
  .max(200, { abort: true, error: 'Give at most 200 characters.' })
  .regex(/^[\x21-\x7e]+$/, 'Give visible ASCII characters without blanks.');
export const importInput = z
  .strictObject({ codes: z.array(importedCode).min(1, 'Give at least one code.').max(MAX_IMPORT) })
  .meta({ id: 'CodeImport' });
export const importResult = z.object({ imported: z.int(), duplicates: z.int() }).meta({ id: 'CodeImportResult' });

export const holder = text(200).optional().meta({ description: 'For whom the code is; shown to staff only.' });

export const claimInput = z
  .strictObject({
    count: z.int().min(1).max(MAX_COUNT).default(1),
    value: amount.min(1).optional().meta({ description: 'Of each voucher, where the pool sets none.' }),
    holder,
    tables: z
      .array(text(50))
      .min(1)
      .max(MAX_COUNT)
      .optional()
      .meta({ description: 'Only for table tokens: names of tables.' }),
  })
  .meta({ id: 'CodeClaimInput' });

export const claimed = z
  .object({
    code: z.string().meta({ description: 'Shown once, except tokens of tables.' }),
    id: id
      .nullable()
      .meta({ description: 'Null: handed out from memory, without a record. Send an Idempotency-Key to get one.' }),
    value: sum.optional(),
    expiresAt: timestamp.nullable().optional(),
    table: z.string().optional(),
  })
  .meta({ id: 'ClaimedCode' });
export const claimResult = z.object({ data: z.array(claimed) }).meta({ id: 'ClaimedCodes' });

export const exportInput = z
  .strictObject({ count: z.int().min(1).max(MAX_EXPORT), value: amount.min(1).optional(), holder })
  .meta({ id: 'CodeExportInput' });
export const exportResult = z
  .object({
    id,
    count: z.int(),
    readableUntil: timestamp.meta({ description: 'Until then `sheet.pdf?exportId=` shows the codes again.' }),
    data: z.array(claimed),
  })
  .meta({ id: 'CodeExport' });
export const sheetQuery = z.strictObject({ exportId: id.optional() });

const presented = z
  .string()
  .trim()
  .min(1, 'This must not be empty.')
  .max(200, { abort: true, error: 'Give at most 200 characters.' });

export const redeemInput = z
  .strictObject({
    code: presented,
    amount: amount.min(1).optional().meta({ description: 'Absent: all that is left.' }),
    orderId: id.optional().meta({ description: 'For the record. To pay an order, record a payment with `code`.' }),
    poolId: id.optional().meta({ description: 'Only a code of this pool counts.' }),
  })
  .meta({ id: 'CodeRedeemInput' });

const code = {
  id,
  poolId: id,
  kind,
  hint: z.string().meta({ description: 'The last characters of the code.' }),
  status: z.enum(CODE_STATUSES),
  value: sum,
  balance: sum,
  usesLeft: z.int().nullable(),
  taxKind: taxKind.nullable(),
  expiresAt: timestamp.nullable(),
  holder: z.string().nullable(),
  fromCodeId: id.nullable(),
  toCodeId: id.nullable(),
  orderLineId: id.nullable().meta({ description: 'The line of an order that it was sold with.' }),
  prepaid: prepaid.meta({
    description:
      'Of a single-purpose voucher that was sold with an order: the net and the taxes of its balance, which a payment with it brings along.',
  }),
  businessDate,
  createdBy: z.string(),
  createdAt: timestamp,
  updatedAt: timestamp,
  currency,
};

export const codeRecord = z.object(code).meta({ id: 'Code' });

export const codeStory = z
  .object({
    ...code,
    movements: z
      .array(
        z.object({
          id,
          codeId: id,
          kind: z.enum(MOVEMENT_KINDS),
          amount: sum,
          balanceAfter: sum,
          taxKind: taxKind.nullable(),
          orderId: id.nullable(),
          paymentId: id.nullable(),
          refundId: id.nullable(),
          reason: z.string().nullable(),
          businessDate,
          createdBy: z.string(),
          createdAt: timestamp,
        }),
      )
      .meta({ description: 'The newest hundred, newest first.' }),
  })
  .meta({ id: 'CodeStory' });

export const redemption = z
  .object({
    codeId: id,
    poolId: id,
    kind,
    amount: sum.meta({ description: 'Taken from the code.' }),
    balance: sum,
    usesLeft: z.int().nullable(),
    table: z.string().nullable(),
    currency,
  })
  .meta({ id: 'Redemption' });

export const lookUpInput = z.strictObject({ code: presented }).meta({ id: 'CodeLookUp' });
export const endInput = z.strictObject({ reason: plainText(500) }).meta({ id: 'CodeEndInput' });
export const transferInput = z.strictObject({ holder }).meta({ id: 'CodeTransferInput' });
export const tableToken = z
  .object({
    id,
    poolId: id,
    table: z.string(),
    isRevoked: z.boolean(),
    uses: z.int(),
    lastUsedAt: timestamp.nullable(),
  })
  .meta({ id: 'TableToken' });

export const liabilityQuery = z
  .strictObject({ from: businessDate, to: businessDate })
  .meta({ description: 'Business dates, both included.' });
export const liability = z
  .object({
    from: businessDate,
    to: businessDate,
    currency,
    data: z.array(
      z.object({
        taxKind,
        opening: balance.meta({ description: 'Owed before the period.' }),
        issued: total,
        redeemed: balance.meta({ description: 'Less what came back with refunds.' }),
        expired: total,
        cancelled: total.meta({ description: 'Voided or released.' }),
        outstanding: balance.meta({ description: 'opening + issued - redeemed - expired - cancelled.' }),
      }),
    ),
  })
  .meta({ id: 'VoucherLiability' });
