import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { businessDayStart, dayAfter } from '../../domain/restaurant/localTime.js';
import { type StockVariance, stockVariances, type VarianceTotals } from '../../domain/report/stockVariance.js';
import type { ReportRepository } from '../../repositories/ReportRepository.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { assertPeriod, type Period, reportPage } from './reportPage.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: ReportRepository;
  restaurants: RestaurantService;
  cursors: Cursors;
}

export interface StockVariancePage extends Period, PageOf<StockVariance> {
  currency: string;
  totals: VarianceTotals;
}

export class StockVarianceReport {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Actual and theoretical use of every inventory item, from the start of the business date `from`
   * to the end of `to`, by the current time zone and cut-off hour. Rows are sorted by variance
   * value, largest first; totals cover all pages.
   * @throws AppError invalid_request.
   */
  @Track('reports.stockVariance')
  async of(call: Call, period: Period, page: Page): Promise<StockVariancePage> {
    assertPeriod(period);
    const { unitOfWork, repository, restaurants, cursors } = this.#deps;
    const { from, to } = period;
    const binding = [call.restaurantId, 'reports.stock-variance', from, to];
    return unitOfWork.readReplica(call, async (tx) => {
      const settings = await restaurants.settings(tx, call.restaurantId);
      const { currency, timezone, businessDayCutoffHour } = settings;
      const start = businessDayStart(from, timezone, businessDayCutoffHour);
      const end = businessDayStart(dayAfter(to), timezone, businessDayCutoffHour);
      const periods = await repository.stock.ledgerPeriod(call.restaurantId, tx, start, end);
      const { rows, totals } = stockVariances(periods);
      return { from, to, currency, totals, ...reportPage(cursors, rows, page, binding) };
    });
  }
}
