import type { Call } from '../../domain/shared/call.js';
import { notFound } from '../../domain/shared/errors.js';
import type { StockMovement } from '../../domain/inventory/inventory.js';
import type { StockTakingRepository } from '../../repositories/StockTakingRepository.js';
import { newId } from '../../utils/ids.js';
import { type MovementInput, postingOf } from '../inventory/movementRules.js';
import type { Cause, InventoryService } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { StockPoster } from './StockPoster.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: StockTakingRepository;
  inventory: InventoryService;
  poster: StockPoster;
}

/** Single movements that a person enters. */
export class Adjustments {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws AppError not_found, invalid_request, each with its pointer; StockShortage, also for a
   * named location.
   */
  post(call: Call, input: MovementInput): Promise<StockMovement> {
    const { unitOfWork, repository, inventory, poster } = this.#deps;
    const { inventoryItemId, locationId } = input;
    return unitOfWork.run(call, async (tx) => {
      const item = (await repository.findItems(call.restaurantId, tx, [inventoryItemId])).get(inventoryItemId);
      if (!item || item.isDeleted) throw notFound('inventory item', '/inventoryItemId');
      if (locationId !== undefined) await poster.keepLocations(call, tx, [{ pointer: '/locationId', id: locationId }]);
      const cause: Cause = { kind: 'adjustment', id: newId() };
      await poster.post(call, tx, cause, [postingOf(item, input)]);
      const movement = await inventory.movementOf(call, tx, cause.id);
      const { id: movementId, quantity, kind, reason } = movement;
      const data = { kind, quantity, reason, movementId };
      await unitOfWork.record(tx, call, [
        { type: 'stock.moved', subject: 'inventory_item', subjectId: inventoryItemId, data },
      ]);
      return movement;
    });
  }
}
