/**
 * All recipes of a restaurant, resolved once: the stock use of each dish, variant and modifier.
 * Sub-recipes are broken down to inventory items.
 *
 * Rounding: a recipe's needs per unit sold (one portion, or one of the modifier) are summed exactly
 * over all its lines. The sum is rounded once per inventory item, to millionths, half away from
 * zero. All later steps multiply whole numbers: three portions take exactly three times the needs
 * of one, and a void gives back exactly the quantity that the sale took. The order of lines and
 * sales changes nothing.
 */
import { type AppError, invalid, notFound } from '../shared/errors.js';
import { ExplodedRecipes } from './explodedRecipes.js';
import type { Needs } from './needs.js';
import { type Micros, toMicros } from '../number/quantity.js';
import { multiply, ONE, type Ratio } from '../number/ratio.js';
import { type Recipe, type StockItem, yieldFactor } from './recipe.js';
import { makingOrder } from './recipeOrder.js';

const NOTHING: Needs = new Map();
/**
 * A billion stock units per unit sold: a tonne in milligrams, and far below stock's limit of 10^12.
 */
const MOST_AT_ONCE: Micros = 10n ** 15n;

/** A sold line, of an order or of a preview. */
export interface SoldLine {
  menuItemId: string;
  variantId: string | null;
  /** `quantity` per one unit of the line. */
  modifiers: readonly { modifierId: string; quantity: number }[];
}

/** Immutable. `Needs` are Micros of stock units by inventory item id, without zeros. */
export class RecipeBook {
  #exploded: ExplodedRecipes;
  /** By menu item, then by variant; null is the item's own recipe. */
  readonly #dishes = new Map<string, Map<string | null, Needs>>();
  /** By modifier, then by menu item; null is the modifier's general recipe. */
  readonly #modifiers = new Map<string, Map<string | null, Needs>>();
  readonly #dishesByItem = new Map<string, Set<string>>();

  /**
   * Takes recipes that passed `recipeProblems` and `findCycle`, with all items that they name. Code
   * that stores a recipe builds a book with it first.
   * @throws AppError invalid_request when one portion takes a billion stock units or more
   * @throws Error when a recipe was never checked: a sale must not silently take half of a recipe
   */
  constructor(items: readonly StockItem[], recipes: readonly Recipe[]) {
    this.#exploded = new ExplodedRecipes(items, false);
    for (const _step of this.#fill(recipes));
  }

  /**
   * As the constructor, with a pause after each line of a recipe: thousands of recipes take
   * seconds.
   * @param isBounded also refuses what is too much to work out: for recipes that are about to be
   * stored.
   */
  static *making(
    items: readonly StockItem[],
    recipes: readonly Recipe[],
    isBounded: boolean,
  ): Generator<void, RecipeBook> {
    const book = new RecipeBook([], []);
    book.#exploded = new ExplodedRecipes(items, isBounded);
    yield* book.#fill(recipes);
    return book;
  }

  /** True when no sale takes anything: no dish and no modifier has a recipe. */
  get isEmpty(): boolean {
    return this.#dishes.size === 0 && this.#modifiers.size === 0;
  }

  /**
   * Needs of ONE unit of a line: the variant's recipe, or else the item's, plus each modifier's
   * needs times its quantity. An item never falls below zero: removing the onion twice, or from a
   * dish without onion, creates no stock.
   */
  needsOf(line: SoldLine): Needs {
    const total = new Map(this.usesOf(line.menuItemId, line.variantId));
    for (const { modifierId, quantity } of line.modifiers) {
      const added = this.usesOfModifier(modifierId, line.menuItemId);
      for (const [id, micros] of added) total.set(id, (total.get(id) ?? 0n) + micros * BigInt(quantity));
    }
    return new Map([...total].filter(([, micros]) => micros > 0n));
  }

  /** Needs of one portion without modifiers: the variant's recipe, or else the item's. */
  usesOf(menuItemId: string, variantId: string | null): Needs {
    const byVariant = this.#dishes.get(menuItemId);
    return byVariant?.get(variantId) ?? byVariant?.get(null) ?? NOTHING;
  }

  /**
   * Needs that one modifier adds to a portion of the item; negative for ingredients that it leaves
   * out. Its recipe for that item is used, or else its general recipe.
   */
  usesOfModifier(modifierId: string, menuItemId: string): Needs {
    const byDish = this.#modifiers.get(modifierId);
    return byDish?.get(menuItemId) ?? byDish?.get(null) ?? NOTHING;
  }

  /** Whether there is a recipe for the variant, or else for the item. */
  hasRecipe(menuItemId: string, variantId: string | null): boolean {
    const byVariant = this.#dishes.get(menuItemId);
    return byVariant !== undefined && (byVariant.has(variantId) || byVariant.has(null));
  }

  /** Modifiers that have a recipe, on all items or on some. */
  modifiers(): string[] {
    return [...this.#modifiers.keys()];
  }

  /**
   * Menu items whose own recipe, or that of a variant, takes the inventory item. Modifiers do not
   * count.
   */
  dishesUsing(inventoryItemId: string): ReadonlySet<string> {
    return this.#dishesByItem.get(inventoryItemId) ?? new Set();
  }

  /** Menu items that have a recipe, or a variant with one. */
  dishes(): string[] {
    return [...this.#dishes.keys()];
  }

  /** Whether a recipe uses the inventory item, directly or through sub-recipes. */
  takes(recipeId: string, inventoryItemId: string): boolean {
    return this.#exploded.needs(recipeId)?.has(inventoryItemId) ?? false;
  }

  /** Variants of a menu item that have a recipe; includes null when the item itself has one. */
  targetsOf(menuItemId: string): (string | null)[] {
    return [...(this.#dishes.get(menuItemId)?.keys() ?? [])];
  }

  /**
   * Needs of making a quantity of a recipe, rounded once for the whole quantity.
   * @throws AppError not_found at `/recipeId`; invalid_request at `/unit` when the unit does not
   * fit the yield unit, or at `/lines` when an item's need reaches a billion stock units
   */
  explode(recipeId: string, quantity: Ratio, unit: string): Needs {
    const recipe = this.#exploded.recipe(recipeId);
    if (!recipe) throw notFound('recipe', '/recipeId');
    const factor = yieldFactor(recipe, unit);
    if (!factor)
      throw invalid('/unit', `"${recipe.name}" is measured in "${recipe.yieldUnit}". Use a unit that converts to it.`);
    return this.#rounded(recipeId, multiply(quantity, factor));
  }

  *#fill(recipes: readonly Recipe[]): Generator<void, void> {
    const making = makingOrder(recipes);
    if (making.cycle) throw new Error(`recipes form a circle: ${making.cycle.join(', ')}`);
    for (const recipe of making.order) {
      yield* this.#exploded.add(recipe);
      this.#file(recipe);
    }
  }

  #file(recipe: Recipe): void {
    const { menuItemId, variantId, modifierId } = recipe;
    if (modifierId !== null) {
      childOf(this.#modifiers, modifierId).set(menuItemId, this.#rounded(recipe.id, ONE));
    } else if (menuItemId !== null) {
      const needs = this.#rounded(recipe.id, ONE);
      childOf(this.#dishes, menuItemId).set(variantId, needs);
      for (const id of needs.keys()) {
        const dishes = this.#dishesByItem.get(id);
        if (dishes) dishes.add(menuItemId);
        else this.#dishesByItem.set(id, new Set([menuItemId]));
      }
    }
  }

  #rounded(recipeId: string, times: Ratio): Needs {
    const needs = new Map<string, Micros>();
    for (const [id, each] of this.#exploded.needs(recipeId) ?? []) {
      const micros = toMicros(multiply(each, times));
      if (micros <= -MOST_AT_ONCE || micros >= MOST_AT_ONCE) throw tooMuch(this.#exploded.recipe(recipeId)?.name ?? '');
      if (micros !== 0n) needs.set(id, micros);
    }
    return needs;
  }
}

function tooMuch(name: string): AppError {
  return invalid('/lines', `"${name}" takes a billion stock units or more at once. Check its quantities and units.`);
}

function childOf(parents: Map<string, Map<string | null, Needs>>, id: string): Map<string | null, Needs> {
  const known = parents.get(id);
  if (known) return known;
  const child = new Map<string | null, Needs>();
  parents.set(id, child);
  return child;
}
