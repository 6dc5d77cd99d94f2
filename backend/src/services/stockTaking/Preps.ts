import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import { costOf, type Needs } from '../../domain/inventory/needs.js';
import { formatQuantity, fromMicros, type Micros, parseQuantity, toMicros } from '../../domain/number/quantity.js';
import { divide, ratioOf } from '../../domain/number/ratio.js';
import type { StockItem } from '../../domain/inventory/recipe.js';
import type { PostedLine } from '../../domain/stock/stockTaking.js';
import type { MadeRecipe, StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import { inStockUnits } from '../inventory/movementRules.js';
import type { InventoryService, Posting } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { shortageAt } from './itemLines.js';
import type { StockPoster } from './StockPoster.js';

export interface PrepInput {
  recipeId: string;
  /** Decimal text. */
  quantity: string;
  /** The yield unit of the recipe if absent. */
  unit?: string | undefined;
  notes?: string | undefined;
}

export interface Prep {
  id: string;
  recipeId: string;
  recipeName: string;
  notes: string | null;
  output: PostedLine;
  consumed: PostedLine[];
  createdAt: string;
}

/** A batch that is ready to be booked. */
interface Batch {
  recipe: MadeRecipe;
  output: StockItem;
  quantity: Micros;
  needs: Needs;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: StockTakingRepository;
  inventory: InventoryService;
  poster: StockPoster;
  clock: Clock;
}

/** Preparations that are made in advance and kept in stock. */
export class Preps {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Takes the ingredients of a batch from stock and adds its output at their cost.
   * @throws AppError not_found, invalid_request; StockShortage with the items that are short.
   */
  make(call: Call, input: PrepInput): Promise<Prep> {
    const { unitOfWork, poster, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const { recipe, output, quantity, needs } = await this.#plan(call.restaurantId, tx, input);
      const unitCost = await this.#costOf(call.restaurantId, tx, { recipe, output, quantity, needs });
      const { notes = null } = input;
      const id = newId();
      const made: Posting = { inventoryItemId: output.id, kind: 'prep', quantity, unitCost, reason: recipe.name };
      const postings = [...needs].map(([inventoryItemId, micros]): Posting => {
        return { inventoryItemId, kind: 'prep', quantity: -micros, reason: recipe.name };
      });
      const taking = [{ pointer: '/quantity', needs }];
      const lines = await poster.post(call, tx, { kind: 'prep', id }, [...postings, made]).catch(shortageAt(taking));
      const prep = {
        id,
        recipeId: recipe.id,
        recipeName: recipe.name,
        notes,
        output: lines.find((line) => line.inventoryItemId === output.id) ?? missing(),
        consumed: lines.filter((line) => line.inventoryItemId !== output.id),
        createdAt: clock().toISOString(),
      };
      await unitOfWork.record(tx, call, [
        { type: 'stock.prepared', subject: 'stock_prep', subjectId: id, data: { ...prep } },
      ]);
      return prep;
    });
  }

  async #plan(restaurantId: string, tx: Tx, { recipeId, quantity, unit }: PrepInput): Promise<Batch> {
    const { repository, inventory } = this.#deps;
    const recipe = await repository.findRecipe(restaurantId, tx, recipeId);
    if (!recipe) throw notFound('recipe', '/recipeId');
    const output = await this.#outputOf(restaurantId, tx, recipe);
    const { book } = await inventory.currentRecipes(restaurantId, tx);
    const made = unit ?? recipe.yieldUnit;
    const needs = book.explode(recipeId, ratioOf(quantity), made);
    if (needs.size === 0) throw invalid('/recipeId', `"${recipe.name}" takes nothing from stock. Give it lines first.`);
    return { recipe, output, quantity: inStockUnits(output, quantity, made, ''), needs };
  }

  async #outputOf(restaurantId: string, tx: Tx, { name, outputItemId }: MadeRecipe): Promise<StockItem> {
    const items = await this.#deps.repository.findItems(restaurantId, tx, outputItemId === null ? [] : [outputItemId]);
    const output = items.get(outputItemId ?? '');
    if (output) return output;
    throw invalid('/recipeId', `"${name}" is not kept in stock. Give the recipe an outputItemId first.`);
  }

  /** Locks ingredients and output, so that the ledger books exactly these costs. */
  async #costOf(restaurantId: string, tx: Tx, { recipe, output, quantity, needs }: Batch): Promise<string> {
    const costs = await this.#deps.repository.lockCosts(restaurantId, tx, [...needs.keys(), output.id]);
    const total = costOf(needs, new Map([...costs].map(([id, cost]) => [id, ratioOf(cost)])));
    const unitCost = formatQuantity(toMicros(divide(total, fromMicros(quantity))));
    if (parseQuantity(unitCost) !== undefined) return unitCost;
    throw new AppError(
      'invalid_request',
      `One ${output.unit} of ${recipe.name} would cost more than can be counted. Check the costs of its ingredients.`,
    );
  }
}

function missing(): never {
  throw new Error('a batch was booked without its output');
}
