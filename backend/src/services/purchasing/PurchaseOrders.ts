/** Purchase orders before their goods arrive: drafts, proposals, sending, cancelling, closing. */
import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { monthOf } from '../../domain/document/documentNumber.js';
import { assertVersion, notFound } from '../../domain/shared/errors.js';
import { changesBetween } from '../../domain/shared/events.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import { assertPayable, assertPossible, type PurchaseOrder } from '../../domain/purchasing/purchaseOrder.js';
import { type Proposal, propose } from '../../domain/purchasing/replenishment.js';
import type { PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import type { PurchaseOrderFilter } from '../../repositories/purchasing/PurchaseOrderTable.js';
import type { Clock } from '../../utils/clock.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import { newId } from '../../utils/ids.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { purchaseOrderFact } from './purchasingFacts.js';
import { linesOf, type PurchaseOrderLineInput } from './orderLines.js';

const DAY_MS = 86_400_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PurchasingRepository;
  restaurants: RestaurantService;
  cursors: Cursors;
  clock: Clock;
}

export interface PurchaseOrderInput {
  supplierId: string;
  expectedAt?: string | null | undefined;
  notes?: string | null | undefined;
  lines: PurchaseOrderLineInput[];
}

export type PurchaseOrderChanges = { [Field in keyof PurchaseOrderInput]?: PurchaseOrderInput[Field] | undefined };

export interface Proposed {
  orders: PurchaseOrder[];
  skipped: Proposal['skipped'];
}

export class PurchaseOrders {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Creates a draft. @throws AppError not_found, invalid_request. */
  @Track('purchaseOrders.create')
  create(call: Call, input: PurchaseOrderInput): Promise<PurchaseOrder> {
    return this.#deps.unitOfWork.run(call, (tx) => this.#draft(call, tx, input));
  }

  /**
   * Drafts one order for each supplier of items that run low: up to the par level, minus the
   * quantities on drafts and open orders. A second call therefore drafts nothing more.
   */
  @Track('purchaseOrders.propose')
  propose(call: Call): Promise<Proposed> {
    const { unitOfWork, repository } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.run(call, async (tx) => {
      await repository.lockProposals(restaurantId, tx);
      const items = await repository.lowItems(restaurantId, tx);
      const ids = items.map((item) => item.id);
      const offers = await repository.offers(restaurantId, tx, ids);
      const proposal = propose(items, offers, await repository.outstanding(restaurantId, tx));
      const orders: PurchaseOrder[] = [];
      for (const wanted of proposal.orders) orders.push(await this.#draft(call, tx, wanted));
      return { orders, skipped: proposal.skipped };
    });
  }

  /** Newest first. */
  @Track('purchaseOrders.list')
  list(call: Call, filter: PurchaseOrderFilter, page: Page): Promise<PageOf<PurchaseOrder>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'purchaseOrders', filter.status, filter.supplierId, filter.number];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const orders = await repository.orders.list(call.restaurantId, tx, filter, { limit: page.limit, after });
      return cursors.slice(orders, binding, (order) => order.id);
    });
  }

  /** @throws AppError not_found. */
  get(call: Call, id: string): Promise<PurchaseOrder> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => found(await repository.orders.find(call.restaurantId, tx, id)));
  }

  /**
   * Changes a draft. Lines in the request replace all existing ones.
   * @throws AppError not_found, version_mismatch, invalid_state.
   */
  @Track('purchaseOrders.change')
  change(call: Call, id: string, changes: PurchaseOrderChanges): Promise<PurchaseOrder> {
    const { repository } = this.#deps;
    return this.#act(call, id, 'changed', async (tx, before) => {
      assertPossible('change', before.status);
      const { supplierId = before.supplierId, expectedAt = before.expectedAt, notes = before.notes } = changes;
      const { leadTimeDays: _, ...who } = await this.#supplierOf(call, tx, supplierId);
      const lines = changes.lines
        ? await linesOf(repository, call.restaurantId, tx, supplierId, changes.lines)
        : before.lines;
      if (changes.lines) assertPayable(lines);
      const after = { ...before, supplierId, ...who, expectedAt, notes, lines };
      if (changes.lines) await repository.orders.replaceLines(call.restaurantId, tx, after);
      return after;
    });
  }

  /**
   * Freezes a draft and draws its number.
   * @throws AppError not_found, version_mismatch, invalid_state.
   */
  @Track('purchaseOrders.send')
  send(call: Call, id: string): Promise<PurchaseOrder> {
    const { repository, restaurants, clock } = this.#deps;
    return this.#act(call, id, 'sent', async (tx, before) => {
      assertPossible('send', before.status);
      const now = clock();
      const settings = await restaurants.settings(tx, call.restaurantId);
      const date = businessDate(now, settings.timezone, settings.businessDayCutoffHour);
      const number = await repository.orders.drawNumber(call.restaurantId, tx, monthOf(date));
      return { ...before, status: 'sent', number, sentAt: now.toISOString() };
    });
  }

  /**
   * Cancels a draft, or an order without any delivery.
   * @throws AppError not_found, version_mismatch, invalid_state.
   */
  @Track('purchaseOrders.cancel')
  cancel(call: Call, id: string, reason: string | undefined): Promise<PurchaseOrder> {
    return this.#act(call, id, 'cancelled', (_tx, before) => {
      assertPossible('cancel', before.status);
      const closedAt = this.#deps.clock().toISOString();
      return { ...before, status: 'cancelled', closeReason: reason ?? null, closedAt };
    });
  }

  /**
   * Closes an order whose remaining goods will not arrive.
   * @throws AppError not_found, version_mismatch, invalid_state.
   */
  @Track('purchaseOrders.close')
  close(call: Call, id: string, reason: string | undefined): Promise<PurchaseOrder> {
    return this.#act(call, id, 'closed', (_tx, before) => {
      assertPossible('close', before.status);
      const closedAt = this.#deps.clock().toISOString();
      return { ...before, status: 'received', isClosedShort: true, closeReason: reason ?? null, closedAt };
    });
  }

  /** Locks an order, gets its next state from `act`, then stores and records it. */
  #act(
    call: Call,
    id: string,
    verb: 'changed' | 'sent' | 'cancelled' | 'closed',
    act: (tx: Tx, before: PurchaseOrder) => Promise<PurchaseOrder> | PurchaseOrder,
  ): Promise<PurchaseOrder> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const before = found(await repository.orders.lock(call.restaurantId, tx, id));
      assertVersion(call.ifMatch, before.version);
      const next = await act(tx, before);
      const after = { ...next, version: before.version + 1, updatedAt: clock().toISOString() };
      await repository.orders.save(call.restaurantId, tx, after);
      await unitOfWork.record(tx, call, [purchaseOrderFact(verb, after, changesBetween(before, after))]);
      return after;
    });
  }

  async #draft(call: Call, tx: Tx, input: PurchaseOrderInput): Promise<PurchaseOrder> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { supplierId, expectedAt, notes = null } = input;
    const { leadTimeDays, ...who } = await this.#supplierOf(call, tx, supplierId);
    const now = clock();
    const usual = leadTimeDays === null ? null : new Date(now.getTime() + leadTimeDays * DAY_MS).toISOString();
    const order: PurchaseOrder = {
      id: newId(),
      number: null,
      status: 'draft',
      supplierId,
      ...who,
      expectedAt: expectedAt === undefined ? usual : expectedAt,
      notes,
      lines: await linesOf(repository, call.restaurantId, tx, supplierId, input.lines),
      isClosedShort: false,
      closeReason: null,
      version: 1,
      createdBy: `${call.actor.kind}:${call.actor.id}`,
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      sentAt: null,
      closedAt: null,
    };
    assertPayable(order.lines);
    await repository.orders.insert(call.restaurantId, tx, order);
    await unitOfWork.record(tx, call, [purchaseOrderFact('created', order, changesBetween({}, order))]);
    return order;
  }

  /** The supplier data of an order. The supplier cannot be deleted until the transaction ends. */
  async #supplierOf(call: Call, tx: Tx, supplierId: string) {
    const supplier = await this.#deps.repository.keepSupplier(call.restaurantId, tx, supplierId);
    if (!supplier) throw notFound('supplier', '/supplierId');
    return supplier;
  }
}

function found(order: PurchaseOrder | undefined): PurchaseOrder {
  if (!order) throw notFound('purchase order');
  return order;
}
