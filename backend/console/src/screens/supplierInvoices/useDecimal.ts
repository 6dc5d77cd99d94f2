import { useFormat } from '../../i18n/format.js';

/** Writes the decimal text of a document as its currency is written. For reading only. */
export function useDecimal(): (text: string | null, currency?: string | null) => string {
  const { number } = useFormat();
  return (text, currency) => {
    if (text === null) return '–';
    const isCode = currency !== null && currency !== undefined && /^[A-Z]{3}$/.test(currency);
    if (isCode) return number(Number(text), { style: 'currency', currency, maximumFractionDigits: 6 });
    // With the digits that the document states: 12.50 is not 12.5.
    const digits = Math.min(6, /\.(\d+)$/.exec(text)?.[1]?.length ?? 0);
    return number(Number(text), { minimumFractionDigits: digits, maximumFractionDigits: 6 });
  };
}
