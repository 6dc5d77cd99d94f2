/** The person behind a call, and the person's restaurants. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { MemberService } from '../MemberService.js';

/** @throws AppError forbidden for an API key. */
export function personOf({ actor }: Call): { userId: string; sessionId: string } {
  if (actor.kind === 'user' && actor.sessionId !== undefined) return { userId: actor.id, sessionId: actor.sessionId };
  throw new AppError('forbidden', 'An API key has no account, no password and no session. Log in as a person.');
}

/**
 * Enters each restaurant of a person in turn, then the caller's again, because the answer of the
 * call is stored there.
 */
export async function inEachRestaurant(
  tx: Tx,
  members: Pick<MemberService, 'restaurantsOf'>,
  { call, userId }: { call: Call; userId: string },
  work: (restaurantId: string) => Promise<void>,
): Promise<void> {
  for (const restaurantId of await members.restaurantsOf(tx, userId)) {
    await tx.enterTenant(restaurantId);
    await work(restaurantId);
  }
  await tx.enterTenant(call.restaurantId);
}
