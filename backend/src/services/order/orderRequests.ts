/** Requests of callers. A field left out keeps its value or, in a new order, gets the default. */
import type { OrderType } from '../../domain/menu/menu.js';
import type { OrderDetails, TaxExemption } from '../../domain/order/order.js';
import type { LineRequest, ModifierChoice } from '../../domain/order/takenLine.js';
import type { AskedQuantity } from '../../domain/order/measure.js';
import type { Discount } from '../../domain/order/pricing.js';

export type OrderRequest = { [K in keyof OrderDetails]?: OrderDetails[K] | undefined } & {
  type: OrderType;
  lines: LineRequest[];
  tip?: number | undefined;
  taxExemption?: TaxExemption | null | undefined;
};

export type OrderChange = { [K in keyof OrderDetails]?: OrderDetails[K] | undefined } & {
  tip?: number | undefined;
  /** Takes the taxes and the service charge of the type. */
  type?: OrderType | undefined;
  /** Null waives it. */
  serviceCharge?: null | undefined;
  taxExemption?: TaxExemption | null | undefined;
};

export interface CompRequest {
  reason: string;
  /** By default the caller. */
  allowedBy?: string | undefined;
  /** Units of the line; by default all. */
  quantity?: AskedQuantity | undefined;
}

/** Units of a line that leave an order together with a credit note. */
export interface TakenBack {
  lineId: string;
  /** Decimal text. */
  quantity: string;
  /** As on the document. */
  unit: string | null;
}

export interface LineChange {
  quantity?: AskedQuantity | undefined;
  modifiers?: ModifierChoice[] | undefined;
  /** Replace those of the line. A comp ends with them. */
  discounts?: Discount[] | undefined;
  notes?: string | null | undefined;
  course?: number | null | undefined;
  seat?: number | null | undefined;
  /** Required when the kitchen already has the line and its quantity decreases. */
  reason?: string | undefined;
}
