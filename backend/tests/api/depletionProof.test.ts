/**
 * A year of sales depleted by recipe, compared with a count that PostgreSQL alone makes.
 * `SERVIO_YEAR_ORDERS=20000` sets the size of the year.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { countedConsumption, ledgerConsumption } from '../support/consumption.js';
import { ImportClient } from '../support/importClient.js';
import { sharedData } from '../support/sharedData.js';
import { SALES_MAPPING, salesFile, stockRoom, YEAR } from '../support/yearOfSales.js';

const ORDERS = Number(process.env['SERVIO_YEAR_ORDERS'] ?? 1500);

describe('a year of sales', () => {
  let api: TestApi;
  let client: ImportClient;
  before(async () => {
    api = await startApi();
    client = new ImportClient(api);
  });
  after(() => api.close());

  const deplete = async (token: string, body: object) =>
    expectStatus(200, await api.post('/v1/stock/depletions', body, { token }));

  test(`of ${ORDERS} orders takes what an independent count says, item by item, once`, async (context) => {
    const { id, token } = await api.restaurant();
    const { file, lines } = salesFile(ORDERS);
    const began = performance.now();
    const imported = await client.run(token, file, SALES_MAPPING);
    const importedAt = performance.now();
    assert.deepEqual([imported.ordersCreated, imported.linesCreated, imported.ordersDepleted], [ORDERS, lines, 0]);
    await stockRoom(api, token);

    const dry = await deplete(token, { ...YEAR, dryRun: true });
    assert.deepEqual((await ledgerConsumption(api.database.ownerUrl, id)).sold, {});
    const depletingFrom = performance.now();
    const result = await deplete(token, YEAR);
    const seconds = (performance.now() - depletingFrom) / 1000;
    assert.deepEqual(
      [result.ordersDepleted + result.ordersSkipped, result.withoutRecipe, result.short],
      [ORDERS, [], []],
    );

    const counted = await countedConsumption(api.database.ownerUrl, id);
    assert.ok(Object.keys(counted).length > 50, 'nearly every ingredient must have been used');
    const { sold, wrong } = await ledgerConsumption(api.database.ownerUrl, id);
    assert.deepEqual(sold, counted);
    assert.deepEqual(wrong, []);
    for (const { consumption } of [dry, result])
      assert.deepEqual(
        Object.fromEntries(consumption.map((item: { name: string; quantity: string }) => [item.name, item.quantity])),
        counted,
      );

    const again = await deplete(token, YEAR);
    assert.deepEqual([again.ordersDepleted, again.ordersSkipped, again.consumption], [0, ORDERS, []]);
    const [ledger] = await client.rows('select count(*)::int as rows from stock_movements where restaurant_id = $1', [
      id,
    ]);
    context.diagnostic(
      `${lines} lines imported in ${((importedAt - began) / 1000).toFixed(1)} s; ${ledger.rows} movements in ${seconds.toFixed(1)} s, ${Math.round(ledger.rows / seconds)} a second`,
    );
  });

  const { file: chipotle, skip } = sharedData('chipotle-orders/orders.tsv');
  test('of a real chain takes what an independent count says', { skip }, async () => {
    const { id, token } = await api.restaurant({ currency: 'USD', timezone: 'America/Chicago' });
    const mapping = {
      source: 'chipotle',
      orderId: 'order_id',
      time: { fixed: '2015-02-01T12:00:00' },
      item: 'item_name',
      choices: { column: 'choice_description', shape: 'brackets' },
      quantity: 'quantity',
      linePrice: 'item_price',
    };
    await client.run(token, readFileSync(chipotle), mapping, { name: 'orders.tsv' });
    await stockRoom(api, token);
    const result = await deplete(token, { from: '2015-02-01', to: '2015-02-01' });
    assert.equal(result.ordersDepleted + result.ordersSkipped, 1834);
    const { sold, wrong } = await ledgerConsumption(api.database.ownerUrl, id);
    assert.deepEqual(sold, await countedConsumption(api.database.ownerUrl, id));
    assert.deepEqual(wrong, []);
  });
});
