/** Contents of a Z report, in the order of a till: sales, money, drawer, orders, taxes. */
import type { Takings } from '../../domain/drawer/shift.js';
import type { Cash, DayReport } from '../../domain/report/businessDay.js';
import type { PrintedFact, PrintedTax, PrintedTotal } from './printedDocument.js';
import { addTotals, subtractTotal, type Total } from '../../domain/number/money.js';
import { amountIn, deductedTaxRows, facts, type Printing, taxRows, totalRows } from './printedParts.js';
import { printedQuantity } from './printedValues.js';

/**
 * In the document, service charge and tips are part of the subtotal; in print they are separate.
 */
export function dayTotals(printing: Printing, day: DayReport): PrintedTotal[] {
  const refunded = {
    label: printing.labels.refund,
    value: amountIn(printing, subtractTotal(0, day.refundTotal)),
    isGrand: false,
  };
  const { vouchersSold, vouchersRedeemed } = printing.labels.dayClose;
  const sold = [
    ...facts(printing, vouchersSold, day.vouchersSold ?? 0),
    ...facts(printing, vouchersRedeemed, day.vouchersRedeemed ?? 0),
  ];
  const rows = totalRows(printing, { ...day, subtotal: day.grossSales });
  // Above the total, which contains them.
  rows.splice(-1, 0, ...sold.map((fact) => ({ ...fact, isGrand: false })));
  return [...rows, ...(day.refundTotal === 0 ? [] : [refunded])];
}

/**
 * Drawer and orders also print zeros and missing counts: the person who signs the report wants to
 * see that nothing was voided, or that nobody counted.
 */
export function daySections(printing: Printing, day: DayReport): PrintedFact[][] {
  return [
    takings(printing, day),
    corrections(printing, day),
    deposits(printing, day),
    drawer(printing, day),
    shifts(printing, day),
    staff(printing, day),
    orders(printing, day),
    balance(printing, day),
  ];
}

/** Taxes by rate, then those of refunds and of deposits. */
export function dayTaxes(printing: Printing, { taxes, refundTaxes = [], deposits }: DayReport): PrintedTax[] {
  const { refund, deposit } = printing.labels;
  const ofDeposits = (deposits?.taxes ?? []).map((tax) => ({
    ...tax,
    name: `${deposit}: ${tax.name}`,
    inclusive: false,
  }));
  return [
    ...taxRows(printing, taxes),
    ...deductedTaxRows(printing, refund, refundTaxes),
    ...taxRows(printing, ofDeposits),
  ];
}

/** Money taken on the day by payment method, then the refunds and the rounding of cash. */
function takings(printing: Printing, { payments, refunds, roundingTotal = 0 }: DayReport): PrintedFact[] {
  const { refund, paymentMethod, eInvoice } = printing.labels;
  return [
    ...payments.map(({ method, count, amount, tip }) => ({
      label: counted(printing, paymentMethod[method], count),
      value: amountIn(printing, addTotals(amount, tip)),
    })),
    ...refunds.map(({ method, count, amount }) => ({
      label: counted(printing, `${refund}: ${paymentMethod[method]}`, count),
      value: amountIn(printing, subtractTotal(0, amount)),
    })),
    ...facts(printing, eInvoice.rounding, roundingTotal),
  ];
}

/** Sales lowered without money. */
function corrections(printing: Printing, { corrections: rows = [] }: DayReport): PrintedFact[] {
  const { title, dayClose } = printing.labels;
  const words = { write_off: dayClose.writeOffs, credit_note: title.credit_note };
  return rows.map(({ kind, count, amount }) => ({
    label: counted(printing, { ...dayClose.deposits, ...words }[kind], count),
    value: amountIn(printing, subtractTotal(0, amount)),
  }));
}

/** Deposits that came, went back, and were deducted from the day's sales. */
function deposits(printing: Printing, { deposits: sums }: DayReport): PrintedFact[] {
  if (!sums) return [];
  const words = printing.labels.dayClose.deposits;
  return (['taken', 'released', 'deducted'] as const).flatMap((moved) => {
    const { count, amount } = sums[moved];
    return count === 0 ? [] : [{ label: counted(printing, words[moved], count), value: amountIn(printing, amount) }];
  });
}

/** Both sides of the day. */
function balance(printing: Printing, { balance: sides }: DayReport): PrintedFact[] {
  if (!sides) return [];
  const { dayClose, toPay, toGiveBack } = printing.labels;
  const isOwed = String(sides.dueTotal).startsWith('-');
  return [
    { label: dayClose.salesKept, value: amountIn(printing, sides.salesKept) },
    { label: dayClose.moneyKept, value: amountIn(printing, sides.moneyKept) },
    { label: isOwed ? toGiveBack : toPay, value: amountIn(printing, sides.dueTotal) },
    { label: dayClose.otherDays, value: amountIn(printing, sides.otherDays) },
  ];
}

function drawer(printing: Printing, { cash, cashMovements = [] }: DayReport): PrintedFact[] {
  const { cashMovement } = printing.labels;
  const moved = cashMovements.map(({ kind, count, amount }) => ({
    label: counted(printing, cashMovement[kind], count),
    value: amountIn(printing, kind === 'pay_in' ? amount : subtractTotal(0, amount)),
  }));
  return [...moved, ...cashRows(printing, cash)];
}

/** Expected, counted and missing cash of each drawer by shift. */
function shifts(printing: Printing, { shifts: ofDay }: DayReport): PrintedFact[] {
  return (ofDay?.list ?? []).flatMap((shift) =>
    cashRows(printing, shift).map(({ label, value }) => ({ label: `${shift.drawerName}: ${label}`, value })),
  );
}

/**
 * Money and tips by person and method, then by drawer. Of one person without a drawer they are
 * those of the day.
 */
function staff(printing: Printing, day: DayReport): PrintedFact[] {
  const drawers = (day.drawers ?? []).filter(({ drawerId }) => drawerId !== null);
  const people = day.staff ?? [];
  if (drawers.length === 0 && new Set(people.map(({ person }) => person)).size < 2) return [];
  return [
    ...people.flatMap((row) => takingRows(printing, row.name ?? row.person, row)),
    ...drawers.flatMap((row) => takingRows(printing, row.name ?? '', row)),
  ];
}

function takingRows(printing: Printing, name: string, row: Takings): PrintedFact[] {
  const { paymentMethod, refund, tip } = printing.labels;
  const method = paymentMethod[row.method];
  return [
    ...facts(printing, counted(printing, `${name}: ${method}`, row.payments), addTotals(row.amount, row.tip)),
    ...facts(
      printing,
      counted(printing, `${name}: ${refund}: ${method}`, row.refunds),
      subtractTotal(0, row.refundAmount),
    ),
    ...facts(printing, `${name}: ${tip}: ${method}`, subtractTotal(row.tip, row.refundTip)),
  ];
}

function cashRows(printing: Printing, cash: Cash): PrintedFact[] {
  const { cashExpected, cashCounted, cashDifference } = printing.labels.dayClose;
  const shown = (amount: Total | null) => (amount === null ? NOT_COUNTED : amountIn(printing, amount));
  return [
    { label: cashExpected, value: shown(cash.expected) },
    { label: cashCounted, value: shown(cash.counted) },
    { label: cashDifference, value: shown(cash.difference) },
  ];
}

const NOT_COUNTED = '–';

function orders(printing: Printing, day: DayReport): PrintedFact[] {
  const { dayClose, toPay, toGiveBack } = printing.labels;
  const { cancelledOrders, voidedLines, unfinishedOrders } = day;
  const due = String(unfinishedOrders.dueTotal);
  const unfinished = counted(printing, dayClose.unfinishedOrders, unfinishedOrders.count);
  return [
    { label: dayClose.orders, value: numberIn(printing, day.orders) },
    { label: dayClose.units, value: numberIn(printing, day.units) },
    {
      label: counted(printing, dayClose.cancelledOrders, cancelledOrders.count),
      value: amountIn(printing, cancelledOrders.total),
    },
    {
      label: counted(printing, dayClose.voidedLines, voidedLines.count),
      value: amountIn(printing, voidedLines.amount),
    },
    {
      label: `${unfinished}: ${due.startsWith('-') ? toGiveBack : toPay}`,
      value: amountIn(printing, due.replace('-', '')),
    },
  ];
}

/** `Cash (12)` */
function counted(printing: Printing, label: string, count: number): string {
  return `${label} (${numberIn(printing, count)})`;
}

function numberIn({ language }: Printing, count: number): string {
  return printedQuantity(String(count), language);
}
