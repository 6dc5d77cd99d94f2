/** The menu: editing its parts, and returning it as a whole. */
import type { Tx } from '../config/database.js';
import { finished, Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { Category, MenuItem, MenuParts, ModifierGroup, Tax } from '../domain/menu/menu.js';
import type { MenuRepository } from '../repositories/MenuRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors } from '../utils/cursor.js';
import { Recent } from '../utils/recent.js';
import { buildCategory, buildMenuItem, buildModifierGroup, buildTax, withAvailability } from './menu/buildMenu.js';
import type {
  AvailabilityInput,
  CategoryInput,
  MenuItemInput,
  ModifierGroupInput,
  TaxInput,
} from './menu/menuInputs.js';
import { BulkChanges } from './menu/bulk/BulkChanges.js';
import { MenuOrder } from './menu/bulk/MenuOrder.js';
import { assertParts } from './menu/setParts.js';
import { assertVoucherItem } from './menu/voucherItems.js';
import {
  isFiltered,
  menuAt,
  type MenuQuery,
  MenuRenderings,
  type MenuSource,
  rendered,
  type RenderedMenu,
} from './menu/renderMenu.js';
import { Snapshots } from './Snapshots.js';
import { EditableResource } from './EditableResource.js';
import type { Held } from './cache/cacheTypes.js';
import { CacheKeys, CacheTags, CacheTTL } from './cache/keys.js';
import type { CacheService } from './CacheService.js';
import type { InventoryService } from './InventoryService.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

/** As many menus as the cache may have in memory. */
const MAX_HELD = 5_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MenuRepository;
  restaurants: RestaurantService;
  cursors: Cursors;
  clock: Clock;
  cache: Pick<CacheService, 'getOrSet' | 'hold' | 'invalidateTags'>;
  inventory: Pick<InventoryService, 'refreshAfter'>;
}

/** The menu for taking orders. */
export interface SellableMenu {
  /** Without portion counts. */
  parts: MenuParts;
  /**
   * Items that have a portion count. Only an edit, which raises the menu's version, gives an item a
   * count or takes it away.
   */
  counted: ReadonlySet<string>;
}

export class MenuService {
  readonly categories: EditableResource<Category, CategoryInput>;
  readonly taxes: EditableResource<Tax, TaxInput>;
  readonly modifierGroups: EditableResource<ModifierGroup, ModifierGroupInput>;
  readonly items: EditableResource<MenuItem, MenuItemInput>;
  /** Many at once. */
  readonly bulk: BulkChanges;
  readonly order: MenuOrder;
  readonly #deps: Dependencies;
  readonly #snapshots = new Snapshots<SellableMenu>();
  readonly #renderings = new MenuRenderings();
  readonly #held = new Recent<string, Held<MenuSource>>(MAX_HELD);

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const { repository } = deps;
    this.categories = new EditableResource(
      {
        noun: 'category',
        table: repository.categories,
        build: buildCategory,
        beforeRemove: async (call, tx, category) => {
          if (!(await repository.categories.hasItems(call.restaurantId, tx, category.id))) return;
          throw new AppError('in_use', 'This category still has items. Move or delete them first.');
        },
      },
      deps,
    );
    this.taxes = new EditableResource({ noun: 'tax', table: repository.taxes, build: buildTax }, deps);
    this.modifierGroups = new EditableResource(
      {
        noun: 'modifier_group',
        table: repository.modifierGroups,
        build: buildModifierGroup,
        beforeSave: (call, tx, group) => repository.modifierGroups.assertTaxes(call.restaurantId, tx, group),
      },
      deps,
    );
    this.items = new EditableResource(
      {
        noun: 'menu_item',
        table: repository.items,
        build: (input, before) => buildMenuItem(input, before, deps.clock()),
        beforeSave: async (call, tx, item, before) => {
          await repository.items.assertReferences(call.restaurantId, tx, item);
          const partIds = item.parts.map(({ menuItemId }) => menuItemId);
          if (partIds.length > 0)
            assertParts(item.parts, await repository.items.partItems(call.restaurantId, tx, partIds));
          const poolId = item.voucherPoolId;
          const pool = poolId === null ? undefined : await repository.items.voucherPool(call.restaurantId, tx, poolId);
          assertVoucherItem(item, before, pool);
          if (before?.isDeposit && !item.isDeposit) await this.#assertNoDepositOf(call, tx, item.id, '/isDeposit');
          // A change of variants can change whether a dish can be made.
          if (before && idsOf(before.variants) !== idsOf(item.variants)) deps.inventory.refreshAfter(call, tx);
        },
        beforeRemove: (call, tx, item) => this.#assertNoDepositOf(call, tx, item.id, ''),
      },
      deps,
    );
    const { categories, items, modifierGroups } = this;
    this.bulk = new BulkChanges({ ...deps, items, modifierGroups });
    this.order = new MenuOrder({ ...deps, categories, items, modifierGroups });
  }

  /** @throws AppError in_use when items carry this one as their deposit. */
  async #assertNoDepositOf(call: Call, tx: Tx, id: string, pointer: string): Promise<void> {
    if (!(await this.#deps.repository.items.isDepositUsed(call.restaurantId, tx, id))) return;
    const message = 'Other items carry this deposit. Change their "depositItemId" first.';
    throw new AppError('in_use', message, pointer === '' ? {} : { errors: [{ pointer, message }] });
  }

  /** Marks an item as sold out (86), counts its portions, or makes it available again. */
  @Track('menu.setAvailability')
  setAvailability(call: Call, id: string, input: AvailabilityInput): Promise<MenuItem> {
    return this.items.edit(call, id, 'availability_changed', (before) => withAvailability(before, input));
  }

  /**
   * The resolved menu as a rendered answer: the current one from the cache, one for another instant
   * or with a filter made on demand.
   */
  @Track('menu.resolved')
  async resolved(call: Call, at: string | undefined, query: MenuQuery): Promise<RenderedMenu> {
    const source = await this.#source(call);
    const now = this.#deps.clock();
    if (at === undefined && !isFiltered(query)) return this.#renderings.render(source, now, query);
    return rendered(menuAt(source, at === undefined ? now : new Date(at), query));
  }

  /**
   * Same as `resolved` for now, but only for a menu in memory, at once.
   * @returns undefined for all others.
   */
  recall(restaurantId: string, query: MenuQuery): RenderedMenu | undefined {
    if (isFiltered(query)) return undefined;
    const startedAt = performance.now();
    const source = this.#heldSource(restaurantId);
    if (!source) return undefined;
    const menu = this.#renderings.render(source, this.#deps.clock(), query);
    finished('menu.resolved', startedAt);
    return menu;
  }

  #heldSource(restaurantId: string): MenuSource | undefined {
    const known = this.#held.get(restaurantId)?.read();
    if (known) return known;
    const held = this.#deps.cache.hold<MenuSource>(CacheKeys.menu(restaurantId));
    const source = held?.read();
    if (held && source) this.#held.set(restaurantId, held);
    else this.#held.delete(restaurantId);
    return source;
  }

  #source(call: Pick<Call, 'restaurantId'>): Promise<MenuSource> {
    const { restaurantId } = call;
    const load = (): Promise<MenuSource> =>
      // Other callers may share this load, so it does not end when this caller leaves.
      this.#deps.unitOfWork.read({ restaurantId }, async (tx) => {
        const { currency, timezone } = await this.#deps.restaurants.settings(tx, restaurantId);
        return { restaurantId, currency, timezone, parts: await this.#deps.repository.load(restaurantId, tx) };
      });
    const tags = [CacheTags.menu(restaurantId), CacheTags.restaurant(restaurantId)];
    return this.#deps.cache.getOrSet(CacheKeys.menu(restaurantId), CacheTTL.menu, load, { tags });
  }

  /**
   * The menu for taking an order. It has no portion counts: selling checks them in the database.
   * @param menuVersion as the running transaction has read it.
   */
  async snapshot(restaurantId: string, tx: Tx, menuVersion: number): Promise<MenuParts> {
    return (await this.sellable(restaurantId, tx, menuVersion)).parts;
  }

  /** Same as `snapshot`, with the items whose portions are counted. */
  sellable(restaurantId: string, tx: Tx, menuVersion: number): Promise<SellableMenu> {
    const load = async () => sellableOf(await this.#deps.repository.load(restaurantId, tx));
    return this.#snapshots.get(restaurantId, tx, menuVersion, load);
  }

  /** The last menu that `sellable` has read, and its version. It may be old by now. */
  lastSellable(restaurantId: string): { version: number; value: SellableMenu } | undefined {
    return this.#snapshots.known(restaurantId);
  }

  /** The menu parts for these items, with the portions left, as stored in the database. */
  partsFor(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<MenuParts> {
    return this.#deps.repository.loadItems(restaurantId, tx, itemIds);
  }

  /**
   * Subtracts sold portions; negative quantities give them back.
   * @throws AppError item_unavailable when fewer are left than wanted.
   */
  async takePortions(restaurantId: string, tx: Tx, portions: ReadonlyMap<string, number>): Promise<void> {
    const moved = [...portions].filter(([, quantity]) => quantity !== 0).map(([id, quantity]) => ({ id, quantity }));
    if (moved.length === 0) return;
    const counted = await this.#deps.repository.takePortions(restaurantId, tx, moved);
    if (counted > 0) tx.afterCommit(() => this.#deps.cache.invalidateTags([CacheTags.menu(restaurantId)]));
  }

  /**
   * Portions left of counted items, which stay locked until the transaction ends: for sharing them
   * out among several orders.
   */
  async lockPortions(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<Map<string, number>> {
    return itemIds.length === 0 ? new Map() : this.#deps.repository.lockPortions(restaurantId, tx, itemIds);
  }
}

function sellableOf(parts: MenuParts): SellableMenu {
  const counted = new Set(parts.items.filter((item) => item.availability.remaining !== null).map(({ id }) => id));
  const items = parts.items.map((item) => ({ ...item, availability: { ...item.availability, remaining: null } }));
  return { parts: { ...parts, items }, counted };
}

function idsOf(parts: readonly { id: string }[]): string {
  return parts.map((part) => part.id).join(' ');
}
