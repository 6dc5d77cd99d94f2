/**
 * Number series of documents: one per type, and more where a location or a register has its own.
 */
import { DOCUMENT_TYPES, type DocumentType } from './document.js';
import type { Reset } from './documentNumber.js';
import type { Edited } from '../shared/edited.js';

/**
 * `gapless`: numbers without a gap, as tax law requires for documents given to customers. `fast`:
 * the counter is raised in its own transaction, so a failed document leaves a gap, and there is no
 * hash chain.
 */
export const SERIES_KINDS = ['gapless', 'fast'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/**
 * Types whose numbers must have no gap: those that tax law covers, and day closes, which auditors
 * count. A fast series cannot number them.
 */
export const GAPLESS_TYPES: readonly DocumentType[] = ['invoice', 'receipt', 'credit_note', 'deposit', 'day_close'];

export interface DocumentSeries extends Edited {
  type: DocumentType;
  /** Empty: every location, or register, without its own series. */
  location: string;
  register: string;
  prefix: string;
  reset: Reset;
  kind: SeriesKind;
  /**
   * Number of its first document; each later period starts at 1. Above 1 when the series continues
   * that of another system.
   */
  startNumber: number;
}

/** Prefixes of the default series, used until a restaurant defines its own. */
const DEFAULT_PREFIXES: Record<DocumentType, string> = {
  quotation: 'QUO',
  boq: 'BOQ',
  invoice: 'INV',
  receipt: 'RCP',
  credit_note: 'CRN',
  deposit: 'DEP',
  // Not PO: purchase orders have their own numbers with PO, printed on the same document as its
  // reference.
  purchase_order: 'PUR',
  goods_receipt: 'GRN',
  stock_count: 'CNT',
  day_close: 'Z',
};

/** The type for which a default prefix is reserved; undefined for every other prefix. */
export function typeOfDefaultPrefix(prefix: string): DocumentType | undefined {
  return DOCUMENT_TYPES.find((type) => DEFAULT_PREFIXES[type] === prefix);
}

type SeriesContent = Omit<DocumentSeries, keyof Edited>;

/** Default series of a type, for every location and register. */
export function defaultSeries(type: DocumentType): SeriesContent {
  return {
    type,
    location: '',
    register: '',
    prefix: DEFAULT_PREFIXES[type],
    reset: 'month',
    kind: 'gapless',
    startNumber: 1,
  };
}

/**
 * The most specific series: location and register, then location, then register, then the general
 * one.
 */
export function seriesFor<T extends Pick<DocumentSeries, 'type' | 'location' | 'register'>>(
  all: readonly T[],
  { type, location, register }: Pick<DocumentSeries, 'type' | 'location' | 'register'>,
): T | undefined {
  const rank = (series: T) => (series.location === '' ? 0 : 2) + (series.register === '' ? 0 : 1);
  const fits = (series: T) =>
    series.type === type &&
    (series.location === '' || series.location === location) &&
    (series.register === '' || series.register === register);
  return all.filter(fits).sort((a, b) => rank(b) - rank(a))[0];
}
