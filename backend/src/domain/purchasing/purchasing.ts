/** Suppliers and the items that they sell. */
import type { Edited } from '../shared/edited.js';
import type { MinorUnits } from '../number/money.js';

export interface Supplier extends Edited {
  name: string;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  /** The restaurant's customer number at the supplier. */
  customerNumber: string | null;
  notes: string | null;
  /** Days from an order to its delivery. */
  leadTimeDays: number | null;
  /** Minimum total of an order. */
  minimumOrder: MinorUnits | null;
}

/** Supplier fields that are printed. */
export type SupplierContact = Pick<Supplier, 'name' | 'email' | 'phone' | 'address' | 'customerNumber'>;

/** An inventory item in one pack unit of one supplier. */
export interface SupplierItem extends Edited {
  supplierId: string;
  supplierName: string;
  inventoryItemId: string;
  inventoryItemName: string;
  /** The supplier's article number. */
  articleNumber: string | null;
  /** One of the item's units, e.g. `crate`. */
  packUnit: string;
  /** Sold in whole multiples of this number of packs. */
  orderMultiple: number;
  /** Price of one pack. */
  lastPrice: MinorUnits | null;
  lastPriceAt: string | null;
  /** Proposals order the item here; at most one supplier per item. */
  isPreferred: boolean;
}
