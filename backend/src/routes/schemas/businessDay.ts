/** Schemas of business days: their figures and their close. */
import { z } from 'zod';
import { DAY_STATUSES } from '../../domain/report/businessDay.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import { PAYMENT_METHODS } from '../../domain/order/payment.js';
import { balance, businessDate, currency, id, optionalText, pageQuery, timestamp, total } from './common.js';
import { cashMovements, dayShift, drawerTakings, staffTakings } from './drawer.js';
import { taxRate } from './tax.js';

const MAX_NOTES_CHARS = 2000;
const MOST_CASH_MINOR = 1_000_000_000_000_000;

export const dateParams = z.object({ date: businessDate });

export const daysQuery = pageQuery.extend({
  status: z
    .enum(DAY_STATUSES)
    .default('closed')
    .meta({ description: 'open: past days with trade that are not closed yet.' }),
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
          'Cash counted in the drawer, less the opening float. Negative if more cash was given back than taken.',
      }),
    acceptOpenOrders: z.boolean().default(false).meta({
      description:
        'Close although orders are open, or owe guests money. Afterwards they can be paid, completed and refunded, but not changed.',
    }),
    acceptOpenShifts: z
      .boolean()
      .default(false)
      .meta({ description: 'Close although shifts that were opened on the day are open. They can still be closed.' }),
    acceptEarly: z
      .boolean()
      .default(false)
      .meta({ description: 'Close a day that is not over. Nothing can be sold until the next day begins.' }),
  })
  .meta({ id: 'BusinessDayCloseInput' });

const method = z.enum(PAYMENT_METHODS);
const count = z.int();

const taxes = z.array(taxRate.extend({ base: balance, amount: balance }));

const depositSum = z.object({ count, amount: total });

export const dayReport = z
  .object({
    date: businessDate.meta({ description: 'The business day of these figures.' }),
    currency,
    orders: count.meta({ description: 'Number of orders, without cancelled ones.' }),
    units: z.int(),
    grossSales: balance,
    discountTotal: balance,
    revenue: balance.meta({ description: 'grossSales - discountTotal.' }),
    vouchersSold: balance.optional().meta({
      description:
        'Amount of the multi-purpose vouchers sold, which is no revenue: it is owed to their holders. Absent on older closes.',
    }),
    vouchersRedeemed: balance.optional().meta({
      description:
        'Amount that single-purpose vouchers paid on this day, less what came back onto them. Their sale was revenue, so grossSales and revenue are less it. Absent on older closes.',
    }),
    serviceChargeTotal: total,
    taxTotal: balance,
    taxIncludedTotal: balance,
    tipTotal: total,
    total: total.meta({
      description:
        'grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal + vouchersSold + vouchersRedeemed; equals the sum of all order totals.',
    }),
    refundTotal: balance.meta({
      description:
        'Taken off sales on this day by refunds, credit notes and write-offs, for orders of any day, less refunded amounts that have since been ' +
        'removed from the bills of this day’s orders. total - refundTotal is the amount kept. refundTotal is negative if an order lost an amount refunded on another day.',
    }),
    roundingTotal: balance.optional().meta({
      description:
        'Cash taken beyond the payments of the day by rounding, less cash given back beyond its refunds. Absent on older closes.',
    }),
    taxes: taxes.meta({
      description:
        'Of the sales, by tax and rate; they add up to taxTotal. A tax return adds `deposits.taxes` and subtracts `refundTaxes`.',
    }),
    payments: z
      .array(z.object({ method, count, amount: total, tip: total, change: total }))
      .meta({ description: 'Payments taken on this day, for orders of any day.' }),
    refunds: z
      .array(z.object({ method, count, amount: total }))
      .meta({ description: 'Refunds given on this day, by the method in which they were given.' }),
    refundTaxes: z
      .array(taxRate.extend({ base: balance, amount: balance }))
      .optional()
      .meta({
        description:
          'The taxes in refundTotal, by tax and rate. In a tax return, subtract them from `taxes`. Absent on older closes.',
      }),
    refundParts: z
      .object({ goods: balance, serviceCharge: balance, tax: balance, tip: balance, vouchers: balance.optional() })
      .optional()
      .meta({
        description:
          'refundTotal by its parts, each without included taxes. `vouchers` is of orders that sold multi-purpose vouchers. Absent on older closes.',
      }),
    corrections: z
      .array(
        z.object({
          kind: z.enum(['credit_note', 'write_off', 'deposit_kept']),
          count,
          amount: balance,
          taxAmount: balance,
        }),
      )
      .optional()
      .meta({
        description:
          'The part of refundTotal without money: credit notes (less those taken back), write-offs, and deposits kept of cancelled orders (below zero). Absent on older closes.',
      }),
    deposits: z
      .object({
        taken: depositSum,
        released: depositSum.meta({
          description: 'Given back on this day before the meal, or kept of an order that was cancelled on this day.',
        }),
        deducted: depositSum.meta({ description: 'Of the orders of this day.' }),
        vouchers: z.object({ count, amount: balance }).optional().meta({
          description:
            'Single-purpose vouchers that paid on this day, less what came back onto them: they were taxed when they were sold. Absent on older closes.',
        }),
        taxes: z
          .array(taxRate.extend({ base: balance, amount: balance }))
          .meta({ description: 'Taken, less released, deducted and vouchers, by tax and rate.' }),
      })
      .optional()
      .meta({ description: 'Payments before the meal, which are taxed when they come. Absent on older closes.' }),
    cancelledOrders: z.object({ count, total: total }),
    voidedLines: z.object({ count, units: z.int(), amount: balance }),
    unfinishedOrders: z
      .object({
        count,
        open: count.meta({ description: 'Number of orders that are not completed.' }),
        unsettled: count
          .optional()
          .meta({ description: 'Completed orders on which the guest gets money back. Absent on older closes.' }),
        dueTotal: balance,
        orders: z
          .array(z.object({ id, number: z.string(), status: z.enum(ORDER_STATUSES), total: total, dueTotal: balance }))
          .meta({ description: 'The first hundred.' }),
      })
      .meta({
        description: 'Orders that are not cancelled and are either not completed or not settled (dueTotal is not 0).',
      }),
    balance: z
      .object({ salesKept: balance, moneyKept: balance, dueTotal: balance, otherDays: balance })
      .optional()
      .meta({
        description:
          'salesKept (total - refundTotal) = moneyKept (payments with tips, less refunds, without roundingTotal) + dueTotal (of this day’s orders) + otherDays ' +
          '(money of this day’s orders on other days, less money of other days’ orders on this day). Absent on older closes.',
      }),
    staff: z.array(staffTakings).optional().meta({ description: 'By person and method. Absent on older closes.' }),
    drawers: z.array(drawerTakings).optional().meta({ description: 'By drawer and method. Absent on older closes.' }),
    cashMovements: cashMovements
      .optional()
      .meta({ description: 'Pay-ins, pay-outs and drops. Absent on older closes.' }),
    shifts: z
      .object({ count, open: count, list: z.array(dayShift).meta({ description: 'The first hundred.' }) })
      .optional()
      .meta({ description: 'Shifts that were opened on this day, open ones first. Absent on older closes.' }),
    cash: z.object({ expected: balance, counted: balance.nullable(), difference: balance.nullable() }).meta({
      description:
        'Cash in the drawers without their opening floats: cash payments with their tips, roundingTotal and pay-ins, less cash refunds, ' +
        'pay-outs and drops.',
    }),
  })
  .meta({ id: 'DayReport' });

export const differencesQuery = z
  .strictObject({ from: businessDate, to: businessDate })
  .meta({ description: 'Business dates, both included.' });

export const dayDifferences = z
  .object({
    from: businessDate,
    to: businessDate,
    checked: count.meta({ description: 'Number of closed days in the period.' }),
    days: z
      .array(
        z.object({
          date: businessDate,
          number: z.string(),
          salesKept: balance,
          moneyKept: balance,
          dueTotal: balance,
          otherDays: balance,
          difference: balance.meta({ description: 'salesKept - moneyKept - dueTotal - otherDays.' }),
        }),
      )
      .meta({ description: 'Those that do not add up.' }),
  })
  .meta({ id: 'DayDifferences' });

export const businessDay = dayReport
  .extend({
    taxes: taxes.meta({
      description:
        'The taxes due for this day, by tax and rate: taxTotal and `deposits.taxes`. A tax return subtracts `refundTaxes`. ' +
        'In the document of the close, they are without `deposits.taxes`.',
    }),
    status: z.enum(DAY_STATUSES),
    number: z
      .string()
      .nullable()
      .meta({ description: 'Number of the Z report.', examples: ['Z-2026-11-0001'] }),
    documentId: id.nullable(),
    closedAt: timestamp.nullable(),
    closedBy: z.string().nullable(),
    notes: z.string().nullable(),
  })
  .meta({ id: 'BusinessDay' });
