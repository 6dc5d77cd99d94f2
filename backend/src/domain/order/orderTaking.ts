/**
 * Turns a requested line into an order line with the menu's current names, prices and taxes, or
 * refuses it with a reason.
 */
import { AppError, invalid, notFound } from '../shared/errors.js';
import {
  byId,
  type Category,
  type MenuItem,
  type MenuParts,
  type Moment,
  type ModifierGroup,
  type OrderType,
  type Tax,
  taxesFor,
  type UnavailableReason,
  unavailableReason,
} from '../menu/menu.js';
import type { MinorUnits } from '../number/money.js';
import { isAtFaceValue } from './lineKind.js';
import { askedUnits } from './measure.js';
import { splitPrice } from './setPrice.js';
import type { LineModifier, OrderLine } from './order.js';
import { freeQuantities } from './pricing.js';
import {
  assertDiscounts,
  type AttachedLine,
  kindOf,
  type LineRequest,
  type ModifierChoice,
  soldAs,
  type TakenLine,
} from './takenLine.js';
import type { TaxRate } from './taxes.js';

const REASONS: Record<UnavailableReason, string> = {
  not_available: 'is not available right now',
  sold_out: 'is sold out',
  outside_schedule: 'is not served at this time',
};

export class OrderTaking {
  readonly #parts: MenuParts;
  readonly #items: Map<string, MenuItem>;
  readonly #groups: Map<string, ModifierGroup>;
  readonly #taxes: Map<string, Tax>;
  readonly #at: Moment;
  readonly #type: OrderType;

  constructor(parts: MenuParts, at: Moment, type: OrderType) {
    this.#parts = parts;
    this.#items = byId(parts.items);
    this.#groups = byId(parts.modifierGroups);
    this.#taxes = byId(parts.taxes);
    this.#at = at;
    this.#type = type;
  }

  /**
   * @param pointer place of the line in the request, e.g. `/lines/0`.
   * @throws AppError not_found for ids that are not in the menu; item_unavailable; invalid_request
   * for choices that the modifier groups do not allow.
   */
  take(request: LineRequest, pointer: string): TakenLine {
    const { item, category } = this.#served(request.menuItemId, `${pointer}/menuItemId`);
    const variant = this.#variantOf(item, request.variantId, pointer);
    const kind = kindOf(item);
    const units = askedUnits(item, request.quantity, `${pointer}/quantity`);
    if (units < 0 && kind !== 'deposit')
      throw invalid(`${pointer}/quantity`, `${item.name} is no deposit: give a whole number from 1.`, 'quantity');
    assertDiscounts({ kind, name: item.name }, request.discounts, pointer);
    if (request.free && isAtFaceValue(kind))
      throw invalid(`${pointer}/free`, `${item.name} is a ${kind}, which is not given away. Leave "free" out.`);
    const price = request.free ? 0 : (variant?.price ?? item.price);
    const sold = soldAs(item.unit, units, kind === 'set' ? 0 : price);
    const { modifiers, attached } = this.choose(item.id, request.modifiers, pointer, sold.quantity);
    const parts = kind === 'set' ? this.#partsOf(item, price, units, pointer) : [];
    return {
      kind,
      attached: [...parts, ...attached, ...this.#depositOf(item, sold.quantity, pointer)],
      menuItemId: item.id,
      variantId: variant?.id ?? null,
      categoryId: item.categoryId,
      categoryName: category?.name ?? '',
      name: item.name,
      variantName: variant?.name ?? null,
      ...sold,
      modifiers,
      discounts: request.discounts,
      taxes: this.taxes(item.taxIds),
      notes: request.notes ?? null,
      course: request.course ?? null,
      seat: request.seat ?? null,
    };
  }

  /** The parts of a set menu with their shares of its price, and their deposits. */
  #partsOf({ name, parts }: MenuItem, price: MinorUnits, quantity: number, pointer: string): AttachedLine[] {
    const known = parts.map((part) => {
      const item = this.#items.get(part.menuItemId);
      const variant = item?.variants.find(({ id }) => id === part.variantId);
      if (!item || (part.variantId !== null && !variant) || kindOf(item) !== 'item' || item.unit !== null)
        throw unavailable(
          `A part of ${name} is no longer on the menu. Change the parts of ${name}.`,
          `${pointer}/menuItemId`,
        );
      // A dish that is not sold by itself at this time may still be a part.
      const reason = unavailableReason(item, undefined, this.#at);
      if (reason !== null && reason !== 'outside_schedule')
        throw unavailable(`${item.name}, a part of ${name}, ${REASONS[reason]}.`, `${pointer}/menuItemId`);
      return { item, variant, part };
    });
    const priced = known.map(({ item, variant, part }) => ({
      quantity: part.quantity,
      singlePrice: variant?.price ?? item.price,
      share: part.price,
    }));
    const lines = splitPrice(price, priced).map(({ part, units, unitPrice }): AttachedLine => {
      const { item, variant } = known[part]!;
      const line = { ...this.#plainLine(item, units * quantity), unitPrice, units };
      return { ...line, kind: 'part', variantId: variant?.id ?? null, variantName: variant?.name ?? null };
    });
    const deposits = known.flatMap(({ item, part }) =>
      this.#depositOf(item, part.quantity * quantity, pointer).map((line) => ({ ...line, units: part.quantity })),
    );
    return [...lines, ...deposits];
  }

  /** Never unavailable: a bottle that is sold has its deposit. */
  #depositOf({ name, depositItemId }: MenuItem, quantity: number, pointer: string): AttachedLine[] {
    if (depositItemId === null) return [];
    const item = this.#items.get(depositItemId);
    if (!item)
      throw unavailable(
        `The deposit of ${name} is no longer on the menu. Give ${name} another "depositItemId", or null.`,
        `${pointer}/menuItemId`,
      );
    return [{ ...this.#plainLine(item, quantity), kind: 'deposit', units: 1 }];
  }

  /** A line without choices, discounts and wishes. */
  #plainLine(item: MenuItem, quantity: number): Omit<TakenLine, 'attached' | 'kind'> {
    return {
      menuItemId: item.id,
      variantId: null,
      categoryId: item.categoryId,
      categoryName: this.#categoryOf(item)?.name ?? '',
      name: item.name,
      variantName: null,
      quantity,
      measured: null,
      unitPrice: item.price,
      modifiers: [],
      discounts: [],
      taxes: this.taxes(item.taxIds),
      notes: null,
      course: null,
      seat: null,
    };
  }

  /**
   * Checks the chosen modifiers against the item's groups and prices them. Those with taxes of
   * their own are charged on lines of their own.
   * @param quantity units of the line.
   */
  choose(
    menuItemId: string,
    choices: readonly ModifierChoice[],
    pointer: string,
    quantity: number,
  ): Pick<TakenLine, 'modifiers' | 'attached'> {
    const chosen = this.#chosen(menuItemId, choices, pointer);
    const attached = chosen.flatMap((modifier): AttachedLine[] => {
      const item = this.#items.get(menuItemId);
      const units = modifier.quantity - modifier.freeQuantity;
      if (!item || units === 0 || modifier.price === 0 || this.#taxIdsOf(modifier.modifierId).length === 0) return [];
      const line = { ...this.#plainLine(item, units * quantity), name: modifier.name, unitPrice: modifier.price };
      const taxes = this.taxes(this.#taxIdsOf(modifier.modifierId));
      return [{ ...line, taxes, kind: 'modifier', units, modifiers: [{ ...modifier, price: 0 }] }];
    });
    const apart = new Set(attached.map((line) => line.modifiers[0]?.modifierId));
    const modifiers = chosen.map((one) => (apart.has(one.modifierId) ? { ...one, price: 0 } : one));
    return { modifiers, attached };
  }

  #taxIdsOf(modifierId: string): string[] {
    for (const { modifiers } of this.#groups.values()) {
      const modifier = modifiers.find(({ id }) => id === modifierId);
      if (modifier) return modifier.taxIds;
    }
    return [];
  }

  #chosen(menuItemId: string, choices: readonly ModifierChoice[], pointer: string): LineModifier[] {
    const item = this.#items.get(menuItemId);
    if (!item) throw notFound('menu item', `${pointer}/menuItemId`);
    const groups = item.modifierGroupIds.flatMap((id) => this.#groups.get(id) ?? []);
    const seen = new Set<string>();
    const chosen = new Map<string, LineModifier[]>();
    choices.forEach((choice, index) => {
      const at = `${pointer}/modifiers/${index}`;
      if (seen.has(choice.modifierId))
        throw invalid(`${at}/modifierId`, 'This modifier is named twice. Raise its quantity instead.');
      seen.add(choice.modifierId);
      const group = groups.find((one) => one.modifiers.some((modifier) => modifier.id === choice.modifierId));
      const modifier = group?.modifiers.find((one) => one.id === choice.modifierId);
      if (!group || !modifier) throw notFound(`modifier of ${item.name}`, `${at}/modifierId`);
      if (!modifier.isAvailable) throw unavailable(`${modifier.name} is not available right now.`, `${at}/modifierId`);
      if (choice.quantity > modifier.maxQuantity)
        throw invalid(`${at}/quantity`, `Choose at most ${modifier.maxQuantity} of ${modifier.name}.`);
      const line = {
        modifierId: modifier.id,
        groupId: group.id,
        name: modifier.name,
        price: modifier.price,
        quantity: choice.quantity,
        freeQuantity: 0,
      };
      chosen.set(group.id, [...(chosen.get(group.id) ?? []), line]);
    });
    return groups.flatMap((group) => withFreeOnes(group, chosen.get(group.id) ?? [], pointer));
  }

  /** The given taxes that apply to this order type, each once. */
  taxes(taxIds: string[]): TaxRate[] {
    return taxesFor({ taxIds: [...new Set(taxIds)] }, this.#taxes, this.#type);
  }

  /**
   * The taxes of an ordered item for this order type.
   * @throws AppError invalid_state when it is no longer on the menu.
   */
  taxesOf({
    kind,
    menuItemId,
    name,
    modifiers,
  }: Pick<OrderLine, 'kind' | 'menuItemId' | 'name' | 'modifiers'>): TaxRate[] {
    const item = this.#items.get(menuItemId);
    const own = kind === 'modifier' ? this.#taxIdsOf(modifiers[0]?.modifierId ?? '') : item?.taxIds;
    if (item && own && (kind !== 'modifier' || own.length > 0)) return this.taxes(own);
    throw new AppError(
      'invalid_state',
      `"${name}" is no longer on the menu, so its taxes for another order type are not known. Void the line, or keep the type.`,
    );
  }

  /** @throws AppError not_found or item_unavailable when the item cannot be ordered now. */
  assertServed(menuItemId: string, pointer: string): void {
    this.#served(menuItemId, pointer);
  }

  #served(menuItemId: string, pointer: string): { item: MenuItem; category: Category | undefined } {
    const item = this.#items.get(menuItemId);
    if (!item) throw notFound('menu item', pointer);
    const category = this.#categoryOf(item);
    const reason = unavailableReason(item, category, this.#at);
    if (reason) throw unavailable(`${item.name} ${REASONS[reason]}.`, pointer);
    return { item, category };
  }

  #categoryOf({ categoryId }: MenuItem): Category | undefined {
    return this.#parts.categories.find((one) => one.id === categoryId);
  }

  #variantOf(item: MenuItem, variantId: string | undefined, pointer: string) {
    if (variantId === undefined) {
      if (item.variants.length === 0) return undefined;
      throw invalid(
        `${pointer}/variantId`,
        `Choose one of ${item.variants.map((variant) => variant.name).join(', ')}.`,
      );
    }
    const variant = item.variants.find((one) => one.id === variantId);
    if (!variant) throw notFound(`variant of ${item.name}`, `${pointer}/variantId`);
    return variant;
  }
}

function withFreeOnes(group: ModifierGroup, chosen: LineModifier[], pointer: string): LineModifier[] {
  const count = chosen.reduce((total, modifier) => total + modifier.quantity, 0);
  if (count < group.minSelections)
    throw invalid(`${pointer}/modifiers`, `${group.name}: choose at least ${group.minSelections}.`);
  if (count > group.maxSelections)
    throw invalid(`${pointer}/modifiers`, `${group.name}: choose at most ${group.maxSelections}.`);
  const free = freeQuantities(chosen, group.freeSelections);
  return chosen.map((modifier, index) => ({ ...modifier, freeQuantity: free[index] ?? 0 }));
}

function unavailable(message: string, pointer: string): AppError {
  return new AppError('item_unavailable', message, { errors: [{ pointer, message }] });
}
