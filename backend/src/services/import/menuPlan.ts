/**
 * Decides what an import adds to the menu, and which menu part each name in the file means. It uses
 * no database: names in, rows out.
 */
import type { PricedChoice } from '../../domain/import/choicePricing.js';
import { dietaryOf } from '../../domain/menu/dietary.js';
import { nameKey } from '../../domain/shared/names.js';
import type { KnownMenu, MenuAdditions } from '../../repositories/import/ImportedMenu.js';
import type { UsedChoice } from '../../repositories/import/ImportStage.js';
import type { BarePrice } from '../../repositories/import/StagedPrices.js';
import { newId } from '../../utils/ids.js';
import type { Dictionary } from './dictionary.js';
import { familiesOf } from './families.js';
import { ImportedGroups } from './groupFiller.js';
import type { UsedNames } from './usedNames.js';

const DEFAULT_CATEGORY = 'Imported';
/** Maximum selections in a group or of a modifier, as in the menu routes. */
const MAX_SELECTIONS = 100;

export interface MenuItemRef {
  menuItemId: string;
  name: string;
  categoryId: string;
  categoryName: string;
}

export interface VariantRef {
  /** Null: the menu item has no variants, and an import does not add any. */
  variantId: string | null;
  name: string;
}

export interface ModifierRef {
  modifierId: string;
  groupId: string;
  name: string;
}

export interface MenuPrices {
  priced: readonly PricedChoice[];
  bare: readonly BarePrice[];
}

export class MenuPlan {
  readonly additions: MenuAdditions = { categories: [], items: [], variants: [], groups: [], modifiers: [], links: [] };
  /** Existing menu parts that get something new. */
  readonly changedItemIds = new Set<string>();
  readonly changedGroupIds = new Set<string>();
  readonly #dictionary: Dictionary;
  readonly #known: KnownMenu;
  readonly #groups: ImportedGroups;
  readonly #items = new Map<number, MenuItemRef>();
  readonly #variants = new Map<number, VariantRef>();
  readonly #modifiers = new Map<string, ModifierRef>();
  readonly #newItemNos = new Set<number>();

  private constructor(dictionary: Dictionary, known: KnownMenu) {
    this.#dictionary = dictionary;
    this.#known = known;
    this.#groups = new ImportedGroups(known.groups);
  }

  /** Pauses after each name: a file may have thousands of them. */
  static *making(dictionary: Dictionary, known: KnownMenu, used: UsedNames): Generator<void, MenuPlan> {
    const plan = new MenuPlan(dictionary, known);
    yield* plan.#planItems(used);
    yield* plan.#planVariants(used);
    yield* plan.#planChoices(used);
    return plan;
  }

  get isEmpty(): boolean {
    return this.additions.items.length + this.additions.variants.length + this.additions.modifiers.length === 0;
  }

  item(itemNo: number): MenuItemRef {
    return must(this.#items.get(itemNo));
  }

  variant(variantNo: number | null): VariantRef | undefined {
    return variantNo === null ? undefined : must(this.#variants.get(variantNo));
  }

  modifier(itemNo: number, choice: number): ModifierRef {
    return must(this.#modifiers.get(`${itemNo} ${choice}`));
  }

  /** Sets prices of new menu parts; existing parts keep theirs. */
  setPrices({ priced, bare }: MenuPrices): void {
    const byItem = new Map<string, BarePrice>();
    const byVariant = new Map<string, BarePrice>();
    for (const price of bare) {
      const item = this.#items.get(price.itemNo);
      if (!item) continue;
      const variant = price.variantNo === null ? undefined : this.#variants.get(price.variantNo);
      if (variant?.variantId) byVariant.set(variant.variantId, price);
      // A price without a variant wins over those of variants; among variants the one with the most
      // lines wins.
      const before = byItem.get(item.menuItemId);
      const wins =
        before === undefined || (before.variantNo !== null && (price.variantNo === null || price.lines > before.lines));
      if (wins) byItem.set(item.menuItemId, price);
    }
    for (const item of this.additions.items) item.price = byItem.get(item.id)?.price ?? 0;
    for (const variant of this.additions.variants) variant.price = byVariant.get(variant.id)?.price ?? 0;
    const choicePrices = new Map(
      priced.map(({ choice, price }) => [nameKey(must(this.#dictionary.choices[choice]).name), price]),
    );
    for (const modifier of this.additions.modifiers) modifier.price = choicePrices.get(nameKey(modifier.name)) ?? 0;
  }

  *#planItems(used: UsedNames): Generator<void, void> {
    const items = yield* firstByName(this.#known.items);
    const categories = yield* firstByName(this.#known.categories);
    for (const itemNo of unique(used.items.map((item) => item.itemNo))) {
      yield;
      const { name, category, allergens: declared } = must(this.#dictionary.items[itemNo]);
      const known = items.get(nameKey(name));
      if (known) {
        this.#items.set(itemNo, {
          menuItemId: known.id,
          name: known.name,
          categoryId: known.categoryId,
          categoryName: known.categoryName,
        });
        continue;
      }
      const parent = this.#category(categories, category ?? DEFAULT_CATEGORY);
      const id = newId();
      this.#newItemNos.add(itemNo);
      const { allergens, otherAllergens } = dietaryOf({ allergens: [...declared] }, undefined);
      const position = this.additions.items.length;
      this.additions.items.push({ id, name, categoryId: parent.id, price: 0, position, allergens, otherAllergens });
      this.#items.set(itemNo, { menuItemId: id, name, categoryId: parent.id, categoryName: parent.name });
    }
  }

  #category(categories: Map<string, { id: string; name: string }>, name: string): { id: string; name: string } {
    const known = categories.get(nameKey(name));
    if (known) return known;
    const made = { id: newId(), name, position: categories.size };
    this.additions.categories.push(made);
    categories.set(nameKey(name), made);
    return made;
  }

  /**
   * An item with variants may get another one. An item without variants gets none, or it could no
   * longer be ordered at its own price.
   */
  *#planVariants(used: UsedNames): Generator<void, void> {
    const known = new Map(
      this.#known.variants.map((variant) => [`${variant.menuItemId} ${nameKey(variant.name)}`, variant]),
    );
    const positions = new Map<string, number>();
    for (const { menuItemId } of this.#known.variants) positions.set(menuItemId, (positions.get(menuItemId) ?? 0) + 1);
    for (const { itemNo, variantNo } of used.items) {
      yield;
      if (variantNo === null) continue;
      const { name } = must(this.#dictionary.variants[variantNo]);
      const { menuItemId } = this.item(itemNo);
      const found = known.get(`${menuItemId} ${nameKey(name)}`);
      const isNewItem = this.#newItemNos.has(itemNo);
      const position = positions.get(menuItemId) ?? 0;
      if (found) this.#variants.set(variantNo, { variantId: found.id, name: found.name });
      else if (!isNewItem && position === 0) this.#variants.set(variantNo, { variantId: null, name });
      else {
        const id = newId();
        positions.set(menuItemId, position + 1);
        this.additions.variants.push({ id, menuItemId, name, price: 0, position });
        this.#variants.set(variantNo, { variantId: id, name });
        if (!isNewItem) this.changedItemIds.add(menuItemId);
      }
    }
  }

  /**
   * Looks for a choice in the groups of its item, then in all groups. A missing choice is created
   * once for each family: the items that are linked by shared choices. So Izze does not offer
   * guacamole, and guacamole has one price.
   */
  *#planChoices(used: UsedNames): Generator<void, void> {
    const byName = new Map<string, { id: string; name: string; groupId: string }[]>();
    for (const modifier of this.#known.modifiers) {
      yield;
      append(byName, nameKey(modifier.name), modifier);
    }
    const links = new Set(this.#known.links.map((link) => `${link.menuItemId} ${link.groupId}`));
    const missing: UsedChoice[] = [];
    for (const { itemNo, choice } of used.choices) {
      yield;
      const { menuItemId } = this.item(itemNo);
      const candidates = byName.get(nameKey(must(this.#dictionary.choices[choice]).name)) ?? [];
      const found = candidates.find((candidate) => links.has(`${menuItemId} ${candidate.groupId}`)) ?? candidates[0];
      if (!found) missing.push({ itemNo, choice });
      else {
        this.#modifiers.set(`${itemNo} ${choice}`, { modifierId: found.id, groupId: found.groupId, name: found.name });
        if (this.#newItemNos.has(itemNo)) this.#link(links, menuItemId, found.groupId);
      }
    }
    for (const family of familiesOf(missing)) yield* this.#addFamily(family, links);
  }

  *#addFamily(family: readonly UsedChoice[], links: Set<string>): Generator<void, void> {
    const choicesByItem = new Map<number, number[]>();
    for (const { itemNo, choice } of family) append(choicesByItem, itemNo, choice);
    const [mainItem] = [...choicesByItem].sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || a - b);
    yield;
    const name = `Choices (${must(this.#dictionary.items[must(mainItem)[0]]).name})`.slice(0, 100);
    const mostChoices = Math.max(
      ...[...choicesByItem.keys()].map((itemNo) => must(this.#dictionary.items[itemNo]).mostChoices),
    );
    const groups = this.#groups.fill(name);
    const refs = new Map<number, ModifierRef>();
    for (const choice of unique(family.map((one) => one.choice))) {
      yield;
      const { name: choiceName, mostTaken } = must(this.#dictionary.choices[choice]);
      const { groupId, position } = groups.next();
      const id = newId();
      this.additions.modifiers.push({
        id,
        groupId,
        name: choiceName,
        price: 0,
        maxQuantity: Math.min(mostTaken, MAX_SELECTIONS),
        position,
      });
      refs.set(choice, { modifierId: id, groupId, name: choiceName });
    }
    const maxSelections = Math.min(MAX_SELECTIONS, mostChoices);
    for (const id of groups.addedIds) this.additions.groups.push({ id, name, maxSelections });
    if (groups.reusedId !== undefined) this.changedGroupIds.add(groups.reusedId);
    for (const { itemNo, choice } of family) {
      yield;
      const ref = must(refs.get(choice));
      this.#modifiers.set(`${itemNo} ${choice}`, ref);
      this.#link(links, this.item(itemNo).menuItemId, ref.groupId);
      if (!this.#newItemNos.has(itemNo)) this.changedItemIds.add(this.item(itemNo).menuItemId);
    }
  }

  #link(links: Set<string>, menuItemId: string, groupId: string): void {
    if (links.has(`${menuItemId} ${groupId}`)) return;
    links.add(`${menuItemId} ${groupId}`);
    this.additions.links.push({ menuItemId, groupId, position: links.size });
  }
}

function* firstByName<T extends { name: string }>(things: readonly T[]): Generator<void, Map<string, T>> {
  const map = new Map<string, T>();
  for (const thing of things) {
    yield;
    const key = nameKey(thing.name);
    if (!map.has(key)) map.set(key, thing);
  }
  return map;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function unique(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an import found a name that it had not counted');
  return value;
}
