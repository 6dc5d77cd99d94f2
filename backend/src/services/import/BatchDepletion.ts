/**
 * Stock that one batch of orders takes when it is stored: new orders if the mapping asks for it,
 * and completed orders that took stock before.
 */
import type { Tx } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';
import type { ImportCounts } from '../../domain/import/import.js';
import { needsBetween, type UsingLine } from '../../domain/inventory/needs.js';
import type { RecipeBook } from '../../domain/inventory/recipeBook.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';
import type { ImportedLine, OrderBatch } from '../../repositories/import/ImportedOrders.js';
import type { OrderNeeds } from '../InventoryService.js';
import type { Recipes } from '../inventory/RecipeBooks.js';
import type { ImportJournal } from './ImportJournal.js';
import type { WantedOrder } from './pastOrders.js';

/** Maximum orders in a batch that takes stock: each may take from dozens of items. */
export const BATCH_DEPLETING_ORDERS = 200;

export class BatchDepletion {
  readonly #journal: ImportJournal;
  readonly #recipes: Recipes;

  private constructor(journal: ImportJournal, recipes: Recipes) {
    this.#journal = journal;
    this.#recipes = recipes;
  }

  static async begin(journal: ImportJournal, tx: Tx): Promise<BatchDepletion> {
    const recipes = await journal.deps.inventory.currentRecipes(journal.job.call.restaurantId, tx);
    return new BatchDepletion(journal, recipes);
  }

  /**
   * An order that took ingredients before also takes those of its completed lines, whatever the
   * mapping of this file says.
   */
  bookFor({ stored }: WantedOrder): RecipeBook | undefined {
    const { depleteStock } = this.#journal.job.mapping;
    return depleteStock || (stored && stored.uses.length > 0) ? this.#recipes.book : undefined;
  }

  count(counts: ImportCounts, batches: readonly OrderBatch[]): void {
    if (!this.#journal.job.mapping.depleteStock) return;
    for (const line of batches.flatMap(({ lines }) => lines)) {
      if (!this.#recipes.book.hasRecipe(line.menuItemId, line.variantId)) counts.linesWithoutRecipe += 1;
    }
    const using = batches.flatMap(({ lines }) => lines).filter((line) => Object.keys(line.stockUse).length > 0);
    counts.ordersDepleted += new Set(using.map((line) => line.orderId)).size;
  }

  /**
   * Posts the difference to the stock that the orders took before.
   * @throws AppError insufficient_stock with the progress of the import.
   */
  async move(tx: Tx, wanted: readonly WantedOrder[], batches: readonly OrderBatch[]): Promise<void> {
    const before = new Map(wanted.flatMap(({ stored }) => (stored ? [[stored.id, stored]] : [])));
    const moves = batches.flatMap(({ orders, lines }) => {
      const linesOf = new Map(orders.map(({ id }): [string, ImportedLine[]] => [id, []]));
      for (const line of lines) linesOf.get(line.orderId)?.push(line);
      return orders.map(({ id, businessDate, createdAt }): OrderNeeds => {
        const stored = before.get(id);
        const needs = needsBetween(stored?.uses ?? [], (linesOf.get(id) ?? []).map(using));
        return { id, version: (stored?.version ?? 0) + 1, needs, businessDate, at: new Date(createdAt) };
      });
    });
    const { inventory } = this.#journal.deps;
    await inventory.moveForOrders(this.#journal.job.call, tx, moves, this.#recipes).catch((error: unknown) => {
      throw error instanceof StockShortage ? this.#stopped(error) : error;
    });
  }

  #stopped(shortage: StockShortage): AppError {
    const { ordersCreated, ordersCompleted } = this.#journal.counts;
    const stored = `${ordersCreated + ordersCompleted} orders before them are stored and stay.`;
    const message = `${shortage.message} The next ${BATCH_DEPLETING_ORDERS} orders of the file need this. ${stored} Receive or count the missing stock, or allow it to go below zero. Then send the same file again: it continues from there.`;
    return new AppError('insufficient_stock', message, { cause: shortage });
  }
}

function using({ stockUse, quantity }: ImportedLine): UsingLine {
  return { stockUse, quantity, voided: false };
}
