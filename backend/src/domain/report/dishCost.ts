/** Costs and margins of dishes by today's recipes and average costs. */
import { percentOf, roundToTotal, toTotal } from '../number/exactMoney.js';
import type { MenuItem, MenuParts, OrderType } from '../menu/menu.js';
import { byId, taxesFor } from '../menu/menu.js';
import { type MinorUnits, subtractTotal, sum, type Total } from '../number/money.js';
import { costOf, type Needs } from '../inventory/needs.js';
import { formatQuantity, fromMicros } from '../number/quantity.js';
import { multiply, type Ratio, ratio, ratioOf, ZERO } from '../number/ratio.js';
import type { RecipeBook } from '../inventory/recipeBook.js';
import { taxCharges, type TaxRate } from '../order/taxes.js';

/** An inventory item and its average cost per stock unit: minor units as decimal text. */
export interface StockCost {
  id: string;
  name: string;
  unit: string;
  unitCost: string;
}

export interface IngredientCost {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Decimal text in `unit`; negative where a modifier leaves something out. */
  quantity: string;
  unitCost: string;
  cost: Total;
  /** Share of the portion's cost. */
  sharePercent: string | null;
}

export interface PortionCost {
  price: MinorUnits;
  /** Without included taxes: the basis for cost and margin. */
  netPrice: MinorUnits;
  hasRecipe: boolean;
  /** Null without a recipe. */
  cost: Total | null;
  /** `netPrice - cost`. */
  margin: Total | null;
  /** Cost in percent of `netPrice`; null when that is zero. */
  foodCostPercent: string | null;
  /** False when an ingredient has no cost yet and therefore counts as free. */
  isCostComplete: boolean;
  /** Their costs add up to `cost`. */
  ingredients: IngredientCost[];
}

export interface DishCost {
  menuItemId: string;
  name: string;
  categoryId: string;
  /** One per variant; a single one for an item without variants. */
  portions: (PortionCost & { variantId: string | null; name: string })[];
  /** Its modifiers that have a recipe; figures per one modifier. */
  modifiers: (PortionCost & { modifierId: string; name: string })[];
}

export class DishCosting {
  readonly #book: RecipeBook;
  readonly #stock: ReadonlyMap<string, StockCost>;
  readonly #costs: ReadonlyMap<string, Ratio>;

  constructor(book: RecipeBook, stock: readonly StockCost[]) {
    this.#book = book;
    this.#stock = byId(stock);
    this.#costs = new Map(stock.map(({ id, unitCost }) => [id, ratioOf(unitCost)]));
  }

  /** @param orderType selects the taxes; without it, only taxes that apply to every type count. */
  dish(item: MenuItem, parts: Pick<MenuParts, 'modifierGroups' | 'taxes'>, orderType?: OrderType): DishCost {
    const taxes = taxesFor(item, byId(parts.taxes), orderType);
    const sold = item.variants.length > 0 ? item.variants : [{ id: null, name: item.name, price: item.price }];
    const groups = byId(parts.modifierGroups);
    const modifiers = item.modifierGroupIds.flatMap((id) => groups.get(id)?.modifiers ?? []);
    return {
      menuItemId: item.id,
      name: item.name,
      categoryId: item.categoryId,
      portions: sold.map(({ id, name, price }) => {
        const needs = this.#book.hasRecipe(item.id, id) ? this.#book.usesOf(item.id, id) : undefined;
        return { variantId: id, name, ...this.#portion(price, taxes, needs) };
      }),
      modifiers: modifiers.flatMap(({ id, name, price }) => {
        const needs = this.#book.usesOfModifier(id, item.id);
        return needs.size === 0 ? [] : [{ modifierId: id, name, ...this.#portion(price, taxes, needs) }];
      }),
    };
  }

  /** Exact cost of needs today, in minor units. */
  costOf(needs: Needs): Ratio {
    return costOf(needs, this.#costs);
  }

  #portion(price: MinorUnits, taxes: readonly TaxRate[], needs: Needs | undefined): PortionCost {
    const netPrice = withoutIncludedTaxes(price, taxes);
    if (!needs) {
      const nothing = { cost: null, margin: null, foodCostPercent: null };
      return { price, netPrice, hasRecipe: false, ...nothing, isCostComplete: false, ingredients: [] };
    }
    const exact = this.costOf(needs);
    const cost = toTotal(exact);
    return {
      price,
      netPrice,
      hasRecipe: true,
      cost,
      margin: subtractTotal(netPrice, cost),
      foodCostPercent: percentOf(exact, ratio(BigInt(netPrice))),
      isCostComplete: [...needs.keys()].every((id) => (this.#costs.get(id) ?? ZERO).numerator > 0n),
      ingredients: this.#ingredients(needs, exact, cost),
    };
  }

  #ingredients(needs: Needs, total: Ratio, cost: Total): IngredientCost[] {
    const exact = [...needs].map(([id, micros]) => multiply(fromMicros(micros), this.#costs.get(id) ?? ZERO));
    const costs = roundToTotal(exact, cost);
    return [...needs].map(([id, micros], index) => {
      const { name = '', unit = '', unitCost = '0' } = this.#stock.get(id) ?? {};
      const part = exact[index] ?? ZERO;
      const figures = { cost: costs[index] ?? 0, sharePercent: percentOf(part, total) };
      return { inventoryItemId: id, name, unit, quantity: formatQuantity(micros), unitCost, ...figures };
    });
  }
}

/** Price of one portion without included taxes, computed as the pricing engine does. */
function withoutIncludedTaxes(price: MinorUnits, rates: readonly TaxRate[]): MinorUnits {
  const [taxes = []] = taxCharges([{ amount: price, rates }]).byCharge;
  return price - sum(taxes.filter((tax) => tax.inclusive).map((tax) => tax.amount));
}
