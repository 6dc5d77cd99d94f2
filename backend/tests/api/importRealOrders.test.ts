import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { CHIPOTLE, ImportClient } from '../support/importClient.js';
import { sharedData } from '../support/sharedData.js';

let api: TestApi;
let client: ImportClient;

before(async () => {
  api = await startApi();
  client = new ImportClient(api);
});
after(() => api.close());

describe('the orders of a real chain', () => {
  const { file, skip } = sharedData('chipotle-orders/orders.tsv');

  async function figures({ token, id }: TestRestaurant): Promise<Json> {
    const report = await client.sales(token, '2015-02-01');
    const bowl = report.data.find((row: Json) => row.label === 'Chicken Bowl');
    const totals = await client.rows(
      `select external_id, total from orders where restaurant_id = $1 and external_id in ('1', '2', '926', '1443') order by external_id`,
      [id],
    );
    const [lines] = await client.rows('select count(*)::int as lines from order_lines where restaurant_id = $1', [id]);
    return {
      orders: report.orders,
      lines: lines.lines,
      units: report.units,
      revenue: report.revenue,
      bowl: [bowl.units, bowl.revenue],
      totals: totals.map((row) => [row.external_id, row.total]),
    };
  }

  const EXPECTED = {
    orders: 1834,
    lines: 4622,
    units: 4972,
    revenue: 3_450_016,
    bowl: [761, 734_273],
    totals: [
      ['1', 1156],
      ['1443', 16_074],
      ['2', 1698],
      ['926', 20_525],
    ],
  };

  test('come to its own figures, imported twice the same', { skip }, async () => {
    const restaurant = await api.restaurant({ currency: 'USD', timezone: 'America/Chicago' });
    const content = readFileSync(file);
    const first = await client.run(restaurant.token, content, CHIPOTLE, { name: 'orders.tsv' });
    assert.deepEqual([first.faultyRows, first.menuItemsCreated, first.modifiersCreated], [0, 50, 46]);
    assert.deepEqual(await figures(restaurant), EXPECTED);
    const again = await client.run(restaurant.token, content, CHIPOTLE);
    assert.deepEqual([again.ordersCreated, again.ordersSkipped, again.menuItemsCreated], [0, 1834, 0]);
    assert.deepEqual(await figures(restaurant), EXPECTED);

    const groups = await client.list(restaurant.token, '/v1/modifier-groups');
    const modifiers = groups.flatMap((group) => group.modifiers);
    assert.equal(modifiers.length, 46);
    assert.deepEqual(
      modifiers.filter((modifier: Json) => modifier.price > 0).map((modifier: Json) => [modifier.name, modifier.price]),
      [['Guacamole', 250]],
    );
    const bowl = (await client.list(restaurant.token, '/v1/menu-items')).find((item) => item.name === 'Chicken Bowl');
    assert.equal(bowl.price, 875);
  });

  test('come to the same when their lines are shuffled', { skip }, async () => {
    const restaurant = await api.restaurant({ currency: 'USD', timezone: 'America/Chicago' });
    const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    // A fixed permutation: 2017 has no factor in common with the number of lines.
    const shuffled = lines.map((_, index) => lines[(index * 2017) % lines.length]);
    await client.run(restaurant.token, [head, ...shuffled].join('\r\n'), CHIPOTLE);
    assert.deepEqual(await figures(restaurant), EXPECTED);
  });
});
