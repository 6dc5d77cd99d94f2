/** Redeems codes, and gives back onto them. Every change holds the lock of its code. */
import { timingSafeEqual } from 'node:crypto';
import type { Tx } from '../../config/database.js';
import type { ClaimedCode, CodeMovement } from '../../domain/codePool/codePool.js';
import { codeRefused, obstacleOf, redeemed } from '../../domain/codePool/redemption.js';
import { readToken, signatureLetters } from '../../domain/codePool/tableToken.js';
import type { Call } from '../../domain/shared/call.js';
import type { EventType } from '../../domain/shared/events.js';
import type { Prepaid } from '../../domain/order/lineCharges.js';
import type { MinorUnits } from '../../domain/number/money.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { TableToken } from '../../repositories/codePool/TableTokenTable.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { CodeMetrics } from './codeMetrics.js';
import type { CodeSeals } from './codeSeals.js';
import { WrongCodes } from './WrongCodes.js';

export interface RedeemRequest {
  code: string;
  /** Absent: all that is left. */
  amount?: MinorUnits | undefined;
  orderId?: string | undefined;
  /** Only a code of this pool counts. */
  poolId?: string | undefined;
}

export interface Redemption {
  /** Absent: a table token. */
  code?: ClaimedCode;
  table?: TableToken;
  amount: MinorUnits;
  /** For a single-purpose voucher: the part of its sale that was redeemed. */
  prepaid?: Prepaid | null;
}

/** What a movement belongs to. */
export type MovementTerms = Pick<CodeMovement, 'kind' | 'amount'> &
  Partial<Pick<CodeMovement, 'orderId' | 'paymentId' | 'refundId' | 'reason'>>;

export interface RedeemDependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  restaurants: RestaurantService;
  seals: CodeSeals;
  metrics: CodeMetrics;
  clock: Clock;
}

const EVENT_OF: Record<CodeMovement['kind'], EventType> = {
  redeem: 'code.redeemed',
  refund: 'code.refunded',
  void: 'code.voided',
  expire: 'code.voided',
  release: 'code.released',
  transfer: 'code.transferred',
};

export class Redeeming {
  readonly #deps: RedeemDependencies;
  readonly #wrong: WrongCodes;

  constructor(deps: RedeemDependencies) {
    this.#deps = deps;
    this.#wrong = new WrongCodes(deps.clock);
  }

  /**
   * Redeems a code in a running transaction. Refusals are counted by caller and pool.
   * @throws AppError code_refused, rate_limited, invalid_request.
   */
  redeemWithin(call: Call, tx: Tx, request: RedeemRequest, paymentId?: string): Promise<Redemption> {
    return this.guarded(call, request.poolId, async () => {
      const token = paymentId === undefined ? readToken(request.code) : undefined;
      if (token && this.#isSigned(call.restaurantId, token)) return this.#useTable(call, tx, token, request);
      const code = await this.#deps.repository.claims.lockByHash(
        call.restaurantId,
        tx,
        this.#deps.seals.readingsOf(call.restaurantId, request.code),
      );
      if (!code || (request.poolId !== undefined && code.poolId !== request.poolId)) throw codeRefused();
      return this.#redeem(call, tx, code, request, paymentId);
    });
  }

  /** Counts refusals of codes that this caller presents. @throws AppError rate_limited. */
  guarded<T>(call: Call, poolId: string | undefined, attempt: () => Promise<T>): Promise<T> {
    const { kind, id } = call.actor;
    return this.#wrong.guard(`${call.restaurantId} ${kind} ${id} ${poolId ?? ''}`, attempt).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'code_refused') this.#deps.metrics.wrong();
      throw error;
    });
  }

  /**
   * Stores the next state of a locked code with its movement and its fact.
   * @returns the code as stored.
   */
  async move(
    call: Call,
    tx: Tx,
    after: ClaimedCode,
    terms: MovementTerms,
    settings: RestaurantSettings,
  ): Promise<ClaimedCode> {
    const { repository, clock, unitOfWork } = this.#deps;
    const now = clock();
    const prepaid = after.balance === 0 ? null : after.prepaid;
    const stored = { ...after, prepaid, updatedAt: now.toISOString() };
    await repository.claims.save(call.restaurantId, tx, stored);
    const { orderId = null, paymentId = null, refundId = null, reason = null } = terms;
    const movement: CodeMovement = {
      id: newId(),
      codeId: stored.id,
      kind: terms.kind,
      amount: terms.amount,
      balanceAfter: stored.balance,
      taxKind: stored.taxKind,
      orderId,
      paymentId,
      refundId,
      reason,
      businessDate: businessDate(now, settings.timezone, settings.businessDayCutoffHour),
      createdBy: `${call.actor.kind}:${call.actor.id}`,
      createdAt: now.toISOString(),
    };
    // A pick-up code is only a name: its use is in its row.
    if (stored.kind !== 'pickup') await repository.movements.insert(call.restaurantId, tx, movement);
    const { amount, balanceAfter, taxKind } = movement;
    const data = {
      poolId: stored.poolId,
      kind: terms.kind,
      amount,
      balance: balanceAfter,
      taxKind,
      orderId,
      paymentId,
      reason,
    };
    await unitOfWork.record(tx, call, [
      {
        type: EVENT_OF[terms.kind],
        subject: 'code',
        subjectId: stored.id,
        data: { ...data, currency: settings.currency },
      },
    ]);
    return stored;
  }

  async #redeem(
    call: Call,
    tx: Tx,
    code: ClaimedCode,
    { amount, orderId }: RedeemRequest,
    paymentId: string | undefined,
  ): Promise<Redemption> {
    const { repository, restaurants, clock, metrics } = this.#deps;
    const obstacle = obstacleOf(code, clock());
    if (obstacle !== undefined) throw codeRefused(call.scopes.has('codes:read') ? obstacle : undefined);
    const settings = await restaurants.settings(tx, call.restaurantId);
    const { after, prepaid } = redeemed(code, amount, settings.currency);
    const taken = code.balance - after.balance;
    const belongs = {
      ...(orderId === undefined ? {} : { orderId }),
      ...(paymentId === undefined ? {} : { paymentId }),
    };
    const stored = await this.move(call, tx, after, { kind: 'redeem', amount: taken, ...belongs }, settings);
    await repository.stock.count(call.restaurantId, tx, code.poolId, { redeemed: 1 });
    tx.afterCommit(() => metrics.redeemed(code.kind));
    return { code: stored, amount: taken, prepaid };
  }

  async #useTable(
    call: Call,
    tx: Tx,
    token: { tokenId: string; version: number },
    { amount, poolId }: RedeemRequest,
  ): Promise<Redemption> {
    const { repository, clock, metrics } = this.#deps;
    if (amount !== undefined && amount > 0) throw codeRefused();
    const table = await repository.tables.use(call.restaurantId, tx, token.tokenId, token.version, clock());
    if (!table || (poolId !== undefined && table.poolId !== poolId)) throw codeRefused();
    tx.afterCommit(() => metrics.redeemed('table'));
    return { table, amount: 0 };
  }

  #isSigned(
    restaurantId: string,
    { tokenId, version, signature }: { tokenId: string; version: number; signature: string },
  ) {
    const expected = signatureLetters(this.#deps.seals.signature(restaurantId, tokenId, version));
    return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  }
}
