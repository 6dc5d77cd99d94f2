/** The stock wing: purchases, counts and depletions of the store room. */
import { InventoryRepository } from '../repositories/InventoryRepository.js';
import { PurchasingRepository } from '../repositories/PurchasingRepository.js';
import { StockTakingRepository } from '../repositories/StockTakingRepository.js';
import { PurchasingService } from '../services/PurchasingService.js';
import { StockTakingService } from '../services/StockTakingService.js';
import type { TradeServices } from '../services/demo/DemoTrade.js';
import { Depletions } from '../services/inventory/Depletions.js';
import type { People } from './people.js';
import type { Platform } from './platform.js';

export type Stock = ReturnType<typeof createStock>;

export function createStock(
  { unitOfWork, counters, cursors, clock }: Platform,
  { restaurants }: People,
  { inventory }: TradeServices,
) {
  const depletions = new Depletions({
    unitOfWork,
    repository: new InventoryRepository(),
    inventory,
    clock,
  });
  const purchasing = new PurchasingService({
    unitOfWork,
    repository: new PurchasingRepository(counters),
    restaurants,
    inventory,
    cursors,
    clock,
  });
  const stockTaking = new StockTakingService({
    unitOfWork,
    repository: new StockTakingRepository(),
    inventory,
    cursors,
    clock,
  });
  return { depletions, purchasing, stockTaking };
}
