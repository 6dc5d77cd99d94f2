/** The proof of a series: every number is there once, and every document says what it said when it was issued. */
import type { Document } from './document.js';
import { canonicalForm } from './documentHash.js';
import { formatNumber } from './documentNumber.js';
import type { DocumentSeries } from './documentSeries.js';

/** Faults and gaps that are listed; more are counted. */
const MAX_LISTED = 100;
/**
 * Where a period turns, two instances whose clocks differ may still number the old one: the first document of the new one follows on
 * one of the last of the old.
 */
const TURNING = 1_000;

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
  /** Null in a fast series, which keeps no chain. */
  chainIntact: boolean | null;
  faultCount: number;
  faults: SeriesFault[];
  /** Nothing to object to. A fast series may have gaps. */
  clean: boolean;
}

/** Looks at the issued documents of one series, in the order of period and counter. */
export class SeriesAuditor {
  readonly #restaurantId: string;
  readonly #series: DocumentSeries;
  readonly #counters: Map<string, CounterState>;
  readonly #digest: (text: string) => string;
  readonly #audit: SeriesAudit;
  readonly #recentHashes: string[] = [];
  #previous: Document | undefined;

  /**
   * @param counters as they were read before the documents: what was numbered later is not looked at.
   * @param digest SHA-256 in hexadecimal.
   */
  constructor(
    restaurantId: string,
    series: DocumentSeries,
    counters: readonly CounterState[],
    digest: (text: string) => string,
  ) {
    this.#restaurantId = restaurantId;
    this.#series = series;
    this.#counters = new Map(counters.map((counter) => [counter.period, counter]));
    this.#digest = digest;
    const { id: seriesId, prefix, kind } = series;
    this.#audit = {
      seriesId,
      prefix,
      kind,
      first: null,
      last: null,
      count: 0,
      voided: 0,
      gapCount: 0,
      gaps: [],
      duplicates: [],
      chainIntact: kind === 'gapless' ? true : null,
      faultCount: 0,
      faults: [],
      clean: true,
    };
  }

  see(document: Document): void {
    const period = document.period ?? '';
    const counter = document.counter ?? 0;
    const known = this.#counters.get(period);
    if (!known) this.#fault(document, 'Its period has no counter.');
    else if (counter > known.lastNumber) return;
    const before = this.#previous?.period === period ? this.#previous : undefined;
    if (!before) this.#closePeriod();
    this.#place(document, period, counter, before?.counter ?? (known?.firstNumber ?? 1) - 1);
    if (this.#series.kind === 'gapless') this.#link(document, before);
    this.#audit.count += 1;
    this.#audit.first ??= document.number;
    this.#audit.last = document.number;
    if (document.status === 'voided') this.#audit.voided += 1;
    this.#previous = document;
    this.#recentHashes.push(document.hash ?? '');
    if (this.#recentHashes.length > 2 * TURNING) this.#recentHashes.splice(0, TURNING);
  }

  finish(): SeriesAudit {
    this.#closePeriod();
    // Periods of which no document is left.
    for (const { period, firstNumber, lastNumber } of this.#counters.values())
      this.#gap(period, firstNumber, lastNumber);
    const { gapCount, duplicates, faultCount, kind } = this.#audit;
    this.#audit.clean = faultCount === 0 && duplicates.length === 0 && (kind === 'fast' || gapCount === 0);
    return this.#audit;
  }

  /** Holds the number against the one before it in its period. */
  #place(document: Document, period: string, counter: number, before: number): void {
    if (counter === before) this.#audit.duplicates.push(document.number ?? '');
    else this.#gap(period, before + 1, counter - 1);
    if (document.number !== formatNumber(this.#series.prefix, period, counter))
      this.#fault(document, `Its number is not that of its counter, ${counter}.`);
  }

  #link(document: Document, before: Document | undefined): void {
    if (this.#digest(canonicalForm(this.#restaurantId, document)) !== document.hash) {
      this.#audit.chainIntact = false;
      this.#fault(document, 'It does not say what it said when it was issued: its hash is another.');
    }
    const isLinked = before
      ? document.previousHash === before.hash
      : document.previousHash === ''
        ? this.#audit.count === 0
        : this.#recentHashes.includes(document.previousHash ?? '');
    if (isLinked) return;
    this.#audit.chainIntact = false;
    this.#fault(document, 'It does not hold the hash of the document before it.');
  }

  /** The counter knows how far the period went, and how it ended. */
  #closePeriod(): void {
    const last = this.#previous;
    const counter = this.#counters.get(last?.period ?? '');
    if (!last || !counter) return;
    this.#gap(counter.period, (last.counter ?? 0) + 1, counter.lastNumber);
    this.#counters.delete(counter.period);
    if (this.#series.kind === 'fast' || counter.lastHash === last.hash) return;
    this.#audit.chainIntact = false;
    this.#fault(last, 'The counter holds another hash as that of the last document.');
  }

  #gap(period: string, from: number, to: number): void {
    if (to < from) return;
    this.#audit.gapCount += 1;
    if (this.#audit.gaps.length < MAX_LISTED) this.#audit.gaps.push({ period, from, to });
  }

  #fault({ id, number }: Document, problem: string): void {
    this.#audit.faultCount += 1;
    if (this.#audit.faults.length < MAX_LISTED)
      this.#audit.faults.push({ documentId: id, number: number ?? '', problem });
  }
}
