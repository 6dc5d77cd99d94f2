/**
 * A day of a real chain, with invented recipes for its main dishes. The classes are compared with
 * figures computed from the file itself.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { MENU_CLASSES } from '../../src/domain/report/menuEngineering.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { CHIPOTLE, ImportClient } from '../support/importClient.js';
import { sharedData } from '../support/sharedData.js';

/** Grams of meat, rice and tortilla, and what a kilogram of each costs in cents. */
const COST_PER_KG = { Chicken: 800, Steak: 1400, Rice: 150, Tortilla: 300, Chips: 400 };
type Ingredient = keyof typeof COST_PER_KG;
const RECIPES: Record<string, Partial<Record<Ingredient, number>>> = {
  'Chicken Bowl': { Chicken: 120, Rice: 150 },
  'Chicken Burrito': { Chicken: 120, Rice: 150, Tortilla: 100 },
  'Steak Burrito': { Steak: 120, Rice: 150, Tortilla: 100 },
  'Steak Bowl': { Steak: 120, Rice: 150 },
  'Chips and Guacamole': { Chips: 120 },
  Chips: { Chips: 110 },
  'Chicken Crispy Tacos': { Chicken: 120, Tortilla: 60 },
  'Veggie Burrito': { Rice: 250, Tortilla: 100 },
};

describe('menu engineering of a real day', () => {
  const { file, skip } = sharedData('chipotle-orders/orders.tsv');
  let api: TestApi;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());

  /** Units and revenue in cents of each dish that has a recipe, straight from the file. */
  function soldInFile(content: string): Map<string, { units: number; revenue: number }> {
    const sold = new Map<string, { units: number; revenue: number }>();
    for (const line of content.trimEnd().split('\n').slice(1)) {
      const [, quantity = '', name = '', , price = ''] = line.split('\t');
      if (!(name in RECIPES)) continue;
      const { units, revenue } = sold.get(name) ?? { units: 0, revenue: 0 };
      const [dollars = '', cents = ''] = price.trim().slice(1).split('.');
      sold.set(name, { units: units + Number(quantity), revenue: revenue + Number(dollars + cents) });
    }
    return sold;
  }

  test('agrees with an independent computation', { skip }, async () => {
    const { token } = await api.restaurant({ currency: 'USD', timezone: 'America/Chicago' });
    const client = new ImportClient(api);
    const content = readFileSync(file, 'utf8');
    await client.run(token, content, CHIPOTLE);
    const { ingredient, recipe } = new Factories(() => ({ api, token }));
    const ids = new Map<string, string>();
    for (const [name, cost] of Object.entries(COST_PER_KG))
      ids.set(name, (await ingredient({ name, unitCost: `${cost}` })).id);
    const items = new Map((await client.list(token, '/v1/menu-items')).map((item) => [item.name, item.id]));
    for (const [name, parts] of Object.entries(RECIPES)) {
      const lines = Object.entries(parts).map(([part, grams]) => {
        return { inventoryItemId: ids.get(part), quantity: `${grams}`, unit: 'g' };
      });
      await recipe({ menuItemId: items.get(name), lines });
    }

    // Whole thousandths of a cent throughout: grams times cents a kilogram.
    const sold = [...soldInFile(content)].map(([name, { units, revenue }]) => {
      const parts = Object.entries(RECIPES[name] ?? {});
      const unitCost = parts.reduce((sum, [part, grams]) => sum + grams * COST_PER_KG[part as Ingredient], 0);
      return { name, units, margin: revenue * 1000 - unitCost * units };
    });
    assert.equal(sold.length, 8);
    const units = sold.reduce((sum, dish) => sum + dish.units, 0);
    const margin = sold.reduce((sum, dish) => sum + dish.margin, 0);
    const expected = sold.map((dish) => {
      const isPopular = dish.units * sold.length * 10 >= 7 * units;
      const isProfitable = dish.margin * units >= margin * dish.units;
      const name = isPopular ? (isProfitable ? 'star' : 'plowhorse') : isProfitable ? 'puzzle' : 'dog';
      return [dish.name, name, dish.units, Math.trunc(dish.margin / 1000)];
    });

    const path = '/v1/reports/menu-engineering?from=2015-02-01&to=2015-02-01&limit=100';
    const { data, menu } = expectStatus(200, await api.get(path, { token }));
    const classed = data.filter((row: Json) => row.class !== null);
    assert.deepEqual([menu.dishes, menu.units, data.length], [8, units, 50]);
    assert.ok(Math.abs(menu.margin - margin / 1000) <= 1);
    const byName = new Map<string, Json>(classed.map((row: Json) => [row.name, row]));
    for (const [name, expectedClass, soldUnits, totalMargin] of expected) {
      const row = byName.get(String(name)) ?? assert.fail(`${name} is missing`);
      assert.deepEqual([row.class, row.units, row.costSource], [expectedClass, soldUnits, 'recipe'], `${name}`);
      assert.ok(Math.abs(row.totalMargin - Number(totalMargin)) <= 1, `${name}: ${row.totalMargin} for ${totalMargin}`);
    }
    for (const one of MENU_CLASSES)
      assert.ok(
        classed.some((row: Json) => row.class === one),
        `no dish is a ${one}`,
      );
    assert.ok(data.slice(8).every((row: Json) => row.unclassedReason === 'no_recipe'));
  });
});
