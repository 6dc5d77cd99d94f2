/** Which events a caller may see: those about things that its scopes let it read. */
import type { Scope } from '../people/roles.js';
import { EVENT_TYPES, type EventType } from '../shared/events.js';

/** The first word of an event's name, and the scope that reads such things, or several of them. */
const SCOPES_BY_NOUN: Record<string, Scope | readonly Scope[]> = {
  restaurant: 'restaurant:read',
  member: 'members:read',
  session: 'members:read',
  account: 'members:read',
  api_key: 'api_keys:write',
  category: 'menu:read',
  tax: 'menu:read',
  modifier_group: 'menu:read',
  menu_item: 'menu:read',
  order: 'orders:read',
  payment: 'orders:read',
  drawer: 'drawers:read',
  shift: 'drawers:read',
  stock_location: 'inventory:read',
  inventory_item: 'inventory:read',
  recipe: 'inventory:read',
  stock: 'inventory:read',
  stock_count: 'inventory:read',
  supplier: 'purchasing:read',
  supplier_item: 'purchasing:read',
  // People who receive deliveries read the orders, too.
  purchase_order: ['purchasing:read', 'purchasing:receive'],
  goods_receipt: 'purchasing:read',
  supplier_invoice: 'purchasing:read',
  document: 'documents:read',
  document_series: 'document_series:read',
  business_day: 'reports:read',
  import: 'imports:write',
  code_pool: 'codes:read',
  code: 'codes:read',
  job: 'jobs:read',
  webhook_endpoint: 'webhooks:read',
  consent: 'messages:read',
  message_settings: 'messages:read',
  message_template: 'messages:read',
};

/** @throws Error for a type of a noun that nobody was given: a bug, which a test finds first. */
export function scopesOfEvent(type: EventType): readonly Scope[] {
  const scopes = SCOPES_BY_NOUN[type.slice(0, type.indexOf('.'))];
  if (scopes === undefined) throw new Error(`no scope reads events of the type ${type}`);
  return [scopes].flat();
}

/** @param wanted a choice of the caller; absent: all. */
export function visibleTypes(scopes: ReadonlySet<Scope>, wanted?: readonly EventType[]): EventType[] {
  return (wanted ?? EVENT_TYPES).filter((type) => scopesOfEvent(type).some((scope) => scopes.has(scope)));
}

/** The first words of the event types that such a caller may see, also of types yet to come. */
export function visibleNouns(scopes: ReadonlySet<Scope>): string[] {
  return Object.entries(SCOPES_BY_NOUN).flatMap(([noun, readers]) =>
    [readers].flat().some((scope) => scopes.has(scope)) ? [noun] : [],
  );
}
