/** Roles and scopes. A role is a set of scopes; an API key has its own list. */

export const SCOPES = [
  'restaurant:read',
  'restaurant:write',
  'members:read',
  'members:write',
  'api_keys:write',
  'audit:read',
  'menu:read',
  'menu:write',
  'availability:write',
  'orders:read',
  'orders:write',
  'orders:advance',
  'payments:write',
  'refunds:write',
  'drawers:read',
  'drawers:write',
  'shifts:write',
  'inventory:read',
  'inventory:write',
  'stock:write',
  'purchasing:read',
  'purchasing:write',
  'purchasing:receive',
  'supplier_invoices:upload',
  'documents:read',
  'documents:write',
  'documents:correct',
  'document_series:read',
  'document_series:write',
  'business_days:close',
  'reports:read',
  'imports:write',
  'jobs:read',
  'jobs:write',
  'webhooks:read',
  'webhooks:write',
  'assistant:use',
  'messages:read',
  'messages:write',
  'codes:read',
  'codes:write',
  'codes:claim',
  'codes:redeem',
] as const;

export type Scope = (typeof SCOPES)[number];

export const ROLES = ['owner', 'manager', 'staff', 'kitchen'] as const;
export type Role = (typeof ROLES)[number];

const MANAGER_LACKS: readonly Scope[] = ['members:write', 'api_keys:write'];

const SCOPES_BY_ROLE: Record<Role, ReadonlySet<Scope>> = {
  owner: new Set(SCOPES),
  manager: new Set(SCOPES.filter((scope) => !MANAGER_LACKS.includes(scope))),
  staff: new Set<Scope>([
    'restaurant:read',
    'menu:read',
    'availability:write',
    'orders:read',
    'orders:write',
    'orders:advance',
    'payments:write',
    'drawers:read',
    'shifts:write',
    'documents:read',
    'documents:write',
    'inventory:read',
    'stock:write',
    'purchasing:receive',
    'assistant:use',
    'messages:read',
    'codes:claim',
    'codes:redeem',
    'supplier_invoices:upload',
  ]),
  kitchen: new Set<Scope>([
    'restaurant:read',
    'menu:read',
    'availability:write',
    'orders:read',
    'orders:advance',
    'inventory:read',
    'stock:write',
    // Kitchen staff receive deliveries, with their papers.
    'purchasing:receive',
    'assistant:use',
    'supplier_invoices:upload',
  ]),
};

/**
 * Scopes that are available in a demo, which is open to every visitor: only those whose effects
 * stay inside it. Not included: scopes that send messages (invitations, webhooks, texts), ask a
 * paid model, multiply the rate limits (API keys), fill the disk (imports) or cost money. A new
 * scope
 * must be added here explicitly, after thinking about strangers who use it.
 */
const DEMO_SCOPES: ReadonlySet<Scope> = new Set<Scope>([
  'restaurant:read',
  'restaurant:write',
  'members:read',
  'audit:read',
  'menu:read',
  'menu:write',
  'availability:write',
  'orders:read',
  'orders:write',
  'orders:advance',
  'payments:write',
  'refunds:write',
  'drawers:read',
  'drawers:write',
  'shifts:write',
  'inventory:read',
  'inventory:write',
  'stock:write',
  'purchasing:read',
  'purchasing:write',
  'purchasing:receive',
  'documents:read',
  'documents:write',
  'documents:correct',
  'document_series:read',
  'document_series:write',
  'business_days:close',
  'reports:read',
  'jobs:read',
  // Not codes:write: a pool of a million codes would fill the disk.
  'codes:read',
  'codes:claim',
  'codes:redeem',
]);

/** @param isDemo whether the restaurant is a demo, where nobody has some of the scopes. */
export function scopesOf(role: Role, isDemo: boolean): ReadonlySet<Scope> {
  const scopes = SCOPES_BY_ROLE[role];
  return isDemo ? new Set([...scopes].filter((scope) => DEMO_SCOPES.has(scope))) : scopes;
}
