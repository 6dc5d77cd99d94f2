import { z } from 'zod';
import { SALES_GROUPS } from '../domain/report/report.js';
import type { ReportService } from '../services/ReportService.js';
import { balance, businessDate, total } from './schemas/common.js';
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
  .strictObject({ from: businessDate, to: businessDate, groupBy: z.enum(SALES_GROUPS).default('day') })
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
    refundTotal: balance.meta({
      description:
        'Sales refunded in the period from completed orders, less refunded amounts that have since been removed from the bills of the period’s orders.',
    }),
    roundingTotal: balance.meta({
      description: 'Cash taken beyond the payments of the period by rounding, less cash given back beyond its refunds.',
    }),
    data: z.array(
      z.object({
        key: z
          .string()
          .meta({ description: 'Business date, hour of the day, id of the item or category, or order type.' }),
        label: z.string(),
        ...figures,
      }),
    ),
  })
  .meta({ id: 'SalesReport' });

export function reportEndpoints({ reports }: { reports: ReportService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/reports/sales',
      tag: 'Reports',
      summary: 'Get sales by day, hour, item, category or order type',
      access: 'reports:read',
      query: salesQuery,
      response: salesReport,
      handle: ({ call, query }) => reports.sales(call, query.from, query.to, query.groupBy),
    }),
  ];
}
