/**
 * Requests that edit the menu. A field left out keeps its value or, in a new thing, gets the
 * default.
 */
import type { Category, MenuItem, ModifierGroup, Tax } from '../../domain/menu/menu.js';
import type { WeeklyInterval } from '../../domain/restaurant/localTime.js';
import type { Edited } from '../../domain/shared/edited.js';
import type { SentFields } from '../../domain/shared/sentFields.js';

export type CategoryInput = SentFields<Pick<Category, 'name' | 'position' | 'schedules'>>;
export type TaxInput = SentFields<Omit<Tax, keyof Edited>>;
export type ModifierGroupInput = SentFields<
  Pick<ModifierGroup, 'name' | 'minSelections' | 'maxSelections' | 'freeSelections'> & {
    modifiers: {
      id?: string | undefined;
      name: string;
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
    | 'categoryId'
    | 'price'
    | 'modifierGroupIds'
    | 'taxIds'
    | 'allergens'
    | 'station'
    | 'position'
    | 'isAvailable'
    | 'unit'
    | 'isDeposit'
    | 'depositItemId'
    | 'voucherPoolId'
  > & {
    schedules: WeeklyInterval[];
    variants: { id?: string | undefined; name: string; price: number }[];
    availability: Omit<AvailabilityInput, 'isAvailable'>;
    parts: {
      menuItemId: string;
      variantId?: string | null | undefined;
      quantity: number;
      price?: number | null | undefined;
    }[];
  }
>;
