/** The business day: live figures while it is open, and the close that freezes them. */
import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import {
  assertFinished,
  assertMayClose,
  type BusinessDay,
  businessDayClosed,
  cashOf,
  type CloseRequest,
  type DayFigures,
  type DayReport,
  type FrozenBalance,
} from '../domain/report/businessDay.js';
import type { Call } from '../domain/shared/call.js';
import type { Document } from '../domain/document/document.js';
import { businessDate } from '../domain/restaurant/localTime.js';
import { invalid } from '../domain/shared/errors.js';
import type { BusinessDayRepository } from '../repositories/BusinessDayRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import type { DocumentService } from './DocumentService.js';
import type { ReportService } from './ReportService.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: BusinessDayRepository;
  restaurants: RestaurantService;
  reports: ReportService;
  documents: DocumentService;
  cursors: Cursors;
  clock: Clock;
}

/** Days of one report of differences. */
const MOST_DAYS = 366;
const DAY_MS = 24 * 3_600_000;

export class BusinessDayService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Frozen figures for a closed day, live figures for an open one. */
  @Track('businessDays.get')
  get(call: Call, date: string): Promise<BusinessDay> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const closed = await repository.find(call.restaurantId, tx, date);
      return closed ?? (await this.#openDays(call, tx, [date]))[0]!;
    });
  }

  /**
   * Lists closed days, or open days that wait for their close: these are over and have sales.
   * Newest first.
   */
  @Track('businessDays.list')
  list(call: Call, status: BusinessDay['status'], page: Page): Promise<PageOf<BusinessDay>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'business-days', status];
    const before = cursors.read(page.cursor, binding);
    if (status === 'closed')
      return unitOfWork.read(call, async (tx) => {
        const days = await repository.list(call.restaurantId, tx, page.limit, before);
        return cursors.page(days, page.limit, binding, (day) => day.date);
      });
    // Up to a hundred reports. Those of days that are over are stored, until one of them changes.
    return unitOfWork.readReplica(call, async (tx) => {
      const end = before ?? (await this.#today(call, tx));
      const dates = await repository.waiting(call.restaurantId, tx, page.limit, end);
      const { data, nextCursor } = cursors.page(dates, page.limit, binding, (date) => date);
      return { data: await this.#openDays(call, tx, data), nextCursor };
    });
  }

  /**
   * Closes a day permanently. Its figures become a numbered document, and any later change to them
   * is refused.
   * @throws AppError business_day_closed; invalid_request before the day has begun; invalid_state
   *   before the day is over and while orders are open.
   */
  @Track('businessDays.close')
  close(call: Call, date: string, request: CloseRequest): Promise<BusinessDay> {
    const { unitOfWork, repository, documents, reports, restaurants } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      assertMayClose(date, await this.#today(call, tx), request);
      // From here on, the figures of the day cannot change.
      await repository.lock(call.restaurantId, tx);
      const earlier = await repository.find(call.restaurantId, tx, date);
      if (earlier) throw businessDayClosed(`${date} (${earlier.number})`);
      const { figures, summed } = await reports.dayToClose(call, tx, date);
      const { currency: ofDay } = await restaurants.settings(tx, call.restaurantId);
      const report = reportOf(date, ofDay, figures, request.countedCash ?? null);
      assertFinished(report, request);
      const document = await documents.issueDayClose(call, tx, report, request.notes ?? null);
      await repository.insert(call.restaurantId, tx, date, document.id);
      await reports.daySums.freeze(call, tx, date, summed);
      const { number, hash, currency } = document;
      const data = { date, documentId: document.id, number, hash, currency, total: report.total };
      await unitOfWork.record(tx, call, [
        { type: 'business_day.closed', subject: 'business_day', subjectId: document.id, data },
      ]);
      return closedDay(report, document);
    });
  }

  /**
   * Closed days of a period whose frozen figures do not add up. Days of this release all do; older
   * ones may have been closed by older rules.
   * @throws AppError invalid_request for more than a year.
   */
  @Track('businessDays.differences')
  async differences(
    call: Call,
    { from, to }: { from: string; to: string },
  ): Promise<{ from: string; to: string; checked: number; days: FrozenBalance[] }> {
    if (to < from) throw invalid('?to', 'Must not be before "from".');
    if (Date.parse(to) - Date.parse(from) > MOST_DAYS * DAY_MS)
      throw invalid('?to', `Ask for at most ${MOST_DAYS} days at once.`);
    const { unitOfWork, repository } = this.#deps;
    const all = await unitOfWork.readReplica(call, (tx) => repository.balances(call.restaurantId, tx, from, to));
    return { from, to, checked: all.length, days: all.filter(({ difference }) => Number(difference) !== 0) };
  }

  /** The given dates that are closed. */
  closedAmong(call: Call, tx: Tx, dates: readonly string[]): Promise<Set<string>> {
    return this.#deps.repository.closedAmong(call.restaurantId, tx, dates);
  }

  async #today(call: Call, tx: Tx): Promise<string> {
    const { restaurants, clock } = this.#deps;
    const { timezone, businessDayCutoffHour } = await restaurants.settings(tx, call.restaurantId);
    return businessDate(clock(), timezone, businessDayCutoffHour);
  }

  /** In the order of the dates. */
  async #openDays(call: Call, tx: Tx, dates: readonly string[]): Promise<BusinessDay[]> {
    const { restaurants, reports } = this.#deps;
    const { currency } = await restaurants.settings(tx, call.restaurantId);
    const figures = await reports.daysFigures(call, tx, dates);
    return dates.map((date) => {
      const report = reportOf(date, currency, figures.get(date)!, null);
      return { ...report, status: 'open', documentId: null, number: null, closedAt: null, closedBy: null, notes: null };
    });
  }
}

function reportOf(date: string, currency: string, figures: DayFigures, countedCash: number | null): DayReport {
  return { date, currency, ...figures, cash: cashOf(figures, countedCash) };
}

function closedDay(report: DayReport, { id, number, issuedAt, issuedBy, notes }: Document): BusinessDay {
  return { ...report, status: 'closed', documentId: id, number, closedAt: issuedAt, closedBy: issuedBy, notes };
}
