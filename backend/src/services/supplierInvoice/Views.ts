/**
 * A document as a reviewer sees it: with its checks, its duplicates and what it is compared with.
 */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { notFound } from '../../domain/shared/errors.js';
import { currencyDecimals } from '../../domain/number/money.js';
import {
  compareLines,
  type ComparedGoods,
  type PriceChange,
  priceChangeOf,
} from '../../domain/supplierInvoice/comparison.js';
import { isDuplicate } from '../../domain/supplierInvoice/duplicates.js';
import { postedLine, postedLines } from '../../domain/supplierInvoice/posting.js';
import type { SupplierInvoice, SupplierInvoiceStatus } from '../../domain/supplierInvoice/supplierInvoice.js';
import { type Check, verify } from '../../domain/supplierInvoice/verify.js';
import type { SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { InventoryService } from '../InventoryService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { invoiceOf, savedOf } from './documentState.js';
import { dishesOf, type DishEffect } from './dishEffects.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: SupplierInvoiceRepository;
  inventory: InventoryService;
  restaurants: RestaurantService;
}

export interface DuplicateView {
  id: string;
  fileName: string;
  status: SupplierInvoiceStatus;
}

export interface PriceChangeView extends PriceChange {
  dishes: DishEffect[];
}

export interface DocumentView extends SupplierInvoice {
  checks: Check[];
  duplicates: DuplicateView[];
  /** By item: ordered, received and invoiced. Empty without an order or a receipt. */
  comparison: ComparedGoods[];
  /** Items that cost another price than last time. */
  priceChanges: PriceChangeView[];
}

export class Views {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  one(call: Call, id: string): Promise<DocumentView> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const document = await repository.find(call.restaurantId, tx, id);
      if (!document) throw notFound('supplier invoice');
      return this.#view(call, tx, document);
    });
  }

  of(call: Call, document: SupplierInvoice): Promise<DocumentView> {
    return this.#deps.unitOfWork.read(call, (tx) => this.#view(call, tx, document));
  }

  async #view(call: Call, tx: Tx, document: SupplierInvoice): Promise<DocumentView> {
    const invoice = invoiceOf(document);
    return {
      ...document,
      checks: invoice ? verify(invoice) : [],
      duplicates: await this.#duplicates(call, tx, document),
      comparison: await this.#comparison(call, tx, document),
      priceChanges: await this.#priceChanges(call, tx, document),
    };
  }

  async #duplicates({ restaurantId }: Call, tx: Tx, document: SupplierInvoice): Promise<DuplicateView[]> {
    const { numberKey } = savedOf(document);
    if (numberKey === null) return [];
    const others = await this.#deps.repository.sameNumber(restaurantId, tx, numberKey);
    const own = others.find(({ id }) => id === document.id);
    return others
      .filter((one) => own && isDuplicate(own, one))
      .map(({ id, fileName, status }) => ({ id, fileName, status }));
  }

  async #comparison({ restaurantId }: Call, tx: Tx, document: SupplierInvoice): Promise<ComparedGoods[]> {
    const { purchaseOrderId, goodsReceiptId, lines, product, invoice } = document;
    const { matches } = this.#deps.repository;
    if (!invoice || product === 'credit_note' || (purchaseOrderId === null && goodsReceiptId === null)) return [];
    const ordered = purchaseOrderId === null ? [] : await matches.ordered(restaurantId, tx, purchaseOrderId);
    const received = goodsReceiptId === null ? [] : await matches.received(restaurantId, tx, goodsReceiptId);
    const { currency } = await this.#deps.restaurants.settings(tx, restaurantId);
    const terms = { product, decimals: currencyDecimals(currency), exchangeRate: document.exchangeRate };
    const invoiced = lines.flatMap((line) => postedLine(line, '', terms) ?? []);
    return compareLines(ordered, goodsReceiptId === null ? undefined : received, invoiced);
  }

  async #priceChanges(call: Call, tx: Tx, document: SupplierInvoice): Promise<PriceChangeView[]> {
    const { restaurantId } = call;
    const { repository, restaurants, inventory } = this.#deps;
    if (!document.invoice || document.product !== 'invoice') return [];
    const { currency } = await restaurants.settings(tx, restaurantId);
    const terms = {
      product: document.product,
      decimals: currencyDecimals(currency),
      exchangeRate: document.exchangeRate,
    };
    const posted = postedLines(document, terms);
    const bought = posted.filter(({ stockQuantity }) => !stockQuantity.startsWith('-'));
    const ids = [...new Set(bought.map((line) => line.inventoryItemId))];
    const last = await repository.lines.lastPrices(restaurantId, tx, ids, document.id);
    const changes = bought.flatMap((line) => {
      const before = last.find((one) => one.inventoryItemId === line.inventoryItemId);
      return before ? (priceChangeOf(line, before.unitCost ?? before.averageCost) ?? []) : [];
    });
    const rises = changes.filter(({ isRise }) => isRise);
    const effects = rises.length === 0 ? new Map() : await dishesOf(inventory, repository, restaurantId, tx, rises);
    return changes.map((change) => ({ ...change, dishes: effects.get(change.inventoryItemId) ?? [] }));
  }
}
