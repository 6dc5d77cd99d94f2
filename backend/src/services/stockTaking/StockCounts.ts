import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { EventType } from '../../domain/shared/events.js';
import { formatQuantity } from '../../domain/number/quantity.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';
import { type CountLine, type StockCount, totalsOf, varianceOf } from '../../domain/stock/stockTaking.js';
import type { StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import type { CountedItem, CountEnd } from '../../repositories/stockTaking/CountTable.js';
import type { Clock } from '../../utils/clock.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import { newId } from '../../utils/ids.js';
import type { Posting } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { type ItemLineInput, readItemLines } from './itemLines.js';
import type { StockPoster } from './StockPoster.js';

export interface CountLineInput extends ItemLineInput {
  /** Time of the count, RFC 3339; the current time if absent. */
  countedAt?: string | undefined;
}

export interface CountInput {
  /** The location to count; all stock if absent. */
  locationId?: string | undefined;
  /** The items to count; all items in the area if absent. */
  inventoryItemIds?: string[] | undefined;
  isBlind?: boolean | undefined;
  notes?: string | undefined;
  /** Quantities that are already counted. */
  lines?: CountLineInput[] | undefined;
  /** Books the lines immediately. */
  commit?: boolean | undefined;
}

/** A count with its lines. */
export interface CountSheet extends StockCount {
  lines: CountLine[];
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: StockTakingRepository;
  poster: StockPoster;
  cursors: Cursors;
  clock: Clock;
}

/** Stock counts, from the list of items to the booking of the variances. */
export class StockCounts {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Opens a count. At each location an item is on one open count at most: two would book the same
   * variance twice.
   * @throws AppError not_found, invalid_request; in_use with the items that are already being
   * counted; also the errors of `commit`.
   */
  open(call: Call, input: CountInput): Promise<CountSheet> {
    const { unitOfWork, repository, poster, clock } = this.#deps;
    const { locationId = null, isBlind = true, notes = null, lines = [], commit = false } = input;
    if (commit && lines.length === 0) throw invalid('/lines', 'There is nothing to commit. Send the counted lines.');
    return unitOfWork.run(call, async (tx) => {
      if (locationId !== null) await poster.keepLocations(call, tx, [{ pointer: '/locationId', id: locationId }]);
      const counted = await this.#read(call.restaurantId, tx, lines, new Set());
      const itemIds = await this.#itemsOf(call.restaurantId, tx, input);
      await repository.counts.lockCounting(call.restaurantId, tx);
      const count = { ...newCount(call, clock()), locationId, isBlind, notes };
      await repository.counts.insert(call.restaurantId, tx, count);
      await this.#add(call.restaurantId, tx, count, [...itemIds, ...counted.map((line) => line.inventoryItemId)]);
      await this.#tell(call, tx, 'stock_count.opened', count.id, { locationId, isBlind, notes });
      if (counted.length > 0) await this.#record(call, tx, count.id, counted);
      if (commit) await this.#commit(call, tx, count.id);
      return this.#sheet(call.restaurantId, tx, count.id);
    });
  }

  /** Newest first. */
  list(call: Call, page: Page): Promise<PageOf<StockCount>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'stock.counts'];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.counts.list(call.restaurantId, tx, { limit: page.limit, after });
      return cursors.page(rows, page.limit, binding, (row) => row.id);
    });
  }

  get(call: Call, id: string): Promise<CountSheet> {
    return this.#deps.unitOfWork.read(call, (tx) => this.#sheet(call.restaurantId, tx, id));
  }

  /**
   * Reads the count in the given transaction.
   * @throws AppError not_found that points at the `stockCountId` of a document request.
   */
  forDocument({ restaurantId }: Call, tx: Tx, id: string): Promise<CountSheet> {
    return this.#sheet(restaurantId, tx, id, '/stockCountId');
  }

  /**
   * Records counted quantities; a new one replaces the earlier one of the same item. Several people
   * may record at the same time.
   * @throws AppError not_found, invalid_request, in_use; invalid_state once the count is closed.
   */
  record(call: Call, id: string, lines: readonly CountLineInput[]): Promise<CountSheet> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      assertOpen(await repository.counts.keepOpen(call.restaurantId, tx, id));
      const { lines: list, ...count } = await this.#sheet(call.restaurantId, tx, id);
      const listed = new Set(list.map((line) => line.inventoryItemId));
      const counted = await this.#read(call.restaurantId, tx, lines, listed);
      const added = counted.map((line) => line.inventoryItemId).filter((itemId) => !listed.has(itemId));
      if (added.length > 0) {
        await repository.counts.lockCounting(call.restaurantId, tx);
        await this.#add(call.restaurantId, tx, count, added);
      }
      await this.#record(call, tx, id, counted);
      return this.#sheet(call.restaurantId, tx, id);
    });
  }

  /**
   * Books all variances at once. Items that were not counted keep their stock.
   * @throws AppError invalid_state when the count is closed or empty; insufficient_stock with the
   * items that would fall below zero though they must not.
   */
  commit(call: Call, id: string): Promise<CountSheet> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      assertOpen(await this.#deps.repository.counts.lock(call.restaurantId, tx, id));
      await this.#commit(call, tx, id);
      return this.#sheet(call.restaurantId, tx, id);
    });
  }

  /** Closes a count and books nothing. @throws AppError invalid_state when it is closed already. */
  cancel(call: Call, id: string): Promise<CountSheet> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      assertOpen(await repository.counts.lock(call.restaurantId, tx, id));
      await this.#close(call, tx, id, { status: 'cancelled', gain: null, loss: null });
      await this.#tell(call, tx, 'stock_count.cancelled', id, {});
      return this.#sheet(call.restaurantId, tx, id);
    });
  }

  async #itemsOf(restaurantId: string, tx: Tx, input: CountInput): Promise<string[]> {
    const { repository } = this.#deps;
    const { inventoryItemIds, locationId = null, commit, lines = [] } = input;
    if (!inventoryItemIds) return commit ? [] : repository.counts.itemsOfArea(restaurantId, tx, locationId);
    const items = await repository.findItems(restaurantId, tx, inventoryItemIds);
    const missing = inventoryItemIds.findIndex((id) => items.get(id)?.isDeleted !== false);
    if (missing >= 0) throw notFound('inventory item', `/inventoryItemIds/${missing}`);
    if (inventoryItemIds.length === 0 && lines.length === 0)
      throw invalid('/inventoryItemIds', 'Send at least one item.');
    return inventoryItemIds;
  }

  /** Adds items to the list. The caller holds the lock for this. */
  async #add(
    restaurantId: string,
    tx: Tx,
    count: Pick<StockCount, 'id' | 'locationId'>,
    itemIds: readonly string[],
  ): Promise<void> {
    const { counts } = this.#deps.repository;
    const elsewhere = await counts.countedElsewhere(restaurantId, tx, count, itemIds);
    const [first] = elsewhere;
    if (first) {
      const names = elsewhere.map((item) => item.name).join(', ');
      throw new AppError(
        'in_use',
        `Another count already contains ${names}. Commit or cancel the count ${first.countId} first, or leave these items out.`,
      );
    }
    await counts.addLines(restaurantId, tx, count.id, itemIds);
  }

  /** @param listed items on the list; these may be counted even if they have been deleted since. */
  async #read(
    restaurantId: string,
    tx: Tx,
    lines: readonly CountLineInput[],
    listed: ReadonlySet<string>,
  ): Promise<CountedItem[]> {
    const { repository, clock } = this.#deps;
    // From here on these items do not move: all earlier bookings are visible, all later ones are
    // after `now`.
    await repository.lockCosts(
      restaurantId,
      tx,
      lines.map((line) => line.inventoryItemId),
    );
    const now = clock().toISOString();
    const future = lines.findIndex(({ countedAt = now }) => countedAt > now);
    if (future >= 0)
      throw invalid(
        `/lines/${future}/countedAt`,
        'This time is in the future. Send the time of the count, or leave it out.',
      );
    const read = await readItemLines(repository, restaurantId, tx, lines, (itemId) => listed.has(itemId));
    return read.map(({ item, quantity }, index) => {
      const countedAt = lines[index]?.countedAt ?? now;
      return { inventoryItemId: item.id, quantity: formatQuantity(quantity), countedAt, recordedAt: now };
    });
  }

  async #record(call: Call, tx: Tx, id: string, counted: readonly CountedItem[]): Promise<void> {
    await this.#deps.repository.counts.recordLines(call.restaurantId, tx, id, counted, actorOf(call));
    await this.#tell(call, tx, 'stock_count.recorded', id, { lines: counted });
  }

  async #commit(call: Call, tx: Tx, id: string): Promise<void> {
    const { repository, poster, clock } = this.#deps;
    const { restaurantId } = call;
    const count = await this.#must(restaurantId, tx, id);
    const listed = await repository.counts.lines(restaurantId, tx, id);
    const itemIds = listed.filter((line) => line.countedQuantity !== null).map((line) => line.inventoryItemId);
    if (itemIds.length === 0)
      throw new AppError('invalid_state', 'Nothing was counted. Count at least one item, or cancel the count.');
    await repository.lockCosts(restaurantId, tx, itemIds);
    await repository.counts.settle(restaurantId, tx, id, clock());
    const lines = await repository.counts.lines(restaurantId, tx, id);
    const postings = lines.flatMap((line) => postingOf(line, count));
    await poster.post(call, tx, { kind: 'count', id }, postings).catch(askToCountAgain);
    const totals = totalsOf(lines);
    await this.#close(call, tx, id, { status: 'committed', ...totals });
    const data = { ...totals, countedItems: itemIds.length, uncountedItems: lines.length - itemIds.length };
    await this.#tell(call, tx, 'stock_count.committed', id, data);
  }

  async #close(call: Call, tx: Tx, id: string, end: Pick<CountEnd, 'status' | 'gain' | 'loss'>): Promise<void> {
    const { repository, clock } = this.#deps;
    const closed = { id, ...end, closedBy: actorOf(call), closedAt: clock().toISOString() };
    await repository.counts.close(call.restaurantId, tx, closed);
  }

  async #sheet(restaurantId: string, tx: Tx, id: string, pointer?: string): Promise<CountSheet> {
    const count = await this.#must(restaurantId, tx, id, pointer);
    return { ...count, lines: await this.#deps.repository.counts.lines(restaurantId, tx, id) };
  }

  async #must(restaurantId: string, tx: Tx, id: string, pointer?: string): Promise<StockCount> {
    const count = await this.#deps.repository.counts.find(restaurantId, tx, id);
    if (!count) throw notFound('stock count', pointer);
    return count;
  }

  #tell(call: Call, tx: Tx, type: EventType, subjectId: string, data: Record<string, unknown>): Promise<void> {
    return this.#deps.unitOfWork.record(tx, call, [{ type, subject: 'stock_count', subjectId, data }]);
  }
}

function newCount(call: Call, now: Date) {
  return { id: newId(), createdBy: actorOf(call), createdAt: now.toISOString() };
}

function actorOf({ actor }: Call): string {
  return `${actor.kind}:${actor.id}`;
}

function assertOpen(status: string | undefined): void {
  if (status === undefined) throw notFound('stock count');
  if (status === 'open') return;
  throw new AppError('invalid_state', `This count is already ${status}. Open another one to count again.`);
}

/** The variance, booked at the counted location. A line without variance moves nothing. */
function postingOf(line: CountLine, { locationId, notes }: StockCount): Posting[] {
  const quantity = varianceOf(line) ?? 0n;
  if (quantity === 0n) return [];
  return [
    { inventoryItemId: line.inventoryItemId, kind: 'count', quantity, locationId, reason: notes ?? 'Stock count' },
  ];
}

/** Explains a shortage: more has left since the count than the count had found. */
function askToCountAgain(error: unknown): never {
  if (!(error instanceof StockShortage)) throw error;
  const names = error.items.map((item) => item.name).join(', ');
  const message = `${error.message} More has left stock since the count than was counted. Count again: ${names}.`;
  throw new AppError('insufficient_stock', message, { cause: error });
}
