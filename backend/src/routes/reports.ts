import { z } from 'zod';
import { PAYMENT_GROUPS, SALES_GROUPS } from '../domain/report/report.js';
import { SALES_SORTS } from '../domain/report/salesRows.js';
import type { ReportService } from '../services/ReportService.js';
import { balance, businessDate, currency, flag, inQuery, total } from './schemas/common.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const figures = {
  orders: z.int().meta({ description: 'Number of orders, without cancelled ones.' }),
  units: z.int(),
  grossSales: balance,
  discountTotal: balance,
  revenue: balance.meta({
    description: 'grossSales - discountTotal. It contains included taxes, but no added taxes, service charge or tips.',
  }),
  taxTotal: balance,
  vouchersSold: balance.meta({
    description:
      'Amount of the multi-purpose vouchers sold. It is owed to their holders, and in no other figure but `total`.',
  }),
  vouchersRedeemed: balance.meta({
    description:
      'Amount that single-purpose vouchers paid in the period, less what came back onto them. Their sale was revenue: the item that sold them is less it.',
  }),
};

const salesQuery = z
  .strictObject({
    from: businessDate,
    to: businessDate,
    groupBy: z
      .enum(SALES_GROUPS)
      .default('day')
      .meta({
        description:
          'What each row of the report stands for. `weekday` and `weekday_hour` go by the business date. ' +
          '`table` and `server`, the person or key that placed the order, are counted from the orders, for 31 days at most.',
      }),
    fill: flag.default(false).meta({
      description: 'true: days, months, weekdays and hours without sales have a row of zeros, too, up to 400 rows.',
    }),
    sort: z.enum(SALES_SORTS).optional().meta({
      description: '`-`: descending. Default: times in their order, all others with the highest revenue first.',
    }),
    limit: inQuery(z.int('Give a whole number from 1 to 1000.').min(1).max(1000)).optional().meta({
      description: 'Only the first rows. The totals are still those of all.',
    }),
    guests: flag.default(false).meta({
      description: 'true: counts the guests, from the orders, for 31 days at most.',
    }),
  })
  .meta({ description: 'Business dates, both included.' });

const salesReport = z
  .object({
    from: businessDate,
    to: businessDate,
    groupBy: z.enum(SALES_GROUPS),
    currency: z.string(),
    ...figures,
    serviceChargeTotal: total,
    tipTotal: total,
    total: total.meta({ description: 'Sum of the orders’ totals.' }),
    averageTotal: total.nullable().meta({ description: '`total` of an order on average. Null without orders.' }),
    guests: z
      .int()
      .nullable()
      .meta({ description: 'Guests of the orders that tell how many there were. Null unless they were asked for.' }),
    refundTotal: balance.meta({
      description:
        'Sales refunded in the period from completed orders, less refunded amounts that have since been removed from the bills of the period’s orders.',
    }),
    roundingTotal: balance.meta({
      description: 'Cash taken beyond the payments of the period by rounding, less cash given back beyond its refunds.',
    }),
    data: z.array(
      z.object({
        key: z.string().meta({
          description:
            'Business date, hour of the day, id of the item or category, order type, month (`2026-11`), weekday (`1`: Monday), ' +
            'weekday and hour (`6-19`), name of the table (empty: none), or who placed the order.',
        }),
        label: z.string(),
        ...figures,
      }),
    ),
  })
  .meta({ id: 'SalesReport' });

const paymentFigures = {
  payments: z.int().meta({ description: 'Number of payments.' }),
  amount: total.meta({ description: 'Paid towards bills, without tips.' }),
  tip: total,
  refunds: z.int().meta({ description: 'Number of refunds.' }),
  refundAmount: total,
  net: balance.meta({ description: 'amount + tip - refundAmount' }),
};

const paymentsQuery = z.strictObject({
  from: businessDate,
  to: businessDate,
  groupBy: z.enum(PAYMENT_GROUPS).default('method'),
});

const paymentsReport = z
  .object({
    from: businessDate,
    to: businessDate,
    groupBy: z.enum(PAYMENT_GROUPS),
    currency,
    ...paymentFigures,
    data: z.array(
      z.object({
        key: z.string().meta({ description: 'Method, business date, or month (`2026-11`).' }),
        ...paymentFigures,
      }),
    ),
  })
  .meta({ id: 'PaymentsReport' });

export function reportEndpoints({ reports }: { reports: ReportService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/reports/sales',
      tag: 'Reports',
      summary: 'Get sales by day, hour, month, weekday, item, category, order type, table or server',
      description: 'Days that are over are read from sums of them, except for `table`, `server` and `guests`.',
      access: 'reports:read',
      query: salesQuery,
      response: salesReport,
      handle: ({ call, query: { from, to, groupBy, ...options } }) => reports.sales(call, from, to, groupBy, options),
    }),
    endpoint({
      method: 'get',
      path: '/v1/reports/payments',
      tag: 'Reports',
      summary: 'Get payments and refunds by method, day or month',
      description: 'By the business dates on which they were made. Days that are over are read from sums of them.',
      access: 'reports:read',
      query: paymentsQuery,
      response: paymentsReport,
      handle: ({ call, query: { from, to, groupBy } }) => reports.payments(call, from, to, groupBy),
    }),
  ];
}
