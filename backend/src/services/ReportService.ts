import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/call.js';
import { invalid } from '../domain/errors.js';
import type { SalesFigures, SalesGroup } from '../domain/report.js';
import type { OrderSums, ReportRepository, SalesRow } from '../repositories/ReportRepository.js';
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
}

export class ReportService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Sales of the business dates `from` to `to`, both included. Amounts and units of the groups add up to the totals; an order is counted in each group that it has lines in. */
  @Track('reports.sales')
  sales(call: Call, from: string, to: string, groupBy: SalesGroup): Promise<SalesReport> {
    if (to < from) throw invalid('?to', 'Must not be before "from".');
    const { unitOfWork, repository, restaurants } = this.#deps;
    return unitOfWork.readReplica(call, async (tx) => {
      const settings = await restaurants.settings(tx, call.restaurantId);
      const figures = await repository.salesTotal(call.restaurantId, tx, from, to);
      const sums = await repository.orderSums(call.restaurantId, tx, from, to);
      const data = await repository.salesBy(call.restaurantId, tx, groupBy, from, to, settings.timezone);
      return { from, to, groupBy, currency: settings.currency, ...figures, ...sums, data };
    });
  }
}
