/** What the rows of a recipe file are recipes of. */
import { nameKey } from '../../../domain/names.js';
import type { RecipeName } from './rows.js';

/** The menu as far as recipes are made for it. */
export interface MenuNames {
  items: { id: string; name: string }[];
  variants: { id: string; name: string; menuItemId: string }[];
  modifiers: { id: string; name: string; groupId: string }[];
  /** Which groups an item offers. */
  links: { menuItemId: string; groupId: string }[];
}

export interface Target {
  name: string;
  menuItemId: string | null;
  variantId: string | null;
  modifierId: string | null;
}

/** What rows of one recipe have in common. */
export function groupKeyOf({ dish, variant, modifier, preparation }: RecipeName): string {
  return JSON.stringify(
    [dish, variant, modifier, preparation].map((name) => (name === undefined ? null : nameKey(name))),
  );
}

/**
 * The things on the menu that a recipe is for: one, or every modifier of that name, since each group has its own.
 * @returns a fault that names what there is not; no targets for a preparation.
 */
export function targetsOf(wanted: RecipeName, menu: MenuNames): Target[] | { fault: string } {
  const { dish, variant, modifier, preparation } = wanted;
  if (preparation !== undefined) {
    return dish === undefined && modifier === undefined
      ? []
      : { fault: 'is of a preparation, and of something sold: empty one of the cells' };
  }
  if (dish === undefined && modifier === undefined) return { fault: 'does not say what it is a recipe of' };
  const item = dish === undefined ? undefined : oneOf(menu.items, dish, 'dish');
  if (item && 'fault' in item) return item;
  if (modifier !== undefined) {
    return variant === undefined
      ? modifiersOf(modifier, item, menu)
      : { fault: 'names a variant and a modifier: empty one of the cells' };
  }
  if (!item) return { fault: 'does not say what it is a recipe of' };
  const target = { name: item.name, menuItemId: item.id, variantId: null, modifierId: null };
  if (variant === undefined) return [target];
  const found = oneOf(
    menu.variants.filter(({ menuItemId }) => menuItemId === item.id),
    variant,
    `variant of "${item.name}"`,
  );
  return 'fault' in found ? found : [{ ...target, name: `${item.name}, ${found.name}`, variantId: found.id }];
}

function modifiersOf(
  name: string,
  item: { id: string; name: string } | undefined,
  menu: MenuNames,
): Target[] | { fault: string } {
  const groups = new Set(menu.links.filter(({ menuItemId }) => menuItemId === item?.id).map(({ groupId }) => groupId));
  const found = menu.modifiers.filter(
    (modifier) => nameKey(modifier.name) === nameKey(name) && (!item || groups.has(modifier.groupId)),
  );
  if (found.length === 0) return { fault: `no modifier${item ? ` of "${item.name}"` : ''} is called "${name}"` };
  return found.map(({ id, name: own }) => ({
    name: item ? `${item.name}, ${own}` : own,
    menuItemId: item?.id ?? null,
    variantId: null,
    modifierId: id,
  }));
}

function oneOf<T extends { name: string }>(things: readonly T[], name: string, what: string): T | { fault: string } {
  const [found, ...others] = things.filter((thing) => nameKey(thing.name) === nameKey(name));
  if (!found) return { fault: `no ${what} is called "${name}"` };
  return others.length === 0
    ? found
    : { fault: `${others.length + 1} things are called "${name}": make this recipe by hand` };
}
