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
    'inventory:read',
    'stock:write',
  ]),
  kitchen: new Set<Scope>([
    'restaurant:read',
    'menu:read',
    'availability:write',
    'orders:read',
    'orders:advance',
    'inventory:read',
    'stock:write',
  ]),
};

export function scopesOf(role: Role): ReadonlySet<Scope> {
  return SCOPES_BY_ROLE[role];
}
