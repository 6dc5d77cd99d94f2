/** An invented restaurant to look at: a small bistro with taxes, variants, modifiers and a lunch menu. */
import { type Call, NO_RESTAURANT, systemCall } from '../domain/call.js';
import { AppError } from '../domain/errors.js';
import type { AuthService } from './AuthService.js';
import { DEMO_MENU } from './demo/demoMenu.js';
import type { MenuService } from './MenuService.js';

/** Printed at the start of a server with its own database, and written in the README. */
export const DEMO_LOGIN = { email: 'demo@servio.example', password: 'demo-servio-2026' };

interface Dependencies {
  auth: AuthService;
  menu: MenuService;
}

export class DemoService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Loads the demo restaurant once. Each step has an idempotency key: a start that was cut short is finished by the next
   * one, and nothing is made twice.
   */
  async seedOnce(): Promise<void> {
    const restaurantId = await this.#register();
    if (restaurantId !== undefined) await this.#fillMenu(restaurantId);
  }

  /** @returns undefined when the account is older than the idempotency keys are kept. */
  async #register(): Promise<string | undefined> {
    try {
      const { restaurant } = await this.#deps.auth.register(step(NO_RESTAURANT, 'register'), {
        ...DEMO_LOGIN,
        name: 'Demo Owner',
        restaurantName: 'Bistro Limone',
        currency: 'EUR',
        timezone: 'Europe/Berlin',
      });
      return restaurant.id;
    } catch (error) {
      if (error instanceof AppError && error.code === 'email_taken') return undefined;
      throw error;
    }
  }

  async #fillMenu(restaurantId: string): Promise<void> {
    const { menu } = this.#deps;
    const make = (key: string) => step(restaurantId, key);
    const taxIds = new Map<string, string>();
    for (const { key, ...tax } of DEMO_MENU.taxes)
      taxIds.set(key, (await menu.taxes.create(make(`tax ${key}`), tax)).id);
    const groupIds = new Map<string, string>();
    for (const { key, ...group } of DEMO_MENU.modifierGroups)
      groupIds.set(key, (await menu.modifierGroups.create(make(`group ${key}`), group)).id);
    for (const { items, ...category } of DEMO_MENU.categories) {
      const { id: categoryId } = await menu.categories.create(make(`category ${category.name}`), category);
      for (const { taxes, groups, ...item } of items) {
        await menu.items.create(make(`item ${item.name}`), {
          ...item,
          categoryId,
          taxIds: taxes.flatMap((key) => taxIds.get(key) ?? []),
          modifierGroupIds: (groups ?? []).flatMap((key) => groupIds.get(key) ?? []),
        });
      }
    }
  }
}

function step(restaurantId: string, key: string): Call {
  const idempotency = { key, route: 'demo', requestHash: 'demo', status: 201, replayed: false };
  return { ...systemCall(restaurantId, 'demo'), idempotency };
}
