import type { Call } from '../../domain/shared/call.js';
import type { PostedLine, WasteReason } from '../../domain/stock/stockTaking.js';
import type { StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { InventoryService, Posting } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { shortageAt } from './itemLines.js';
import type { StockPoster } from './StockPoster.js';
import { readWasteLines, sumOf, type WasteLineInput } from './wasteLines.js';

export interface WasteInput {
  reason: WasteReason;
  note?: string | undefined;
  /** The location of the stock; each item's own location if absent. */
  locationId?: string | undefined;
  lines: WasteLineInput[];
}

export interface WasteEntry {
  id: string;
  reason: WasteReason;
  note: string | null;
  locationId: string | null;
  lines: PostedLine[];
  createdAt: string;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: StockTakingRepository;
  inventory: InventoryService;
  poster: StockPoster;
  clock: Clock;
}

/** Records stock that is thrown away. */
export class Waste {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Takes all lines from stock or none.
   * @throws AppError not_found, invalid_request; StockShortage with each line that asks for too
   * much.
   */
  record(call: Call, input: WasteInput): Promise<WasteEntry> {
    const { unitOfWork, repository, inventory, poster, clock } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.run(call, async (tx) => {
      const { reason, note = null, locationId = null } = input;
      if (locationId !== null) await poster.keepLocations(call, tx, [{ pointer: '/locationId', id: locationId }]);
      const { book } = await inventory.currentRecipes(restaurantId, tx);
      const wasted = await readWasteLines({ repository, restaurantId, tx, book }, input.lines);
      const id = newId();
      const postings = [...sumOf(wasted)].map(([inventoryItemId, quantity]): Posting => {
        const text = note === null ? reason : `${reason}: ${note}`;
        return { inventoryItemId, kind: 'waste', quantity: -quantity, locationId, reason: text };
      });
      const lines = await poster.post(call, tx, { kind: 'waste', id }, postings).catch(shortageAt(wasted));
      const entry = { id, reason, note, locationId, lines, createdAt: clock().toISOString() };
      await unitOfWork.record(tx, call, [
        { type: 'stock.wasted', subject: 'stock_waste', subjectId: id, data: { ...entry } },
      ]);
      return entry;
    });
  }
}
