import { type Format, useFormat } from '../../i18n/format.js';

/** Whole amounts, and short ones for the axis of a chart. */
export function useAxis(): Pick<Format, 'money'> & { short: (value: number) => string } {
  const { money, number, minor } = useFormat();
  return {
    money,
    short: (value) => number(value / minor(), { notation: 'compact', maximumFractionDigits: 1 }),
  };
}
