/** Codes that were handed out: read, void, release, transfer and expire them. */
import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import { type ClaimedCode, type CodeMovement, type CodePool, isValued } from '../../domain/codePool/codePool.js';
import { codeRefused } from '../../domain/codePool/redemption.js';
import { type Call, systemCall } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import type { Claimed, ClaimQueue } from './ClaimQueue.js';
import type { Redeeming, RedeemDependencies, Redemption, RedeemRequest } from './Redeeming.js';
import type { Shelves } from './Shelves.js';

/** Newest movements that are answered with a code. */
const MOST_MOVEMENTS = 100;
/** Codes that expire in one transaction. */
const EXPIRED_AT_ONCE = 200;

interface Dependencies extends RedeemDependencies {
  redeeming: Redeeming;
  shelves: Shelves;
  claims: ClaimQueue;
  cursors: Cursors;
}

export class Codes {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws AppError code_refused, rate_limited, invalid_request. */
  @Track('codes.redeem')
  redeem(call: Call, request: RedeemRequest): Promise<Redemption> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      await this.#assertNamed(call, tx, request);
      return this.#deps.redeeming.redeemWithin(call, tx, request);
    });
  }

  /**
   * The code that somebody presents, without changing it. @throws AppError code_refused,
   * rate_limited.
   */
  @Track('codes.lookUp')
  lookUp(call: Call, text: string): Promise<ClaimedCode> {
    const { unitOfWork, redeeming, repository, seals } = this.#deps;
    return redeeming.guarded(call, undefined, () =>
      unitOfWork.read(call, async (tx) => {
        const readings = seals.readingsOf(call.restaurantId, text);
        const code = await repository.claims.findByHash(call.restaurantId, tx, readings);
        if (!code) throw codeRefused();
        return code;
      }),
    );
  }

  /** A code with its newest movements. @throws AppError not_found. */
  @Track('codes.get')
  get(call: Call, id: string): Promise<ClaimedCode & { movements: CodeMovement[] }> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const code = await repository.claims.find(call.restaurantId, tx, id);
      if (!code) throw notFound('code');
      return { ...code, movements: await repository.movements.ofCode(call.restaurantId, tx, id, MOST_MOVEMENTS) };
    });
  }

  /** Codes of a pool that have a record, newest first. @throws AppError not_found. */
  @Track('codes.listOfPool')
  listOfPool(call: Call, poolId: string, page: Page): Promise<PageOf<ClaimedCode>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'codes', poolId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      if (!(await repository.pools.find(call.restaurantId, tx, poolId))) throw notFound('code pool');
      const rows = await repository.claims.list(call.restaurantId, tx, poolId, page.limit + 1, after);
      return cursors.page(rows, page.limit, binding, ({ id }) => id);
    });
  }

  /** Ends a code with all that is left on it. @throws AppError not_found, invalid_state. */
  @Track('codes.void')
  void(call: Call, id: string, reason: string): Promise<ClaimedCode> {
    return this.#end(call, id, 'void', reason);
  }

  /**
   * Takes a claim back. An imported code returns to its pool, behind the others; the number of
   * another one is not used again.
   * @throws AppError not_found; invalid_state when the code was used.
   */
  @Track('codes.release')
  release(call: Call, id: string, reason: string): Promise<ClaimedCode> {
    return this.#end(call, id, 'release', reason);
  }

  /**
   * Replaces a code by a new one of the same pool, with what is left on it.
   * @returns the new code, shown once.
   * @throws AppError not_found, invalid_state, pool_empty.
   */
  @Track('codes.transfer')
  async transfer(call: Call, id: string, holder: string | undefined): Promise<Claimed> {
    const { unitOfWork, repository, shelves, claims, redeeming, restaurants } = this.#deps;
    const stored = await unitOfWork.storedAnswer<Claimed>(call);
    if (stored) return stored;
    const known = await unitOfWork.read(call, (tx) => repository.claims.find(call.restaurantId, tx, id));
    if (!known) throw notFound('code');
    if (known.kind !== 'voucher') throw new AppError('invalid_state', 'Only vouchers can be transferred.');
    assertActive(known);
    const shelf = await shelves.open(call.restaurantId, known.poolId);
    const { balance, expiresAt } = known;
    const terms = { count: 1, value: balance, holder: holder ?? known.holder ?? undefined, fromCodeId: id, expiresAt };
    return claims.claimAlone(call, shelf, terms, async (tx, [claimed]) => {
      const code = await this.#lock(call, tx, id);
      assertActive(code);
      if (!claimed?.id) throw new Error('a transfer claimed no code');
      if (code.balance !== balance || code.expiresAt !== expiresAt || code.usesLeft !== known.usesLeft)
        throw new AppError('invalid_state', 'This code was used in the meantime. Repeat the transfer.');
      const settings = await restaurants.settings(tx, call.restaurantId);
      if (code.orderLineId !== null)
        await repository.claims.link(
          call.restaurantId,
          tx,
          [{ id: claimed.id, prepaid: code.prepaid }],
          code.orderLineId,
        );
      const after: ClaimedCode = { ...code, status: 'transferred', balance: 0, toCodeId: claimed.id };
      await redeeming.move(call, tx, after, { kind: 'transfer', amount: balance, reason: claimed.id }, settings);
      return claimed;
    });
  }

  /** Books what was left on expired codes. @returns how many. */
  async expire(restaurantId: string, isStopping: () => boolean): Promise<number> {
    const { unitOfWork, repository, redeeming, restaurants, clock } = this.#deps;
    const call = systemCall(restaurantId, 'code-pools');
    let expired = 0;
    while (!isStopping()) {
      const count = await unitOfWork.step(call, async (tx) => {
        const codes = await repository.claims.lockExpired(restaurantId, tx, clock(), EXPIRED_AT_ONCE);
        const settings = await restaurants.settings(tx, restaurantId);
        for (const code of codes)
          await redeeming.move(call, tx, { ...code, balance: 0 }, { kind: 'expire', amount: code.balance }, settings);
        return codes.length;
      });
      expired += count;
      if (count < EXPIRED_AT_ONCE) break;
    }
    return expired;
  }

  async #assertNamed(call: Call, tx: Tx, { orderId, poolId }: RedeemRequest): Promise<void> {
    if (orderId === undefined && poolId === undefined) return;
    const { hasOrder, hasPool } = await this.#deps.repository.claims.named(call.restaurantId, tx, orderId, poolId);
    if (orderId !== undefined && !hasOrder) throw notFound('order', '/orderId');
    if (poolId !== undefined && !hasPool) throw notFound('code pool', '/poolId');
  }

  #end(call: Call, id: string, kind: 'void' | 'release', reason: string): Promise<ClaimedCode> {
    const { unitOfWork, repository, redeeming, restaurants } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const code = await this.#lock(call, tx, id);
      assertActive(code);
      if (kind === 'release') await this.#assertUnused(call, tx, code);
      const pool = await repository.pools.find(call.restaurantId, tx, code.poolId);
      const settings = await restaurants.settings(tx, call.restaurantId);
      const status = kind === 'void' ? 'void' : 'released';
      const after: ClaimedCode = { ...code, status, balance: 0 };
      const ended = await redeeming.move(call, tx, after, { kind, amount: code.balance, reason }, settings);
      if (kind === 'release' && pool?.kind === 'imported') await this.#putBack(call, tx, pool, id);
      return ended;
    });
  }

  async #lock(call: Call, tx: Tx, id: string): Promise<ClaimedCode> {
    const code = await this.#deps.repository.claims.lock(call.restaurantId, tx, id);
    if (!code) throw notFound('code');
    return code;
  }

  async #assertUnused(call: Call, tx: Tx, code: ClaimedCode): Promise<void> {
    const moved = await this.#deps.repository.movements.ofCode(call.restaurantId, tx, code.id, 1);
    if (moved.length === 0 && code.balance === code.value && isUnused(code)) return;
    throw new AppError('invalid_state', 'This code was used and cannot be released. Void it instead.');
  }

  /** Appends the code of a released claim to its pool. */
  async #putBack(call: Call, tx: Tx, pool: CodePool, id: string): Promise<void> {
    const { repository, clock } = this.#deps;
    const sealed = await repository.claims.unseal(call.restaurantId, tx, id);
    if (!sealed) return;
    const last = await repository.stock.lockGenerated(call.restaurantId, tx, pool.id);
    const batch = { firstN: last + 1, lastN: last + 1, sealed };
    await repository.stock.append(call.restaurantId, tx, pool.id, last, [batch], clock());
    const shelf = this.#deps.shelves.known(call.restaurantId, pool.id);
    tx.afterCommit(() => shelf?.grow());
  }
}

function isUnused({ kind, usesLeft }: ClaimedCode): boolean {
  return isValued(kind) || usesLeft === 1;
}

function assertActive({ status }: ClaimedCode): void {
  if (status !== 'active') throw new AppError('invalid_state', `This code is ${status} already.`);
}
