/** What is printed on a document, in which order and in which words: the same for paper, roll and plain text. */
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';

/** Something with its name: `Date`, `22 Nov 2026`. */
export interface PrintedFact {
  label: string;
  value: string;
}

export interface PrintedLine {
  position: string;
  description: string;
  /** Below the description: choices, discounts. */
  details: string[];
  quantity: string;
  unitPrice: string;
  /** Rates of its taxes: `19%`. */
  tax: string;
  amount: string;
}

export interface PrintedTotal extends PrintedFact {
  /** The one figure that the reader looks for. */
  isGrand: boolean;
}

export interface PrintedTax {
  /** Name and rate in one, for narrow paper. */
  label: string;
  name: string;
  rate: string;
  base: string;
  amount: string;
}

export interface PrintedDocument {
  language: PrintLanguage;
  title: string;
  /** Null on a draft. */
  number: string | null;
  /** Printed across every page: a draft, or void. */
  mark: string | null;
  seller: { name: string; details: string[] };
  buyer: { label: string; name: string; details: string[] } | null;
  facts: PrintedFact[];
  columns: Record<keyof Omit<PrintedLine, 'details'>, string>;
  lines: PrintedLine[];
  totals: PrintedTotal[];
  taxColumns: Record<keyof Omit<PrintedTax, 'label'>, string>;
  taxes: PrintedTax[];
  /** Below the totals, each set off from the one before: payments with what is left, and what else a day comes to. None is empty. */
  sections: PrintedFact[][];
  notes: string[];
  footer: string[];
  /** With `{page}` and `{pages}`. */
  page: string;
}

/** Roughly how long a document is: what grows with the order, the day or the text that a caller sends. */
export function charactersOf({ seller, buyer, facts, lines, taxes, sections, notes, footer }: PrintedDocument): number {
  const texts = [
    ...seller.details,
    ...(buyer?.details ?? []),
    ...[...facts, ...sections.flat()].flatMap(({ label, value }) => [label, value]),
    ...lines.flatMap(({ description, details, amount }) => [description, amount, ...details]),
    ...taxes.flatMap(({ label, base, amount }) => [label, base, amount]),
    ...notes,
    ...footer,
  ];
  return texts.reduce((sum, text) => sum + text.length, 0);
}
