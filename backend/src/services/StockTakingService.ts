/** Stock taking: counts, waste, transfers, preparation, and the audit of quantities. */
import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import { invalid } from '../domain/shared/errors.js';
import type { StockMovement } from '../domain/inventory/inventory.js';
import type { StockFault, StockOnHand } from '../domain/stock/stockTaking.js';
import type { StockTakingRepository } from '../repositories/StockTakingRepository.js';
import { FOREVER } from '../repositories/stockTaking/StockReading.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import type { MovementInput } from './inventory/movementRules.js';
import type { InventoryService } from './InventoryService.js';
import { Adjustments } from './stockTaking/Adjustments.js';
import { type Prep, type PrepInput, Preps } from './stockTaking/Preps.js';
import { StockCounts } from './stockTaking/StockCounts.js';
import { StockPoster } from './stockTaking/StockPoster.js';
import { type Transfer, type TransferInput, Transfers } from './stockTaking/Transfers.js';
import { Waste, type WasteEntry, type WasteInput } from './stockTaking/Waste.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: StockTakingRepository;
  inventory: InventoryService;
  cursors: Cursors;
  clock: Clock;
}

interface StockFilter {
  /** RFC 3339; now if absent. */
  asOf?: string | undefined;
  locationId?: string | undefined;
}

export class StockTakingService {
  readonly counts: StockCounts;
  readonly #deps: Dependencies;
  readonly #adjustments: Adjustments;
  readonly #waste: Waste;
  readonly #transfers: Transfers;
  readonly #preps: Preps;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const tools = { ...deps, poster: new StockPoster(deps) };
    this.counts = new StockCounts(tools);
    this.#adjustments = new Adjustments(tools);
    this.#waste = new Waste(tools);
    this.#transfers = new Transfers(tools);
    this.#preps = new Preps(tools);
  }

  /**
   * The quantity of each item at an instant, its millisecond included.
   * @throws AppError invalid_request for an instant in the future.
   */
  @Track('stockTaking.onHand')
  onHand(call: Call, { asOf, locationId }: StockFilter, page: Page): Promise<PageOf<StockOnHand>> {
    const { unitOfWork, repository, cursors, clock } = this.#deps;
    if (asOf !== undefined && Date.parse(asOf) > clock().getTime())
      throw invalid('?asOf', 'This time is in the future. Leave it out to see the current stock.');
    const binding = [call.restaurantId, 'stock', asOf, locationId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const at = { limit: page.limit, after };
      const rows = await repository.reading.onHand(call.restaurantId, tx, asOf ?? FOREVER, locationId, at);
      return cursors.page(rows, page.limit, binding, (row) => row.inventoryItemId);
    });
  }

  /** Compares all quantities with the ledger. Sales continue meanwhile. */
  @Track('stockTaking.audit')
  audit(call: Call): Promise<{ checked: number; faults: StockFault[] }> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.readReplica(call, (tx) => repository.reading.audit(call.restaurantId, tx));
  }

  /** Posts one movement by hand. @throws AppError not_found, invalid_request; StockShortage. */
  @Track('stockTaking.move')
  move(call: Call, input: MovementInput): Promise<StockMovement> {
    return this.#adjustments.post(call, input);
  }

  /** @throws AppError not_found, invalid_request; StockShortage. */
  @Track('stockTaking.waste')
  waste(call: Call, input: WasteInput): Promise<WasteEntry> {
    return this.#waste.record(call, input);
  }

  /** @throws AppError not_found, invalid_request; StockShortage. */
  @Track('stockTaking.transfer')
  transfer(call: Call, input: TransferInput): Promise<Transfer> {
    return this.#transfers.make(call, input);
  }

  /** @throws AppError not_found, invalid_request; StockShortage. */
  @Track('stockTaking.prepare')
  prepare(call: Call, input: PrepInput): Promise<Prep> {
    return this.#preps.make(call, input);
  }
}
