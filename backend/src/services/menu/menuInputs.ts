/**
 * Requests that edit the menu. A field left out keeps its value or, in a new thing, gets the
 * default.
 */
import type { Category, MenuItem, ModifierGroup, Tax } from '../../domain/menu/menu.js';
import type { DietTag } from '../../domain/menu/dietaryNames.js';
import type { Translations } from '../../domain/menu/translations.js';
import type { WeeklyInterval } from '../../domain/restaurant/localTime.js';
import type { Edited } from '../../domain/shared/edited.js';
import type { SentFields } from '../../domain/shared/sentFields.js';

export type CategoryInput = SentFields<Pick<Category, 'name' | 'position' | 'schedules' | 'translations'>>;
export type TaxInput = SentFields<Omit<Tax, keyof Edited>>;
export type ModifierGroupInput = SentFields<
  Pick<ModifierGroup, 'name' | 'minSelections' | 'maxSelections' | 'freeSelections' | 'translations'> & {
    modifiers: {
      id?: string | undefined;
      name: string;
      translations?: Translations | undefined;
      price: number;
      maxQuantity: number;
      isAvailable: boolean;
      taxIds?: string[] | undefined;
    }[];
  }
>;
export type AvailabilityInput = {
  isAvailable: boolean;
  until?: string | null | undefined;
  remaining?: number | null | undefined;
};
export type MenuItemInput = SentFields<
  Pick<
    MenuItem,
    | 'name'
    | 'description'
    | 'translations'
    | 'categoryId'
    | 'price'
    | 'modifierGroupIds'
    | 'taxIds'
    | 'station'
    | 'pictureId'
    | 'position'
    | 'isAvailable'
    | 'unit'
    | 'isDeposit'
    | 'depositItemId'
    | 'voucherPoolId'
  > & {
    schedules: WeeklyInterval[];
    allergens: string[];
    otherAllergens: string[];
    dietTags: DietTag[];
    variants: { id?: string | undefined; name: string; translations?: Translations | undefined; price: number }[];
    availability: Omit<AvailabilityInput, 'isAvailable'>;
    parts: {
      menuItemId: string;
      variantId?: string | null | undefined;
      quantity: number;
      price?: number | null | undefined;
    }[];
  }
>;
