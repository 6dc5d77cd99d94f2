/**
 * Audit of a series: every number exists exactly once, and every document is unchanged since it was
 * issued.
 */
import type { Document } from './document.js';
import { canonicalForm } from './documentHash.js';
import { formatNumber } from './documentNumber.js';
import type { DocumentSeries } from './documentSeries.js';

/** Maximum of listed faults and gaps; further ones are only counted. */
const MAX_LISTED = 100;
/**
 * Number of recent documents that a new period's first document may follow. At the change of
 * period, two instances whose clocks differ may still number documents of the old period.
 */
export const TURNING = 1_000;

export interface CounterState {
  period: string;
  firstNumber: number;
  lastNumber: number;
  lastHash: string;
}

export interface SeriesGap {
  period: string;
  from: number;
  to: number;
}

export interface SeriesFault {
  documentId: string;
  number: string;
  problem: string;
}

export interface SeriesAudit {
  seriesId: string;
  prefix: string;
  kind: DocumentSeries['kind'];
  first: string | null;
  last: string | null;
  count: number;
  voided: number;
  gapCount: number;
  gaps: SeriesGap[];
  duplicates: string[];
  /** Null in a fast series, which has no chain. */
  chainIntact: boolean | null;
  faultCount: number;
  faults: SeriesFault[];
  /**
   * True when no fault was found. A fast series may have gaps. Null while nothing was found yet and
   * more is to be checked.
   */
  clean: boolean | null;
}

/** Totals that an answer continues from the answers before it. */
export type AuditTotals = Pick<
  SeriesAudit,
  'first' | 'last' | 'count' | 'voided' | 'gapCount' | 'chainIntact' | 'faultCount'
>;

/** The fields that give a document's place in its series. */
export type NumberedDocument = Pick<Document, 'id' | 'number' | 'period' | 'counter' | 'hash'>;

/**
 * A document with its void according to the audit log. The hash cannot cover a void, which follows
 * after issue.
 */
export type AuditedDocument = Document & { wasVoided: boolean };

export interface AuditStart {
  restaurantId: string;
  series: DocumentSeries;
  /** Counters of the periods to check, read in the same snapshot as the documents. */
  counters: readonly CounterState[];
  /**
   * The documents directly before the first one to check, in number order: `TURNING` of them, or
   * all.
   */
  before: readonly NumberedDocument[];
  /** Totals of the answers before this one. */
  totals?: AuditTotals | undefined;
  /** SHA-256 in hexadecimal. */
  digest: (text: string) => string;
}

/** Checks the issued documents of one series, in the order of period and counter. */
export class SeriesAuditor {
  readonly #restaurantId: string;
  readonly #series: DocumentSeries;
  readonly #counters: Map<string, CounterState>;
  readonly #digest: (text: string) => string;
  readonly #audit: SeriesAudit;
  readonly #recentHashes: string[];
  #previous: NumberedDocument | undefined;

  constructor({ restaurantId, series, counters, before, totals, digest }: AuditStart) {
    this.#restaurantId = restaurantId;
    this.#series = series;
    this.#counters = new Map(counters.map((counter) => [counter.period, counter]));
    this.#digest = digest;
    this.#recentHashes = before.map(({ hash }) => hash ?? '');
    this.#previous = before.at(-1);
    const { id: seriesId, prefix, kind } = series;
    const none = { first: null, last: null, count: 0, voided: 0, gapCount: 0, faultCount: 0 };
    const start = totals ?? { ...none, chainIntact: kind === 'gapless' ? true : null };
    this.#audit = { seriesId, prefix, kind, ...start, gaps: [], duplicates: [], faults: [], clean: null };
  }

  see(document: AuditedDocument): void {
    const period = document.period ?? '';
    const counter = document.counter ?? 0;
    const known = this.#counters.get(period);
    if (!known) this.#fault(document, 'Its period has no counter.');
    else if (counter > known.lastNumber)
      this.#fault(document, `Its number is above the counter's last number, ${known.lastNumber}.`);
    const before = this.#previous?.period === period ? this.#previous : undefined;
    if (!before) this.#closePeriod();
    this.#place(document, period, counter, before?.counter ?? (known?.firstNumber ?? 1) - 1);
    if (this.#series.kind === 'gapless') this.#link(document, before);
    this.#audit.count += 1;
    this.#audit.first ??= document.number;
    this.#audit.last = document.number;
    if (document.status === 'voided') this.#audit.voided += 1;
    this.#heldAgainstLog(document);
    this.#previous = document;
    this.#recentHashes.push(document.hash ?? '');
    if (this.#recentHashes.length > 2 * TURNING) this.#recentHashes.splice(0, TURNING);
  }

  /** Result so far, with more documents to come. */
  pause(): SeriesAudit {
    return { ...this.#audit, clean: this.#isClean() ? null : false };
  }

  /** Final result, after all documents. */
  finish(): SeriesAudit {
    this.#closePeriod();
    // Periods without any remaining document.
    for (const { period, firstNumber, lastNumber } of this.#counters.values())
      this.#gap(period, firstNumber, lastNumber);
    return { ...this.#audit, clean: this.#isClean() };
  }

  #isClean(): boolean {
    const { gapCount, faultCount, kind } = this.#audit;
    return faultCount === 0 && (kind === 'fast' || gapCount === 0);
  }

  /** Compares the number with the previous one in its period. */
  #place(document: Document, period: string, counter: number, before: number): void {
    if (counter === before) this.#duplicate(document);
    else this.#gap(period, before + 1, counter - 1);
    if (document.number !== formatNumber(this.#series.prefix, period, counter))
      this.#fault(document, `Its number does not match its counter, ${counter}.`);
  }

  #heldAgainstLog(document: AuditedDocument): void {
    if (document.wasVoided === (document.status === 'voided')) return;
    this.#fault(
      document,
      document.wasVoided
        ? 'The audit log records a void, but the document is not void.'
        : 'It is void, but the audit log records no void.',
    );
  }

  #link(document: Document, before: NumberedDocument | undefined): void {
    if (this.#digest(canonicalForm(this.#restaurantId, document)) !== document.hash) {
      this.#audit.chainIntact = false;
      this.#fault(document, 'Its content has changed since it was issued: its hash does not match.');
    }
    const isLinked = before
      ? document.previousHash === before.hash
      : document.previousHash === ''
        ? this.#recentHashes.length === 0
        : this.#recentHashes.includes(document.previousHash ?? '');
    if (isLinked) return;
    this.#audit.chainIntact = false;
    this.#fault(document, 'Its previous hash does not match the document before it.');
  }

  /** Compares the end of a period with its counter, which stores the last number and hash. */
  #closePeriod(): void {
    const last = this.#previous;
    const counter = this.#counters.get(last?.period ?? '');
    if (!last || !counter) return;
    this.#gap(counter.period, (last.counter ?? 0) + 1, counter.lastNumber);
    this.#counters.delete(counter.period);
    if (this.#series.kind === 'fast' || counter.lastHash === last.hash) return;
    this.#audit.chainIntact = false;
    this.#fault(last, "The counter's hash does not match the last document.");
  }

  #gap(period: string, from: number, to: number): void {
    if (to < from) return;
    this.#audit.gapCount += 1;
    if (this.#audit.gaps.length < MAX_LISTED) this.#audit.gaps.push({ period, from, to });
  }

  #duplicate(document: Document): void {
    this.#fault(document, 'Its number exists twice.');
    if (this.#audit.duplicates.length < MAX_LISTED) this.#audit.duplicates.push(document.number ?? '');
  }

  #fault({ id, number }: NumberedDocument, problem: string): void {
    this.#audit.faultCount += 1;
    if (this.#audit.faults.length < MAX_LISTED)
      this.#audit.faults.push({ documentId: id, number: number ?? '', problem });
  }
}
