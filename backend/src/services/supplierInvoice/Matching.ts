/** Finds our supplier, our items and our purchase order behind a supplier's paper. */
import type { Tx } from '../../config/database.js';
import { formatQuantity, toMicros } from '../../domain/number/quantity.js';
import { unitFactor } from '../../domain/inventory/units.js';
import { nameKey } from '../../domain/shared/names.js';
import {
  ARTICLE_SCORE,
  articleKey,
  comparedName,
  identitiesOf,
  isRebate,
  LEARNED_SCORE,
  LEAST_LIKENESS,
} from '../../domain/supplierInvoice/matching.js';
import { packOf } from '../../domain/supplierInvoice/packs.js';
import type { ReadInvoice, ReadLine } from '../../domain/supplierInvoice/readInvoice.js';
import type { LineMatch, SupplierInvoiceLine } from '../../domain/supplierInvoice/supplierInvoice.js';
import type { SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { LearnedArticle, MatchedItem } from '../../repositories/supplierInvoice/LineMatches.js';

const UNMATCHED: LineMatch = {
  isStock: true,
  inventoryItemId: null,
  packQuantity: null,
  score: null,
  matchSource: null,
};

export class Matching {
  readonly #repository: SupplierInvoiceRepository;

  constructor(repository: SupplierInvoiceRepository) {
    this.#repository = repository;
  }

  supplierOf(restaurantId: string, tx: Tx, invoice: Pick<ReadInvoice, 'supplier'>): Promise<string | null> {
    const { matches } = this.#repository;
    return matches.supplierOf(restaurantId, tx, identitiesOf(invoice), nameKey(invoice.supplier.name ?? ''));
  }

  /**
   * The order that the paper names, with the receipt of its goods if they came before the paper.
   */
  async orderOf(restaurantId: string, tx: Tx, supplierId: string | null, invoice: Pick<ReadInvoice, 'orderReference'>) {
    if (supplierId === null || invoice.orderReference === null) return undefined;
    const order = await this.#repository.matches.order(restaurantId, tx, supplierId, invoice.orderReference);
    const isOpen = order?.status === 'sent' || order?.status === 'partly_received';
    // Goods that came before their paper are in stock already: the paper must not bring them again.
    return order && (isOpen || order.goodsReceiptId !== null) ? order : undefined;
  }

  /**
   * Matches lines: as people have taught, else by the supplier's article number, else by the
   * likest name. @returns the lines in their order, with positions from 1.
   */
  async linesOf(
    restaurantId: string,
    tx: Tx,
    supplierId: string | null,
    lines: readonly ReadLine[],
  ): Promise<SupplierInvoiceLine[]> {
    const found: LineMatch[] = lines.map((line) => ({ ...UNMATCHED, isStock: !isRebate(line) }));
    if (supplierId !== null) await this.#bySupplier(restaurantId, tx, supplierId, lines, found);
    await this.#byName(restaurantId, tx, lines, found);
    return found.map((match, index) => ({
      position: index + 1,
      line: lines[index]!,
      ...match,
      itemName: null,
      itemUnit: null,
      stockQuantity: null,
      unitCost: null,
    }));
  }

  async #bySupplier(
    restaurantId: string,
    tx: Tx,
    supplierId: string,
    lines: readonly ReadLine[],
    found: LineMatch[],
  ): Promise<void> {
    const { matches } = this.#repository;
    const keys = lines.map((line) => articleKey(line));
    const known = keys.filter((key) => key !== undefined);
    const learned = new Map(
      (await matches.learned(restaurantId, tx, supplierId, known)).map((one) => [one.articleKey, one]),
    );
    const numbers = lines.flatMap(({ articleNumber }) => articleNumber ?? []);
    const sold = numbers.length === 0 ? [] : await matches.sold(restaurantId, tx, supplierId, numbers);
    const items = await this.#items(
      restaurantId,
      tx,
      sold.map((one) => one.inventoryItemId),
    );
    lines.forEach((line, index) => {
      const taught = learned.get(keys[index] ?? '');
      const article = sold.find((one) => one.articleNumber === line.articleNumber);
      const item = article && items.get(article.inventoryItemId);
      if (taught) found[index] = taughtMatch(taught);
      else if (article && item) found[index] = articleMatch(item, article.packUnit);
    });
  }

  async #byName(restaurantId: string, tx: Tx, lines: readonly ReadLine[], found: LineMatch[]): Promise<void> {
    const open = lines.flatMap((line, index) =>
      found[index]?.matchSource === null && found[index].isStock && line.description !== ''
        ? [{ position: index, name: comparedName(line) }]
        : [],
    );
    const likest = await this.#repository.matches.likeNames(restaurantId, tx, open);
    const likely = likest.filter(({ score }) => Number(score) >= LEAST_LIKENESS);
    const items = await this.#items(
      restaurantId,
      tx,
      likely.map((one) => one.inventoryItemId),
    );
    for (const { position, inventoryItemId, score } of likely) {
      const [item, line] = [items.get(inventoryItemId), lines[position]];
      if (!item || !line) continue;
      const packQuantity = packOf(item, line.unit, line.description) ?? null;
      const bounded = Number(score) > 1 ? '1' : score;
      found[position] = { isStock: true, inventoryItemId, packQuantity, score: bounded, matchSource: 'name' };
    }
  }

  async #items(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Map<string, MatchedItem>> {
    const items = await this.#repository.matches.items(restaurantId, tx, [...new Set(ids)]);
    return new Map(items.map((item) => [item.id, item]));
  }
}

function taughtMatch({ isStock, inventoryItemId, packQuantity }: LearnedArticle): LineMatch {
  return { isStock, inventoryItemId, packQuantity, score: LEARNED_SCORE, matchSource: 'learned' };
}

function articleMatch(item: MatchedItem, packUnit: string): LineMatch {
  const factor = unitFactor(item, packUnit);
  const packQuantity = factor ? formatQuantity(toMicros(factor)) : null;
  return { isStock: true, inventoryItemId: item.id, packQuantity, score: ARTICLE_SCORE, matchSource: 'article' };
}
