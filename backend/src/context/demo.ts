/** Demo restaurants: made in one transaction, with their own trade wing. */
import type { DemoSettings } from '../config/env.js';
import { DemoRepository } from '../repositories/DemoRepository.js';
import type { CodePoolService } from '../services/CodePoolService.js';
import { DemoService } from '../services/DemoService.js';
import type { TradeServices } from '../services/demo/DemoTrade.js';
import type { People } from './people.js';
import type { Platform } from './platform.js';
import { createTrade } from './trade.js';

export function createDemo(
  platform: Platform,
  { auth, restaurants, auditLog }: People,
  { menu }: TradeServices,
  codePools: CodePoolService,
  settings: DemoSettings = { isOn: true, hours: 24, most: 100 },
): DemoService {
  const { unitOfWork, metrics, log, clock, cursors, cache } = platform;
  return new DemoService({
    unitOfWork,
    repository: new DemoRepository(),
    auth,
    menu,
    tradeIn: (joined, at) => createTrade(joined, at, { cursors, cache, log, restaurants, auditLog, codePools }),
    settings,
    clock,
    onOpened: () => metrics.count('demo_sessions_total', {}),
    onRemoved: (restaurantId) => {
      metrics.count('demo_restaurants_removed_total', {});
      log.info({ restaurantId }, 'expired demo restaurant removed');
    },
  });
}
