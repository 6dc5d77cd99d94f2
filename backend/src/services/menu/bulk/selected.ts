/** Parts of the menu that a bulk change has selected, each with the place that names it. */
import type { Category, MenuItem, ModifierGroup } from '../../../domain/menu/menu.js';
import type { Faults } from './Faults.js';
import type { Selection } from './bulkInputs.js';

/** A part to change: a whole thing, or some of its variants or modifiers. */
export interface Selected<T> {
  thing: T;
  /** Pointer into the request. */
  pointer: string;
  /** Ids of the variants or modifiers; `all`: the thing as a whole. */
  parts: 'all' | Map<string, string>;
}

/** The live things that were found, locked. */
export interface Found {
  items: MenuItem[];
  groups: ModifierGroup[];
  categories: Pick<Category, 'id'>[];
}

const at = (list: keyof Selection, index: number): string => `/select/${list}/${index}`;

/** The items of the selection; notes ids that are unknown. */
export function selectedItems(select: Selection, { items, categories }: Found, faults: Faults): Selected<MenuItem>[] {
  const except = new Set(select.exceptMenuItemIds);
  const owners = new Map(items.flatMap((item) => item.variants.map(({ id }) => [id, item.id] as const)));
  const whole = pointersOf('menuItemIds', select.menuItemIds);
  const byCategory = pointersOf('categoryIds', select.categoryIds);
  const parts = partsOf('variantIds', select.variantIds, owners, faults);
  noteMissing(whole, items, 'menu item', faults);
  noteMissing(byCategory, categories, 'category', faults);
  return items.flatMap((thing): Selected<MenuItem>[] => {
    const pointer = whole.get(thing.id) ?? byCategory.get(thing.categoryId);
    if (except.has(thing.id)) return [];
    if (pointer !== undefined) return [{ thing, pointer, parts: 'all' }];
    const named = parts.get(thing.id);
    return named ? [{ thing, pointer: firstOf(named), parts: named }] : [];
  });
}

/** The modifier groups of the selection; notes ids that are unknown. */
export function selectedGroups(select: Selection, { groups }: Found, faults: Faults): Selected<ModifierGroup>[] {
  const owners = new Map(groups.flatMap((group) => group.modifiers.map(({ id }) => [id, group.id] as const)));
  const whole = pointersOf('modifierGroupIds', select.modifierGroupIds);
  const parts = partsOf('modifierIds', select.modifierIds, owners, faults);
  noteMissing(whole, groups, 'modifier group', faults);
  return groups.flatMap((thing): Selected<ModifierGroup>[] => {
    const pointer = whole.get(thing.id);
    if (pointer !== undefined) return [{ thing, pointer, parts: 'all' }];
    const named = parts.get(thing.id);
    return named ? [{ thing, pointer: firstOf(named), parts: named }] : [];
  });
}

export function pointersOf(list: keyof Selection, ids: readonly string[] = []): Map<string, string> {
  return new Map(ids.map((id, index) => [id, at(list, index)]));
}

/** Notes ids that are not among the things. */
export function noteMissing(
  pointers: ReadonlyMap<string, string>,
  things: readonly { id: string }[],
  what: string,
  faults: Faults,
): void {
  const known = new Set(things.map(({ id }) => id));
  for (const [id, pointer] of pointers) if (!known.has(id)) faults.missing(pointer, what);
}

/** Pointers by the thing and by its part. */
function partsOf(
  list: 'variantIds' | 'modifierIds',
  ids: readonly string[] = [],
  owners: ReadonlyMap<string, string>,
  faults: Faults,
): Map<string, Map<string, string>> {
  const parts = new Map<string, Map<string, string>>();
  for (const [index, id] of ids.entries()) {
    const owner = owners.get(id);
    if (owner === undefined) faults.missing(at(list, index), list === 'variantIds' ? 'variant' : 'modifier');
    else parts.set(owner, (parts.get(owner) ?? new Map<string, string>()).set(id, at(list, index)));
  }
  return parts;
}

function firstOf(named: ReadonlyMap<string, string>): string {
  const [first = ''] = named.values();
  return first;
}
