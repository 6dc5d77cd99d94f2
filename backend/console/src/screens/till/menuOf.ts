/** The menu as a till shows it. */
import type { Menu, MenuCategory, MenuCategoryItem } from '../../../../client/src/api.js';

/** Items by their ids. */
export function itemsOf(menu: Menu | undefined): ReadonlyMap<string, MenuCategoryItem> {
  return new Map((menu?.categories ?? []).flatMap(({ items }) => items.map((item) => [item.id, item] as const)));
}

/** Categories with the items whose name has all the words; all of them for no word. */
export function found(categories: readonly MenuCategory[], search: string): MenuCategory[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return categories.filter(({ items }) => items.length > 0);
  const has = (name: string): boolean => words.every((word) => plain(name).includes(word));
  return categories
    .map((category) => ({ ...category, items: category.items.filter(({ name }) => has(name)) }))
    .filter(({ items }) => items.length > 0);
}

/** Without accents and case: "creme" finds "Crème". */
function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();
}

/** Whether an item needs words before it can be taken. */
export function asks({ variants, modifierGroups, unit }: MenuCategoryItem): boolean {
  return variants.length > 0 || unit !== null || modifierGroups.some(({ modifiers }) => modifiers.length > 0);
}

/** The lowest price, and whether there are others. */
export function priceOf({ price, variants }: MenuCategoryItem): { least: number; varies: boolean } {
  const prices = variants.length > 0 ? variants.map((variant) => variant.price) : [price];
  return { least: Math.min(...prices), varies: new Set(prices).size > 1 };
}

/** Why an item cannot be taken. @param taken portions that the draft has of it. */
export function closedReason(item: MenuCategoryItem, taken: number): 'sold_out' | 'outside_schedule' | undefined {
  if (item.isAvailable) return item.remaining !== null && taken >= item.remaining ? 'sold_out' : undefined;
  return item.unavailableReason === 'outside_schedule' ? 'outside_schedule' : 'sold_out';
}
