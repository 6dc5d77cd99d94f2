/** Query of the list of orders. */
import { z } from 'zod';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import { isSortableByTotal, MAX_DAYS_BY_TOTAL, ORDER_SORTS, type OrderFilter } from '../../domain/order/orderFilter.js';
import { PAYMENT_STATUSES } from '../../domain/order/order.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import { amount, businessDate, flag, inQuery, pageQuery, severalOf, text, timestamp } from './common.js';

type Query = OrderFilter & { businessDate?: string | undefined };

const BY_TOTAL = `To sort by total, give from and to, at most ${MAX_DAYS_BY_TOTAL} days.`;
const money = inQuery(amount).optional();

export const orderQuery = pageQuery
  .extend({
    status: severalOf(ORDER_STATUSES),
    type: severalOf(ORDER_TYPES),
    paymentStatus: severalOf(PAYMENT_STATUSES),
    businessDate: businessDate.optional().meta({ description: 'As `from` and `to` of the same day.' }),
    from: businessDate.optional().meta({ description: 'First business date.' }),
    to: businessDate.optional().meta({ description: 'Last business date.' }),
    number: text(50)
      .optional()
      .meta({
        description: 'Part of the number, in upper or lower case. A full number gives its order alone.',
        examples: ['2026-11-0001'],
      }),
    table: text(50).optional().meta({ description: 'The table, in upper or lower case.' }),
    customer: text(100)
      .optional()
      .meta({ description: 'Part of the customer’s name, phone number or e-mail address, in any case.' }),
    minTotal: money.meta({ description: 'Lowest total, minor units.' }),
    maxTotal: money.meta({ description: 'Highest total, minor units.' }),
    updatedSince: timestamp
      .optional()
      .meta({ description: 'Orders changed at this instant or later, those changed first coming first.' }),
    sort: z
      .enum(ORDER_SORTS)
      .optional()
      .meta({
        description: `\`-\`: descending. Default: \`-placedAt\`; with \`from\` or \`to\` \`-businessDate\`; with \`updatedSince\` \`updatedAt\`. ${BY_TOTAL}`,
      }),
    lines: flag.default(true).meta({ description: 'false: orders without their lines.' }),
    unsettled: flag
      .optional()
      .meta({ description: 'true: only completed orders on which the guest gets money back. Allows no other filter.' }),
  })
  .superRefine((query, context) => {
    for (const [field, message] of faultsOf(query)) context.addIssue({ code: 'custom', path: [field], message });
  });

/** Filters that do not go together, each with a message. */
function* faultsOf(query: Query): Generator<[field: keyof Query, message: string]> {
  const { unsettled, from, to, businessDate: day, minTotal, maxTotal, sort } = query;
  if (unsettled && FILTERS.some((field) => query[field] !== undefined))
    yield ['unsettled', 'With unsettled, no other filter is allowed. Remove the others.'];
  if (day !== undefined && (from !== undefined || to !== undefined))
    yield ['businessDate', 'Give either businessDate or from and to.'];
  if (from !== undefined && to !== undefined && from > to) yield ['to', 'This is before from.'];
  if (minTotal !== undefined && maxTotal !== undefined && minTotal > maxTotal)
    yield ['maxTotal', 'This is below minTotal.'];
  if (sort?.endsWith('total') && !isSortableByTotal({ from: day ?? from, to: day ?? to })) yield ['sort', BY_TOTAL];
}

const FILTERS = [
  'status',
  'type',
  'paymentStatus',
  'businessDate',
  'from',
  'to',
  'number',
  'table',
  'customer',
  'minTotal',
  'maxTotal',
  'updatedSince',
  'sort',
] as const satisfies readonly (keyof Query)[];
