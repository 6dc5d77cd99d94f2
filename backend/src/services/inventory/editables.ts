/**
 * Editable records of the store room (locations, items, recipes): the rules of each edit and its
 * effects on stock.
 */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { Fact } from '../../domain/shared/events.js';
import {
  type InventoryItem,
  isItemLow,
  type StockLocation,
  type StoredRecipe,
} from '../../domain/inventory/inventory.js';
import { parseQuantity } from '../../domain/number/quantity.js';
import type { InventoryRepository } from '../../repositories/InventoryRepository.js';
import type { Posting, SourceKind } from '../../repositories/inventory/StockLedger.js';
import type { Clock } from '../../utils/clock.js';
import type { Cursors } from '../../utils/cursor.js';
import { newId } from '../../utils/ids.js';
import { EditableResource } from '../EditableResource.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { moveHome } from './itemHome.js';
import { assertItemFits, buildItem, type ItemInput } from './itemRules.js';
import { assertRecipeFits, buildRecipe, type RecipeInput } from './recipeRules.js';

/** Reason of the first movement of an item. */
export const OPENING_REASON = 'Opening stock';

/** The cause of a stock movement. */
export interface Cause {
  kind: SourceKind;
  id: string;
  /** A cause moves an item once each way in each of its versions; 1 if it happens only once. */
  version?: number;
  /** The current time if absent. */
  occurredAt?: Date;
}

export interface LocationInput {
  name?: string | undefined;
}

/** How an edit moves stock and triggers a new check of the dishes. */
interface Stock {
  post: (call: Call, tx: Tx, cause: Cause, postings: readonly Posting[]) => Promise<unknown>;
  refreshAfter: (call: Call, tx: Tx) => void;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: InventoryRepository;
  cursors: Cursors;
  clock: Clock;
}

export function locationResource(deps: Dependencies): EditableResource<StockLocation, LocationInput> {
  const { repository } = deps;
  return new EditableResource(
    {
      noun: 'stock_location',
      table: repository.locations,
      build: (input, before) => ({ name: input.name ?? before?.name ?? '' }),
      beforeRemove: async ({ restaurantId }, tx, location) => {
        if (!(await repository.places.isLocationUsed(restaurantId, tx, location.id))) return;
        throw new AppError('in_use', 'This location still has items. Move them to another location first.');
      },
    },
    deps,
  );
}

export function itemResource(deps: Dependencies, stock: Stock): EditableResource<InventoryItem, ItemInput> {
  const { repository, unitOfWork } = deps;
  return new EditableResource(
    {
      noun: 'inventory_item',
      table: repository.items,
      build: buildItem,
      beforeSave: async (call, tx, item, before) => {
        await assertItemFits(repository, call.restaurantId, tx, item, before);
        if (!before) return;
        const move = { itemId: item.id, from: before.locationId, to: item.locationId };
        const cause: Cause = { kind: 'transfer', id: newId() };
        const carry = (postings: Posting[]) => stock.post(call, tx, cause, postings);
        await moveHome(repository.places, call.restaurantId, tx, move, carry);
        if (!isItemLow(before) && isItemLow(item)) await unitOfWork.record(tx, call, [lowFact(item)]);
        stock.refreshAfter(call, tx);
      },
      afterInsert: (call, tx, item, input) => open(stock, call, tx, item, input.openingQuantity),
      beforeRemove: async ({ restaurantId }, tx, item) => {
        await repository.lockRecipes(restaurantId, tx);
        if (await repository.isUsed(restaurantId, tx, item.id))
          throw new AppError('in_use', 'Recipes or open purchase orders use this item. Remove it from them first.');
        if (item.currentQuantity !== '0')
          throw new AppError(
            'in_use',
            `This item still has ${item.currentQuantity} ${item.unit} in stock. Count it to 0 first.`,
          );
      },
    },
    deps,
  );
}

export function recipeResource(deps: Dependencies, stock: Stock): EditableResource<StoredRecipe, RecipeInput> {
  const { repository } = deps;
  return new EditableResource(
    {
      noun: 'recipe',
      table: repository.recipes,
      bulk: repository.recipes,
      build: buildRecipe,
      beforeSave: async (call, tx, recipe) => {
        await assertRecipeFits(repository, call.restaurantId, tx, recipe);
        stock.refreshAfter(call, tx);
      },
      beforeRemove: async (call, tx, recipe) => {
        await repository.lockRecipes(call.restaurantId, tx);
        if (await repository.isComponent(call.restaurantId, tx, recipe.id))
          throw new AppError('in_use', 'Other recipes use this one. Remove it from them first.');
        stock.refreshAfter(call, tx);
      },
    },
    deps,
  );
}

/**
 * The same fact as for an item that falls below its reorder point; here the point was raised above
 * the stock.
 */
function lowFact({ id, name, unit, currentQuantity, reorderPoint }: InventoryItem): Fact {
  const data = { name, unit, quantity: currentQuantity, reorderPoint };
  return { type: 'stock.low', subject: 'inventory_item', subjectId: id, data };
}

/** Opening stock is the first movement of an item. */
async function open(
  stock: Stock,
  call: Call,
  tx: Tx,
  item: InventoryItem,
  quantity: string | undefined,
): Promise<InventoryItem> {
  const opening = parseQuantity(quantity ?? '0') ?? 0n;
  if (opening === 0n) return item;
  const posting: Posting = {
    inventoryItemId: item.id,
    kind: 'correction',
    quantity: opening,
    unitCost: item.averageCost,
    reason: OPENING_REASON,
  };
  await stock.post(call, tx, { kind: 'opening', id: newId() }, [posting]);
  return { ...item, currentQuantity: quantity ?? '0' };
}
