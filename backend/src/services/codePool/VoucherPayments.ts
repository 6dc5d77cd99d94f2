/** Vouchers as a means of payment: everything happens in the transaction of the payment. */
import type { Tx } from '../../config/database.js';
import { refunded } from '../../domain/codePool/redemption.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { MinorUnits } from '../../domain/number/money.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { Redeeming } from './Redeeming.js';

/** Codes that were replaced one after the other, at most. */
const MOST_TRANSFERS = 20;

interface Dependencies {
  repository: CodePoolRepository;
  restaurants: RestaurantService;
  redeeming: Redeeming;
  clock: Clock;
}

export class VoucherPayments {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Takes the amount of a payment from a voucher. The caller has locked the order.
   * @returns what the payment refers to: the end of the code.
   * @throws AppError code_refused, rate_limited.
   */
  async pay(
    call: Call,
    tx: Tx,
    payment: { id: string; orderId: string; code: string; amount: MinorUnits },
  ): Promise<string> {
    const { id, orderId, code, amount } = payment;
    const { code: voucher } = await this.#deps.redeeming.redeemWithin(call, tx, { code, amount, orderId }, id);
    if (!voucher) throw new Error('a payment was made with a table token');
    return `voucher …${voucher.hint}`;
  }

  /**
   * Returns the amount of a refund onto the voucher of its payment, or onto the one that replaces
   * it. A payment without a code changes nothing. The caller has locked the order.
   * @throws AppError invalid_state when the voucher is void.
   */
  async giveBack(
    call: Call,
    tx: Tx,
    refund: { id: string; paymentId: string; orderId: string; amount: MinorUnits },
  ): Promise<void> {
    const { repository, restaurants, redeeming, clock } = this.#deps;
    const moved = await repository.movements.ofPayment(call.restaurantId, tx, refund.paymentId);
    const paid = moved.find(({ kind }) => kind === 'redeem');
    if (!paid) return;
    let code = await repository.claims.lock(call.restaurantId, tx, paid.codeId);
    for (let count = 0; code?.toCodeId && count < MOST_TRANSFERS; count += 1)
      code = await repository.claims.lock(call.restaurantId, tx, code.toCodeId);
    if (code?.status !== 'active')
      throw new AppError(
        'invalid_state',
        'The voucher of this payment is void, so nothing can be returned onto it. Give it back in another way, for example with "method": "cash".',
      );
    const before = moved.filter(({ kind }) => kind === 'refund').reduce((sum, { amount }) => sum + amount, 0);
    const isWhole = before + refund.amount === paid.amount;
    const settings = await restaurants.settings(tx, call.restaurantId);
    const after = refunded(code, refund.amount, isWhole, clock());
    const { amount, paymentId, orderId, id: refundId } = refund;
    await redeeming.move(call, tx, after, { kind: 'refund', amount, paymentId, orderId, refundId }, settings);
  }
}
