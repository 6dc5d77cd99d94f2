/** Depletion of sold orders that have not taken their ingredients yet, by today's recipes. */
import { type Needs, type StockUse, sumNeeds, toStockUse } from '../inventory/needs.js';
import type { Micros } from '../number/quantity.js';
import type { RecipeBook } from '../inventory/recipeBook.js';

/** An order line that has taken nothing from stock. */
export interface UntakenLine {
  id: string;
  menuItemId: string;
  variantId: string | null;
  name: string;
  variantName: string | null;
  quantity: number;
  modifiers: readonly { modifierId: string; quantity: number }[];
}

/** A sold dish without a recipe. */
export interface DishWithoutRecipe {
  menuItemId: string;
  variantId: string | null;
  name: string;
  variantName: string | null;
  lines: number;
  units: number;
}

/**
 * Stock use of lines: per unit for each line, and in total. Lines that take nothing are left out.
 */
export interface Taking {
  uses: { id: string; stockUse: StockUse }[];
  needs: Needs;
}

export function takingOf(lines: readonly UntakenLine[], book: RecipeBook): Taking {
  const taking = lines.map((line) => ({ line, needs: book.needsOf(line) })).filter(({ needs }) => needs.size > 0);
  return {
    uses: taking.map(({ line, needs }) => ({ id: line.id, stockUse: toStockUse(needs) })),
    needs: sumNeeds(taking.map(({ line, needs }) => ({ stockUse: needs, quantity: line.quantity, voided: false }))),
  };
}

/** Adds up the stock use of orders, and the sold dishes without a recipe. */
export class DepletionTally {
  orders = 0;
  ordersDepleted = 0;
  readonly #consumption = new Map<string, Micros>();
  readonly #without = new Map<string, DishWithoutRecipe>();

  /** By inventory item. */
  get consumption(): Needs {
    return this.#consumption;
  }

  /** Most sold dishes first. */
  get withoutRecipe(): DishWithoutRecipe[] {
    return [...this.#without.values()].sort((a, b) => b.units - a.units || (a.name < b.name ? -1 : 1));
  }

  /**
   * Counts an order.
   * @param lines those that had taken nothing before.
   */
  add(lines: readonly UntakenLine[], { needs }: Taking, book: RecipeBook): void {
    this.orders += 1;
    if (needs.size > 0) this.ordersDepleted += 1;
    for (const [id, micros] of needs) this.#consumption.set(id, (this.#consumption.get(id) ?? 0n) + micros);
    for (const line of lines) if (!book.hasRecipe(line.menuItemId, line.variantId)) this.#addWithout(line);
  }

  #addWithout({ menuItemId, variantId, name, variantName, quantity }: UntakenLine): void {
    const key = `${menuItemId} ${variantId}`;
    const known = this.#without.get(key) ?? { menuItemId, variantId, name, variantName, lines: 0, units: 0 };
    this.#without.set(key, { ...known, lines: known.lines + 1, units: known.units + quantity });
  }
}
