import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { balanceOf, type DayFigures } from '../domain/report/businessDay.js';
import { rowsOnly, type SummedFigures } from '../domain/report/daySums.js';
import type { Call } from '../domain/shared/call.js';
import type { SalesFigures, SalesGroup } from '../domain/report/report.js';
import type { OrderSums, ReportRepository, SalesRow } from '../repositories/ReportRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors } from '../utils/cursor.js';
import type { InventoryService } from './InventoryService.js';
import type { MenuService } from './MenuService.js';
import { CostReport } from './report/CostReport.js';
import { DaySums } from './report/DaySums.js';
import { DishReports } from './report/DishReports.js';
import { assertPeriod } from './report/reportPage.js';
import { StockVarianceReport } from './report/StockVarianceReport.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

export interface SalesReport extends SalesFigures, OrderSums {
  from: string;
  to: string;
  groupBy: SalesGroup;
  currency: string;
  data: SalesRow[];
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: ReportRepository;
  restaurants: RestaurantService;
  menu: MenuService;
  inventory: InventoryService;
  cursors: Cursors;
  clock: Clock;
}

export class ReportService {
  readonly stockVariance: StockVarianceReport;
  readonly costOfGoods: CostReport;
  readonly dishes: DishReports;
  readonly daySums: DaySums;
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.stockVariance = new StockVarianceReport(deps);
    this.costOfGoods = new CostReport(deps);
    this.dishes = new DishReports(deps);
    this.daySums = new DaySums({ ...deps, figures: (call, tx, date) => this.#summed(call, tx, date) });
  }

  /**
   * Sales of the business dates `from` to `to`, both included. Amounts and units of the groups add
   * up to the totals. An order is counted in each group in which it has lines.
   */
  @Track('reports.sales')
  async sales(call: Call, from: string, to: string, groupBy: SalesGroup): Promise<SalesReport> {
    assertPeriod({ from, to });
    const { unitOfWork, repository, restaurants } = this.#deps;
    return unitOfWork.readReplica(call, async (tx) => {
      const settings = await restaurants.settings(tx, call.restaurantId);
      const days = await repository.sums.readDays(call.restaurantId, tx, from, to);
      const lines = await repository.sales.lineSums(call.restaurantId, tx, days);
      const orders = await repository.sales.orderSums(call.restaurantId, tx, days);
      const data = await repository.sales.by(call.restaurantId, tx, groupBy, days, settings.timezone);
      return { from, to, groupBy, currency: settings.currency, ...lines, ...orders, data };
    });
  }

  /**
   * All figures of business dates, as the caller's transaction sees them: stored sums where there
   * are any. The sales of each equal those of `sales`.
   */
  async daysFigures(call: Call, tx: Tx, dates: readonly string[]): Promise<Map<string, DayFigures>> {
    const { sums, drawers } = this.#deps.repository;
    const stored = await sums.figures(call.restaurantId, tx, dates);
    const figures = new Map<string, DayFigures>();
    for (const date of dates) {
      const summed = stored.get(date) ?? (await this.#summed(call, tx, date));
      figures.set(date, { ...summed, ...(await drawers.ofDay(call.restaurantId, tx, date)) });
    }
    return figures;
  }

  /** All figures of one business date, from its rows. */
  async dayFigures(call: Call, tx: Tx, date: string): Promise<DayFigures> {
    const [summed, drawers] = await Promise.all([
      this.#summed(call, tx, date),
      this.#deps.repository.drawers.ofDay(call.restaurantId, tx, date),
    ]);
    return { ...summed, ...drawers };
  }

  /** The figures of one business date that sums of days keep, from its rows. */
  async #summed(call: Call, tx: Tx, date: string): Promise<SummedFigures> {
    const { sales, days } = this.#deps.repository;
    const rows = rowsOnly(date, date);
    const [lines, orders, day, otherDays] = await Promise.all([
      sales.lineSums(call.restaurantId, tx, rows),
      sales.orderSums(call.restaurantId, tx, rows),
      days.figures(call.restaurantId, tx, date),
      days.otherDays(call.restaurantId, tx, date),
    ]);
    const all = { ...lines, ...orders, ...day };
    return { ...all, balance: balanceOf(all, otherDays) };
  }
}
