import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { type CostedSales, type CostFigures, type CostGroup, costOfGoods } from '../../domain/report/costOfGoods.js';
import { ratioOfSum } from '../../domain/number/ratio.js';
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

export interface CostRow extends CostFigures {
  key: string;
  label: string;
}

export interface CostOfGoodsPage extends Period, PageOf<CostRow> {
  groupBy: CostGroup;
  currency: string;
  totals: CostFigures;
}

export class CostReport {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Cost of goods sold for the orders of the business dates, at the cost of the ingredients when
   * they left stock. The costs of all rows on all pages add up to the total, which is the exact sum
   * rounded once.
   * @throws AppError invalid_request.
   */
  @Track('reports.costOfGoods')
  async of(call: Call, period: Period, groupBy: CostGroup, page: Page): Promise<CostOfGoodsPage> {
    assertPeriod(period);
    const { unitOfWork, repository, restaurants, cursors } = this.#deps;
    const { from, to } = period;
    const binding = [call.restaurantId, 'reports.cost-of-goods', from, to, groupBy];
    return unitOfWork.readReplica(call, async (tx) => {
      const { currency } = await restaurants.settings(tx, call.restaurantId);
      const sold = await repository.costs.soldBy(call.restaurantId, tx, groupBy, period);
      const sales = sold.map(({ unitsWithoutUse, cost, ...row }): CostedSales & { key: string; label: string } => {
        return { ...row, unitsWithoutCost: unitsWithoutUse, cost: ratioOfSum(cost) };
      });
      const { rows, total } = costOfGoods(sales);
      return { from, to, groupBy, currency, totals: total, ...reportPage(cursors, rows, page, binding) };
    });
  }
}
