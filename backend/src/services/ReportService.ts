import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { balanceOf, type DayFigures } from '../domain/report/businessDay.js';
import type { Call } from '../domain/shared/call.js';
import type { SalesFigures, SalesGroup } from '../domain/report/report.js';
import type { OrderSums, ReportRepository, SalesRow } from '../repositories/ReportRepository.js';
import type { Cursors } from '../utils/cursor.js';
import type { InventoryService } from './InventoryService.js';
import type { MenuService } from './MenuService.js';
import { CostReport } from './report/CostReport.js';
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
}

export class ReportService {
  readonly stockVariance: StockVarianceReport;
  readonly costOfGoods: CostReport;
  readonly dishes: DishReports;
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.stockVariance = new StockVarianceReport(deps);
    this.costOfGoods = new CostReport(deps);
    this.dishes = new DishReports(deps);
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
      const figures = await repository.salesTotal(call.restaurantId, tx, from, to);
      const sums = await repository.orderSums(call.restaurantId, tx, from, to);
      const data = await repository.salesBy(call.restaurantId, tx, groupBy, from, to, settings.timezone);
      return { from, to, groupBy, currency: settings.currency, ...figures, ...sums, data };
    });
  }

  /**
   * All figures of one business date, as the caller's transaction sees them. Its sales equal those
   * of `sales`.
   */
  async dayFigures(call: Call, tx: Tx, date: string): Promise<DayFigures> {
    const { repository } = this.#deps;
    const [figures, sums, day, otherDays, drawers] = await Promise.all([
      repository.salesTotal(call.restaurantId, tx, date, date),
      repository.orderSums(call.restaurantId, tx, date, date),
      repository.days.figures(call.restaurantId, tx, date),
      repository.days.otherDays(call.restaurantId, tx, date),
      repository.drawers.ofDay(call.restaurantId, tx, date),
    ]);
    const all = { ...figures, ...sums, ...day, ...drawers };
    return { ...all, balance: balanceOf(all, otherDays) };
  }
}
