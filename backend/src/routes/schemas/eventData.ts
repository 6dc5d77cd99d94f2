/** The data of each type of event. Fields may be added, never renamed or removed. */
import { z } from 'zod';
import { EVENT_TYPES, type EventType } from '../../domain/shared/events.js';
import { event } from './event.js';
import { CODE_EVENTS } from './eventData/codes.js';
import { DRAWER_EVENTS } from './eventData/drawers.js';
import { HOUSE_EVENTS } from './eventData/house.js';
import { MENU_EVENTS } from './eventData/menu.js';
import { MESSAGE_EVENTS } from './eventData/messages.js';
import { STOCK_EVENTS } from './eventData/stock.js';
import { SUPPLIER_INVOICE_EVENTS } from './eventData/supplierInvoices.js';
import { TRADE_EVENTS } from './eventData/trade.js';

const DATA: Record<EventType, z.ZodType> = {
  ...MENU_EVENTS,
  ...TRADE_EVENTS,
  ...DRAWER_EVENTS,
  ...STOCK_EVENTS,
  ...HOUSE_EVENTS,
  ...MESSAGE_EVENTS,
  ...CODE_EVENTS,
  ...SUPPLIER_INVOICE_EVENTS,
};

/** The whole event, as GET /v1/events answers it and webhooks bring it. */
export const eventSchemas: readonly { type: EventType; schema: z.ZodObject }[] = EVENT_TYPES.map((type) => ({
  type,
  schema: event.extend({ type: z.literal(type), data: DATA[type] }),
}));
