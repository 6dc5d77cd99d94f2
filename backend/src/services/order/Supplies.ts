import { type Needs, sumNeeds } from '../../domain/inventory/needs.js';
import { notEnoughPortions } from '../../domain/menu/menu.js';
import { type Order, portionsOf } from '../../domain/order/order.js';
import type { AppError } from '../../domain/shared/errors.js';
import { type CountedStock, shortageOf } from '../../domain/stock/stockShortage.js';
import { pointedAt, usingLines } from './orderStock.js';

type Ordered = Pick<Order, 'status' | 'lines'>;

/**
 * The portions and ingredients that several orders of one transaction share. They are locked, so
 * that each order gets its own answer without failing the transaction of the others.
 */
export class Supplies {
  readonly #portions: Map<string, number>;
  readonly #stock: Map<string, CountedStock>;

  constructor(portions: ReadonlyMap<string, number>, stock: readonly CountedStock[]) {
    this.#portions = new Map(portions);
    this.#stock = new Map(stock.map((item) => [item.id, item]));
  }

  /**
   * Takes all that an order needs, or nothing.
   * @returns the refusal, as the database would give it to this order alone.
   */
  take(order: Ordered): AppError | undefined {
    const [portions, needs] = [portionsOf(order.lines), sumNeeds(usingLines(order))];
    for (const [id, quantity] of portions) {
      if ((this.#portions.get(id) ?? Infinity) < quantity) return notEnoughPortions();
    }
    const shortage = shortageOf(this.#needed(needs), needs);
    if (shortage) return pointedAt(order.lines, shortage);
    for (const [id, quantity] of portions) {
      const left = this.#portions.get(id);
      if (left !== undefined) this.#portions.set(id, left - quantity);
    }
    for (const item of this.#needed(needs))
      this.#stock.set(item.id, { ...item, left: item.left - (needs.get(item.id) ?? 0n) });
    return undefined;
  }

  /** In id order, as a posting tells of them. */
  #needed(needs: Needs): CountedStock[] {
    return [...needs.keys()].toSorted().flatMap((id) => this.#stock.get(id) ?? []);
  }
}
