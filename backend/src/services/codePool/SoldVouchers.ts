/**
 * Vouchers that are sold with orders: handed out when the order is paid, and never worth more than
 * the guest paid for them.
 */
import type { Tx } from '../../config/database.js';
import type { ClaimedCode } from '../../domain/codePool/codePool.js';
import { sum } from '../../domain/number/money.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { isVoucher } from '../../domain/order/lineKind.js';
import { prepaidOfUnits } from '../../domain/order/voucherPrepaid.js';
import { assertPaidFor, assertSameTaxes, sellsVouchers, vouchersToHandOut } from '../../domain/order/voucherSales.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Claimed, ClaimQueue } from './ClaimQueue.js';
import type { Redeeming } from './Redeeming.js';
import type { Shelves } from './Shelves.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  restaurants: RestaurantService;
  redeeming: Redeeming;
  shelves: Shelves;
  claims: ClaimQueue;
}

interface HandOutRequest {
  lineId: string;
  holder?: string | undefined;
}

export class SoldVouchers {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Hands out the vouchers of a line that were not yet.
   * @param read the order, and `lock` locks it: their errors are thrown.
   * @returns the codes, shown once.
   * @throws AppError not_found; invalid_state before the order is paid, or when all are handed out;
   *   pool_empty.
   */
  async handOut(
    call: Call,
    { lineId, holder }: HandOutRequest,
    { read, lock }: Record<'read' | 'lock', (tx: Tx) => Promise<Order>>,
  ): Promise<Claimed[]> {
    const { unitOfWork, repository, shelves, claims } = this.#deps;
    const stored = await unitOfWork.storedAnswer<Claimed[]>(call);
    if (stored) return stored;
    const { poolId, count, value } = await unitOfWork.read(call, async (tx) => {
      const order = await read(tx);
      const line = voucherLine(order, lineId);
      const pool = await repository.claims.poolSoldBy(call.restaurantId, tx, line.menuItemId);
      return { ...pool, ...(await this.#left(call, tx, order, line)) };
    });
    const shelf = await shelves.open(call.restaurantId, poolId);
    return claims.claimAlone(call, shelf, { count, value, holder }, async (tx, claimed) => {
      const order = await lock(tx);
      const left = await this.#left(call, tx, order, voucherLine(order, lineId));
      if (left.count !== count)
        throw new AppError('invalid_state', 'Vouchers of this line were handed out or voided just now. Repeat this.');
      if (claimed.some((one) => one.value !== value))
        throw new AppError(
          'invalid_state',
          'The pool gives its vouchers another value than this line was sold at. Set the pool’s "value" to null first.',
        );
      const line = voucherLine(order, lineId);
      const parts = line.kind === 'taxed_voucher' ? prepaidOfUnits(line, count) : [];
      const sold = claimed.flatMap(({ id }, index) => (id === null ? [] : [{ id, prepaid: parts[index] ?? null }]));
      await repository.claims.link(call.restaurantId, tx, sold, lineId);
      assertPaidFor(order, await this.#worth(call, tx, order));
      return claimed;
    });
  }

  /**
   * Before a new state of an order is stored: voids unused vouchers of lines that leave it, and
   * keeps money from being given back for those that are valid or spent. The caller has locked the
   * order.
   * @throws AppError invalid_state.
   */
  async follow(call: Call, tx: Tx, before: Order, after: Order): Promise<void> {
    if (!sellsVouchers(after)) return;
    const { repository, redeeming, restaurants } = this.#deps;
    const was = new Map(before.lines.map((line) => [line.id, line.voidedAt]));
    const gone = after.lines.filter((line) => line.voidedAt !== null && was.get(line.id) === null);
    if (gone.length > 0) {
      const codes = await repository.claims.lockSold(call.restaurantId, tx, idsOf(gone));
      const settings = await restaurants.settings(tx, call.restaurantId);
      for (const code of codes) {
        assertUnspent(code);
        const terms = { kind: 'void' as const, amount: code.balance, orderId: after.id, reason: 'line voided' };
        await redeeming.move(call, tx, { ...code, status: 'void', balance: 0 }, terms, settings);
      }
    }
    const worth = await this.#worth(call, tx, after);
    if (worth > 0) assertSameTaxes(before, after);
    assertPaidFor(after, worth);
  }

  async #left(call: Call, tx: Tx, order: Order, line: OrderLine): Promise<{ count: number; value: number }> {
    const sold = await this.#deps.repository.claims.soldWorth(call.restaurantId, tx, [line.id]);
    return { count: vouchersToHandOut(order, line, sum(sold.map(({ worth }) => worth))), value: line.unitPrice };
  }

  /** What the vouchers of an order are worth, with what was spent of them or has expired. */
  async #worth(call: Call, tx: Tx, order: Order): Promise<number> {
    const sold = await this.#deps.repository.claims.soldWorth(call.restaurantId, tx, idsOf(order.lines));
    return sum(sold.map(({ worth }) => worth));
  }
}

function voucherLine({ lines }: Order, id: string): OrderLine {
  const line = lines.find((one) => one.id === id && isVoucher(one.kind));
  if (!line) throw notFound('voucher line');
  return line;
}

function idsOf(lines: readonly OrderLine[]): string[] {
  return lines.map(({ id }) => id);
}

function assertUnspent({ balance, value, hint }: ClaimedCode): void {
  if (balance === value) return;
  throw new AppError(
    'invalid_state',
    `The voucher …${hint} of this line was used or has expired, so the line stays. Void only the rest of it: POST /v1/codes/{id}/void.`,
  );
}
