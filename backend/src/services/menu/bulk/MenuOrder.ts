/** The order in which parts of the menu are shown. */
import type { Tx } from '../../../config/database.js';
import { Track } from '../../../decorators/Performance.js';
import type { Edited } from '../../../domain/shared/edited.js';
import type { Category, MenuItem, ModifierGroup } from '../../../domain/menu/menu.js';
import type { Call } from '../../../domain/shared/call.js';
import { invalid } from '../../../domain/shared/errors.js';
import type { MenuRepository } from '../../../repositories/MenuRepository.js';
import type { EditableResource } from '../../EditableResource.js';
import type { UnitOfWork } from '../../UnitOfWork.js';
import type { CategoryInput, MenuItemInput, ModifierGroupInput } from '../menuInputs.js';
import { MAX_ORDERED, type OrderInput, type OrderOutcome } from './bulkInputs.js';
import { versionsOf } from './BulkChanges.js';
import { Faults } from './Faults.js';
import { reordered } from './reordered.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MenuRepository;
  categories: EditableResource<Category, CategoryInput>;
  items: EditableResource<MenuItem, MenuItemInput>;
  modifierGroups: EditableResource<ModifierGroup, ModifierGroupInput>;
}

interface Change<T> {
  before: T;
  after: T;
}

export class MenuOrder {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Puts all lists of the request in order, or none. Things in their place are left alone. Of
   * two calls at once the later one counts.
   * @throws AppError not_found and invalid_request with a pointer to each list that does not name
   *   everything exactly once.
   */
  @Track('menu.reorder')
  set(call: Call, input: OrderInput): Promise<OrderOutcome> {
    assertBounded(input);
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const faults = new Faults();
      if (Object.values(input).every((list) => (list?.length ?? 0) === 0)) faults.wrong('', 'Send at least one list.');
      const categories = await this.#categories(call, tx, input, faults);
      const items = await this.#items(call, tx, input, faults);
      const groups = await this.#groups(call, tx, input, faults);
      faults.raise();
      const { repository } = this.#deps;
      await repository.bulk.saveCategories(call.restaurantId, tx, newOf(categories));
      await repository.bulk.saveItems(call.restaurantId, tx, newOf(items));
      await repository.bulk.saveGroups(call.restaurantId, tx, newOf(groups));
      await this.#deps.categories.recordAll(call, tx, 'changed', categories);
      await this.#deps.items.recordAll(call, tx, 'changed', items);
      await this.#deps.modifierGroups.recordAll(call, tx, 'changed', groups);
      const all = [...newOf(categories), ...newOf(items), ...newOf(groups)];
      return { versions: versionsOf(all) };
    });
  }

  async #categories(call: Call, tx: Tx, { categoryIds }: OrderInput, faults: Faults): Promise<Change<Category>[]> {
    if (!categoryIds) return [];
    const { repository, categories } = this.#deps;
    const all = await repository.bulk.lockCategories(call.restaurantId, tx, MAX_ORDERED + 1);
    const placed = reordered(all, categoryIds, { pointer: '/categoryIds', what: 'category', faults });
    return changesOf(all, numbered(placed), categories);
  }

  /** Their places in categories, their variants and their groups. */
  async #items(call: Call, tx: Tx, input: OrderInput, faults: Faults): Promise<Change<MenuItem>[]> {
    const { repository, items } = this.#deps;
    const { menuItems = [], variants = [], modifierGroups = [] } = input;
    const named = {
      menuItemIds: [...menuItems.flatMap((one) => one.menuItemIds), ...owners([...variants, ...modifierGroups])],
      categoryIds: menuItems.map(({ categoryId }) => categoryId),
      variantIds: [],
    };
    const before = await repository.bulk.lockItems(call.restaurantId, tx, named, 2 * MAX_ORDERED + 1);
    const after = new Map(before.map((item) => [item.id, item]));
    const known = await repository.bulk.knownCategories(call.restaurantId, tx, named.categoryIds);
    for (const [index, { categoryId, menuItemIds }] of menuItems.entries()) {
      if (!known.some(({ id }) => id === categoryId)) faults.missing(`/menuItems/${index}/categoryId`, 'category');
      const mine = before.filter((item) => item.categoryId === categoryId);
      const at = { pointer: `/menuItems/${index}/menuItemIds`, what: 'menu item in this category', faults };
      for (const { id, position } of numbered(reordered(mine, menuItemIds, at)))
        after.set(id, { ...must(after.get(id)), position });
    }
    for (const [index, { menuItemId, variantIds }] of variants.entries())
      replace(after, menuItemId, faults, `/variants/${index}`, (item, at) => ({
        variants: reordered(item.variants, variantIds, { ...at('variantIds'), what: 'variant of this item' }),
      }));
    for (const [index, { menuItemId, modifierGroupIds }] of modifierGroups.entries())
      replace(after, menuItemId, faults, `/modifierGroups/${index}`, (item, at) => ({
        modifierGroupIds: reordered(
          item.modifierGroupIds.map((id) => ({ id })),
          modifierGroupIds,
          { ...at('modifierGroupIds'), what: 'modifier group of this item' },
        ).map(({ id }) => id),
      }));
    return changesOf(before, [...after.values()], items);
  }

  async #groups(call: Call, tx: Tx, { modifiers = [] }: OrderInput, faults: Faults): Promise<Change<ModifierGroup>[]> {
    const { repository, modifierGroups } = this.#deps;
    const named = { modifierGroupIds: modifiers.map((one) => one.modifierGroupId), modifierIds: [] };
    const before = await repository.bulk.lockGroups(call.restaurantId, tx, named, MAX_ORDERED);
    const after = new Map(before.map((group) => [group.id, group]));
    for (const [index, { modifierGroupId, modifierIds }] of modifiers.entries()) {
      const group = after.get(modifierGroupId);
      const at = { pointer: `/modifiers/${index}/modifierIds`, what: 'modifier of this group', faults };
      if (!group) faults.missing(`/modifiers/${index}/modifierGroupId`, 'modifier group');
      else after.set(modifierGroupId, { ...group, modifiers: reordered(group.modifiers, modifierIds, at) });
    }
    return changesOf(before, [...after.values()], modifierGroups);
  }
}

function assertBounded({
  categoryIds = [],
  menuItems = [],
  variants = [],
  modifierGroups = [],
  modifiers = [],
}: OrderInput) {
  const lists = [
    categoryIds,
    ...menuItems.map((one) => one.menuItemIds),
    ...variants.map((one) => one.variantIds),
    ...modifierGroups.map((one) => one.modifierGroupIds),
    ...modifiers.map((one) => one.modifierIds),
  ];
  const count = lists.reduce((total, list) => total + list.length, 0);
  if (count > MAX_ORDERED) throw invalid('', `Put at most ${MAX_ORDERED} things in order at once.`);
}

/** Replaces fields of an item; notes an item that is unknown. */
function replace(
  items: Map<string, MenuItem>,
  id: string,
  faults: Faults,
  pointer: string,
  change: (item: MenuItem, at: (list: string) => { pointer: string; faults: Faults }) => Partial<MenuItem>,
): void {
  const item = items.get(id);
  if (item) items.set(id, { ...item, ...change(item, (list) => ({ pointer: `${pointer}/${list}`, faults })) });
  else faults.missing(`${pointer}/menuItemId`, 'menu item');
}

function numbered<T extends { position: number }>(things: readonly T[]): T[] {
  return things.map((thing, position) => ({ ...thing, position }));
}

function owners(lists: readonly { menuItemId: string }[]): string[] {
  return lists.map(({ menuItemId }) => menuItemId);
}

/** Next versions of the things that have changed. */
function changesOf<T extends Edited>(
  before: readonly T[],
  after: readonly T[],
  resource: Pick<EditableResource<T, never>, 'revised'>,
): Change<T>[] {
  const known = new Map(before.map((thing) => [thing.id, thing]));
  return after.flatMap((thing) => {
    const was = known.get(thing.id);
    if (!was || JSON.stringify(was) === JSON.stringify(thing)) return [];
    return [{ before: was, after: resource.revised(was, thing) }];
  });
}

function newOf<T>(changes: readonly Change<T>[]): T[] {
  return changes.map(({ after }) => after);
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an item that is put in order was not read');
  return value;
}
