/** Categories and items, in the order of the menu. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { Category, MenuItem } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';

export interface MenuParts {
  categories: Category[];
  items: MenuItem[];
}

export interface Section {
  category: Category;
  items: MenuItem[];
}

/** Both lists as one answer: the screen shows nothing of a half menu. */
export function useMenuParts(): UseQueryResult<MenuParts> {
  const categories = useAll('listCategories', { query: { limit: 100 } });
  const items = useAll('listMenuItems', { query: { limit: 100 } });
  const known = categories.data && items.data;
  const failed = categories.error ? categories : items;
  // The state is that of the list that failed, or of the items; the data is that of both.
  return {
    ...failed,
    data: known && { categories: categories.data, items: items.data },
    refetch: async () => {
      await Promise.all([categories.refetch(), items.refetch()]);
    },
  } as unknown as UseQueryResult<MenuParts>;
}

/**
 * @param search a part of a name; categories without a match are left out, unless nothing is
 * searched.
 */
export function sectionsOf(categories: readonly Category[], items: readonly MenuItem[], search: string): Section[] {
  const wanted = search.trim().toLocaleLowerCase();
  const sections = inOrder(categories).map((category) => ({
    category,
    items: inOrder(
      items.filter(({ categoryId, name }) => categoryId === category.id && name.toLocaleLowerCase().includes(wanted)),
    ),
  }));
  return wanted === '' ? sections : sections.filter((section) => section.items.length > 0);
}

/** The API's order: by position, then by age. */
function inOrder<Thing extends { position: number; id: string }>(things: readonly Thing[]): Thing[] {
  return things.toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
}

/** The version in an ETag. */
export function tagOf({ version }: { version: number }): string {
  return `"${version}"`;
}
