/** Rules for inventory items: valid content and allowed changes. */
import type { Tx } from '../../config/database.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { InventoryItem, StoredRecipe } from '../../domain/inventory/inventory.js';
import { parseQuantity } from '../../domain/number/quantity.js';
import { recipesWithoutUnit } from '../../domain/inventory/recipe.js';
import { levelProblem, type StockPolicy } from '../../domain/stock/stock.js';
import { type ItemUnit, unitFactor, unitProblem } from '../../domain/inventory/units.js';
import type { InventoryRepository, StockedItem } from '../../repositories/InventoryRepository.js';
import { Pace } from '../../utils/turns.js';
import { assertQuantities } from './recipeRules.js';

export interface ItemInput {
  name?: string | undefined;
  unit?: string | undefined;
  units?: ItemUnit[] | undefined;
  policy?: StockPolicy | undefined;
  locationId?: string | null | undefined;
  reorderPoint?: string | undefined;
  parLevel?: string | null | undefined;
  /** Only for a new item. */
  openingQuantity?: string | undefined;
  /** Minor units per stock unit. */
  unitCost?: string | undefined;
}

/** A new item may go below zero: a delivery that is not entered yet must not stop a sale. */
export function buildItem(input: ItemInput, before: InventoryItem | undefined) {
  return {
    name: input.name ?? before?.name ?? '',
    unit: input.unit ?? before?.unit ?? '',
    units: input.units ?? before?.units ?? [],
    policy: input.policy ?? before?.policy ?? 'allow_negative',
    locationId: input.locationId === undefined ? (before?.locationId ?? null) : input.locationId,
    reorderPoint: input.reorderPoint ?? before?.reorderPoint ?? '0',
    parLevel: input.parLevel === undefined ? (before?.parLevel ?? null) : input.parLevel,
    currentQuantity: before?.currentQuantity ?? '0',
    averageCost: input.unitCost ?? before?.averageCost ?? '0',
  };
}

/**
 * Checks an item before it is stored.
 * @throws AppError invalid_request, not_found, invalid_state, in_use: each says how to solve it.
 */
export async function assertItemFits(
  repository: InventoryRepository,
  restaurantId: string,
  tx: Tx,
  item: InventoryItem,
  before: InventoryItem | undefined,
): Promise<void> {
  const hasNewLevels = item.reorderPoint !== before?.reorderPoint || item.parLevel !== before.parLevel;
  const problem = unitProblem(item) ?? (hasNewLevels ? levelProblem(item.reorderPoint, item.parLevel) : undefined);
  if (problem) throw invalid(problem.pointer, problem.message);
  const { locationId } = item;
  if (locationId !== null && !(await repository.places.keepLocations(restaurantId, tx, [locationId])).has(locationId))
    throw notFound('stock location', '/locationId');
  if (!before) return;
  if (item.policy !== 'allow_negative' && (parseQuantity(before.currentQuantity) ?? 0n) < 0n)
    throw new AppError(
      'invalid_state',
      'This item has less than zero in stock. Count it first, then forbid stock below zero.',
    );
  if (item.unit !== before.unit && (await repository.hasMovements(restaurantId, tx, item.id)))
    throw new AppError(
      'invalid_state',
      `This item already has movements in ${before.unit}. Add ${item.unit} to "units" instead, or create a new item.`,
    );
  await assertUnitsKept(repository, restaurantId, tx, item);
}

async function assertUnitsKept(
  repository: InventoryRepository,
  restaurantId: string,
  tx: Tx,
  item: InventoryItem,
): Promise<void> {
  await repository.lockRecipes(restaurantId, tx);
  const recipes = await repository.recipes.all(restaurantId, tx);
  const broken = recipesWithoutUnit(item, recipes);
  const names = broken.map((recipe) => recipe.name).join(', ');
  if (broken.length > 0)
    throw new AppError(
      'in_use',
      `Recipes use a unit of this item that it would lose: ${names}. Change them first, or keep the unit.`,
    );
  const asked = (await repository.unitsOnOrder(restaurantId, tx, item.id)).filter(
    ({ unit }) => !unitFactor(item, unit),
  );
  const orders = asked.map(({ order, unit }) => `${order} (${unit})`).join(', ');
  if (asked.length > 0)
    throw new AppError(
      'in_use',
      `Purchase orders use a unit of this item that it would lose: ${orders}. Receive, change, close or cancel them first.`,
    );
  const items = await repository.stockedItems(restaurantId, tx);
  await assertCountable([...items.filter((one) => one.id !== item.id), item], recipes, new Pace(restaurantId));
}

/** A recipe that takes more than the largest quantity would block every order of its dish. */
async function assertCountable(
  items: readonly StockedItem[],
  recipes: readonly StoredRecipe[],
  pace: Pace,
): Promise<void> {
  try {
    await assertQuantities([], items, recipes, pace);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const errors = [{ pointer: '/units', message: error.message }];
    throw new AppError('invalid_request', error.message, { errors, cause: error });
  }
}
