/** What came in, line by line: against an order, or from a supplier without one. */
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

/** What came of one line of an order, in the unit of that line. */
export interface OrderedLineInput {
  lineId: string;
  quantity: string;
  /** For one unit; the order's price if absent. */
  unitPrice?: MinorUnits | undefined;
  /** The item's own location if absent. */
  locationId?: string | undefined;
}

/** What came without an order. */
export interface DirectLineInput {
  inventoryItemId: string;
  quantity: string;
  /** The supplier's pack if absent, or the stock unit of what he is not known to sell. */
  unit?: string | undefined;
  /** For one unit; the supplier's last price if absent. */
  unitPrice?: MinorUnits | undefined;
  locationId?: string | undefined;
}

/** Adds up what came of each line, and takes no more than was ordered by much. */
export class OrderedLines {
  readonly #order: PurchaseOrder;
  readonly #received: Map<string, bigint>;

  constructor(order: PurchaseOrder) {
    this.#order = order;
    this.#received = new Map(order.lines.map((line) => [line.id, parseQuantity(line.receivedQuantity) ?? 0n]));
  }

  /** The lines of the order as they are after all that was read. */
  get lines(): PurchaseOrder['lines'] {
    return this.#order.lines.map((line) => ({
      ...line,
      receivedQuantity: formatQuantity(this.#received.get(line.id) ?? 0n),
    }));
  }

  /** @throws AppError not_found for a line that is none of the order's. */
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
    if (!item)
      throw new AppError('invalid_state', `${line.name} has been deleted: it cannot come into stock any more.`);
    const [ordered, coming] = [parseQuantity(line.quantity) ?? 0n, parseQuantity(input.quantity) ?? 0n];
    if (!acceptsExcess && isSuspicious(ordered, before, coming)) {
      const left = formatQuantity(before < ordered ? ordered - before : 0n);
      const message = `${left} ${line.unit} of ${line.name} are still to come, ${input.quantity} came. Count again, or send acceptExcess.`;
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

  /** Takes back what a receipt had brought. */
  takeBack(lines: readonly GoodsReceiptLine[]): void {
    for (const { purchaseOrderLineId, quantity } of lines) {
      const before = this.#received.get(purchaseOrderLineId ?? '');
      if (purchaseOrderLineId === null || before === undefined) continue;
      this.#received.set(purchaseOrderLineId, before - (parseQuantity(quantity) ?? 0n));
    }
  }
}

/** @throws AppError not_found, invalid_request: each with its place. */
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

/** What comes into stock, in its own unit and at its own cost, rounded to a millionth once. */
function stockOf(item: BoughtItem, { quantity, unit, unitPrice, locationId }: Came, pointer: string) {
  const stockQuantity = formatQuantity(inStockUnits(item, quantity, unit, pointer));
  const factor = unitFactor(item, unit) ?? ratio(1n);
  if (unitPrice === null)
    throw invalid(`${pointer}/unitPrice`, `What ${item.name} costs is not known yet: give the price of one ${unit}.`);
  const unitCost = formatQuantity(toMicros(divide(ratio(BigInt(unitPrice)), factor)));
  if (parseQuantity(unitCost) === undefined)
    throw invalid(`${pointer}/unitPrice`, `This is more for one ${item.unit} than can be counted.`);
  const { id: inventoryItemId, name } = item;
  const place = locationId ?? item.locationId;
  return { inventoryItemId, name, quantity, unit, stockQuantity, unitCost, unitPrice, locationId: place };
}
