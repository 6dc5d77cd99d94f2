/** Rules for suppliers and their items. */
import type { Tx } from '../../config/database.js';
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { Edited } from '../../domain/shared/edited.js';
import type { MinorUnits } from '../../domain/number/money.js';
import type { Supplier, SupplierItem } from '../../domain/purchasing/purchasing.js';
import { unitFactor } from '../../domain/inventory/units.js';
import type { PurchasingRepository } from '../../repositories/PurchasingRepository.js';

export interface SupplierInput {
  name?: string | undefined;
  contactName?: string | null | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: string | null | undefined;
  customerNumber?: string | null | undefined;
  notes?: string | null | undefined;
  leadTimeDays?: number | null | undefined;
  minimumOrder?: MinorUnits | null | undefined;
}

export interface SupplierItemInput {
  supplierId?: string | undefined;
  inventoryItemId?: string | undefined;
  articleNumber?: string | null | undefined;
  packUnit?: string | undefined;
  orderMultiple?: number | undefined;
  lastPrice?: MinorUnits | null | undefined;
  isPreferred?: boolean | undefined;
}

export function buildSupplier(input: SupplierInput, before: Supplier | undefined): Omit<Supplier, keyof Edited> {
  return {
    name: input.name ?? before?.name ?? '',
    contactName: kept(input.contactName, before?.contactName),
    email: kept(input.email, before?.email),
    phone: kept(input.phone, before?.phone),
    address: kept(input.address, before?.address),
    customerNumber: kept(input.customerNumber, before?.customerNumber),
    notes: kept(input.notes, before?.notes),
    leadTimeDays: kept(input.leadTimeDays, before?.leadTimeDays),
    minimumOrder: kept(input.minimumOrder, before?.minimumOrder),
  };
}

/**
 * `assertSupplierItemFits` fills in the names and a missing pack unit.
 * @param now date of a new price.
 */
export function buildSupplierItem(
  input: SupplierItemInput,
  before: SupplierItem | undefined,
  now: Date,
): Omit<SupplierItem, keyof Edited> {
  const { lastPrice } = input;
  return {
    supplierId: before?.supplierId ?? input.supplierId ?? '',
    supplierName: before?.supplierName ?? '',
    inventoryItemId: before?.inventoryItemId ?? input.inventoryItemId ?? '',
    inventoryItemName: before?.inventoryItemName ?? '',
    articleNumber: kept(input.articleNumber, before?.articleNumber),
    packUnit: input.packUnit ?? before?.packUnit ?? '',
    orderMultiple: input.orderMultiple ?? before?.orderMultiple ?? 1,
    lastPrice: kept(lastPrice, before?.lastPrice),
    lastPriceAt: kept(typeof lastPrice === 'number' ? now.toISOString() : lastPrice, before?.lastPriceAt),
    isPreferred: input.isPreferred ?? before?.isPreferred ?? false,
  };
}

/**
 * Checks an entry before it is stored. If it is preferred, the other suppliers of the item lose the
 * preference.
 * @throws AppError not_found, invalid_request, each with its pointer.
 */
export async function assertSupplierItemFits(
  repository: PurchasingRepository,
  restaurantId: string,
  tx: Tx,
  entry: SupplierItem,
): Promise<void> {
  const supplier = await repository.keepSupplier(restaurantId, tx, entry.supplierId);
  if (!supplier) throw notFound('supplier', '/supplierId');
  const [item] = await repository.findItems(restaurantId, tx, [entry.inventoryItemId]);
  if (!item) throw notFound('inventory item', '/inventoryItemId');
  const { supplierName } = supplier;
  Object.assign(entry, { supplierName, inventoryItemName: item.name, packUnit: entry.packUnit || item.unit });
  if (!unitFactor(item, entry.packUnit))
    throw invalid('/packUnit', `${item.name} has no unit "${entry.packUnit}". Add it to the units of the item.`);
  if (entry.isPreferred) await repository.unpreferOthers(restaurantId, tx, entry);
}

/** The value that was sent, including null; otherwise the stored one. */
function kept<T>(sent: T | null | undefined, stored: T | null | undefined): T | null {
  return sent === undefined ? (stored ?? null) : sent;
}
