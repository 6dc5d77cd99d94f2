/**
 * Runs every business write: one transaction with the effect, its facts and its idempotency key.
 */
import { randomInt } from 'node:crypto';
import { type Database, Sent, type TransactionOptions, type Tx } from '../config/database.js';
import { type Call, type IdempotencyClaim, NO_RESTAURANT } from '../domain/shared/call.js';
import { keyInUse, keyReused, secretNotShownAgain } from '../domain/shared/errors.js';
import type { Fact } from '../domain/shared/events.js';
import type { CalledFact, EventRepository } from '../repositories/EventRepository.js';
import type {
  FoundAnswer,
  IdempotencyKey,
  IdempotencyRepository,
  KeyedAnswer,
  StoredAnswer,
} from '../repositories/IdempotencyRepository.js';
import { type CacheTag, CacheTags } from './cache/keys.js';
import type { CacheService } from './CacheService.js';
import type { Outcome } from '../utils/batcher.js';
import type { Clock } from '../utils/clock.js';
import type { Secrets } from '../utils/secrets.js';

const SEAL = 'idempotency-answer';
/** Promised to clients. Older keys are deleted. */
const KEEP_KEYS_MS = 48 * 3_600_000;
/** No answer is repeated after this time, whether it is deleted or not. */
const LONGEST_MS = 72 * 3_600_000;
/** A client notices a lost answer within minutes. A secret must not be shown for longer. */
const SHOW_SECRETS_MS = 10 * 60_000;
/** Restaurants per sweep. Each needs one index look-up. */
const SWEEP_RESTAURANTS = 500;
/** One in this many writes deletes old keys, so no timer and no elected instance is needed. */
const SWEEP_EVERY = 200;

type Outcomes<M, T> = Map<M, Outcome<T>>;

export interface TogetherOptions extends Pick<TransactionOptions, 'deadlineMs' | 'attempts' | 'plans'> {
  /**
   * `assumed`: nothing waits for the answer whether the Idempotency-Keys are new. If one is not,
   * the transaction fails with OutOfDate.
   */
  keys?: 'asked' | 'assumed';
}

interface Dependencies {
  database: Database;
  events: EventRepository;
  idempotency: IdempotencyRepository;
  secrets: Secrets;
  clock: Clock;
  cache: Pick<CacheService, 'invalidateTags'>;
  /**
   * Called with each fact after it is committed and the cache is invalidated. A failure is logged
   * and stops nothing.
   */
  onFact: (fact: Fact) => void;
}

/** Ends the transaction of a rehearsal, so that nothing of it is kept. */
class RolledBack extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('A rehearsal is rolled back.');
    this.result = result;
  }
}

export class UnitOfWork {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Runs `work` in one transaction of the caller's restaurant. With an Idempotency-Key, its result
   * is stored in the same transaction, and a second call gets that result without running `work`
   * again. `work` may run more than once when a deadlock rolled it back, so it must not touch
   * anything outside the transaction.
   * @returns the result of `work`, which must be plain JSON.
   * @throws AppError idempotency_key_in_use, idempotency_key_reused, and whatever `work` throws.
   */
  async run<T>(
    call: Call,
    work: (tx: Tx) => Promise<T | Sent<T>>,
    options: Pick<TransactionOptions, 'deadlineMs'> = {},
  ): Promise<T> {
    const claim = call.idempotency;
    if (!claim) return this.#deps.database.transaction(call.restaurantId, work, options);
    const claimed = async (tx: Tx) => {
      const stored = await this.answerWithin<T>(tx, call);
      if (stored !== undefined) return stored;
      const outcome = await work(tx);
      // A write sent before the result may be the reason why there is no result.
      if (outcome instanceof Sent) await tx.settled();
      const result = outcome instanceof Sent ? await outcome.result : outcome;
      const answer = this.#seal(claim, result);
      // Registration and login have entered a restaurant meanwhile, but their keys belong to none.
      if (call.restaurantId === NO_RESTAURANT) tx.defer(tx.enterTenant(NO_RESTAURANT));
      this.#store(call.restaurantId, tx, [{ key: keyOf(call, claim), answer }]);
      return result;
    };
    return this.#deps.database.transaction(call.restaurantId, claimed, options);
  }

  /**
   * Runs one step of work that is too long for one transaction, as `run` does, but leaves the
   * caller's Idempotency-Key alone.
   */
  step<T>(
    call: Call,
    work: (tx: Tx) => Promise<T | Sent<T>>,
    options: Pick<TransactionOptions, 'deadlineMs'> = {},
  ): Promise<T> {
    const { idempotency: _untouched, ...keyless } = call;
    return this.run(keyless, work, options);
  }

  /**
   * Runs `work` as `step` does, with all checks of the commit, and rolls it back.
   * @returns its result, as if it were stored.
   * @throws whatever `work` or the commit would throw.
   */
  async rehearse<T>(
    call: Call,
    work: (tx: Tx) => Promise<T>,
    options: Pick<TransactionOptions, 'deadlineMs'> = {},
  ): Promise<T> {
    const rehearsed = async (tx: Tx): Promise<never> => {
      const result = await work(tx);
      await tx.checked();
      throw new RolledBack(result);
    };
    try {
      return await this.step<never>(call, rehearsed, options);
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
      // Thrown above, with the result of `work`.
      return error.result as T;
    }
  }

  /**
   * The answer stored for the request's Idempotency-Key, for work that is too long for one
   * transaction: the key is looked up before the work, and stored with its last transaction
   * (`run`).
   * @throws AppError idempotency_key_in_use, idempotency_key_reused.
   */
  async storedAnswer<T>(call: Call): Promise<T | undefined> {
    if (!call.idempotency) return undefined;
    return this.#deps.database.transaction(call.restaurantId, (tx) => this.answerWithin<T>(tx, call));
  }

  /** Same as `storedAnswer`, in a running transaction, which keeps the key locked until it ends. */
  async answerWithin<T>(tx: Tx, call: Call): Promise<T | undefined> {
    const claim = call.idempotency;
    const stored =
      claim &&
      (await this.#deps.idempotency.claim(call.restaurantId, tx, keyOf(call, claim), this.#before(LONGEST_MS)));
    // The answer stored for this route is what `work` of this route returned; never undefined,
    // which is not JSON.
    return stored && (this.#replay(claim, stored) as T);
  }

  /**
   * Runs several calls of one restaurant in one transaction, each with its own Idempotency-Key and
   * answer. A call that `work` refuses does not affect the others. An error that `work` throws
   * rolls all of them back. The caller must run one batch at a time per restaurant: nothing is
   * queued here, and lost work is repeated only for `attempts` above 1.
   * @param work gets the calls that have no stored answer, and returns the outcome of each.
   * @throws whatever `work` throws; OutOfDate when a key that is `assumed` new is not; AppError
   *   database_unavailable, overloaded.
   */
  runTogether<M extends { call: Call }, T>(
    restaurantId: string,
    members: readonly M[],
    work: (tx: Tx, open: readonly M[]) => Promise<Outcomes<M, T> | Sent<Outcomes<M, T>>>,
    { keys = 'asked', ...options }: TogetherOptions,
  ): Promise<Outcomes<M, T>> {
    const attempt = async (tx: Tx) => {
      const isKeyed = members.some(({ call }) => call.idempotency);
      if (isKeyed && keys === 'assumed') tx.defer(this.#assumeKeys(restaurantId, tx, members));
      const outcomes: Outcomes<M, T> =
        isKeyed && keys === 'asked' ? await this.answersWithin(restaurantId, tx, members) : new Map();
      const open = members.filter((member) => !outcomes.has(member));
      if (open.length === 0) return outcomes;
      const done = await work(tx, open);
      if (!isKeyed) return done;
      if (done instanceof Sent) await tx.settled();
      for (const [member, outcome] of done instanceof Sent ? await done.result : done) outcomes.set(member, outcome);
      const answers = open.flatMap((member) => {
        const [claim, outcome] = [member.call.idempotency, outcomes.get(member)];
        if (!claim || !outcome || !('value' in outcome)) return [];
        return [{ key: keyOf(member.call, claim), answer: this.#seal(claim, outcome.value) }];
      });
      if (answers.length > 0) this.#store(restaurantId, tx, answers);
      return outcomes;
    };
    return this.#deps.database.transaction(restaurantId, attempt, { attempts: 1, ...options, isQueued: true });
  }

  #assumeKeys(restaurantId: string, tx: Tx, members: readonly { call: Call }[]): Promise<void> {
    const keys = members.flatMap(({ call }) => (call.idempotency ? [keyOf(call, call.idempotency)] : []));
    return this.#deps.idempotency.assertNew(restaurantId, tx, keys);
  }

  /** Stores answers, and sometimes deletes old ones. */
  #store(restaurantId: string, tx: Tx, answers: readonly KeyedAnswer[]): void {
    const { idempotency, clock } = this.#deps;
    tx.defer(idempotency.store(restaurantId, tx, answers, clock()));
    if (randomInt(SWEEP_EVERY) < answers.length)
      tx.defer(idempotency.purge(restaurantId, tx, this.#before(KEEP_KEYS_MS)));
  }

  /**
   * Outcomes of calls with a stored answer and of calls whose key is in use, in a running
   * transaction, which keeps the keys of all others locked until it ends. The work is still to be
   * done for those.
   */
  async answersWithin<M extends { call: Call }, T>(
    restaurantId: string,
    tx: Tx,
    members: readonly M[],
  ): Promise<Outcomes<M, T>> {
    const outcomes: Outcomes<M, T> = new Map();
    const claims = members.flatMap((member) => {
      const claim = member.call.idempotency;
      return claim ? [{ member, claim, key: keyOf(member.call, claim) }] : [];
    });
    if (claims.length === 0) return outcomes;
    const keys = claims.map(({ key }) => key);
    const found = await this.#deps.idempotency.claimAll(restaurantId, tx, keys, this.#before(LONGEST_MS));
    claims.forEach(({ member, claim }, index) => {
      const { stored, locked } = found[index]!;
      if (!stored) {
        if (!locked) outcomes.set(member, { error: keyInUse() });
        return;
      }
      try {
        // The answer stored for this route is what `work` of this route returned.
        outcomes.set(member, { value: this.#replay(claim, stored) as T });
      } catch (error) {
        outcomes.set(member, { error });
      }
    });
    return outcomes;
  }

  /**
   * Deletes answers that are older than promised, of all restaurants, a limited number at a time.
   * @param isStopping asked between two transactions.
   * @returns how many were deleted.
   */
  async forgetOldAnswers(isStopping: () => boolean = () => false): Promise<number> {
    const { database, idempotency } = this.#deps;
    let [forgotten, behind]: [number, string | undefined] = [0, undefined];
    while (!isStopping()) {
      const sweep = await database.transaction(NO_RESTAURANT, (tx) =>
        idempotency.forget(tx, this.#before(KEEP_KEYS_MS), behind, SWEEP_RESTAURANTS),
      );
      if (!sweep) break;
      forgotten += sweep.forgotten;
      behind = sweep.lastRestaurantId;
    }
    return forgotten;
  }

  /**
   * Runs `work` in a read-only transaction of the caller's restaurant. It ends when the caller
   * leaves, so other callers must not share its result.
   */
  read<T>(call: Pick<Call, 'restaurantId' | 'gone'>, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#deps.database.read(call.restaurantId, work, call.gone);
  }

  /**
   * Same as `read`, on the read replica if there is one. For reports, which may be a moment old.
   */
  readReplica<T>(call: Pick<Call, 'restaurantId' | 'gone'>, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#deps.database.readReplica(call.restaurantId, work, call.gone);
  }

  /**
   * A unit of work inside a running transaction, for services that must work in it: their
   * transactions become parts of it. Follow-ups of a commit and idempotency keys are left out,
   * because nobody else knows this restaurant yet.
   */
  within(tx: Tx, clock: Clock): UnitOfWork {
    return new JoinedUnitOfWork({ ...this.#deps, clock }, withoutFollowUps(tx));
  }

  /**
   * Appends facts to the event feed and the audit log.
   * @param restaurantId differs from the call's when the work entered another restaurant: at
   *   registration and login, and for the other restaurants of a person.
   */
  record(tx: Tx, call: Call, facts: readonly Fact[], restaurantId: string = call.restaurantId): Promise<void> {
    const called = facts.map((fact) => ({ call, fact }));
    return this.recordTogether(tx, restaurantId, called);
  }

  /** Same as `record`, for the calls of a shared transaction. */
  async recordTogether(tx: Tx, restaurantId: string, called: readonly CalledFact[]): Promise<void> {
    await this.#deps.events.append(restaurantId, tx, this.#deps.clock(), called);
    const tags = new Set(called.flatMap(({ fact }) => tagsMadeOldBy(fact, restaurantId)));
    // The cache comes first, and each follow-up runs separately: a failing counter must not leave
    // an old menu in the cache.
    if (tags.size > 0) tx.afterCommit(() => this.#deps.cache.invalidateTags([...tags]));
    for (const { fact } of called) tx.afterCommit(() => this.#deps.onFact(fact));
  }

  #seal(claim: IdempotencyClaim, result: unknown): StoredAnswer {
    const body = this.#deps.secrets.encrypt(SEAL, JSON.stringify(result ?? null));
    return { requestHash: claim.requestHash, status: claim.status, body };
  }

  #before(ageMs: number): Date {
    return new Date(this.#deps.clock().getTime() - ageMs);
  }

  #replay(claim: IdempotencyClaim, stored: FoundAnswer): unknown {
    if (stored.requestHash !== claim.requestHash) throw keyReused();
    if (claim.showsSecret && Date.parse(stored.createdAt) < this.#before(SHOW_SECRETS_MS).getTime())
      throw secretNotShownAgain();
    claim.replayed = true;
    return JSON.parse(this.#unseal(stored.body));
  }

  /**
   * @throws AppError idempotency_key_reused when the server's secret has changed: the answer can no
   *   longer be read.
   */
  #unseal(body: Buffer): string {
    try {
      return this.#deps.secrets.decrypt(SEAL, body);
    } catch {
      throw keyReused();
    }
  }
}

class JoinedUnitOfWork extends UnitOfWork {
  readonly #tx: Tx;

  constructor(deps: Dependencies, tx: Tx) {
    super(deps);
    this.#tx = tx;
  }

  override async run<T>(_call: Call, work: (tx: Tx) => Promise<T | Sent<T>>): Promise<T> {
    return this.#end(await work(this.#tx));
  }

  override async runTogether<M extends { call: Call }, T>(
    _restaurantId: string,
    members: readonly M[],
    work: (tx: Tx, open: readonly M[]) => Promise<Outcomes<M, T> | Sent<Outcomes<M, T>>>,
  ): Promise<Outcomes<M, T>> {
    return this.#end(await work(this.#tx, members));
  }

  async #end<T>(outcome: T | Sent<T>): Promise<T> {
    if (!(outcome instanceof Sent)) return outcome;
    await this.#tx.settled();
    return outcome.result;
  }

  override read<T>(_call: Pick<Call, 'restaurantId'>, work: (tx: Tx) => Promise<T>): Promise<T> {
    return work(this.#tx);
  }
}

function withoutFollowUps(tx: Tx): Tx {
  return {
    many: (statement, values) => tx.many(statement, values),
    maybeOne: (statement, values) => tx.maybeOne(statement, values),
    one: (statement, values) => tx.one(statement, values),
    run: (statement, values) => tx.run(statement, values),
    defer: (write) => tx.defer(write),
    settled: () => tx.settled(),
    checked: () => tx.checked(),
    afterCommit: () => undefined,
    forbidScans: () => tx.forbidScans(),
    enterTenant: (restaurantId) => tx.enterTenant(restaurantId),
    enterUser: (userId) => tx.enterUser(userId),
  };
}

function keyOf(call: Call, claim: IdempotencyClaim): IdempotencyKey {
  return { caller: `${call.actor.kind}:${claim.account ?? call.actor.id}`, route: claim.route, key: claim.key };
}

const MENU_SUBJECTS = new Set(['category', 'tax', 'modifier_group', 'menu_item', 'import']);
const ACCESS_SUBJECTS = new Set(['member', 'session', 'api_key']);

/** The cache tags that a fact makes old. */
function tagsMadeOldBy(fact: Fact, restaurantId: string): CacheTag[] {
  if (MENU_SUBJECTS.has(fact.subject)) return [CacheTags.menu(restaurantId)];
  if (ACCESS_SUBJECTS.has(fact.subject)) return [CacheTags.access(restaurantId)];
  return fact.subject === 'restaurant' ? [CacheTags.restaurant(restaurantId)] : [];
}
