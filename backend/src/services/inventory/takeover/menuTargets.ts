/** Finds the dishes, variants and modifiers to which the rows of a recipe file belong. */
import { nameKey } from '../../../domain/shared/names.js';
import type { RecipeName } from '../../../domain/import/takeover.js';

/** The parts of the menu that can have recipes. */
export interface MenuNames {
  items: { id: string; name: string }[];
  variants: { id: string; name: string; menuItemId: string }[];
  modifiers: { id: string; name: string; groupId: string }[];
  /** The modifier groups that each item offers. */
  links: { menuItemId: string; groupId: string }[];
}

export interface Target {
  name: string;
  menuItemId: string | null;
  variantId: string | null;
  modifierId: string | null;
}

/** Key that all rows of one recipe share. */
export function groupKeyOf({ dish, variant, modifier, preparation }: RecipeName): string {
  return JSON.stringify(
    [dish, variant, modifier, preparation].map((name) => (name === undefined ? null : nameKey(name))),
  );
}

/** Index of the menu by name, built once for all rows. */
export class MenuIndex {
  readonly #items: Map<string, Named[]>;
  readonly #variants: Map<string, Named[]>;
  readonly #modifiers: Map<string, (Named & { groupId: string })[]>;
  readonly #links: ReadonlySet<string>;

  constructor({ items, variants, modifiers, links }: MenuNames) {
    this.#items = grouped(items, ({ name }) => nameKey(name));
    this.#variants = grouped(variants, ({ menuItemId, name }) => `${menuItemId} ${nameKey(name)}`);
    this.#modifiers = grouped(modifiers, ({ name }) => nameKey(name));
    this.#links = new Set(links.map(({ menuItemId, groupId }) => `${menuItemId} ${groupId}`));
  }

  /**
   * The menu parts that a recipe is for: one, or every modifier of this name, because each group
   * has its own.
   * @returns a fault that names the missing part; no targets for a preparation.
   */
  targetsOf({ dish, variant, modifier, preparation }: RecipeName): Target[] | { fault: string } {
    if (preparation !== undefined) {
      return dish === undefined && modifier === undefined
        ? []
        : { fault: 'names a preparation and a dish or modifier: clear one of the cells' };
    }
    if (dish === undefined && modifier === undefined)
      return { fault: 'names no dish, modifier or preparation for the recipe' };
    const item = dish === undefined ? undefined : oneOf(this.#items.get(nameKey(dish)), dish, 'dish');
    if (item && 'fault' in item) return item;
    if (modifier !== undefined) {
      return variant === undefined
        ? this.#modifiersOf(modifier, item)
        : { fault: 'names a variant and a modifier: clear one of the cells' };
    }
    return item ? this.#dishOf(item, variant) : { fault: 'names no dish, modifier or preparation for the recipe' };
  }

  #dishOf(item: Named, variant: string | undefined): Target[] | { fault: string } {
    const target = { name: item.name, menuItemId: item.id, variantId: null, modifierId: null };
    if (variant === undefined) return [target];
    const named = this.#variants.get(`${item.id} ${nameKey(variant)}`);
    const found = oneOf(named, variant, `variant of "${item.name}"`);
    return 'fault' in found ? found : [{ ...target, name: `${item.name}, ${found.name}`, variantId: found.id }];
  }

  #modifiersOf(name: string, item: Named | undefined): Target[] | { fault: string } {
    const named = this.#modifiers.get(nameKey(name)) ?? [];
    const found = named.filter(({ groupId }) => !item || this.#links.has(`${item.id} ${groupId}`));
    if (found.length === 0) return { fault: `no modifier${item ? ` of "${item.name}"` : ''} is called "${name}"` };
    return found.map(({ id, name: own }) => ({
      name: item ? `${item.name}, ${own}` : own,
      menuItemId: item?.id ?? null,
      variantId: null,
      modifierId: id,
    }));
  }
}

interface Named {
  id: string;
  name: string;
}

function grouped<T>(things: readonly T[], keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return groups;
}

function oneOf<T extends Named>(named: readonly T[] | undefined, name: string, what: string): T | { fault: string } {
  const [found, ...others] = named ?? [];
  if (!found) return { fault: `no ${what} is called "${name}"` };
  return others.length === 0
    ? found
    : { fault: `${others.length + 1} things are called "${name}": enter this recipe by hand` };
}
