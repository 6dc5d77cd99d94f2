import { addTotals, percentToMillionths } from '../number/money.js';
import type { DayReport, DayTax } from './businessDay.js';

/**
 * The figures of a day with all of its VAT in `taxes`: that of its sales, of deposits that came,
 * less that of deposits and vouchers that were deducted (decision 0073). Stored closes have the
 * taxes of the sales alone, and keep them.
 * @returns the report itself when it has nothing to add.
 */
export function withTaxesDue<R extends Pick<DayReport, 'taxes' | 'deposits'>>(report: R): R {
  const ofDeposits = report.deposits?.taxes ?? [];
  if (ofDeposits.length === 0) return report;
  const due = report.taxes.map((tax) =>
    plus(
      tax,
      ofDeposits.find((one) => isSame(one, tax)),
    ),
  );
  const others = ofDeposits.filter((one) => !report.taxes.some((tax) => isSame(one, tax)));
  const rateOf = ({ rate }: DayTax) => percentToMillionths(rate);
  // Sorted as each of them was: the highest rate first.
  return { ...report, taxes: [...due, ...others].toSorted((one, other) => rateOf(other) - rateOf(one)) };
}

function plus(tax: DayTax, more: DayTax | undefined): DayTax {
  if (!more) return tax;
  return { ...tax, base: addTotals(tax.base, more.base), amount: addTotals(tax.amount, more.amount) };
}

function isSame(one: DayTax, other: DayTax): boolean {
  return one.taxId === other.taxId && one.rate === other.rate && one.inclusive === other.inclusive;
}
