import type { Call } from '../../domain/shared/call.js';
import { invalid } from '../../domain/shared/errors.js';
import type { PostedLine } from '../../domain/stock/stockTaking.js';
import type { StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { Posting } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { type ItemLine, type ItemLineInput, readItemLines, shortageAt } from './itemLines.js';
import type { StockPoster } from './StockPoster.js';

export interface TransferInput {
  fromLocationId: string;
  toLocationId: string;
  notes?: string | undefined;
  lines: ItemLineInput[];
}

export interface Transfer {
  id: string;
  fromLocationId: string;
  toLocationId: string;
  notes: string | null;
  /** The lines at the new location. */
  lines: PostedLine[];
  createdAt: string;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: StockTakingRepository;
  poster: StockPoster;
  clock: Clock;
}

/**
 * Moves stock between two locations: two movements for each item, which leave its total unchanged.
 */
export class Transfers {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Moves all lines or none.
   * @throws AppError not_found, invalid_request; StockShortage with each line for which the
   * location has too little.
   */
  make(call: Call, input: TransferInput): Promise<Transfer> {
    const { unitOfWork, repository, poster, clock } = this.#deps;
    const { fromLocationId, toLocationId, notes = null } = input;
    return unitOfWork.run(call, async (tx) => {
      await poster.keepLocations(call, tx, [
        { pointer: '/fromLocationId', id: fromLocationId },
        { pointer: '/toLocationId', id: toLocationId },
      ]);
      if (fromLocationId === toLocationId)
        throw invalid('/toLocationId', 'Both locations are the same. Choose another location.');
      const items = await readItemLines(repository, call.restaurantId, tx, input.lines);
      const id = newId();
      const postings = items.flatMap((line) => postingsOf(line, input));
      const taking = items.map(({ item, quantity }, index) => {
        return { pointer: `/lines/${index}`, needs: new Map([[item.id, quantity]]) };
      });
      const posted = await poster.post(call, tx, { kind: 'transfer', id }, postings).catch(shortageAt(taking));
      const lines = posted.filter((line) => line.locationId === toLocationId);
      const transfer = { id, fromLocationId, toLocationId, notes, lines, createdAt: clock().toISOString() };
      await unitOfWork.record(tx, call, [
        { type: 'stock.transferred', subject: 'stock_transfer', subjectId: id, data: { ...transfer } },
      ]);
      return transfer;
    });
  }
}

function postingsOf({ item, quantity }: ItemLine, { fromLocationId, toLocationId, notes }: TransferInput): Posting[] {
  const posting = { inventoryItemId: item.id, kind: 'transfer', reason: notes } as const;
  return [
    { ...posting, quantity: -quantity, locationId: fromLocationId },
    { ...posting, quantity, locationId: toLocationId },
  ];
}
