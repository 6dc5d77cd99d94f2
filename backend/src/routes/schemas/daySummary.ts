/** Schemas of a day at a glance. */
import { z } from 'zod';
import { DAY_STATUSES } from '../../domain/report/businessDay.js';
import { dayReport } from './businessDay.js';
import { balance, businessDate, currency, id, inQuery, total } from './common.js';

/** The week before it is in the year 1, too. */
const FIRST_DATE = '0001-01-08';

export const summaryParams = z.object({
  date: businessDate.refine((date) => date >= FIRST_DATE, `Give a day from ${FIRST_DATE} on.`),
});

export const summaryQuery = z.strictObject({
  top: inQuery(z.int('Give a whole number from 1 to 50.').min(1).max(50))
    .default(10)
    .meta({ description: 'Number of items in `topItems`.' }),
});

const { orders, units, revenue, discountTotal, taxTotal, tipTotal, refundTotal, cancelledOrders, voidedLines } =
  dayReport.shape;
const figures = {
  date: businessDate,
  orders,
  units,
  revenue,
  discountTotal,
  taxTotal,
  tipTotal,
  total: dayReport.shape.total,
  refundTotal,
  averageTotal: total.nullable().meta({ description: 'total / orders, rounded half up; null without orders.' }),
  cancelledOrders,
  voidedLines,
};
const sales = { orders: z.int(), revenue: balance };

export const daySummary = z
  .object({
    ...figures,
    status: z.enum(DAY_STATUSES),
    currency,
    weekBefore: z.object(figures).meta({ id: 'DaySummaryFigures' }),
    hours: z
      .array(z.object({ hour: z.int().min(0).max(23), ...sales, weekBefore: z.object(sales) }))
      .meta({ description: 'All 24 hours of the restaurant’s clock, from the cut-off hour on.' }),
    topItems: z.array(z.object({ menuItemId: id, name: z.string(), ...sales, units: z.int() })),
    payments: dayReport.shape.payments,
    refunds: dayReport.shape.refunds,
    unfinishedOrders: dayReport.shape.unfinishedOrders,
    lowStock: z
      .object({
        items: z.array(z.object({ id, name: z.string(), unit: z.string(), currentQuantity: z.string() })),
        hasMore: z.boolean(),
      })
      .nullable()
      .meta({ description: 'The first twenty items below their reorder point. Null without `inventory:read`.' }),
  })
  .meta({ id: 'DaySummary' });
