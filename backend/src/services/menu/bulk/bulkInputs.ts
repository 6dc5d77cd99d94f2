/** Requests that change many parts of the menu at once, and their answers. */
import type { Availability } from '../../../domain/menu/menu.js';
import type { PriceChange } from '../../../domain/menu/priceChange.js';
import type { MinorUnits } from '../../../domain/number/money.js';
import type { AvailabilityInput } from '../menuInputs.js';

/** Items and modifier groups that one call may change. */
export const MAX_CHANGED = 500;
/** Prices and modifiers that one call may change. */
export const MAX_ROWS = 2_000;
/** Things that one call may put in order. */
export const MAX_ORDERED = 1_000;

/** Absent lists are empty. */
export interface Selection {
  menuItemIds?: string[] | undefined;
  variantIds?: string[] | undefined;
  categoryIds?: string[] | undefined;
  exceptMenuItemIds?: string[] | undefined;
  modifierGroupIds?: string[] | undefined;
  modifierIds?: string[] | undefined;
}

/** Versions of items, groups and categories by their ids. */
export type Versions = Record<string, number>;

export interface BulkInput {
  select: Selection;
  price?: PriceChange | undefined;
  availability?: AvailabilityInput | undefined;
  versions?: Versions | undefined;
  dryRun?: boolean | undefined;
}

/** A part of the menu as far as bulk changes look at it. */
export interface BulkState {
  price: MinorUnits;
  /** Null: a variant has no availability of its own. */
  isAvailable: boolean | null;
  /** Null: only items have it. */
  availability: Availability | null;
}

export interface BulkRow {
  kind: 'menu_item' | 'variant' | 'modifier';
  id: string;
  /** The item of a variant, the group of a modifier. */
  parentId: string | null;
  name: string;
  before: BulkState;
  after: BulkState;
}

export interface BulkOutcome {
  dryRun: boolean;
  changes: BulkRow[];
  /** Things that were selected and are as they should be already. */
  unchanged: number;
  /** After a dry run those before the change. */
  versions: Versions;
}

/** Lists that are put in order. Each names all of its kind exactly once. */
export interface OrderInput {
  categoryIds?: string[] | undefined;
  menuItems?: { categoryId: string; menuItemIds: string[] }[] | undefined;
  variants?: { menuItemId: string; variantIds: string[] }[] | undefined;
  modifierGroups?: { menuItemId: string; modifierGroupIds: string[] }[] | undefined;
  modifiers?: { modifierGroupId: string; modifierIds: string[] }[] | undefined;
}

export interface OrderOutcome {
  /** Versions of the things that have another place now. */
  versions: Versions;
}
