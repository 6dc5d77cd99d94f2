/** Lines of a delivery, with or without a purchase order. */
import type { Tx } from '../../config/database.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { GoodsReceiptLine } from '../../domain/purchasing/goodsReceipt.js';
import type { MinorUnits } from '../../domain/number/money.js';
import { excessOf, isSuspicious, type PurchaseOrder } from '../../domain/purchasing/purchaseOrder.js';
import { formatQuantity, parseQuantity, toMicros } from '../../domain/number/quantity.js';
import { divide, ratio } from '../../domain/number/ratio.js';
import { unitFactor } from '../../domain/inventory/units.js';
import type { BoughtItem, PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import { inStockUnits } from '../inventory/movementRules.js';
import { purchaseOf } from './orderLines.js';

/** The delivered quantity of one order line, in the unit of that line. */
export interface OrderedLineInput {
  lineId: string;
  quantity: string;
  /** Price of one unit; the price of the order if absent. */
  unitPrice?: MinorUnits | undefined;
  /** The location of the item if absent. */
  locationId?: string | undefined;
}

/** A delivered item without an order. */
export interface DirectLineInput {
  inventoryItemId: string;
  quantity: string;
  /** If absent: the pack of the supplier, or the stock unit of an item without a known pack. */
  unit?: string | undefined;
  /** Price of one unit; the last price of the supplier if absent. */
  unitPrice?: MinorUnits | undefined;
  locationId?: string | undefined;
}

/** Adds up the deliveries of each line, and refuses quantities far above the ordered one. */
export class OrderedLines {
  readonly #order: PurchaseOrder;
  readonly #received: Map<string, bigint>;

  constructor(order: PurchaseOrder) {
    this.#order = order;
    this.#received = new Map(order.lines.map((line) => [line.id, parseQuantity(line.receivedQuantity) ?? 0n]));
  }

  /** The lines of the order after all deliveries read so far. */
  get lines(): PurchaseOrder['lines'] {
    return this.#order.lines.map((line) => ({
      ...line,
      receivedQuantity: formatQuantity(this.#received.get(line.id) ?? 0n),
    }));
  }

  /** @throws AppError not_found for a line that the order does not have. */
  assertKnown(inputs: readonly OrderedLineInput[]): void {
    const unknown = inputs.findIndex((input) => !this.#received.has(input.lineId));
    if (unknown >= 0) throw notFound('line of this purchase order', `/lines/${unknown}/lineId`);
  }

  /** @throws AppError exceeds_ordered, invalid_request, invalid_state. */
  read(input: OrderedLineInput, index: number, items: readonly BoughtItem[], acceptsExcess: boolean): GoodsReceiptLine {
    const pointer = `/lines/${index}`;
    const line = this.#order.lines.find((one) => one.id === input.lineId);
    const before = this.#received.get(input.lineId);
    if (!line || before === undefined) throw notFound('line of this purchase order', `${pointer}/lineId`);
    const item = items.find((one) => one.id === line.inventoryItemId);
    if (!item) throw new AppError('invalid_state', `${line.name} was deleted and can no longer be received.`);
    const [ordered, coming] = [parseQuantity(line.quantity) ?? 0n, parseQuantity(input.quantity) ?? 0n];
    if (!acceptsExcess && isSuspicious(ordered, before, coming)) {
      const left = formatQuantity(before < ordered ? ordered - before : 0n);
      const message = `${left} ${line.unit} of ${line.name} are still open, but ${input.quantity} were delivered. Count again, or send acceptExcess.`;
      throw new AppError('exceeds_ordered', message, { errors: [{ pointer: `${pointer}/quantity`, message }] });
    }
    this.#received.set(line.id, before + coming);
    const { unitPrice = line.unitPrice, locationId } = input;
    const { quantity } = input;
    return {
      ...stockOf(item, { quantity, unit: line.unit, unitPrice, locationId }, pointer),
      purchaseOrderLineId: line.id,
      expectedUnitPrice: line.unitPrice,
      excessQuantity: formatQuantity(excessOf(ordered, before, coming)),
    };
  }

  /** Subtracts the quantities of a reversed receipt. */
  takeBack(lines: readonly GoodsReceiptLine[]): void {
    for (const { purchaseOrderLineId, quantity } of lines) {
      const before = this.#received.get(purchaseOrderLineId ?? '');
      if (purchaseOrderLineId === null || before === undefined) continue;
      this.#received.set(purchaseOrderLineId, before - (parseQuantity(quantity) ?? 0n));
    }
  }
}

/** @throws AppError not_found, invalid_request, each with its pointer. */
export async function directLines(
  repository: PurchasingRepository,
  restaurantId: string,
  tx: Tx,
  supplierId: string,
  inputs: readonly DirectLineInput[],
): Promise<GoodsReceiptLine[]> {
  const ids = inputs.map((input) => input.inventoryItemId);
  const items = await repository.lockItems(restaurantId, tx, ids);
  const offers = await repository.offers(restaurantId, tx, ids, supplierId);
  return inputs.map((input, index) => {
    const pointer = `/lines/${index}`;
    const { item, unit, lastPrice } = purchaseOf(input, items, offers, pointer);
    const { quantity, locationId, unitPrice = lastPrice } = input;
    return {
      ...stockOf(item, { quantity, unit, unitPrice, locationId }, pointer),
      purchaseOrderLineId: null,
      expectedUnitPrice: lastPrice,
      excessQuantity: '0',
    };
  });
}

interface Came {
  quantity: string;
  unit: string;
  unitPrice: MinorUnits | null;
  locationId: string | undefined;
}

/** Converts a delivered line to the stock unit and its cost, each rounded once to a millionth. */
function stockOf(item: BoughtItem, { quantity, unit, unitPrice, locationId }: Came, pointer: string) {
  const stockQuantity = formatQuantity(inStockUnits(item, quantity, unit, pointer));
  const factor = unitFactor(item, unit) ?? ratio(1n);
  if (unitPrice === null)
    throw invalid(`${pointer}/unitPrice`, `The price of ${item.name} is not known yet. Send the price of one ${unit}.`);
  const unitCost = formatQuantity(toMicros(divide(ratio(BigInt(unitPrice)), factor)));
  if (parseQuantity(unitCost) === undefined)
    throw invalid(`${pointer}/unitPrice`, `The cost of one ${item.unit} is too large. Send a lower price.`);
  const { id: inventoryItemId, name } = item;
  const place = locationId ?? item.locationId;
  return { inventoryItemId, name, quantity, unit, stockQuantity, unitCost, unitPrice, locationId: place };
}
