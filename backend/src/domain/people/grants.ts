/**
 * Rules for granting rights. A giver can only grant rights that they have, when they offer them and
 * when they are accepted.
 */
import type { Actor } from '../shared/call.js';
import { AppError } from '../shared/errors.js';
import { type Role, type Scope, scopesOf } from './roles.js';

/**
 * The giver of rights: the caller, or the maker of an invitation with their rights on the day it is
 * accepted.
 */
export interface Giver {
  actor: Pick<Actor, 'kind' | 'role'>;
  scopes: ReadonlySet<Scope>;
}

/**
 * Whether the giver may give somebody that role. Only an owner who is a logged-in user can make
 * owners: a list of scopes cannot take the owner role away, so no list of scopes can give it.
 */
export function mayGive(giver: Giver, role: Role): boolean {
  return role === 'owner' ? isOwner(giver) : missingScope(giver, role) === undefined;
}

/** @throws AppError forbidden, naming the missing scope. */
export function assertMayGive(giver: Giver, role: Role): void {
  if (role === 'owner') return assertMayTouch(giver, role);
  const missing = missingScope(giver, role);
  if (missing === undefined) return;
  throw new AppError(
    'forbidden',
    `You cannot give the role "${role}": it has the scope "${missing}", which you do not have. Ask someone who has it.`,
  );
}

/**
 * Checks a change, removal or new invitation of a member.
 * @throws AppError forbidden when the member is an owner and the caller is not.
 */
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

/**
 * A scope of the role that the giver lacks. Uses the role's scopes outside demos, which are the
 * most that it can ever have.
 */
function missingScope({ scopes }: Giver, role: Role): Scope | undefined {
  return [...scopesOf(role, false)].find((scope) => !scopes.has(scope));
}
