/**
 * Claims that are stored before they are answered: all claims with an Idempotency-Key, and all
 * codes that carry value. Claims of one pool that arrive together share a transaction (group
 * commit).
 */
import { isPassing, type Tx } from '../../config/database.js';
import type { CodePool } from '../../domain/codePool/codePool.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import { LeasesLost, type NewClaim } from '../../repositories/codePool/ClaimTable.js';
import { Batcher, type Outcome } from '../../utils/batcher.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import { Recent } from '../../utils/recent.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { CodeMetrics } from './codeMetrics.js';
import { type CodeSeals, hintOf } from './codeSeals.js';
import type { Leases } from './Leases.js';
import type { Popped, Shelf } from './Shelf.js';
import type { Shelves } from './Shelves.js';

const DEADLINE_MS = 3_000;
const AT_ONCE = 100;
const MAX_WAITING = 1_000;
const ATTEMPTS = 4;
const DAY_MS = 86_400_000;
const SETTINGS_MS = 5_000;
const MOST_SETTINGS = 1_000;

/** Decided by the caller for each claim. */
export interface ClaimTerms {
  count: number;
  /** Minor units, where the pool leaves it open. */
  value?: number | undefined;
  holder?: string | undefined;
  fromCodeId?: string | undefined;
  expiresAt?: string | null | undefined;
}

/** A code as it is answered, once. */
export interface Claimed {
  code: string;
  /** Null: claimed from memory, without a record. */
  id: string | null;
  value: number;
  expiresAt: string | null;
}

interface Member {
  call: Call;
  shelf: Shelf;
  terms: ClaimTerms;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  restaurants: RestaurantService;
  shelves: Shelves;
  leases: Leases;
  seals: CodeSeals;
  metrics: CodeMetrics;
  clock: Clock;
}

/** Others took the codes that were there a moment ago. */
class CodesGone extends Error {}

export class ClaimQueue {
  readonly #deps: Dependencies;
  readonly #batcher: Batcher<Member, Claimed[]>;
  readonly #settings = new Recent<string, { settings: RestaurantSettings; until: number }>(MOST_SETTINGS);

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#batcher = new Batcher({
      maxSize: AT_ONCE,
      maxWaiting: MAX_WAITING,
      run: (_key, members) => this.#run(members),
      identities: ({ call: { actor, idempotency } }) =>
        idempotency ? [`${actor.kind} ${actor.id} ${idempotency.route} ${idempotency.key}`] : [],
    });
  }

  /** @throws AppError pool_empty, overloaded, database_unavailable, and those of the key. */
  claim(call: Call, shelf: Shelf, terms: ClaimTerms): Promise<Claimed[]> {
    return this.#batcher.add(`${shelf.restaurantId} ${shelf.pool.id}`, { call, shelf, terms });
  }

  /**
   * Claims codes in a transaction of its own that does more than that.
   * @param work gets the codes in the running transaction.
   * @throws AppError pool_empty, those of the key, and the errors of `work`.
   */
  async claimAlone<T>(
    call: Call,
    shelf: Shelf,
    terms: ClaimTerms,
    work: (tx: Tx, claimed: Claimed[]) => Promise<T>,
  ): Promise<T> {
    const member = { call, shelf, terms };
    return this.#attempts(shelf, terms.count, (flight) =>
      this.#deps.unitOfWork.run(call, async (tx) => {
        const outcome = (await this.#work(tx, shelf, [member], flight)).get(member);
        if (!outcome) throw new Error('a claim had no outcome');
        if ('error' in outcome) throw outcome.error;
        await tx.settled();
        const result = await work(tx, outcome.value);
        // The last lock: redemptions lock their code before it, too.
        await this.#count(tx, shelf, terms.count);
        return result;
      }),
    );
  }

  #run(members: readonly Member[]): Promise<Map<Member, Outcome<Claimed[]>>> {
    const [first] = members;
    if (!first) return Promise.resolve(new Map());
    const { shelf } = first;
    const wanted = members.reduce((sum, { terms }) => sum + terms.count, 0);
    return this.#attempts(shelf, wanted, (flight) =>
      this.#deps.unitOfWork.runTogether<Member, Claimed[]>(
        shelf.restaurantId,
        members,
        async (tx, open) => {
          const outcomes = await this.#work(tx, shelf, open, flight);
          if (flight.count > 0) tx.defer(this.#count(tx, shelf, flight.count));
          return outcomes;
        },
        { deadlineMs: DEADLINE_MS },
      ),
    );
  }

  /** Repeats what a lost lease, a lost connection or a deadlock has undone. */
  async #attempts<T>(shelf: Shelf, wanted: number, run: (flight: Flight) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      // Whoever has a stored answer needs no code, so an empty pool is no error yet.
      await this.#deps.shelves.ensure(shelf, wanted);
      const flight = new Flight();
      try {
        const result = await run(flight);
        flight.landed();
        return result;
      } catch (error) {
        flight.lost(shelf);
        const isLost = error instanceof LeasesLost || error instanceof CodesGone;
        if (!isLost && !isPassing(error)) throw error;
        if (attempt === ATTEMPTS) throw isLost ? changedHands(error) : error;
      }
    }
  }

  async #work(tx: Tx, shelf: Shelf, open: readonly Member[], flight: Flight): Promise<Map<Member, Outcome<Claimed[]>>> {
    const { repository, shelves, leases, clock, metrics } = this.#deps;
    const { restaurantId, pool } = shelf;
    const outcomes = new Map<Member, Outcome<Claimed[]>>();
    const settings = await this.#settingsOf(tx, restaurantId);
    const now = clock();
    const rows: { member: Member; claim: NewClaim; code: string }[] = [];
    for (const member of open) {
      if (shelf.count < member.terms.count) {
        if (performance.now() >= shelf.emptyUntil) throw new CodesGone();
        outcomes.set(member, { error: shelves.emptyError(shelf) });
        continue;
      }
      for (let count = 0; count < member.terms.count; count += 1) {
        const popped = shelves.pop(shelf);
        if (!popped) throw new Error('a shelf had fewer codes than it counted');
        flight.took(popped);
        rows.push({ member, code: popped.code, claim: this.#claimOf(member, pool, popped, now) });
      }
    }
    if (rows.length === 0) return outcomes;
    const terms = {
      poolId: pool.id,
      owner: leases.owner,
      taxKind: pool.taxKind,
      businessDate: businessDate(now, settings.timezone, settings.businessDayCutoffHour),
      at: now,
    };
    const claims = rows.map(({ claim }) => claim);
    // Not awaited: the commit is sent right behind them.
    tx.defer(repository.claims.insertAll(restaurantId, tx, terms, claims));
    for (const { member, claim, code } of rows) {
      const before = outcomes.get(member);
      const { id, value, expiresAt } = claim;
      const claimed = { code, id, value, expiresAt };
      outcomes.set(member, { value: before && 'value' in before ? [...before.value, claimed] : [claimed] });
    }
    tx.afterCommit(() => metrics.claimed(pool.kind, 'committed', claims.length));
    return outcomes;
  }

  #count(tx: Tx, { restaurantId, pool }: Shelf, claimed: number): Promise<void> {
    return this.#deps.repository.stock.count(restaurantId, tx, pool.id, { claimed });
  }

  /**
   * The end of the business day, read again after seconds: without it a batch is one round trip.
   */
  async #settingsOf(tx: Tx, restaurantId: string): Promise<RestaurantSettings> {
    const known = this.#settings.get(restaurantId);
    if (known && performance.now() < known.until) return known.settings;
    const settings = await this.#deps.restaurants.settings(tx, restaurantId);
    this.#settings.set(restaurantId, { settings, until: performance.now() + SETTINGS_MS });
    return settings;
  }

  #claimOf({ call, terms }: Member, pool: CodePool, { code, n, lease }: Popped, now: Date): NewClaim {
    const { seals } = this.#deps;
    // A replaced code keeps what is left, whatever the pool's codes are worth.
    const value = terms.fromCodeId === undefined ? (pool.value ?? terms.value ?? 0) : (terms.value ?? 0);
    const ofPool =
      pool.expiresAfterDays === null ? null : new Date(now.getTime() + pool.expiresAfterDays * DAY_MS).toISOString();
    return {
      id: newId(),
      leaseId: lease.id,
      epoch: lease.epoch,
      n,
      hash: seals.hashOf(call.restaurantId, pool.kind, code),
      hint: hintOf(code),
      value,
      usesLeft: pool.usesPerCode ?? (value > 0 ? null : 1),
      expiresAt: terms.expiresAt === undefined ? ofPool : terms.expiresAt,
      holder: terms.holder ?? null,
      fromCodeId: terms.fromCodeId ?? null,
      sealed: pool.kind === 'imported' ? seals.seal([code]) : null,
      createdBy: `${call.actor.kind}:${call.actor.id}`,
    };
  }
}

function changedHands(cause: unknown): AppError {
  const message = 'The codes at hand belong to another instance by now. Nothing was handed out; try again.';
  return new AppError('overloaded', message, { cause, retryAfterSeconds: 1 });
}

/** Codes of one transaction. Their leases are not given back before it has ended. */
class Flight {
  readonly #popped: Popped[] = [];

  get count(): number {
    return this.#popped.length;
  }

  took(popped: Popped): void {
    popped.lease.inFlight += 1;
    this.#popped.push(popped);
  }

  landed(): void {
    for (const { lease } of this.#popped) lease.inFlight -= 1;
  }

  /**
   * The transaction failed, or its outcome is unknown: no code of its leases is used again here.
   * The database tells which were claimed when the leases are given back.
   */
  lost(shelf: Shelf): void {
    this.landed();
    for (const lease of new Set(this.#popped.map((popped) => popped.lease))) shelf.end(lease);
  }
}
