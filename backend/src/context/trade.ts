/** The trade wing: menu, orders, payments and the stock that they use. */
import { DrawerRepository } from '../repositories/DrawerRepository.js';
import { InventoryRepository } from '../repositories/InventoryRepository.js';
import { MenuRepository } from '../repositories/MenuRepository.js';
import { OrderRepository } from '../repositories/OrderRepository.js';
import { PaymentRepository } from '../repositories/PaymentRepository.js';
import type { CodePoolService } from '../services/CodePoolService.js';
import { DrawerService } from '../services/DrawerService.js';
import { InventoryService } from '../services/InventoryService.js';
import { MenuService } from '../services/MenuService.js';
import { OrderService } from '../services/OrderService.js';
import { PaymentLists } from '../services/payment/PaymentLists.js';
import { PaymentService } from '../services/PaymentService.js';
import type { UnitOfWork } from '../services/UnitOfWork.js';
import type { TradeServices } from '../services/demo/DemoTrade.js';
import type { Clock } from '../utils/clock.js';
import type { People } from './people.js';
import type { Platform } from './platform.js';

/** The services that the trade needs from other wings. */
type Shared = Pick<Platform, 'cursors' | 'cache' | 'log'> &
  Pick<People, 'restaurants' | 'auditLog'> & { codePools: CodePoolService };

/** Made once for all restaurants, and once for each new demo, inside its transaction. */
export function createTrade(
  unitOfWork: UnitOfWork,
  clock: Clock,
  shared: Shared,
): TradeServices & { paymentLists: PaymentLists } {
  const { cursors, cache, log, restaurants, auditLog, codePools } = shared;
  const inventory = new InventoryService({
    unitOfWork,
    repository: new InventoryRepository(),
    restaurants,
    cursors,
    clock,
    log,
  });
  const menu = new MenuService({
    unitOfWork,
    repository: new MenuRepository(),
    restaurants,
    inventory,
    cache,
    cursors,
    clock,
  });
  const orders = new OrderService({
    unitOfWork,
    repository: new OrderRepository(),
    menu,
    restaurants,
    inventory,
    auditLog,
    pickupCodes: codePools.pickupCodes,
    soldVouchers: codePools.soldVouchers,
    cursors,
    clock,
  });
  const drawers = new DrawerService({ unitOfWork, repository: new DrawerRepository(), restaurants, cursors, clock });
  const paymentRepository = new PaymentRepository();
  const paymentLists = new PaymentLists({ unitOfWork, repository: paymentRepository, cursors });
  const payments = new PaymentService({
    unitOfWork,
    repository: paymentRepository,
    orders,
    restaurants,
    vouchers: codePools.vouchers,
    soldVouchers: codePools.soldVouchers,
    drawers,
    clock,
  });
  return { menu, inventory, orders, payments, paymentLists, drawers };
}
