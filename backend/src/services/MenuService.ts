/** The menu: editing its parts, and returning it as a whole. */
import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import type { Edited } from '../domain/shared/edited.js';
import { AppError, invalid, notFound } from '../domain/shared/errors.js';
import type { WeeklyInterval } from '../domain/restaurant/localTime.js';
import {
  type Category,
  type MenuItem,
  type MenuParts,
  type Modifier,
  type ModifierGroup,
  type OrderType,
  type Tax,
} from '../domain/menu/menu.js';
import { assertTreatment } from '../domain/order/vatCategory.js';
import type { MenuRepository } from '../repositories/MenuRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import { menuAt, MenuRenderings, type MenuSource, rendered, type RenderedMenu } from './menu/renderMenu.js';
import { Snapshots } from './Snapshots.js';
import { EditableResource } from './EditableResource.js';
import { CacheKeys, CacheTags, CacheTTL } from './cache/keys.js';
import type { CacheService } from './CacheService.js';
import type { InventoryService } from './InventoryService.js';
import type { SentFields } from '../domain/shared/sentFields.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

export type CategoryInput = SentFields<Pick<Category, 'name' | 'position' | 'schedules'>>;
export type TaxInput = SentFields<Omit<Tax, keyof Edited>>;
export type ModifierGroupInput = SentFields<
  Pick<ModifierGroup, 'name' | 'minSelections' | 'maxSelections' | 'freeSelections'> & {
    modifiers: { id?: string | undefined; name: string; price: number; maxQuantity: number; isAvailable: boolean }[];
  }
>;
export type AvailabilityInput = {
  isAvailable: boolean;
  until?: string | null | undefined;
  remaining?: number | null | undefined;
};
export type MenuItemInput = SentFields<
  Pick<
    MenuItem,
    | 'name'
    | 'description'
    | 'categoryId'
    | 'price'
    | 'modifierGroupIds'
    | 'taxIds'
    | 'allergens'
    | 'station'
    | 'position'
    | 'isAvailable'
  > & {
    schedules: WeeklyInterval[];
    variants: { id?: string | undefined; name: string; price: number }[];
    availability: Omit<AvailabilityInput, 'isAvailable'>;
  }
>;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MenuRepository;
  restaurants: RestaurantService;
  cursors: Cursors;
  clock: Clock;
  cache: Pick<CacheService, 'getOrSet' | 'invalidateTags'>;
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
  readonly #deps: Dependencies;
  readonly #snapshots = new Snapshots<SellableMenu>();
  readonly #renderings = new MenuRenderings();

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
      { noun: 'modifier_group', table: repository.modifierGroups, build: buildModifierGroup },
      deps,
    );
    this.items = new EditableResource(
      {
        noun: 'menu_item',
        table: repository.items,
        build: (input, before) => buildMenuItem(input, before, deps.clock()),
        beforeSave: async (call, tx, item, before) => {
          await repository.items.assertReferences(call.restaurantId, tx, item);
          // A change of variants can change whether a dish can be made.
          if (before && idsOf(before.variants) !== idsOf(item.variants)) deps.inventory.refreshAfter(call, tx);
        },
      },
      deps,
    );
  }

  /** Marks an item as sold out (86), counts its portions, or makes it available again. */
  @Track('menu.setAvailability')
  setAvailability(call: Call, id: string, input: AvailabilityInput): Promise<MenuItem> {
    return this.items.edit(call, id, 'availability_changed', (before) => ({
      ...before,
      isAvailable: input.isAvailable,
      availability: {
        until: input.isAvailable ? null : instantOf(input.until),
        remaining: input.remaining === undefined ? keptCount(before, input.isAvailable) : input.remaining,
      },
    }));
  }

  /**
   * The resolved menu as a rendered answer: the current one from the cache, one for another instant
   * made on demand.
   * @param orderType selects the taxes that apply to it.
   */
  @Track('menu.resolved')
  async resolved(call: Call, at: string | undefined, orderType: OrderType | undefined): Promise<RenderedMenu> {
    const source = await this.#source(call);
    if (at === undefined) return this.#renderings.render(source, this.#deps.clock(), orderType);
    return rendered(menuAt(source, new Date(at), orderType));
  }

  #source(call: Pick<Call, 'restaurantId'>): Promise<MenuSource> {
    const { restaurantId } = call;
    const load = (): Promise<MenuSource> =>
      // Other callers may share this load, so it does not end when this caller leaves.
      this.#deps.unitOfWork.read({ restaurantId }, async (tx) => {
        const { currency, timezone } = await this.#deps.restaurants.settings(tx, restaurantId);
        return { currency, timezone, parts: await this.#deps.repository.load(restaurantId, tx) };
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

function buildCategory(input: CategoryInput, before: Category | undefined) {
  return {
    name: input.name ?? before?.name ?? '',
    position: input.position ?? before?.position ?? 0,
    schedules: input.schedules ?? before?.schedules ?? [],
  };
}

function buildTax(input: TaxInput, before: Tax | undefined) {
  const { vatCategory, exemptionCode, exemptionReason } = input;
  const tax = {
    name: input.name ?? before?.name ?? '',
    rate: input.rate ?? before?.rate ?? '0',
    inclusive: input.inclusive ?? before?.inclusive ?? false,
    orderTypes: input.orderTypes ?? before?.orderTypes ?? [],
    vatCategory: vatCategory === undefined ? (before?.vatCategory ?? null) : vatCategory,
    exemptionCode: exemptionCode === undefined ? (before?.exemptionCode ?? null) : exemptionCode,
    exemptionReason: exemptionReason === undefined ? (before?.exemptionReason ?? null) : exemptionReason,
  };
  assertTreatment(tax);
  return tax;
}

function buildModifierGroup(input: ModifierGroupInput, before: ModifierGroup | undefined) {
  const modifiers: Modifier[] = input.modifiers
    ? withIds(input.modifiers, before?.modifiers ?? [], 'modifier of this group', '/modifiers')
    : (before?.modifiers ?? []);
  const group = {
    name: input.name ?? before?.name ?? '',
    minSelections: input.minSelections ?? before?.minSelections ?? 0,
    maxSelections: input.maxSelections ?? before?.maxSelections ?? 1,
    freeSelections: input.freeSelections ?? before?.freeSelections ?? 0,
    modifiers,
  };
  if (group.maxSelections < group.minSelections) throw invalid('/maxSelections', 'Must be at least minSelections.');
  return group;
}

function buildMenuItem(input: MenuItemInput, before: MenuItem | undefined, now: Date) {
  const variants = input.variants
    ? withIds(input.variants, before?.variants ?? [], 'variant of this item', '/variants')
    : (before?.variants ?? []);
  return {
    name: input.name ?? before?.name ?? '',
    description: input.description === undefined ? (before?.description ?? null) : input.description,
    categoryId: input.categoryId ?? before?.categoryId ?? '',
    price: input.price ?? before?.price ?? 0,
    variants,
    modifierGroupIds: [...new Set(input.modifierGroupIds ?? before?.modifierGroupIds ?? [])],
    taxIds: [...new Set(input.taxIds ?? before?.taxIds ?? [])],
    allergens: [...new Set(input.allergens ?? before?.allergens ?? [])],
    station: input.station === undefined ? (before?.station ?? null) : input.station,
    position: input.position ?? before?.position ?? 0,
    schedules: input.schedules ?? before?.schedules ?? [],
    ...availabilityOf(input, before, now),
    isOutOfStock: before?.isOutOfStock ?? false,
  };
}

/**
 * An `until` is dropped when it has passed, or when the item is available. It must not affect the
 * next time that the item is marked as sold out.
 */
function availabilityOf(input: MenuItemInput, before: MenuItem | undefined, now: Date) {
  const isAvailable = input.isAvailable ?? before?.isAvailable ?? true;
  const { until = before?.availability.until ?? null, remaining = before?.availability.remaining ?? null } =
    input.availability ?? {};
  const isOver = until !== null && input.availability?.until === undefined && new Date(until) <= now;
  const isStale = isAvailable || (isOver && input.isAvailable === false);
  return { isAvailable, availability: { until: isStale ? null : instantOf(until), remaining } };
}

/**
 * A count is kept when the request does not mention it. Making a sold-out item available again
 * stops its count.
 */
function keptCount(before: MenuItem, isAvailable: boolean): number | null {
  const { remaining } = before.availability;
  return isAvailable && remaining === 0 ? null : remaining;
}

/** One format for an instant, with milliseconds, whatever the caller sent. */
function instantOf(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : new Date(text).toISOString();
}

/**
 * The new parts of a thing: an existing part keeps its id, a new one gets an id here.
 * @throws AppError not_found for an id that is not of this thing's parts; invalid_request for an id
 *   given twice.
 */
function withIds<T extends { id?: string | undefined }>(
  sent: readonly T[],
  before: readonly { id: string }[],
  what: string,
  pointer: string,
): (T & { id: string })[] {
  const known = new Set(before.map((part) => part.id));
  const seen = new Set<string>();
  return sent.map((part, index) => {
    const id = part.id ?? newId();
    if (part.id !== undefined && !known.has(id)) throw notFound(what, `${pointer}/${index}/id`);
    if (seen.has(id)) throw invalid(`${pointer}/${index}/id`, 'This id is given twice. Give each id once.');
    seen.add(id);
    return { ...part, id };
  });
}
