/** Parts of the menu as they are to be stored, made from requests. */
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { Category, MenuItem, Modifier, ModifierGroup, SetPart, Tax } from '../../domain/menu/menu.js';
import { dietaryOf } from '../../domain/menu/dietary.js';
import { assertTreatment } from '../../domain/order/vatCategory.js';
import type { Translated, Translations } from '../../domain/menu/translations.js';
import { newId } from '../../utils/ids.js';
import type { AvailabilityInput, CategoryInput, MenuItemInput, ModifierGroupInput, TaxInput } from './menuInputs.js';

/** More would be lines of an order that nobody reads. */
const MAX_PART_UNITS = 40;

export function buildCategory(input: CategoryInput, before: Category | undefined) {
  return {
    name: input.name ?? before?.name ?? '',
    translations: input.translations ?? before?.translations ?? {},
    position: input.position ?? before?.position ?? 0,
    schedules: input.schedules ?? before?.schedules ?? [],
  };
}

export function buildTax(input: TaxInput, before: Tax | undefined) {
  const { vatCategory, exemptionCode, exemptionReason } = input;
  const tax = {
    name: input.name ?? before?.name ?? '',
    rate: input.rate ?? before?.rate ?? '0',
    inclusive: input.inclusive ?? before?.inclusive ?? false,
    orderTypes: input.orderTypes ?? before?.orderTypes ?? [],
    vatCategory: vatCategory === undefined ? (before?.vatCategory ?? null) : vatCategory,
    exemptionCode: exemptionCode === undefined ? (before?.exemptionCode ?? null) : exemptionCode,
    exemptionReason: exemptionReason === undefined ? (before?.exemptionReason ?? null) : exemptionReason,
  };
  assertTreatment(tax);
  return tax;
}

export function buildModifierGroup(input: ModifierGroupInput, before: ModifierGroup | undefined) {
  const modifiers: Modifier[] = input.modifiers
    ? withIds(input.modifiers, before?.modifiers ?? [], 'modifier of this group', '/modifiers').map((one) => ({
        ...one,
        ...keptTranslations(one, before?.modifiers),
        taxIds: [...new Set(one.taxIds ?? [])],
      }))
    : (before?.modifiers ?? []);
  const group = {
    name: input.name ?? before?.name ?? '',
    translations: input.translations ?? before?.translations ?? {},
    minSelections: input.minSelections ?? before?.minSelections ?? 0,
    maxSelections: input.maxSelections ?? before?.maxSelections ?? 1,
    freeSelections: input.freeSelections ?? before?.freeSelections ?? 0,
    modifiers,
  };
  if (group.maxSelections < group.minSelections)
    throw invalid('/maxSelections', 'Must be at least minSelections.', 'max_below_min');
  return group;
}

/** An item as sold out (86), with counted portions, or available again. */
export function withAvailability(before: MenuItem, input: AvailabilityInput): MenuItem {
  return {
    ...before,
    isAvailable: input.isAvailable,
    availability: {
      until: input.isAvailable ? null : instantOf(input.until),
      remaining: input.remaining === undefined ? keptCount(before, input.isAvailable) : input.remaining,
    },
  };
}

/**
 * A count is kept when the request does not mention it. Making a sold-out item available again
 * stops its count.
 */
function keptCount(before: MenuItem, isAvailable: boolean): number | null {
  const { remaining } = before.availability;
  return isAvailable && remaining === 0 ? null : remaining;
}

export function buildMenuItem(input: MenuItemInput, before: MenuItem | undefined, now: Date) {
  const variants = input.variants
    ? withIds(input.variants, before?.variants ?? [], 'variant of this item', '/variants').map((one) => ({
        ...one,
        ...keptTranslations(one, before?.variants),
      }))
    : (before?.variants ?? []);
  const item = {
    name: input.name ?? before?.name ?? '',
    translations: input.translations ?? before?.translations ?? {},
    description: input.description === undefined ? (before?.description ?? null) : input.description,
    categoryId: input.categoryId ?? before?.categoryId ?? '',
    price: input.price ?? before?.price ?? 0,
    variants,
    modifierGroupIds: [...new Set(input.modifierGroupIds ?? before?.modifierGroupIds ?? [])],
    taxIds: [...new Set(input.taxIds ?? before?.taxIds ?? [])],
    ...dietaryOf(input, before),
    pictureId: input.pictureId === undefined ? (before?.pictureId ?? null) : input.pictureId,
    station: input.station === undefined ? (before?.station ?? null) : input.station,
    position: input.position ?? before?.position ?? 0,
    schedules: input.schedules ?? before?.schedules ?? [],
    ...availabilityOf(input, before, now),
    isOutOfStock: before?.isOutOfStock ?? false,
    parts: input.parts?.map(partOf) ?? before?.parts ?? [],
    unit: input.unit === undefined ? (before?.unit ?? null) : input.unit,
    isDeposit: input.isDeposit ?? before?.isDeposit ?? false,
    depositItemId: input.depositItemId === undefined ? (before?.depositItemId ?? null) : input.depositItemId,
    voucherPoolId: input.voucherPoolId === undefined ? (before?.voucherPoolId ?? null) : input.voucherPoolId,
  };
  assertDeposit(item);
  assertSet(item);
  return item;
}

/** A list that does not mention translations, of a client that does not know them, keeps them. */
function keptTranslations(
  sent: { id: string; translations?: Translations | undefined },
  before: readonly ({ id: string } & Translated)[] = [],
): Translated {
  return { translations: sent.translations ?? before.find(({ id }) => id === sent.id)?.translations ?? {} };
}

function partOf({ menuItemId, variantId, quantity, price }: NonNullable<MenuItemInput['parts']>[number]): SetPart {
  return { menuItemId, variantId: variantId ?? null, quantity, price: price ?? null };
}

/**
 * The parts of a set menu have its price. It is sold by the piece, and each part brings its own
 * deposit.
 */
export function assertSet(
  item: Pick<MenuItem, 'parts' | 'price' | 'unit' | 'variants' | 'isDeposit' | 'depositItemId'>,
): void {
  const { parts, price } = item;
  if (parts.length === 0) return;
  if (item.unit !== null) throw invalid('/unit', 'A set menu is sold by the piece. Send null.');
  if (item.variants.length > 0) throw invalid('/variants', 'A set menu has no variants. Make an item of each.');
  if (item.isDeposit) throw invalid('/isDeposit', 'A set menu is no deposit.');
  if (item.depositItemId !== null) throw invalid('/depositItemId', 'The parts of a set menu bring their deposits.');
  const units = parts.reduce((total, { quantity }) => total + quantity, 0);
  if (units > MAX_PART_UNITS) throw invalid('/parts', `A set menu has at most ${MAX_PART_UNITS} units in all.`);
  const shares = parts.flatMap((part) => (part.price === null ? [] : [part.price]));
  if (shares.length === 0) return;
  if (shares.length < parts.length)
    throw invalid('/parts', 'Give each part its share of the price, or none: then they follow the single prices.');
  const all = shares.reduce((total, share) => total + share, 0);
  if (all !== price)
    throw invalid('/parts', `The shares of the parts come to ${all}, and the set menu costs ${price}.`);
}

/** A deposit is one price for each piece: it has nothing to choose. */
function assertDeposit(
  item: Pick<MenuItem, 'unit' | 'isDeposit' | 'depositItemId' | 'variants' | 'modifierGroupIds'>,
): void {
  if (item.unit !== null && (item.isDeposit || item.depositItemId !== null))
    throw invalid('/unit', 'A deposit is charged by the piece. Send null, or take the deposit off.');
  if (!item.isDeposit) return;
  if (item.depositItemId !== null) throw invalid('/depositItemId', 'A deposit carries no other deposit. Send null.');
  if (item.variants.length > 0)
    throw invalid('/variants', 'A deposit has no variants. Make an item of each kind of bottle or glass.');
  if (item.modifierGroupIds.length > 0) throw invalid('/modifierGroupIds', 'A deposit has no modifiers. Send [].');
}

/**
 * An `until` is dropped when it has passed, or when the item is available. It must not affect the
 * next time that the item is marked as sold out.
 */
function availabilityOf(input: MenuItemInput, before: MenuItem | undefined, now: Date) {
  const isAvailable = input.isAvailable ?? before?.isAvailable ?? true;
  const { until = before?.availability.until ?? null, remaining = before?.availability.remaining ?? null } =
    input.availability ?? {};
  const isOver = until !== null && input.availability?.until === undefined && new Date(until) <= now;
  const isStale = isAvailable || (isOver && input.isAvailable === false);
  return { isAvailable, availability: { until: isStale ? null : instantOf(until), remaining } };
}

/** One format for an instant, with milliseconds, whatever the caller sent. */
function instantOf(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : new Date(text).toISOString();
}

/**
 * The new parts of a thing: an existing part keeps its id, a new one gets an id here.
 * @throws AppError not_found for an id that is not of this thing's parts; invalid_request for an id
 *   given twice.
 */
function withIds<T extends { id?: string | undefined }>(
  sent: readonly T[],
  before: readonly { id: string }[],
  what: string,
  pointer: string,
): (T & { id: string })[] {
  const known = new Set(before.map((part) => part.id));
  const seen = new Set<string>();
  return sent.map((part, index) => {
    const id = part.id ?? newId();
    if (part.id !== undefined && !known.has(id)) throw notFound(what, `${pointer}/${index}/id`);
    if (seen.has(id)) throw invalid(`${pointer}/${index}/id`, 'This id is given twice. Give each id once.');
    seen.add(id);
    return { ...part, id };
  });
}
