/**
 * Content of a printed document, in order and with its labels: the same for paper, roll and plain
 * text.
 */
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';

/** A labelled value: `Date`, `22 Nov 2026`. */
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
  /** The main total, shown larger. */
  isGrand: boolean;
}

export interface PrintedTax {
  /** Name and rate in one text, for narrow paper. */
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
  /** Printed across every page, for a draft or a void document. */
  mark: string | null;
  seller: { name: string; details: string[] };
  buyer: { label: string; name: string; details: string[] } | null;
  facts: PrintedFact[];
  columns: Record<keyof Omit<PrintedLine, 'details'>, string>;
  lines: PrintedLine[];
  totals: PrintedTotal[];
  taxColumns: Record<keyof Omit<PrintedTax, 'label'>, string>;
  taxes: PrintedTax[];
  /**
   * Sections below the totals, each separated from the one before: payments with the amount due,
   * and further figures of a day. None is empty.
   */
  sections: PrintedFact[][];
  notes: string[];
  footer: string[];
  /** Page number text, with `{page}` and `{pages}`. */
  page: string;
}

/**
 * Approximate length of a document: the parts that grow with the order, the day or the caller's
 * text.
 */
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
