/**
 * Works out the stock that the lines of a waste entry take: items directly, dishes and preparations
 * by their ingredients.
 */
import type { Tx } from '../../config/database.js';
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { Needs } from '../../domain/inventory/needs.js';
import { fromMicros, type Micros, parseQuantity, toMicros } from '../../domain/number/quantity.js';
import { multiply, ratioOf } from '../../domain/number/ratio.js';
import type { RecipeBook } from '../../domain/inventory/recipeBook.js';
import type { StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import { inStockUnits } from '../inventory/movementRules.js';
import { atPlace, type TakingLine } from './itemLines.js';

/** Names exactly one item, dish or preparation. */
export interface WasteLineInput {
  inventoryItemId?: string | undefined;
  menuItemId?: string | undefined;
  variantId?: string | undefined;
  recipeId?: string | undefined;
  /** Decimal text. */
  quantity: string;
  unit?: string | undefined;
}

interface Books {
  repository: StockTakingRepository;
  restaurantId: string;
  tx: Tx;
  book: RecipeBook;
}

/** @throws AppError not_found, invalid_request, each with its pointer. */
export async function readWasteLines(books: Books, lines: readonly WasteLineInput[]): Promise<TakingLine[]> {
  const read: TakingLine[] = [];
  for (const [index, line] of lines.entries()) {
    const pointer = `/lines/${index}`;
    read.push({ pointer, needs: await atPlace(pointer, () => needsOf(books, line)) });
  }
  return read;
}

/** Total of all lines for each item. */
export function sumOf(lines: readonly TakingLine[]): Map<string, Micros> {
  const total = new Map<string, Micros>();
  for (const { needs } of lines) for (const [id, micros] of needs) total.set(id, (total.get(id) ?? 0n) + micros);
  return total;
}

async function needsOf(books: Books, line: WasteLineInput): Promise<Needs> {
  const { inventoryItemId, menuItemId, variantId, recipeId } = line;
  if (menuItemId !== undefined || variantId !== undefined) await assertDish(books, line);
  if ([inventoryItemId, menuItemId, recipeId].filter((id) => id !== undefined).length !== 1)
    throw invalid('', 'Send exactly one of inventoryItemId, menuItemId and recipeId.');
  if (inventoryItemId !== undefined) return needsOfItem(books, inventoryItemId, line);
  if (recipeId !== undefined) return needsOfRecipe(books, recipeId, line);
  return needsOfDish(books, menuItemId ?? '', line);
}

async function assertDish({ repository, restaurantId, tx }: Books, line: WasteLineInput): Promise<void> {
  const { menuItemId, variantId } = line;
  const { menuItem, variant, sizes } = await repository.findDish(restaurantId, tx, menuItemId, variantId);
  if (menuItemId !== undefined && menuItem === null) throw notFound('menu item', '/menuItemId');
  if (variantId !== undefined && variant === null) throw notFound('variant of this item', '/variantId');
  if (menuItem !== null && variantId === undefined && sizes.length > 0)
    throw invalid(
      '/variantId',
      `${menuItem} is sold in sizes that use different quantities. Name one of ${sizes.join(', ')}.`,
    );
}

async function needsOfItem({ repository, restaurantId, tx }: Books, id: string, line: WasteLineInput): Promise<Needs> {
  const item = (await repository.findItems(restaurantId, tx, [id])).get(id);
  if (!item || item.isDeleted) throw notFound('inventory item', '/inventoryItemId');
  return new Map([[id, inStockUnits(item, line.quantity, line.unit, '')]]);
}

async function needsOfRecipe(books: Books, recipeId: string, { quantity, unit }: WasteLineInput): Promise<Needs> {
  const { repository, restaurantId, tx, book } = books;
  const recipe = await repository.findRecipe(restaurantId, tx, recipeId);
  if (!recipe) throw notFound('recipe', '/recipeId');
  const needs = book.explode(recipeId, ratioOf(quantity), unit ?? recipe.yieldUnit);
  return assertTakes(needs, '/recipeId', recipe.name);
}

function needsOfDish({ book }: Books, menuItemId: string, { variantId, quantity, unit }: WasteLineInput): Needs {
  if (unit !== undefined) throw invalid('/unit', 'Dishes are counted in portions. Leave the unit out.');
  const portions = fromMicros(parseQuantity(quantity) ?? 0n);
  const uses = [...book.usesOf(menuItemId, variantId ?? null)];
  const needs = new Map(uses.map(([id, micros]) => [id, toMicros(multiply(fromMicros(micros), portions))]));
  return assertTakes(needs, '/menuItemId', 'This dish');
}

function assertTakes(needs: Needs, pointer: string, name: string): Needs {
  const taken = new Map([...needs].filter(([, micros]) => micros > 0n));
  if (taken.size > 0) return taken;
  throw invalid(pointer, `${name} has no recipe that takes anything from stock. Give it one, or name the items.`);
}
