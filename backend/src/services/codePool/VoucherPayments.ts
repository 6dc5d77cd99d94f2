/** Vouchers as a means of payment: everything happens in the transaction of the payment. */
import type { Tx } from '../../config/database.js';
import { refunded } from '../../domain/codePool/redemption.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { Prepaid } from '../../domain/order/lineCharges.js';
import type { MinorUnits } from '../../domain/number/money.js';
import type { Order } from '../../domain/order/order.js';
import { sellsVouchers } from '../../domain/order/voucherSales.js';
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
   * @returns what the payment refers to: the end of the code; and the sale that it brings along.
   * @throws AppError code_refused, rate_limited; invalid_request for what a single-purpose voucher
   *   cannot pay.
   */
  async pay(
    call: Call,
    tx: Tx,
    payment: { id: string; order: Order; code: string; amount: MinorUnits; tip: MinorUnits; isDeposit: boolean },
  ): Promise<{ reference: string; prepaid: Prepaid | null }> {
    const { id, order, code, amount, tip } = payment;
    const wanted = { code, amount: amount + tip, orderId: order.id };
    const { code: voucher, prepaid = null } = await this.#deps.redeeming.redeemWithin(call, tx, wanted, id);
    if (!voucher) throw new Error('a payment was made with a table token');
    if (prepaid) assertTaxedSale(payment);
    return { reference: `voucher …${voucher.hint}`, prepaid };
  }

  /**
   * Returns the amount of a refund onto the voucher of its payment, or onto the one that replaces
   * it. A payment without a code changes nothing. The caller has locked the order.
   * @throws AppError invalid_state when the voucher is void.
   */
  async giveBack(
    call: Call,
    tx: Tx,
    refund: { id: string; paymentId: string; orderId: string; amount: MinorUnits; prepaid: Prepaid | null },
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
    const after = refunded(code, { ...refund, isWhole }, clock());
    const { amount, paymentId, orderId, id: refundId } = refund;
    await redeeming.move(call, tx, after, { kind: 'refund', amount, paymentId, orderId, refundId }, settings);
  }
}

/**
 * A single-purpose voucher was taxed as a meal when it was sold.
 * @throws AppError invalid_request for a tip, a deposit, a tax-exempt customer, or the sale of
 *   other vouchers.
 */
function assertTaxedSale({ order, tip, isDeposit }: { order: Order; tip: MinorUnits; isDeposit: boolean }): void {
  const why = 'This voucher is single-purpose: it was taxed when it was sold.';
  if (tip > 0) throw invalid('/tip', `${why} It pays no tip. Record the tip with another payment.`);
  if (isDeposit) throw invalid('/deposit', `${why} Its payment is no deposit. Leave out "deposit".`);
  if (order.taxExemption) throw invalid('/code', `${why} It cannot pay for a tax-exempt customer. Pay in another way.`);
  if (sellsVouchers(order)) throw invalid('/code', `${why} It cannot buy other vouchers. Pay in another way.`);
}
