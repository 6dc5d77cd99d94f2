/** Who may give which rights. Rights are never made out of nothing: who gives some has them, and keeps them while they are given. */
import type { Actor } from '../shared/call.js';
import { AppError } from '../shared/errors.js';
import { type Role, type Scope, scopesOf } from './roles.js';

/** Whoever gives rights: the caller, or the maker of an invitation on the day it is accepted. */
export interface Giver {
  actor: Pick<Actor, 'kind' | 'role'>;
  scopes: ReadonlySet<Scope>;
}

/**
 * Whether the giver may make somebody a member of that role. Owners are made by owners who are persons: the seat cannot be taken
 * away by a list of scopes, so no list of scopes gives it.
 */
export function mayGive(giver: Giver, role: Role): boolean {
  return role === 'owner' ? isOwner(giver) : missingScope(giver, role) === undefined;
}

/** @throws AppError forbidden, naming what the giver lacks. */
export function assertMayGive(giver: Giver, role: Role): void {
  if (role === 'owner') return assertMayTouch(giver, role);
  const missing = missingScope(giver, role);
  if (missing === undefined) return;
  throw new AppError(
    'forbidden',
    `You cannot give the role "${role}": it has the scope "${missing}", which you do not have yourself.`,
  );
}

/** Changing, removing and inviting anew. @throws AppError forbidden when the member is an owner and the caller is none. */
export function assertMayTouch(giver: Giver, role: Role): void {
  if (role !== 'owner' || isOwner(giver)) return;
  throw new AppError(
    'forbidden',
    'Only an owner who is logged in can make, change or remove an owner. No API key can.',
  );
}

function isOwner({ actor }: Giver): boolean {
  return actor.kind === 'user' && actor.role === 'owner';
}

/** Of the role in a restaurant that is no demo: that is all it will ever have. */
function missingScope({ scopes }: Giver, role: Role): Scope | undefined {
  return [...scopesOf(role, false)].find((scope) => !scopes.has(scope));
}
