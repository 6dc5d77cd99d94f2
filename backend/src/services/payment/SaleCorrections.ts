/** Corrections of an order's sale without money: write-offs, and the effects of credit notes. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { MinorUnits } from '../../domain/number/money.js';
import type { Order } from '../../domain/order/order.js';
import {
  type Correction,
  creditedBy,
  creditSale,
  reinstate,
  saleKept,
  type SaleCorrection,
  within,
  writeOff,
} from '../../domain/order/saleCorrection.js';
import { refundedOf } from '../../domain/order/refundedBill.js';
import type { Refunded } from '../../domain/order/saleParts.js';
import { businessDayClosed } from '../../domain/report/businessDay.js';
import { AppError } from '../../domain/shared/errors.js';
import type { PaymentRepository } from '../../repositories/PaymentRepository.js';
import { newId } from '../../utils/ids.js';
import type { OrderService } from '../OrderService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Stamp } from './stamp.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PaymentRepository;
  orders: OrderService;
  stamp(call: Call, tx: Tx): Promise<Stamp>;
}

/** A document of an order that changes its sale, and the amount of its papers after that. */
interface Paper {
  orderId: string;
  documentId: string;
  /** Of the invoice or receipt, less its issued credit notes. */
  papersTotal: MinorUnits;
  reason: string;
}

export class SaleCorrections {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Gives up the amount that a completed order still owes, on the day of today.
   * @throws AppError not_found; invalid_state; business_day_closed.
   */
  async writeOff(call: Call, tx: Tx, orderId: string, reason: string): Promise<Order> {
    const order = await this.#deps.orders.lock(call, tx, orderId);
    const correction = writeOff(order, await this.#earlier(call, tx, orderId));
    return this.#store(call, tx, order, { ...correction, kind: 'write_off', documentId: null, reason });
  }

  /** Lowers the sale of an order by an issued credit note, as far as the order has not lost it. */
  async credit(call: Call, tx: Tx, credited: Refunded, paper: Paper): Promise<void> {
    const order = await this.#deps.orders.lock(call, tx, paper.orderId);
    if (order.status === 'cancelled') return;
    const most = saleKept(order) - paper.papersTotal;
    const correction = creditSale(order, await this.#earlier(call, tx, order.id), credited, most);
    if (correction) await this.#store(call, tx, order, { ...correction, ...paper, kind: 'credit_note' });
  }

  /** A new invoice or receipt of an order whose papers were all credited restores its sale. */
  async restore(call: Call, tx: Tx, paper: Paper): Promise<void> {
    const order = await this.#deps.orders.find(call, tx, paper.orderId);
    if (await this.restorable(call, tx, order)) await this.reinstate(call, tx, paper);
  }

  /**
   * Takes back the corrections by credit notes that no longer count.
   * @param only the credit note that is voided; without it, all of the order.
   * @throws AppError invalid_state when the order has lost goods that its papers would have again.
   */
  async reinstate(call: Call, tx: Tx, paper: Paper, only?: string): Promise<void> {
    const order = await this.#deps.orders.lock(call, tx, paper.orderId);
    const all = await this.#deps.repository.correctionsOfOrder(call.restaurantId, tx, order.id);
    const taken = creditedBy(only === undefined ? all : all.filter(({ documentId }) => documentId === only));
    const correction = reinstate(order, await this.#earlier(call, tx, order.id), taken);
    if (saleKept(order) - (correction?.amount ?? 0) < paper.papersTotal)
      throw new AppError(
        'invalid_state',
        'The order has lost goods since this document was credited. Credit the rest, and make a new document of the order.',
      );
    if (correction) await this.#store(call, tx, order, { ...correction, ...paper, kind: 'reinstated' });
  }

  /**
   * The part of an order's sale that a new invoice or receipt restores: credit notes lowered it,
   * and took back all papers of the order.
   */
  async restorable(call: Call, tx: Tx, order: Order): Promise<Refunded | undefined> {
    const all = await this.#deps.repository.correctionsOfOrder(call.restaurantId, tx, order.id);
    if (all.length === 0 || (await this.#deps.orders.papers.areLive(call, tx, order))) return undefined;
    return within(creditedBy(all), refundedOf(order));
  }

  /** Reductions of the sale: refunds and corrections. */
  async #earlier(call: Call, tx: Tx, orderId: string): Promise<Refunded[]> {
    const { repository } = this.#deps;
    const refunds = await repository.refundsOfOrder(call.restaurantId, tx, orderId);
    return [...refunds, ...(await repository.correctionsOfOrder(call.restaurantId, tx, orderId))];
  }

  async #store(
    call: Call,
    tx: Tx,
    order: Order,
    {
      kind,
      documentId,
      reason,
      amount,
      parts,
      taxes,
      money,
    }: Correction & Pick<SaleCorrection, 'kind' | 'documentId' | 'reason'>,
  ): Promise<Order> {
    const { repository, orders, unitOfWork } = this.#deps;
    const stamp = await this.#deps.stamp(call, tx);
    if (await orders.papers.isDayClosed(call, tx, stamp.businessDate)) throw businessDayClosed(stamp.businessDate);
    const content = { id: newId(), orderId: order.id, kind, documentId, reason, amount, parts, taxes, prepaid: null };
    await repository.correct(call.restaurantId, tx, { ...content, ...stamp });
    const after = await orders.saveMoney(call, tx, order, money);
    const { number, currency } = order;
    await unitOfWork.record(tx, call, [
      {
        type: 'order.sale_corrected',
        subject: 'order',
        subjectId: order.id,
        data: { number, kind, documentId, amount, currency, reason, version: after.version },
        changes: { refundedSaleTotal: { from: order.refundedSaleTotal, to: after.refundedSaleTotal } },
      },
    ]);
    return after;
  }
}
