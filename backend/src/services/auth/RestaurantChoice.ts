import { Track } from '../../decorators/Performance.js';
import type { Role } from '../../domain/people/roles.js';
import type { Call } from '../../domain/shared/call.js';
import { notFound } from '../../domain/shared/errors.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import type { MemberService } from '../MemberService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { invalidToken } from './accessTokens.js';
import type { Accounts } from './accounts.js';
import { Entering, type Entry } from './Entering.js';
import { personOf } from './persons.js';
import type { Sessions } from './sessions.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  accounts: Accounts;
  sessions: Sessions;
  members: Pick<MemberService, 'membershipsOf'>;
  restaurants: Pick<RestaurantService, 'settings'>;
  cursors: Cursors;
}

export interface OwnMembership {
  restaurant: { id: string; name: string };
  role: Role;
  /** True for the restaurant of this call. */
  isCurrent: boolean;
}

/** The restaurants of a person, and the way from one to another without a password. */
export class RestaurantChoice {
  readonly #deps: Dependencies;
  readonly #entering: Entering;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#entering = new Entering(deps);
  }

  /** Oldest membership first. @throws AppError forbidden for an API key. */
  @Track('account.listMemberships')
  async listMemberships(call: Call, page: Page): Promise<PageOf<OwnMembership>> {
    const { unitOfWork, members, restaurants, cursors } = this.#deps;
    const { userId } = personOf(call);
    const binding = [call.restaurantId, 'memberships', userId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const all = await members.membershipsOf(tx, userId);
      const begin = 1 + all.findIndex(({ restaurantId }) => restaurantId === after);
      const rows: OwnMembership[] = [];
      for (const { restaurantId, role } of all.slice(begin, begin + page.limit + 1)) {
        await tx.enterTenant(restaurantId);
        const { name } = await restaurants.settings(tx, restaurantId);
        const isCurrent = restaurantId === call.restaurantId;
        rows.push({ restaurant: { id: restaurantId, name }, role, isCurrent });
      }
      return cursors.page(rows, page.limit, binding, ({ restaurant }) => restaurant.id);
    });
  }

  /**
   * Starts a session in another restaurant of the person.
   * @param endsCurrent ends the session of the call: its cookie is replaced.
   * @throws AppError not_found at `/restaurantId`; forbidden for an API key; invalid_token when the
   *   session of the call ended in the meantime.
   */
  @Track('account.switchRestaurant')
  async switchRestaurant(call: Call, restaurantId: string, endsCurrent: boolean): Promise<Entry> {
    const { unitOfWork, accounts, sessions, members, restaurants } = this.#deps;
    const { userId, sessionId } = personOf(call);
    return unitOfWork.run(call, async (tx) => {
      // A change of the password, or the end of all sessions, comes before this or ends the session
      // that begins here.
      const user = await accounts.share(tx, userId);
      if (!(await sessions.findRole(tx, { restaurantId: call.restaurantId, userId, sessionId }))) throw invalidToken();
      const all = await members.membershipsOf(tx, userId);
      if (!all.some((one) => one.restaurantId === restaurantId)) throw notFound('restaurant', '/restaurantId');
      if (endsCurrent) await this.#entering.leave(tx, call);
      await tx.enterTenant(restaurantId);
      const restaurant = await restaurants.settings(tx, restaurantId);
      const entry = await this.#entering.enter(tx, call, { user, restaurant }, []);
      // The answer for the Idempotency-Key is stored in the restaurant that the call came from.
      await tx.enterTenant(call.restaurantId);
      return entry;
    });
  }
}
