/**
 * A transaction that rolls back leaves nothing in memory. The version that it raised is used again
 * by the next writer, so a menu or recipe book kept under it would be a ghost: orders would cost
 * and take what nobody ever stored.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Tx, withClient } from '../../src/config/database.js';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { ImportClient } from '../support/importClient.js';

/**
 * A write to each table whose changes raise a version, in two forms, so that the one that is
 * stored differs from the one that was taken back. $1 is the restaurant.
 */
const WRITES: Record<string, readonly [string, string]> = {
  categories: both((text) => `update categories set name = '${text}' where restaurant_id = $1`),
  taxes: both((text) => `update taxes set name = '${text}' where restaurant_id = $1`),
  modifier_groups: both((text) => `update modifier_groups set name = '${text}' where restaurant_id = $1`),
  modifiers: both((text) => `update modifiers set name = '${text}' where restaurant_id = $1`),
  menu_items: both((text) => `update menu_items set name = '${text}' where restaurant_id = $1`),
  menu_item_variants: both((text) => `update menu_item_variants set name = '${text}' where restaurant_id = $1`),
  menu_item_modifier_groups: removed('menu_item_modifier_groups'),
  menu_item_taxes: removed('menu_item_taxes'),
  recipes: [recipesTaking(2), recipesTaking(3)],
  inventory_items: [
    "update inventory_items set policy = 'auto_86' where restaurant_id = $1",
    "update inventory_items set policy = 'forbid' where restaurant_id = $1",
  ],
};

function both(write: (text: string) => string): readonly [string, string] {
  return [write('ghost'), write('real')];
}

/** A recipe is written whole: its row raises the version, its lines say what it takes. */
function recipesTaking(quantity: number): string {
  return `with lines as (update recipe_lines set quantity = ${quantity} where restaurant_id = $1)
          update recipes set version = version + 1 where restaurant_id = $1`;
}

/** All rows go, and that is taken back; what is stored is another change of the same version. */
function removed(table: string): readonly [string, string] {
  const stored = `update categories set name = 'real ${table}' where restaurant_id = $1`;
  return [`delete from ${table} where restaurant_id = $1`, stored];
}

class TakenBack extends Error {}

describe('what was rolled back', () => {
  let api: TestApi;
  let house: TestRestaurant;
  before(async () => {
    api = await startApi();
    house = await api.restaurant();
  });
  after(() => api.close());

  /** The menu and the recipes that an order would be made of now. */
  async function orderedFrom(context: TestApi['context'], tx: Tx) {
    const versions = await context.restaurants.settingsWithVersions(tx, house.id);
    const menu = await context.menu.snapshot(house.id, tx, versions.menuVersion);
    const { book, watched } = await context.inventory.recipesAt(house.id, tx, versions.recipeVersion);
    const uses = book.dishes().map((dish) => book.targetsOf(dish).map((variant) => [...book.usesOf(dish, variant)]));
    return { menu, uses, watched };
  }

  async function furnish(): Promise<void> {
    const { token } = house;
    const { post, tax, ingredient, recipe } = new Factories(() => ({ api, token }));
    const vat = await tax('19', true);
    const group = await post('/v1/modifier-groups', {
      name: 'Extras',
      minSelections: 0,
      maxSelections: 1,
      modifiers: [{ name: 'Cheese', price: 100 }],
    });
    const dish = await api.item(token, {
      variants: [{ name: 'Large', price: 1200 }],
      taxIds: [vat.id],
      modifierGroupIds: [group.id],
    });
    const flour = await ingredient({ name: 'Flour', openingQuantity: '100' });
    await recipe({
      menuItemId: dish.id,
      variantId: dish.variants[0].id,
      lines: [{ inventoryItemId: flour.id, quantity: '1' }],
    });
  }

  test('is in no order that follows, whichever table was written', async () => {
    await furnish();
    const raising = await withClient(api.database.ownerUrl, (client) =>
      client.query(
        `select distinct c.relname as name
           from pg_trigger t
           join pg_class c on c.oid = t.tgrelid
           join pg_proc p on p.oid = t.tgfoid
          where p.proname in ('raise_menu_version', 'raise_recipe_version')`,
      ),
    );
    assert.deepEqual(new Set(raising.rows.map(({ name }) => name)), new Set(Object.keys(WRITES)));
    for (const [table, [ghost, real]] of Object.entries(WRITES)) {
      const write = (tx: Tx, text: string) => tx.run({ name: `test.${text}`.slice(0, 60), text }, [house.id]);
      const takenBack = api.context.database.transaction(house.id, async (tx) => {
        assert.ok((await write(tx, ghost)) > 0, table);
        await orderedFrom(api.context, tx);
        throw new TakenBack();
      });
      await assert.rejects(takenBack, TakenBack);
      await api.context.database.transaction(house.id, (tx) => write(tx, real));
      // A second instance has nothing in memory, so it shows what the database holds.
      const fresh = await startApi({ database: api.database });
      const [kept, stored] = await Promise.all(
        [api.context, fresh.context].map((context) =>
          context.database.read(house.id, (tx) => orderedFrom(context, tx)),
        ),
      );
      await fresh.close();
      assert.deepEqual(kept, stored, table);
    }
  });

  test('by a dry run takes nothing from stock: the recipe edited behind it does', async () => {
    const { token } = await api.restaurant();
    const { ingredient, ...make } = new Factories(() => ({ api, token }));
    const dish = await api.item(token, { name: 'Bread' });
    await ingredient({ name: 'Salt' });
    const flour = await ingredient({ name: 'Flour', openingQuantity: '100' });
    const lines = (quantity: string) => [{ inventoryItemId: flour.id, quantity }];
    const recipe = await make.recipe({ menuItemId: dish.id, lines: lines('0.2') });
    // One item raises the version of the recipes, the other one moves and so reads them under it.
    const file = 'name,unit,policy,place\nSalt,kg,auto_86,\nFlour,kg,,Cellar\n';
    const mapping = { item: 'name', unit: 'unit', policy: 'policy', location: 'place', onExisting: 'update' };
    const trial = await new ImportClient(api).run(token, file, mapping, { kind: 'inventory_items', dryRun: true });
    assert.equal(trial.changed, 2);
    const headers = { 'if-match': `"${recipe.version}"` };
    expectStatus(200, await api.patch(`/v1/recipes/${recipe.id}`, { lines: lines('3') }, { token, headers }));
    await api.order(token, [{ menuItemId: dish.id, quantity: 1 }]);
    const left = expectStatus(200, await api.get(`/v1/inventory-items/${flour.id}`, { token }));
    assert.equal(left.currentQuantity, '97');
  });
});
