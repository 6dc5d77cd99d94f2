/** Queries of the lists of payments and refunds. */
import type { z } from 'zod';
import { PAYMENT_METHODS } from '../../domain/order/payment.js';
import { PAYMENT_STATES } from '../../domain/order/paymentFilter.js';
import { amount, businessDate, flag, id, inQuery, pageQuery, severalOf, text } from './common.js';

const limitOfAmount = inQuery(amount).optional();

const moneyQuery = pageQuery.extend({
  method: severalOf(PAYMENT_METHODS),
  from: businessDate.optional().meta({ description: 'First business date on which the money moved.' }),
  to: businessDate.optional().meta({ description: 'Last business date on which the money moved.' }),
  businessDate: businessDate.optional().meta({ description: 'As `from` and `to` of the same day.' }),
  minAmount: limitOfAmount.meta({ description: 'Lowest amount without tip, minor units.' }),
  maxAmount: limitOfAmount.meta({ description: 'Highest amount without tip, minor units.' }),
  orderId: id.optional().meta({ description: 'Only those of this order.' }),
  createdBy: text(100)
    .optional()
    .meta({ description: 'The person who recorded it: as the field of this name, or the id alone.' }),
});

export const paymentQuery = moneyQuery
  .extend({
    status: severalOf(PAYMENT_STATES),
    reference: text(200).optional().meta({ description: 'Part of the reference, in any case.' }),
  })
  .superRefine(refuseContradictions);

export const refundQuery = moneyQuery
  .extend({
    paymentId: id.optional().meta({ description: 'Only those of this payment.' }),
    reason: text(200).optional().meta({ description: 'Part of the reason, in any case.' }),
    goodwill: flag.optional().meta({ description: 'true: only those given for no goods; false: only the others.' }),
  })
  .superRefine(refuseContradictions);

type MoneyQuery = z.output<typeof moneyQuery>;

function refuseContradictions(query: MoneyQuery, context: z.RefinementCtx): void {
  const { from, to, businessDate: day, minAmount, maxAmount } = query;
  const refuse = (field: keyof MoneyQuery, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  if (day !== undefined && (from !== undefined || to !== undefined))
    refuse('businessDate', 'Give either businessDate or from and to.');
  if (from !== undefined && to !== undefined && from > to) refuse('to', 'This is before from.');
  if (minAmount !== undefined && maxAmount !== undefined && minAmount > maxAmount)
    refuse('maxAmount', 'This is below minAmount.');
}

/** Separates the page of a checked query from its filters. */
export function filtersOf<Query extends MoneyQuery>({ limit, cursor, businessDate: day, ...filter }: Query) {
  const days = day === undefined ? {} : { from: day, to: day };
  return { filter: { ...filter, ...days }, page: { limit, cursor } };
}
