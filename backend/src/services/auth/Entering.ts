import type { Tx } from '../../config/database.js';
import type { Actor, Call } from '../../domain/shared/call.js';
import type { Fact } from '../../domain/shared/events.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { User } from '../../repositories/AuthRepository.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Sessions, SessionTokens } from './sessions.js';

/** The result of every registration, login and refresh. */
export interface Entry extends SessionTokens {
  user: User;
  restaurant: RestaurantSettings;
}

interface Dependencies {
  unitOfWork: Pick<UnitOfWork, 'record'>;
  sessions: Sessions;
}

/** The last step of every way into a restaurant. */
export class Entering {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Starts the session in a transaction that has entered the restaurant. Records it and the earlier
   * facts with the person as the actor.
   */
  async enter(
    tx: Tx,
    call: Call,
    { user, restaurant }: { user: User; restaurant: RestaurantSettings },
    facts: readonly Fact[],
  ): Promise<Entry> {
    const { unitOfWork, sessions } = this.#deps;
    const { sessionId, tokens } = await sessions.start(tx, restaurant, user.id, call);
    const actor: Actor = { kind: 'user', id: user.id, sessionId };
    const started: Fact = {
      type: 'session.started',
      subject: 'session',
      subjectId: sessionId,
      data: { userId: user.id },
    };
    await unitOfWork.record(tx, { ...call, actor }, [...facts, started], restaurant.id);
    return { ...tokens, user, restaurant };
  }

  /** Ends the session of the call, whose cookie another session takes over. */
  async leave(tx: Tx, call: Call): Promise<void> {
    const { unitOfWork, sessions } = this.#deps;
    const { sessionId, id: userId } = call.actor;
    if (sessionId === undefined) return;
    await tx.enterTenant(call.restaurantId);
    if (!(await sessions.end(tx, call.restaurantId, sessionId, 'restaurant_switched'))) return;
    await unitOfWork.record(tx, call, [
      { type: 'session.ended', subject: 'session', subjectId: sessionId, data: { userId } },
    ]);
  }
}
