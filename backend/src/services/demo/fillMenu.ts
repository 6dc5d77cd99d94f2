import type { Call } from '../../domain/shared/call.js';
import type { MenuItem } from '../../domain/menu/menu.js';
import type { MenuService } from '../MenuService.js';
import { DEMO_MENU } from './demoMenu.js';

/** The things that were made, by their names in the demo menu. */
export interface FilledMenu {
  items: Map<string, MenuItem>;
  modifierIds: Map<string, string>;
}

/**
 * Makes the demo menu in a restaurant.
 * @param callFor the call of one step; `key` names the step.
 */
export async function fillMenu(menu: MenuService, callFor: (key: string) => Call): Promise<FilledMenu> {
  const filled: FilledMenu = { items: new Map(), modifierIds: new Map() };
  const taxIds = new Map<string, string>();
  for (const { key, ...tax } of DEMO_MENU.taxes)
    taxIds.set(key, (await menu.taxes.create(callFor(`tax ${key}`), tax)).id);
  const groupIds = new Map<string, string>();
  for (const { key, ...fields } of DEMO_MENU.modifierGroups) {
    const group = await menu.modifierGroups.create(callFor(`group ${key}`), fields);
    groupIds.set(key, group.id);
    for (const { name, id } of group.modifiers) filled.modifierIds.set(name, id);
  }
  for (const { items, ...category } of DEMO_MENU.categories) {
    const { id: categoryId } = await menu.categories.create(callFor(`category ${category.name}`), category);
    for (const { taxes, groups, ...fields } of items) {
      const item = await menu.items.create(callFor(`item ${fields.name}`), {
        ...fields,
        categoryId,
        taxIds: taxes.flatMap((key) => taxIds.get(key) ?? []),
        modifierGroupIds: (groups ?? []).flatMap((key) => groupIds.get(key) ?? []),
      });
      filled.items.set(item.name, item);
    }
  }
  return filled;
}
