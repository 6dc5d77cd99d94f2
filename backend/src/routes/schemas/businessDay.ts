/** Shapes of business days: their figures, and what closes them. */
import { z } from 'zod';
import { DAY_STATUSES } from '../../domain/report/businessDay.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import { PAYMENT_METHODS } from '../../domain/order/payment.js';
import { balance, businessDate, currency, id, optionalText, pageQuery, timestamp, total } from './common.js';
import { taxRate } from './menu.js';

const MAX_NOTES_CHARS = 2000;
const MOST_CASH_MINOR = 1_000_000_000_000_000;

export const dateParams = z.object({ date: businessDate });

export const daysQuery = pageQuery.extend({
  status: z
    .enum(DAY_STATUSES)
    .default('closed')
    .meta({ description: 'open: the days that wait for their close, which are over and were traded on.' }),
});

export const closeInput = z
  .strictObject({
    notes: optionalText(MAX_NOTES_CHARS),
    countedCash: z
      .int('Give money as an integer in minor units: 12.50 EUR is 1250.')
      .min(-MOST_CASH_MINOR)
      .max(MOST_CASH_MINOR)
      .optional()
      .meta({
        description:
          'What was counted in the drawer, less what it began with: below zero when more was given back than taken.',
      }),
    acceptOpenOrders: z
      .boolean()
      .default(false)
      .meta({ description: 'Close although orders are open: they can then be paid and completed, but not changed.' }),
    acceptEarly: z
      .boolean()
      .default(false)
      .meta({ description: 'Close a day that is not over: nothing is sold until the next one begins.' }),
  })
  .meta({ id: 'BusinessDayCloseInput' });

const method = z.enum(PAYMENT_METHODS);
const count = z.int();

const taxes = z.array(taxRate.extend({ base: total, amount: total }));

export const dayReport = z
  .object({
    date: businessDate.meta({ description: 'The business day of which these are the figures.' }),
    currency,
    orders: count.meta({ description: 'Orders, without cancelled ones.' }),
    units: count,
    grossSales: total,
    discountTotal: total,
    revenue: total.meta({ description: 'grossSales - discountTotal.' }),
    serviceChargeTotal: total,
    taxTotal: total,
    taxIncludedTotal: total,
    tipTotal: total,
    total: total.meta({
      description:
        'grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal: the sum of the orders’ totals.',
    }),
    refundTotal: balance.meta({
      description:
        'Taken back on this day from completed sales, of whichever day, less what orders of this day have lost since of what was ' +
        'refunded. total - refundTotal is what was kept; below zero where an order lost what was refunded on another day.',
    }),
    taxes,
    payments: z
      .array(z.object({ method, count, amount: total, tip: total, change: total }))
      .meta({ description: 'Money taken on this day, for orders of whichever day.' }),
    refunds: z
      .array(z.object({ method, count, amount: total }))
      .meta({ description: 'Money given back on this day, by how it had been taken.' }),
    refundTaxes: z
      .array(taxRate.extend({ base: balance, amount: balance }))
      .optional()
      .meta({
        description:
          'Taken back with refundTotal, by tax and rate: a tax return takes it off `taxes`. Absent on closes older than this.',
      }),
    cancelledOrders: z.object({ count, total: total }),
    voidedLines: z.object({ count, units: count, amount: total }),
    unfinishedOrders: z
      .object({
        count,
        open: count.meta({ description: 'Those that are not completed.' }),
        dueTotal: balance,
        orders: z
          .array(z.object({ id, number: z.string(), status: z.enum(ORDER_STATUSES), total: total, dueTotal: balance }))
          .meta({ description: 'The first hundred.' }),
      })
      .meta({ description: 'Not cancelled, and not completed or with something to pay or to give back (dueTotal).' }),
    cash: z.object({ expected: balance, counted: balance.nullable(), difference: balance.nullable() }).meta({
      description: 'In the drawer, beyond what it began with: cash taken with its tips, less cash given back.',
    }),
  })
  .meta({ id: 'DayReport' });

export const businessDay = dayReport
  .extend({
    status: z.enum(DAY_STATUSES),
    number: z
      .string()
      .nullable()
      .meta({ description: 'Of the Z report.', examples: ['Z-2026-11-0001'] }),
    documentId: id.nullable(),
    closedAt: timestamp.nullable(),
    closedBy: z.string().nullable(),
    notes: z.string().nullable(),
  })
  .meta({ id: 'BusinessDay' });
