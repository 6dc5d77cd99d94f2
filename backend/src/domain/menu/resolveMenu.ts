/** The whole menu as a guest sees it at a moment, with all references resolved. */
import { type DietFilter, isFit } from './dietary.js';
import {
  byId,
  type Category,
  type MenuItem,
  type MenuParts,
  type ModifierGroup,
  type Moment,
  type OrderType,
  type ResolvedCategory,
  type ResolvedDeposit,
  type ResolvedItem,
  type ResolvedModifierGroup,
  type Tax,
  taxesFor,
  unavailableReason,
} from './menu.js';
import { pictureOf } from './picture.js';
import { inLanguage, type MenuLanguage } from './translations.js';

/** The view of a guest on the menu. */
export interface MenuView {
  /** Selects the taxes that apply to it. */
  orderType: OrderType | undefined;
  /** Undefined: names as they were entered. */
  language: MenuLanguage | undefined;
  /** Undefined: all dishes. */
  filter: DietFilter | undefined;
}

interface Lookups {
  restaurantId: string;
  groups: ReadonlyMap<string, ModifierGroup>;
  taxes: ReadonlyMap<string, Tax>;
  items: ReadonlyMap<string, MenuItem>;
}

export function resolveMenu(restaurantId: string, parts: MenuParts, at: Moment, view: MenuView): ResolvedCategory[] {
  const lookups = {
    restaurantId,
    groups: byId(parts.modifierGroups),
    taxes: byId(parts.taxes),
    items: byId(parts.items),
  };
  const { filter } = view;
  const itemsOf = new Map<string, MenuItem[]>();
  for (const item of parts.items) {
    if (filter && !isFit(withParts(item, lookups.items), filter)) continue;
    const items = itemsOf.get(item.categoryId);
    if (items) items.push(item);
    else itemsOf.set(item.categoryId, [item]);
  }
  return parts.categories.map((category) => ({
    id: category.id,
    name: inLanguage(category, view.language).name,
    schedules: category.schedules,
    items: (itemsOf.get(category.id) ?? []).map((item) => resolveItem(item, category, at, view, lookups)),
  }));
}

function resolveItem(
  item: MenuItem,
  category: Category,
  at: Moment,
  { language, orderType }: MenuView,
  { restaurantId, groups, taxes, items }: Lookups,
): ResolvedItem {
  const reason = unavailableReason(item, category, at);
  const { name, description } = inLanguage(item, language);
  return {
    id: item.id,
    name,
    description: description ?? item.description,
    price: item.price,
    variants: item.variants.map((variant) => ({
      id: variant.id,
      name: inLanguage(variant, language).name,
      price: variant.price,
    })),
    modifierGroups: item.modifierGroupIds.flatMap((id) => {
      const group = groups.get(id);
      return group ? [resolveGroup(group, language)] : [];
    }),
    taxes: taxesFor(item, taxes, orderType),
    allergens: item.allergens,
    otherAllergens: item.otherAllergens,
    dietTags: item.dietTags,
    station: item.station,
    schedules: item.schedules,
    isAvailable: reason === null,
    unavailableReason: reason,
    remaining: item.availability.remaining,
    unit: item.unit,
    picture: pictureOf(restaurantId, item.pictureId),
    parts: item.parts.map((part) => ({ ...part, name: nameOf(items.get(part.menuItemId), language) })),
    isDeposit: item.isDeposit,
    deposit: depositOf(item, items, language),
  };
}

function nameOf(item: MenuItem | undefined, language: MenuLanguage | undefined): string {
  return item ? inLanguage(item, language).name : '';
}

function depositOf(
  { depositItemId }: MenuItem,
  items: ReadonlyMap<string, MenuItem>,
  language: MenuLanguage | undefined,
): ResolvedDeposit | null {
  const item = items.get(depositItemId ?? '');
  return item ? { menuItemId: item.id, name: nameOf(item, language), price: item.price } : null;
}

function resolveGroup(group: ModifierGroup, language: MenuLanguage | undefined): ResolvedModifierGroup {
  return {
    id: group.id,
    name: inLanguage(group, language).name,
    minSelections: group.minSelections,
    maxSelections: group.maxSelections,
    freeSelections: group.freeSelections,
    modifiers: group.modifiers.map((modifier) => ({
      id: modifier.id,
      name: inLanguage(modifier, language).name,
      price: modifier.price,
      maxQuantity: modifier.maxQuantity,
      isAvailable: modifier.isAvailable,
      taxIds: modifier.taxIds,
    })),
  };
}

/** A set menu has the allergens of its parts. */
function withParts(item: MenuItem, items: ReadonlyMap<string, MenuItem>): MenuItem {
  if (item.parts.length === 0) return item;
  const all = [item, ...item.parts.flatMap(({ menuItemId }) => items.get(menuItemId) ?? [])];
  return {
    ...item,
    allergens: all.flatMap(({ allergens }) => allergens),
    otherAllergens: all.flatMap(({ otherAllergens }) => otherAllergens),
  };
}
