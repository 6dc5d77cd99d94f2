import type { Tx } from '../../config/database.js';
import { formatMinor } from '../../domain/number/money.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import { PRINT_LANGUAGES, type PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import { systemCall } from '../../domain/shared/call.js';
import type { MessageCause, MessageSettings, MessagingRepository } from '../../repositories/MessagingRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { InventoryService } from '../InventoryService.js';
import type { OrderService } from '../OrderService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Outbox } from './Outbox.js';

const AT_ONCE = 50;
const DIGEST_ITEMS = 20;
const PHONE = /^\+[1-9]\d{6,14}$/;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MessagingRepository;
  restaurants: RestaurantService;
  orders: Pick<OrderService, 'find'>;
  inventory: Pick<InventoryService, 'low'>;
  outbox: Outbox;
  clock: Clock;
}

/** Turns facts into messages: an order is ready, stock is low, a day is closed. */
export class Causes {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Works off the causes of a restaurant; each is removed with its message in one transaction. */
  async work(restaurantId: string): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    const call = systemCall(restaurantId, 'messages');
    const lowStock: MessageCause[] = [];
    for (let count = AT_ONCE; count === AT_ONCE; ) {
      count = await unitOfWork.step(call, async (tx) => {
        const causes = await repository.causes(
          restaurantId,
          tx,
          AT_ONCE,
          lowStock.map(({ position }) => position),
        );
        const settings = await repository.settings(restaurantId, tx);
        const written: number[] = [];
        for (const cause of causes) {
          if (cause.type === 'stock.low') lowStock.push(cause);
          else if (settings) await this.#write(restaurantId, tx, cause, settings);
          if (cause.type !== 'stock.low') written.push(cause.position);
        }
        if (written.length > 0) await repository.removeCauses(restaurantId, tx, written);
        return causes.length;
      });
    }
    if (lowStock.length > 0) await this.#digest(restaurantId, lowStock);
  }

  /** One digest a day, whatever the number of items; it lists what is low when it is written. */
  async #digest(restaurantId: string, causes: readonly MessageCause[]): Promise<void> {
    const { unitOfWork, repository, restaurants, inventory, outbox, clock } = this.#deps;
    const call = systemCall(restaurantId, 'messages');
    const { data } = await inventory.low(call, { limit: DIGEST_ITEMS });
    const items = data.map(({ name, currentQuantity, unit }) => `${name}: ${currentQuantity} ${unit}`).join('\n');
    await unitOfWork.step(call, async (tx) => {
      const { name: restaurant, timezone, businessDayCutoffHour } = await restaurants.settings(tx, restaurantId);
      const today = businessDate(clock(), timezone, businessDayCutoffHour);
      for (const to of (await repository.settings(restaurantId, tx))?.digestTo ?? [])
        await outbox.add(restaurantId, tx, {
          kind: 'low_stock_digest',
          to,
          cause: today,
          fields: { restaurant, items },
        });
      await repository.removeCauses(
        restaurantId,
        tx,
        causes.map(({ position }) => position),
      );
    });
  }

  async #write(restaurantId: string, tx: Tx, cause: MessageCause, settings: MessageSettings): Promise<void> {
    const { name: restaurant } = await this.#deps.restaurants.settings(tx, restaurantId);
    if (cause.type === 'order.status_changed') return this.#orderReady(restaurantId, tx, cause, restaurant);
    const { subjectId, data } = cause;
    const fields = {
      restaurant,
      date: text(data['date']),
      number: text(data['number']),
      hash: text(data['hash']),
      total: `${formatMinor(text(data['total']), text(data['currency']))} ${text(data['currency'])}`,
    };
    for (const to of settings.dayCloseTo)
      await this.#deps.outbox.add(restaurantId, tx, { kind: 'day_close', to, cause: subjectId, subjectId, fields });
  }

  async #orderReady(restaurantId: string, tx: Tx, { subjectId }: MessageCause, restaurant: string): Promise<void> {
    const { orders, outbox, repository } = this.#deps;
    const order = await orders.find(systemCall(restaurantId, 'messages'), tx, subjectId);
    const phone = plainPhone(order.customer?.phone);
    if (phone === undefined || order.status !== 'ready') return;
    const consent = await repository.consents.find(restaurantId, tx, phone);
    const language = PRINT_LANGUAGES.find((one) => one === consent?.language) satisfies PrintLanguage | undefined;
    await outbox.add(restaurantId, tx, {
      kind: 'order_ready',
      to: phone,
      cause: subjectId,
      subjectId,
      language,
      fields: { restaurant, number: order.number },
    });
  }
}

/** A number as Twilio takes it; undefined for one without its country. */
export function plainPhone(phone: string | null | undefined): string | undefined {
  const plain = phone?.replaceAll(/[\s()./-]/g, '').replace(/^00/, '+');
  return plain !== undefined && PHONE.test(plain) ? plain : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
