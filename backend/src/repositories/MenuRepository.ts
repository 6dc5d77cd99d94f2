import { query, type Tx, violatedConstraint } from '../config/database.js';
import { type MenuParts, notEnoughPortions, type Tax } from '../domain/menu/menu.js';
import { BulkMenu } from './menu/BulkMenu.js';
import { CategoryTable } from './menu/CategoryTable.js';
import { ITEM_COLUMNS, MenuItemTable } from './menu/MenuItemTable.js';
import { GROUP_COLUMNS, ModifierGroupTable } from './menu/ModifierGroupTable.js';
import { PlainTable } from './plainTable.js';

/** Reads the whole live menu in one statement and one round trip, each part as JSON. */
const wholeMenu = query<MenuParts>('menu.readAll', partsOf('', ''));

/** Items of the set menus among the items of one order. */
const PARTS = `array(
       select (p.one ->> 'menuItemId')::uuid
       from menu_items s
       cross join lateral jsonb_array_elements(s.parts) p(one)
       where s.restaurant_id = $1 and s.id = any ($2::uuid[]))`;

/** The same parts, limited to the items of one order. */
const menuOfItems = query<MenuParts>(
  'menu.readItems',
  partsOf(
    `and i.id = any ($2::uuid[] || array(
       select d.deposit_item_id from menu_items d where d.restaurant_id = $1 and d.deposit_item_id is not null and d.id = any ($2::uuid[] || ${PARTS})) || ${PARTS})`,
    `and g.id in (
       select l.modifier_group_id from menu_item_modifier_groups l where l.restaurant_id = $1 and l.menu_item_id = any ($2::uuid[]))`,
  ),
);

// Ordered by id, so that two orders with the same items lock them in the same order.
const takePortions = query<{ id: string }>(
  'menu.takePortions',
  `with wanted as (
     select i.id, ($3::int[])[array_position($2::uuid[], i.id)] as quantity
     from menu_items i
     where i.restaurant_id = $1 and i.id = any ($2::uuid[]) and i.remaining is not null
     order by i.id
     for update of i
   )
   update menu_items i
   set remaining = i.remaining - w.quantity
   from wanted w
   where i.restaurant_id = $1 and i.id = w.id and i.remaining is not null
   returning i.id`,
);

// In id order, as `menu.takePortions` locks them.
const lockPortions = query<{ id: string; remaining: number }>(
  'menu.lockPortions',
  `select id, remaining
   from menu_items
   where restaurant_id = $1 and id = any ($2::uuid[]) and remaining is not null
   order by id
   for update`,
);

export class MenuRepository {
  readonly categories = new CategoryTable();
  readonly taxes = new PlainTable<Tax>({
    noun: 'tax',
    table: 'taxes',
    columns: {
      name: 'name',
      rate: { column: 'rate', read: 'trim_scale(rate)::text' },
      inclusive: 'inclusive',
      orderTypes: { column: 'order_types', write: 'text[]' },
      vatCategory: 'vat_category',
      exemptionCode: 'exemption_code',
      exemptionReason: 'exemption_reason',
    },
  });
  readonly modifierGroups = new ModifierGroupTable();
  readonly items = new MenuItemTable();
  readonly bulk = new BulkMenu();

  load(restaurantId: string, tx: Tx): Promise<MenuParts> {
    return tx.one(wholeMenu, [restaurantId]);
  }

  loadItems(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<MenuParts> {
    return tx.one(menuOfItems, [restaurantId, itemIds]);
  }

  /**
   * Subtracts portions, or adds them back if a quantity is negative. Items without a count of
   * portions do not change.
   * @returns number of items that have a count.
   * @throws AppError item_unavailable when not enough portions are left.
   */
  async takePortions(
    restaurantId: string,
    tx: Tx,
    portions: readonly { id: string; quantity: number }[],
  ): Promise<number> {
    try {
      const ids = portions.map(({ id }) => id);
      const quantities = portions.map(({ quantity }) => quantity);
      const taken = await tx.many(takePortions, [restaurantId, ids, quantities]);
      return taken.length;
    } catch (error) {
      if (violatedConstraint(error) !== 'menu_items_remaining_check') throw error;
      throw notEnoughPortions(error);
    }
  }

  /** Portions left of the items that have a count. They stay locked until the transaction ends. */
  async lockPortions(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.many(lockPortions, [restaurantId, itemIds]);
    return new Map(rows.map(({ id, remaining }) => [id, remaining]));
  }
}

function partsOf(itemFilter: string, groupFilter: string): string {
  return `select
    coalesce((
      select jsonb_agg(to_jsonb(c) order by c.position, c.id)
      from (
        select id, name, translations, position, schedules, version, created_at as "createdAt", updated_at as "updatedAt"
        from categories where restaurant_id = $1 and deleted_at is null) c), '[]') as categories,
    coalesce((
      select jsonb_agg(to_jsonb(x) order by x.position, x.id)
      from (select ${ITEM_COLUMNS} from menu_items i where i.restaurant_id = $1 and i.deleted_at is null ${itemFilter}) x), '[]') as items,
    coalesce((
      select jsonb_agg(to_jsonb(x))
      from (select ${GROUP_COLUMNS} from modifier_groups g where g.restaurant_id = $1 and g.deleted_at is null ${groupFilter}) x), '[]') as "modifierGroups",
    coalesce((
      select jsonb_agg(to_jsonb(t))
      from (
        select id, name, trim_scale(rate)::text as rate, inclusive, order_types as "orderTypes", vat_category as "vatCategory",
          exemption_code as "exemptionCode", exemption_reason as "exemptionReason", version, created_at as "createdAt", updated_at as "updatedAt"
        from taxes where restaurant_id = $1 and deleted_at is null) t), '[]') as taxes`;
}
