/** Requests of callers. A field left out keeps its value or, in a new order, gets the default. */
import type { OrderType } from '../../domain/menu/menu.js';
import type { OrderDetails } from '../../domain/order/order.js';
import type { LineRequest, ModifierChoice } from '../../domain/order/orderTaking.js';

export type OrderRequest = { [K in keyof OrderDetails]?: OrderDetails[K] | undefined } & {
  type: OrderType;
  lines: LineRequest[];
  tip?: number | undefined;
};

export type OrderChange = { [K in keyof OrderDetails]?: OrderDetails[K] | undefined } & { tip?: number | undefined };

export interface LineChange {
  quantity?: number | undefined;
  modifiers?: ModifierChoice[] | undefined;
  notes?: string | null | undefined;
  course?: number | null | undefined;
  seat?: number | null | undefined;
  /** Required when the kitchen already has the line and its quantity decreases. */
  reason?: string | undefined;
}
