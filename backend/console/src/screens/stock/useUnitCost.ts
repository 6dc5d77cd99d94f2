import { useMe } from '../../app/me.js';
import { decimalOf, useFormat } from '../../i18n/format.js';

/** Costs below a cent matter for a gram. */
const MOST_DIGITS = 6;

/** Writes the cost of one stock unit: decimal text of minor units, "0.35" is 0.35 cents. */
export function useUnitCost(): (unitCost: string) => string {
  const { minor, number } = useFormat();
  const { currency } = useMe().restaurant;
  const digits = String(minor()).length - 1;
  return (unitCost) => {
    const [whole = '0', part = ''] = unitCost.split('.');
    const major = decimalOf(whole, digits);
    const exact = part === '' ? major : digits > 0 ? `${major}${part}` : `${major}.${part}`;
    return number(Number(exact), { style: 'currency', currency, maximumFractionDigits: MOST_DIGITS });
  };
}
