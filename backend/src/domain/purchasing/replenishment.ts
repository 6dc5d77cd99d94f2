/** Order proposals for low items, in the packs of their suppliers. */
import { MAX_AMOUNT, type MinorUnits } from '../number/money.js';
import { amountOf } from './purchaseOrder.js';
import { fitsQuantity, fromMicros, parseQuantity } from '../number/quantity.js';
import { add, compare, divide, multiply, type Ratio, ratio, subtract, ZERO } from '../number/ratio.js';
import { type StockUnits, unitFactor } from '../inventory/units.js';

/** Quantities as decimal text in the stock unit. */
export interface LowItem extends StockUnits {
  id: string;
  name: string;
  currentQuantity: string;
  parLevel: string | null;
}

/** One way to buy an item. */
export interface Offer {
  supplierId: string;
  inventoryItemId: string;
  packUnit: string;
  /** In packs. */
  orderMultiple: number;
  lastPrice: MinorUnits | null;
  isPreferred: boolean;
}

/** Quantity of an item that is ordered but not yet delivered. */
export interface Outstanding {
  inventoryItemId: string;
  quantity: string;
  unit: string;
}

export const SKIP_REASONS = [
  'no_par_level',
  'no_supplier',
  // Several suppliers, none of them preferred.
  'no_preferred_supplier',
  // An order, or the supplier's pack, uses a unit that the item no longer has.
  'unknown_unit',
  'enough_on_order',
  // The par level is not above the current stock. Possible for items older than the rule that it is
  // at least the reorder point.
  'par_level_reached',
  // More than can be counted, or than one purchase order may come to: a slip in the par level, the
  // unit or the price.
  'too_much',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export interface ProposedLine {
  inventoryItemId: string;
  /** Whole packs. */
  quantity: string;
  unit: string;
  unitPrice: MinorUnits | null;
}

export interface ProposedOrder {
  supplierId: string;
  lines: ProposedLine[];
}

interface Skipped {
  inventoryItemId: string;
  name: string;
  reason: SkipReason;
}

export interface Proposal {
  /** By supplier, in item order. */
  orders: ProposedOrder[];
  skipped: Skipped[];
}

/**
 * Fills low items up to par, counting outstanding orders, from each item's preferred or only
 * supplier.
 */
export function propose(
  items: readonly LowItem[],
  offers: readonly Offer[],
  outstanding: readonly Outstanding[],
): Proposal {
  const lines = new Map<string, ProposedLine[]>();
  const skipped: Skipped[] = [];
  for (const item of items) {
    const ofItem = <T extends { inventoryItemId: string }>(one: T) => one.inventoryItemId === item.id;
    const choice = proposeOne(item, offers.filter(ofItem), outstanding.filter(ofItem));
    if (typeof choice === 'string') {
      skipped.push({ inventoryItemId: item.id, name: item.name, reason: choice });
      continue;
    }
    const { supplierId, line } = choice;
    lines.set(supplierId, [...(lines.get(supplierId) ?? []), line]);
  }
  const orders = [...lines].flatMap(([supplierId, wanted]) =>
    payable(wanted).map((part) => ({ supplierId, lines: part })),
  );
  return { orders, skipped };
}

/**
 * Cut where the next line would take an order beyond what it may come to. Each line by itself is
 * within that.
 */
function payable(lines: readonly ProposedLine[]): ProposedLine[][] {
  const parts: ProposedLine[][] = [];
  let [part, total]: [ProposedLine[], MinorUnits] = [[], 0];
  for (const line of lines) {
    const amount = line.unitPrice === null ? 0 : amountOf(line.quantity, line.unitPrice);
    if (part.length === 0 || total + amount > MAX_AMOUNT) {
      [part, total] = [[], 0];
      parts.push(part);
    }
    part.push(line);
    total += amount;
  }
  return parts;
}

function proposeOne(
  item: LowItem,
  offers: readonly Offer[],
  outstanding: readonly Outstanding[],
): SkipReason | { supplierId: string; line: ProposedLine } {
  if (item.parLevel === null) return 'no_par_level';
  const onOrder = inStock(item, outstanding);
  if (!onOrder) return 'unknown_unit';
  const missing = subtract(subtract(amount(item.parLevel), amount(item.currentQuantity)), onOrder);
  if (compare(missing, ZERO) <= 0) return compare(onOrder, ZERO) > 0 ? 'enough_on_order' : 'par_level_reached';
  const offer = offers.find((one) => one.isPreferred) ?? offers[0];
  if (!offer) return 'no_supplier';
  if (!offer.isPreferred && offers.length > 1) return 'no_preferred_supplier';
  const { supplierId, inventoryItemId, packUnit, orderMultiple, lastPrice } = offer;
  const pack = unitFactor(item, packUnit);
  if (!pack) return 'unknown_unit';
  const packs = packsFor(missing, pack, orderMultiple);
  const isCountable = fitsQuantity(ratio(packs)) && fitsQuantity(multiply(ratio(packs), pack));
  if (!isCountable || packs * BigInt(lastPrice ?? 0) > BigInt(MAX_AMOUNT)) return 'too_much';
  const quantity = String(packs);
  return { supplierId, line: { inventoryItemId, quantity, unit: packUnit, unitPrice: lastPrice } };
}

/**
 * Number of packs that cover the missing quantity, in whole multiples.
 * @param pack stock units in one pack.
 */
export function packsFor(missing: Ratio, pack: Ratio, orderMultiple: number): bigint {
  const multiple = BigInt(orderMultiple);
  const { numerator, denominator } = divide(missing, multiply(pack, ratio(multiple)));
  return ((numerator + denominator - 1n) / denominator) * multiple;
}

/** @returns undefined when one of the units is unknown for the item. */
function inStock(item: LowItem, outstanding: readonly Outstanding[]): Ratio | undefined {
  let total = ZERO;
  for (const { quantity, unit } of outstanding) {
    const factor = unitFactor(item, unit);
    if (!factor) return undefined;
    total = add(total, multiply(amount(quantity), factor));
  }
  return total;
}

/** Quantities come from database columns that only contain valid ones. */
function amount(quantity: string): Ratio {
  return fromMicros(parseQuantity(quantity) ?? 0n);
}
