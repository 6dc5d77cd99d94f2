import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { balanceOf, type DayFigures } from '../domain/report/businessDay.js';
import { type ReadDays, rowsOnly, type SummedFigures } from '../domain/report/daySums.js';
import type { Call } from '../domain/shared/call.js';
import {
  MAX_DAYS_OF_ORDERS,
  type PaymentFigures,
  type PaymentGroup,
  readsOrders,
  type SalesFigures,
  type SalesGroup,
} from '../domain/report/report.js';
import { type SalesRow, type SalesShape, shapedRows } from '../domain/report/salesRows.js';
import { addTotals, subtractTotal, type Total, totalOf } from '../domain/number/money.js';
import { shifted } from '../domain/restaurant/localTime.js';
import { invalid } from '../domain/shared/errors.js';
import type { OrderSums, ReportRepository } from '../repositories/ReportRepository.js';
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
  /** `total / orders`, rounded half up; null without orders. */
  averageTotal: Total | null;
  /** Guests of the orders that tell how many; null: they were not asked for. */
  guests: number | null;
  data: SalesRow[];
}

export interface SalesOptions extends SalesShape {
  /** Whether guests are counted, for 31 days at most. */
  guests?: boolean | undefined;
}

interface WithNet extends PaymentFigures {
  /** `amount + tip - refundAmount`. */
  net: Total;
}

export interface PaymentsReport extends WithNet {
  from: string;
  to: string;
  groupBy: PaymentGroup;
  currency: string;
  data: (WithNet & { key: string })[];
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

const TOO_LONG = `This is counted from the orders. Ask for ${MAX_DAYS_OF_ORDERS} days at most.`;

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
    this.daySums = new DaySums({ ...deps, figures: (call, tx, date) => this.#fromRows(call, tx, date) });
  }

  /**
   * Sales of the business dates `from` to `to`, both included. Amounts and units of the groups add
   * up to the totals. An order is counted in each group in which it has lines.
   * @param options leave rows out (`limit`), or add rows of zeros; totals are of all.
   * @throws AppError invalid_request for a period that is too long for the group or the options.
   */
  @Track('reports.sales')
  async sales(
    call: Call,
    from: string,
    to: string,
    groupBy: SalesGroup,
    { guests: countsGuests = false, ...shape }: SalesOptions = {},
  ): Promise<SalesReport> {
    assertPeriod({ from, to });
    const isLong = to >= shifted(from, MAX_DAYS_OF_ORDERS);
    if (isLong && readsOrders(groupBy)) throw invalid('?to', TOO_LONG);
    if (isLong && countsGuests) throw invalid('?guests', TOO_LONG);
    const { unitOfWork, repository, restaurants } = this.#deps;
    return unitOfWork.readReplica(call, async (tx) => {
      const settings = await restaurants.settings(tx, call.restaurantId);
      const days = await repository.sums.readDays(call.restaurantId, tx, from, to);
      const lines = await repository.sales.lineSums(call.restaurantId, tx, days);
      const orders = await repository.sales.orderSums(call.restaurantId, tx, days);
      const read = readsOrders(groupBy) ? rowsOnly(from, to) : days;
      const rows = await repository.sales.by(call.restaurantId, tx, groupBy, read, settings.timezone);
      const guests = countsGuests ? await repository.sales.guests(call.restaurantId, tx, from, to) : null;
      const sums = { ...lines, ...orders, averageTotal: averageOf(orders.total, orders.orders), guests };
      const data = shapedRows(rows, groupBy, { from, to }, shape);
      return { from, to, groupBy, currency: settings.currency, ...sums, data };
    });
  }

  /**
   * Payments and refunds by the business dates on which they were made, both dates included.
   * @throws AppError invalid_request.
   */
  @Track('reports.payments')
  async payments(call: Call, from: string, to: string, groupBy: PaymentGroup): Promise<PaymentsReport> {
    assertPeriod({ from, to });
    const { unitOfWork, repository, restaurants } = this.#deps;
    return unitOfWork.readReplica(call, async (tx) => {
      const { currency } = await restaurants.settings(tx, call.restaurantId);
      const days = await repository.sums.readDays(call.restaurantId, tx, from, to);
      const total = await repository.payments.total(call.restaurantId, tx, days);
      const rows = await repository.payments.by(call.restaurantId, tx, groupBy, days);
      return { from, to, groupBy, currency, ...withNet(total), data: rows.map(withNet) };
    });
  }

  /**
   * All figures of business dates, as the caller's transaction sees them: stored sums where there
   * are any. The sales of each equal those of `sales`.
   */
  async daysFigures(call: Call, tx: Tx, dates: readonly string[]): Promise<Map<string, DayFigures>> {
    const { sums, drawers } = this.#deps.repository;
    const stored = await sums.figures(call.restaurantId, tx, dates);
    for (const date of dates) {
      if (stored.has(date)) continue;
      const read = await sums.readDays(call.restaurantId, tx, date, date);
      stored.set(date, await this.#figures(call, tx, date, read));
    }
    const money = dates.flatMap((date) => stored.get(date)!.money.map((one) => ({ date, ...one })));
    const ofDrawers = await drawers.ofDays(call.restaurantId, tx, dates, money);
    return new Map(dates.map((date) => [date, { ...withoutMoney(stored.get(date)!), ...ofDrawers.get(date)! }]));
  }

  /** All figures of one business date, from its rows; and those that its sums keep. */
  async dayToClose(call: Call, tx: Tx, date: string): Promise<{ figures: DayFigures; summed: SummedFigures }> {
    const summed = await this.#fromRows(call, tx, date);
    const money = summed.money.map((one) => ({ date, ...one }));
    const ofDrawers = await this.#deps.repository.drawers.ofDays(call.restaurantId, tx, [date], money);
    return { figures: { ...withoutMoney(summed), ...ofDrawers.get(date)! }, summed };
  }

  /** The figures of one business date that sums of days keep, from its rows. */
  #fromRows(call: Call, tx: Tx, date: string): Promise<SummedFigures> {
    return this.#figures(call, tx, date, rowsOnly(date, date));
  }

  /** @param read the date, with or without sums of its parts. */
  async #figures({ restaurantId }: Call, tx: Tx, date: string, read: ReadDays): Promise<SummedFigures> {
    const { sales, days } = this.#deps.repository;
    const [lines, orders, { otherDays, ...day }] = await Promise.all([
      sales.lineSums(restaurantId, tx, read),
      sales.orderSums(restaurantId, tx, read),
      days.figures(restaurantId, tx, date, read),
    ]);
    const all = { ...lines, ...orders, ...day };
    return { ...all, balance: balanceOf(all, otherDays) };
  }
}

function withoutMoney({ money: _money, ...figures }: SummedFigures): DayFigures {
  return figures;
}

function withNet<T extends PaymentFigures>(figures: T): T & WithNet {
  const { amount, tip, refundAmount } = figures;
  return { ...figures, net: subtractTotal(addTotals(amount, tip), refundAmount) };
}

/** Rounded half up to a minor unit. Totals of days are not below zero. */
export function averageOf(total: Total, orders: number): Total | null {
  return orders === 0 ? null : totalOf((2n * BigInt(total) + BigInt(orders)) / (2n * BigInt(orders)));
}
