/** Searches the payments and refunds of all orders. */
import { Track } from '../../decorators/Performance.js';
import type { Tx } from '../../config/database.js';
import type { ListedPayment, ListedRefund, PaymentFilter, RefundFilter } from '../../domain/order/paymentFilter.js';
import type { Call } from '../../domain/shared/call.js';
import type { PaymentRepository } from '../../repositories/PaymentRepository.js';
import type { WalkedPage, WalkedSlice } from '../../repositories/walkedList.js';
import { bindingOf, type Cursors, type Page, type PageOf } from '../../utils/cursor.js';
import type { UnitOfWork } from '../UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PaymentRepository;
  cursors: Cursors;
}

export class PaymentLists {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Newest first; with `from` or `to` by business date, the latest first. */
  @Track('payments.list')
  payments(call: Call, filter: PaymentFilter, page: Page): Promise<PageOf<ListedPayment>> {
    const { lists } = this.#deps.repository;
    return this.#page(call, bindingOf(call.restaurantId, 'payments', filter), page, (tx, at) =>
      lists.payments(call.restaurantId, tx, filter, at),
    );
  }

  /** As `payments`. */
  @Track('payments.listRefunds')
  refunds(call: Call, filter: RefundFilter, page: Page): Promise<PageOf<ListedRefund>> {
    const { lists } = this.#deps.repository;
    return this.#page(call, bindingOf(call.restaurantId, 'refunds', filter), page, (tx, at) =>
      lists.refunds(call.restaurantId, tx, filter, at),
    );
  }

  #page<Row>(
    call: Call,
    binding: readonly unknown[],
    { limit, cursor }: Page,
    read: (tx: Tx, page: WalkedPage) => Promise<WalkedSlice<Row>>,
  ): Promise<PageOf<Row>> {
    const { unitOfWork, cursors } = this.#deps;
    const after = cursors.read(cursor, binding);
    return unitOfWork.read(call, async (tx) => cursors.walked(await read(tx, { limit, after }), binding));
  }
}
