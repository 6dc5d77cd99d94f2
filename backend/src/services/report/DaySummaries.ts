/** A business day at a glance, beside the same weekday before. Reads figures through services. */
import { Track } from '../../decorators/Performance.js';
import type { BusinessDay } from '../../domain/report/businessDay.js';
import type { SalesFigures } from '../../domain/report/report.js';
import { shifted } from '../../domain/restaurant/localTime.js';
import type { Call } from '../../domain/shared/call.js';
import type { BusinessDayService } from '../BusinessDayService.js';
import type { InventoryService } from '../InventoryService.js';
import { averageOf, type ReportService } from '../ReportService.js';
import type { RestaurantService } from '../RestaurantService.js';

const DAYS_BEFORE = 7;
const HOURS = 24;
/** Items below their reorder point that are named. */
const MOST_LOW = 20;

interface Dependencies {
  businessDays: BusinessDayService;
  reports: ReportService;
  inventory: InventoryService;
  restaurants: RestaurantService;
}

type Sales = Pick<SalesFigures, 'orders' | 'revenue'>;

export class DaySummaries {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @param top number of items that sold best, by revenue.
   * @returns low stock only to callers who may read it; else null.
   */
  @Track('businessDays.summary')
  async of(call: Call, date: string, top: number) {
    const { businessDays, reports, restaurants } = this.#deps;
    const dateBefore = shifted(date, -DAYS_BEFORE);
    const { businessDayCutoffHour } = await restaurants.get(call);
    // One after another: a screen that many people watch holds one connection a call.
    const day = await businessDays.get(call, date);
    const before = await businessDays.get(call, dateBefore);
    const hours = hourly((await reports.sales(call, date, date, 'hour')).data);
    const hoursBefore = hourly((await reports.sales(call, dateBefore, dateBefore, 'hour')).data);
    const items = await reports.sales(call, date, date, 'item');
    return {
      ...figuresOf(day),
      status: day.status,
      currency: day.currency,
      weekBefore: figuresOf(before),
      hours: Array.from({ length: HOURS }, (_, index) => {
        const hour = (businessDayCutoffHour + index) % HOURS;
        return { hour, ...salesOf(hours.get(hour)), weekBefore: salesOf(hoursBefore.get(hour)) };
      }),
      topItems: items.data.slice(0, top).map(({ key, label, orders, units, revenue }) => {
        return { menuItemId: key, name: label, orders, units, revenue };
      }),
      payments: day.payments,
      refunds: day.refunds,
      unfinishedOrders: day.unfinishedOrders,
      lowStock: call.scopes.has('inventory:read') ? await this.#low(call) : null,
    };
  }

  async #low(call: Call) {
    const { data, nextCursor } = await this.#deps.inventory.low(call, { limit: MOST_LOW });
    const items = data.map(({ id, name, unit, currentQuantity }) => ({ id, name, unit, currentQuantity }));
    return { items, hasMore: nextCursor !== null };
  }
}

function hourly(rows: readonly (Sales & { key: string })[]): Map<number, Sales> {
  return new Map(rows.map((row) => [Number(row.key), row]));
}

function salesOf({ orders, revenue }: Sales = { orders: 0, revenue: 0 }): Sales {
  return { orders, revenue };
}

function figuresOf(day: BusinessDay) {
  const { date, orders, units, revenue, discountTotal, taxTotal, tipTotal, total, refundTotal } = day;
  const { cancelledOrders, voidedLines } = day;
  const sums = { revenue, discountTotal, taxTotal, tipTotal, total, refundTotal };
  return { date, orders, units, ...sums, averageTotal: averageOf(total, orders), cancelledOrders, voidedLines };
}
