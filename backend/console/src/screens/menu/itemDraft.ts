/** The form of an item, and the body that is sent. */
import type { MenuItem, Operations } from '../../../../client/src/api.js';

export type ItemBody = Operations['createMenuItem']['takes']['body'];

export interface VariantDraft {
  id?: string | undefined;
  name: string;
  price: number | undefined;
}

export interface ItemDraft {
  categoryId: string;
  price: number | undefined;
  variants: readonly VariantDraft[];
  modifierGroupIds: readonly string[];
  taxIds: readonly string[];
}

export function draftOf(item: MenuItem | undefined, newIn = ''): ItemDraft {
  return {
    categoryId: item?.categoryId ?? newIn,
    price: item?.price ?? 0,
    variants: item?.variants ?? [],
    modifierGroupIds: item?.modifierGroupIds ?? [],
    taxIds: item?.taxIds ?? [],
  };
}

/** @param values the fields of the form by their names. The server checks what is in them. */
export function itemBody(values: Record<string, string>, draft: ItemDraft): ItemBody {
  const text = (name: string): string => (values[name] ?? '').trim();
  const allergens = text('allergens')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  return {
    name: text('name'),
    description: text('description') || null,
    categoryId: text('categoryId') || draft.categoryId,
    price: draft.price ?? 0,
    variants: draft.variants.map(({ id, name, price = 0 }) => ({ ...(id !== undefined && { id }), name, price })),
    // The server knows which words are allergens, and keeps the others as texts.
    allergens,
    otherAllergens: [],
    station: text('station') || null,
    modifierGroupIds: [...draft.modifierGroupIds],
    taxIds: [...draft.taxIds],
  };
}
