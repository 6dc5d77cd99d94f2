/** The menu: its editable parts, the resolved menu, and whether an item can be ordered now. */
import type { Dietary } from './dietary.js';
import type { Edited } from '../shared/edited.js';
import { AppError } from '../shared/errors.js';
import { isWithin, type LocalTime, type WeeklyInterval } from '../restaurant/localTime.js';
import type { MinorUnits } from '../number/money.js';
import type { MeasureUnit } from '../order/measure.js';
import type { TaxRate } from '../order/taxes.js';
import type { Picture } from './picture.js';
import type { Translated } from './translations.js';
import { type CategorizedTax, treatmentOf } from '../order/vatCategory.js';

export const ORDER_TYPES = ['dine_in', 'takeaway', 'delivery', 'catering'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

export interface Category extends Edited, Translated {
  name: string;
  position: number;
  schedules: WeeklyInterval[];
}

export interface Tax extends Edited, CategorizedTax {
  name: string;
  inclusive: boolean;
  /** Empty: every order type. */
  orderTypes: OrderType[];
}

export interface Modifier extends Translated {
  id: string;
  name: string;
  price: MinorUnits;
  maxQuantity: number;
  isAvailable: boolean;
  /** Empty: the taxes of the item. */
  taxIds: string[];
}

export interface ModifierGroup extends Edited, Translated {
  name: string;
  minSelections: number;
  maxSelections: number;
  freeSelections: number;
  modifiers: Modifier[];
}

export interface Variant extends Translated {
  id: string;
  name: string;
  price: MinorUnits;
}

/**
 * Availability of an item (86-ing). It is back on sale at `until`. `remaining` counts portions
 * down; null: not counted.
 */
export interface Availability {
  until: string | null;
  remaining: number | null;
}

/** A part of a set menu. */
export interface SetPart {
  menuItemId: string;
  variantId: string | null;
  quantity: number;
  /** Its share of the price of the set. Null: in proportion to the single prices. */
  price: MinorUnits | null;
}

export interface MenuItem extends Edited, Dietary, Translated {
  name: string;
  description: string | null;
  categoryId: string;
  price: MinorUnits;
  variants: Variant[];
  modifierGroupIds: string[];
  taxIds: string[];
  station: string | null;
  pictureId: string | null;
  position: number;
  schedules: WeeklyInterval[];
  isAvailable: boolean;
  availability: Availability;
  /** The unit of the price; null: sold by the piece. */
  unit: MeasureUnit | null;
  /** Not empty: a set menu. */
  parts: SetPart[];
  /** The deposit of a bottle or a glass: it can be returned, and has no discount. */
  isDeposit: boolean;
  /** The deposit that every unit carries. */
  depositItemId: string | null;
  /** Not null: it sells vouchers of this pool, at its price. */
  voucherPoolId: string | null;
  /** Stock is too low for one portion. Set and reset with the stock, whatever the waiters set. */
  isOutOfStock: boolean;
}

/** Current parts of a menu, read in one statement. */
export interface MenuParts {
  categories: Category[];
  items: MenuItem[];
  modifierGroups: ModifierGroup[];
  taxes: Tax[];
}

export type UnavailableReason = 'not_available' | 'sold_out' | 'outside_schedule';

export type ResolvedVariant = Omit<Variant, 'translations'>;

export interface ResolvedModifierGroup
  extends Omit<ModifierGroup, Exclude<keyof Edited, 'id'> | 'translations' | 'modifiers'> {
  modifiers: Omit<Modifier, 'translations'>[];
}

/** The deposit that an item carries, per unit. */
export interface ResolvedDeposit {
  menuItemId: string;
  name: string;
  price: MinorUnits;
}

export interface ResolvedItem extends Dietary {
  id: string;
  name: string;
  description: string | null;
  price: MinorUnits;
  variants: ResolvedVariant[];
  modifierGroups: ResolvedModifierGroup[];
  taxes: TaxRate[];
  station: string | null;
  schedules: WeeklyInterval[];
  isAvailable: boolean;
  unavailableReason: UnavailableReason | null;
  remaining: number | null;
  unit: MeasureUnit | null;
  picture: Picture | null;
  parts: (SetPart & { name: string })[];
  isDeposit: boolean;
  deposit: ResolvedDeposit | null;
}

export interface ResolvedCategory {
  id: string;
  name: string;
  schedules: WeeklyInterval[];
  items: ResolvedItem[];
}

export interface Moment {
  instant: Date;
  local: LocalTime;
}

/** Why an item cannot be ordered at a moment, or null when it can. */
export function unavailableReason(
  item: MenuItem,
  category: Category | undefined,
  at: Moment,
): UnavailableReason | null {
  const { until, remaining } = item.availability;
  const backAgain = until !== null && at.instant.getTime() >= Date.parse(until);
  if (!item.isAvailable && !backAgain) return 'not_available';
  if (remaining === 0 || item.isOutOfStock) return 'sold_out';
  if (!isWithin(item.schedules, at.local) || !isWithin(category?.schedules ?? [], at.local)) return 'outside_schedule';
  return null;
}

/** Taxes of an item for one order type. Without a type: those that apply to every type. */
export function taxesFor(
  item: Pick<MenuItem, 'taxIds'>,
  taxes: ReadonlyMap<string, Tax>,
  orderType: OrderType | undefined,
): TaxRate[] {
  return item.taxIds.flatMap((id) => {
    const tax = taxes.get(id);
    if (!tax) return [];
    const counts = tax.orderTypes.length === 0 || (orderType !== undefined && tax.orderTypes.includes(orderType));
    return counts ? [rateOf(tax)] : [];
  });
}

/** The tax as a line of an order or a document keeps it. */
export function rateOf(tax: Tax): TaxRate {
  const vat = treatmentOf(tax);
  return { taxId: tax.id, name: tax.name, rate: tax.rate, inclusive: tax.inclusive, ...(vat && { vat }) };
}

export function byId<T extends { id: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

/** Error: an order wants more portions of an item than are left. */
export function notEnoughPortions(cause?: unknown): AppError {
  return new AppError(
    'item_unavailable',
    'Not enough portions are left for this order. Read the menu again to see the remaining portions.',
    { cause },
  );
}
