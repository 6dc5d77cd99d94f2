/** Those who sell to the restaurant, and what they sell. */
import type { Edited } from '../shared/edited.js';
import type { MinorUnits } from '../number/money.js';

export interface Supplier extends Edited {
  name: string;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  /** What the supplier calls the restaurant. */
  customerNumber: string | null;
  notes: string | null;
  /** Days from an order to its delivery. */
  leadTimeDays: number | null;
  /** The least that an order must come to. */
  minimumOrder: MinorUnits | null;
}

/** As much of a supplier as stands on paper. */
export type SupplierContact = Pick<Supplier, 'name' | 'email' | 'phone' | 'address' | 'customerNumber'>;

/** An inventory item in a pack of one supplier. */
export interface SupplierItem extends Edited {
  supplierId: string;
  supplierName: string;
  inventoryItemId: string;
  inventoryItemName: string;
  /** The supplier's own. */
  articleNumber: string | null;
  /** A unit that the item has, e.g. `crate`. */
  packUnit: string;
  /** Sold in whole multiples of so many packs. */
  orderMultiple: number;
  /** Of one pack. */
  lastPrice: MinorUnits | null;
  lastPriceAt: string | null;
  /** Where proposals order the item: one of its suppliers at most. */
  isPreferred: boolean;
}
