/** Who may do what. A role is a bundle of scopes; an API key carries a list of its own. */

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
  'imports:write',
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
    'documents:read',
    'documents:write',
    'inventory:read',
    'stock:write',
    'purchasing:receive',
  ]),
  kitchen: new Set<Scope>([
    'restaurant:read',
    'menu:read',
    'availability:write',
    'orders:read',
    'orders:advance',
    'inventory:read',
    'stock:write',
    // Who stands at the door when the goods come.
    'purchasing:receive',
  ]),
};

/**
 * All that anybody has in a demo, which is open to everyone who asks for one: what stays inside of it. Nothing that writes to
 * people (invitations), multiplies the limits of calling (API keys), fills the disk (imports) or costs money. A scope that
 * is added later is not among them until somebody has thought of strangers.
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
]);

/** @param isDemo whether the restaurant is a demo, where some scopes are nobody's. */
export function scopesOf(role: Role, isDemo: boolean): ReadonlySet<Scope> {
  const scopes = SCOPES_BY_ROLE[role];
  return isDemo ? new Set([...scopes].filter((scope) => DEMO_SCOPES.has(scope))) : scopes;
}
