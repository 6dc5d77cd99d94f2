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
import type { LineModifier, OrderLine } from './order.js';
import { type Discount, freeQuantities } from './pricing.js';
import type { TaxRate } from './taxes.js';

export interface ModifierChoice {
  modifierId: string;
  quantity: number;
}

export interface LineRequest {
  menuItemId: string;
  variantId?: string | undefined;
  quantity: number;
  modifiers: ModifierChoice[];
  discounts: Discount[];
  notes?: string | null | undefined;
  course?: number | null | undefined;
  seat?: number | null | undefined;
}

/** Fields of a line that are fixed at ordering; its amounts come from the pricing engine. */
export type TakenLine = Pick<
  OrderLine,
  | 'menuItemId'
  | 'variantId'
  | 'categoryId'
  | 'categoryName'
  | 'name'
  | 'variantName'
  | 'quantity'
  | 'unitPrice'
  | 'modifiers'
  | 'discounts'
  | 'notes'
  | 'course'
  | 'seat'
> & { taxes: TaxRate[] };

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
    return {
      menuItemId: item.id,
      variantId: variant?.id ?? null,
      categoryId: item.categoryId,
      categoryName: category?.name ?? '',
      name: item.name,
      variantName: variant?.name ?? null,
      quantity: request.quantity,
      unitPrice: variant?.price ?? item.price,
      modifiers: this.choose(item.id, request.modifiers, pointer),
      discounts: request.discounts,
      taxes: this.taxes(item.taxIds),
      notes: request.notes ?? null,
      course: request.course ?? null,
      seat: request.seat ?? null,
    };
  }

  /** Checks the chosen modifiers against the item's groups and prices them. */
  choose(menuItemId: string, choices: readonly ModifierChoice[], pointer: string): LineModifier[] {
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
  taxesOf({ menuItemId, name }: Pick<OrderLine, 'menuItemId' | 'name'>): TaxRate[] {
    const item = this.#items.get(menuItemId);
    if (item) return this.taxes(item.taxIds);
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
    const category = this.#parts.categories.find((one) => one.id === item.categoryId);
    const reason = unavailableReason(item, category, this.#at);
    if (reason) throw unavailable(`${item.name} ${REASONS[reason]}.`, pointer);
    return { item, category };
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
