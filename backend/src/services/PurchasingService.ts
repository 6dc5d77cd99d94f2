/** Purchasing: suppliers and their items, purchase orders and goods receipts. */
import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, notFound } from '../domain/shared/errors.js';
import type { GoodsReceipt } from '../domain/purchasing/goodsReceipt.js';
import type { PurchaseOrder } from '../domain/purchasing/purchaseOrder.js';
import type { Supplier, SupplierContact, SupplierItem } from '../domain/purchasing/purchasing.js';
import type { PurchasingRepository } from '../repositories/PurchasingRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import type { InventoryService } from './InventoryService.js';
import { EditableResource } from './EditableResource.js';
import {
  assertSupplierItemFits,
  buildSupplier,
  buildSupplierItem,
  type SupplierInput,
  type SupplierItemInput,
} from './purchasing/supplierRules.js';
import { GoodsReceipts } from './purchasing/GoodsReceipts.js';
import { InvoiceReceipts } from './purchasing/InvoiceReceipts.js';
import { LatePrices } from './purchasing/LatePrices.js';
import { PurchaseOrders } from './purchasing/PurchaseOrders.js';
import { ReceiptBooking } from './purchasing/ReceiptBooking.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PurchasingRepository;
  restaurants: RestaurantService;
  inventory: InventoryService;
  cursors: Cursors;
  clock: Clock;
}

export class PurchasingService {
  readonly suppliers: EditableResource<Supplier, SupplierInput>;
  readonly supplierItems: EditableResource<SupplierItem, SupplierItemInput>;
  readonly orders: PurchaseOrders;
  readonly receipts: GoodsReceipts;
  readonly invoiceReceipts: InvoiceReceipts;
  readonly latePrices: LatePrices;
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const { repository, clock } = deps;
    this.orders = new PurchaseOrders(deps);
    const booking = new ReceiptBooking(deps);
    this.receipts = new GoodsReceipts({ ...deps, booking });
    this.invoiceReceipts = new InvoiceReceipts({ ...deps, booking });
    this.latePrices = new LatePrices(deps);
    this.suppliers = new EditableResource(
      {
        noun: 'supplier',
        table: repository.suppliers,
        build: buildSupplier,
        beforeRemove: (call, tx, supplier) => this.#removeItems(call, tx, supplier),
      },
      deps,
    );
    this.supplierItems = new EditableResource(
      {
        noun: 'supplier_item',
        table: repository.supplierItems,
        build: (input, before) => buildSupplierItem(input, before, clock()),
        beforeSave: ({ restaurantId }, tx, entry) => assertSupplierItemFits(repository, restaurantId, tx, entry),
      },
      deps,
    );
  }

  /** The items of a supplier. @throws AppError not_found. */
  @Track('purchasing.itemsOfSupplier')
  itemsOfSupplier(call: Call, supplierId: string, page: Page): Promise<PageOf<SupplierItem>> {
    const { repository } = this.#deps;
    return this.#page(call, page, ['supplier.items', supplierId], async (tx, position) => {
      if (!(await repository.suppliers.find(call.restaurantId, tx, supplierId))) throw notFound('supplier');
      return repository.itemsOfSupplier(call.restaurantId, tx, supplierId, position);
    });
  }

  /** The suppliers of an inventory item, with packs and prices. @throws AppError not_found. */
  @Track('purchasing.suppliersOfItem')
  suppliersOfItem(call: Call, inventoryItemId: string, page: Page): Promise<PageOf<SupplierItem>> {
    const { repository } = this.#deps;
    return this.#page(call, page, ['item.suppliers', inventoryItemId], async (tx, position) => {
      const [item] = await repository.findItems(call.restaurantId, tx, [inventoryItemId]);
      if (!item) throw notFound('inventory item');
      return repository.suppliersOfItem(call.restaurantId, tx, inventoryItemId, position);
    });
  }

  /** Keeps a live supplier until the transaction ends. @throws AppError not_found. */
  async assertSupplier({ restaurantId }: Call, tx: Tx, id: string): Promise<void> {
    if (!(await this.#deps.repository.keepSupplier(restaurantId, tx, id))) throw notFound('supplier', '/supplierId');
  }

  /**
   * A purchase order and its supplier, as this transaction sees them, for a document.
   * @throws AppError not_found with the field of the request.
   */
  async orderForDocument(
    { restaurantId }: Call,
    tx: Tx,
    id: string,
  ): Promise<{ order: PurchaseOrder; supplier: SupplierContact }> {
    const { repository } = this.#deps;
    const order = await repository.orders.find(restaurantId, tx, id);
    if (!order) throw notFound('purchase order', '/purchaseOrderId');
    return { order, supplier: await repository.supplierContact(restaurantId, tx, order.supplierId) };
  }

  /**
   * A goods receipt, its supplier and its purchase order, if it has one, as this transaction sees
   * them, for a document.
   * @throws AppError not_found with the field of the request.
   */
  async receiptForDocument(
    { restaurantId }: Call,
    tx: Tx,
    id: string,
  ): Promise<{ receipt: GoodsReceipt; order: PurchaseOrder | undefined; supplier: SupplierContact }> {
    const { repository } = this.#deps;
    const receipt = await repository.receipts.find(restaurantId, tx, id);
    if (!receipt) throw notFound('goods receipt', '/goodsReceiptId');
    const { purchaseOrderId } = receipt;
    const order =
      purchaseOrderId === null ? undefined : await repository.orders.find(restaurantId, tx, purchaseOrderId);
    return { receipt, order, supplier: await repository.supplierContact(restaurantId, tx, receipt.supplierId) };
  }

  async #removeItems({ restaurantId }: Call, tx: Tx, supplier: Supplier): Promise<void> {
    const { repository, clock } = this.#deps;
    if (await repository.hasOpenOrders(restaurantId, tx, supplier.id))
      throw new AppError(
        'in_use',
        'This supplier still has open purchase orders. Receive, close or cancel them first.',
      );
    await repository.removeItemsOf(restaurantId, tx, supplier.id, clock());
  }

  #page<T extends { id: string }>(
    call: Call,
    page: Page,
    list: readonly unknown[],
    read: (tx: Tx, position: { limit: number; after: string | undefined }) => Promise<T[]>,
  ): Promise<PageOf<T>> {
    const { unitOfWork, cursors } = this.#deps;
    const binding = [call.restaurantId, ...list];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) =>
      cursors.page(await read(tx, { limit: page.limit, after }), page.limit, binding, (row) => row.id),
    );
  }
}
