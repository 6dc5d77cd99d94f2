/** Number series of documents: one for each type, and more where a location or a register has its own. */
import { DOCUMENT_TYPES, type DocumentType } from './document.js';
import type { Reset } from './documentNumber.js';
import type { Edited } from '../shared/edited.js';

/**
 * `gapless`: numbers without a gap, as tax law wants them for what is handed out. `fast`: the counter is raised in a transaction of
 * its own, so a document that fails leaves a gap, and there is no chain of hashes.
 */
export const SERIES_KINDS = ['gapless', 'fast'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** What tax law wants without a gap, and the closes of days, which an auditor counts: no fast series numbers them. */
export const GAPLESS_TYPES: readonly DocumentType[] = ['invoice', 'receipt', 'credit_note', 'day_close'];

export interface DocumentSeries extends Edited {
  type: DocumentType;
  /** Empty: every location, or register, without a series of its own. */
  location: string;
  register: string;
  prefix: string;
  reset: Reset;
  kind: SeriesKind;
  /** Of its first document ever; every later period begins at 1. More than 1 where it goes on from another system. */
  startNumber: number;
}

/** Of the series that stand there before anybody has made one. */
const DEFAULT_PREFIXES: Record<DocumentType, string> = {
  quotation: 'QUO',
  boq: 'BOQ',
  invoice: 'INV',
  receipt: 'RCP',
  credit_note: 'CRN',
  // Not PO: that is what purchase orders are numbered with, which stands on the same paper as their reference.
  purchase_order: 'PUR',
  goods_receipt: 'GRN',
  stock_count: 'CNT',
  day_close: 'Z',
};

/** The type that a prefix is kept for; undefined for every other prefix. */
export function typeOfDefaultPrefix(prefix: string): DocumentType | undefined {
  return DOCUMENT_TYPES.find((type) => DEFAULT_PREFIXES[type] === prefix);
}

type SeriesContent = Omit<DocumentSeries, keyof Edited>;

/** The series of a type for every location and register. */
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

/** The series that fits best: location and register before location before register before the one for all. */
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
