/** The form of an item, and the body that is sent. */
import type {
  Allergen,
  DietTag,
  MenuItem,
  Operations,
  Picture,
  Translations,
  WeeklyInterval,
} from '../../../../client/src/api.js';
import { translationsBody } from './TranslationFields.js';

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
  allergens: readonly Allergen[];
  otherAllergens: readonly string[];
  dietTags: readonly DietTag[];
  picture: Picture | null;
  schedules: readonly WeeklyInterval[];
  translations: Translations;
}

export function draftOf(item: MenuItem | undefined, newIn = ''): ItemDraft {
  return {
    categoryId: item?.categoryId ?? newIn,
    price: item?.price ?? 0,
    variants: item?.variants ?? [],
    modifierGroupIds: item?.modifierGroupIds ?? [],
    taxIds: item?.taxIds ?? [],
    allergens: item?.allergens ?? [],
    otherAllergens: item?.otherAllergens ?? [],
    dietTags: item?.dietTags ?? [],
    picture: item?.picture ?? null,
    schedules: item?.schedules ?? [],
    translations: item?.translations ?? {},
  };
}

/** @param values the fields of the form by their names. The server checks what is in them. */
export function itemBody(values: Record<string, string>, draft: ItemDraft): ItemBody {
  const text = (name: string): string => (values[name] ?? '').trim();
  const others = (values['otherAllergens'] ?? draft.otherAllergens.join(','))
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  return {
    name: text('name'),
    description: text('description') || null,
    categoryId: text('categoryId') || draft.categoryId,
    price: draft.price ?? 0,
    variants: draft.variants.map(({ id, name, price = 0 }) => ({ ...(id !== undefined && { id }), name, price })),
    allergens: [...draft.allergens],
    otherAllergens: others,
    dietTags: [...draft.dietTags],
    pictureId: draft.picture?.id ?? null,
    schedules: [...draft.schedules],
    translations: translationsBody(draft.translations),
    station: text('station') || null,
    modifierGroupIds: [...draft.modifierGroupIds],
    taxIds: [...draft.taxIds],
  };
}
