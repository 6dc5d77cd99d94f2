/** Past orders and the store room: what they take later, what is passed over, and what stops it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { depleteStock } from '../../src/commands/depleteStock.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { countedConsumption, ledgerConsumption } from '../support/consumption.js';
import { DEPLETE_CHILD } from '../support/depleteChild.js';
import { csv, ImportClient, PLAIN, sorted } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';

const MAY = { from: '2024-05-01', to: '2024-05-31' };

let api: TestApi;
let client: ImportClient;
let id: string;
let token: string;

before(async () => {
  api = await startApi();
  client = new ImportClient(api);
});
beforeEach(async () => {
  ({ id, token } = await api.restaurant());
});
after(() => api.close());

const { post, ingredient, recipe, quantityOf, ledgerOf } = new Factories(() => ({ api, token }));
const deplete = (body: object = MAY): Promise<Json> => post('/v1/stock/depletions', body, 200);
const keyed = async (key: string): Promise<Json> => (await client.ordersByKey(token)).get(key);

/** An ingredient, and a recipe that takes a tenth of it for each of the dish. */
async function ingredientOf(dish: string, fields: Json = {}): Promise<Json> {
  const item = await ingredient({ name: `${dish} base`, ...fields });
  const found = (await client.list(token, '/v1/menu-items')).find(({ name }) => name === dish);
  await recipe({
    menuItemId: found.id,
    lines: [{ inventoryItemId: item.id, quantity: '100', unit: 'g' }],
  });
  return item;
}

/** One soup an order, so many on each of the days. */
function soups(days: number, perDay: number): string {
  return csv(
    ...Array.from({ length: days * perDay }, (_, index) => {
      const day = String(1 + Math.floor(index / perDay)).padStart(2, '0');
      return `${index},2024-05-${day}T18:00:00,Soup,1,4`;
    }),
  );
}

describe('a depletion', () => {
  test('books each order at its own time, and later voids and reopenings give back exactly that', async () => {
    await client.run(
      token,
      csv('1,2024-05-02T18:30:00,Soup,3,4', '1,2024-05-02T18:30:00,Soup,1,4', '2,2024-06-01,Soup,1,4'),
    );
    const base = await ingredientOf('Soup', { openingQuantity: '10', unitCost: '250' });
    const result = await deplete();
    assert.deepEqual([result.ordersDepleted, result.ordersSkipped], [1, 0]);
    assert.deepEqual(result.consumption, [
      { inventoryItemId: base.id, name: 'Soup base', unit: 'kg', quantity: '0.4' },
    ]);
    const [opening, sale, ...none] = (await ledgerOf(base.id)).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
    const order = await keyed('1');
    assert.deepEqual(none, []);
    assert.equal(opening.kind, 'correction');
    assert.deepEqual(
      [sale.kind, sale.quantity, sale.unitCost, sale.businessDate, sale.occurredAt, sale.source],
      ['sale', '-0.4', '250', '2024-05-02', order.createdAt, { kind: 'order', id: order.id, version: order.version }],
    );

    expectStatus(200, await api.post(`/v1/orders/${order.id}/reopen`, {}, { token }));
    const [three] = order.lines;
    expectStatus(200, await api.delete(`/v1/orders/${order.id}/lines/${three.id}`, { reason: 'spilt' }, { token }));
    assert.equal(await quantityOf(base.id), '9.9');
    const again = await deplete();
    assert.deepEqual([again.ordersDepleted, again.ordersSkipped, await quantityOf(base.id)], [0, 1, '9.9']);
  });

  test('passes over cancelled orders and voided lines, and takes of a half-taken order what is missing', async () => {
    const soup = await api.item(token, { name: 'Soup' });
    const tea = await api.item(token, { name: 'Tea' });
    const base = await ingredientOf('Soup');
    const lines = [soup, tea].map(({ id: menuItemId }) => ({ menuItemId, quantity: 2 }));
    const kept = await api.order(token, lines);
    const cancelled = await api.order(token, lines);
    expectStatus(200, await api.post(`/v1/orders/${cancelled.id}/cancel`, {}, { token }));
    const voided = await api.order(token, lines);
    expectStatus(
      200,
      await api.delete(`/v1/orders/${voided.id}/lines/${voided.lines[1].id}`, { reason: 'x' }, { token }),
    );
    // Tea gets its recipe after it was sold, and takes of what the soup took already.
    const taken = { menuItemId: tea.id, lines: [{ inventoryItemId: base.id, quantity: '1', unit: 'g' }] };
    await recipe(taken);
    assert.equal(await quantityOf(base.id), '-0.4');
    const today = { from: kept.businessDate, to: kept.businessDate };
    const result = await deplete(today);
    assert.deepEqual([result.ordersDepleted, result.ordersSkipped], [1, 2]);
    assert.equal(await quantityOf(base.id), '-0.402');
    expectStatus(200, await api.post(`/v1/orders/${kept.id}/cancel`, {}, { token }));
    assert.equal(await quantityOf(base.id), '-0.2');
  });

  test('names the dishes that were sold and have no recipe', async () => {
    await client.run(
      token,
      csv('1,2024-05-02,Tea,2,2', '1,2024-05-02,Soup,1,4', '2,2024-05-03,Tea,5,2', '3,2024-05-03,Cake,1,3'),
    );
    await ingredientOf('Soup');
    const { withoutRecipe, ordersDepleted, ordersSkipped } = await deplete({ ...MAY, dryRun: true });
    assert.deepEqual(
      withoutRecipe.map(({ name, lines, units }: Json) => [name, lines, units]),
      [
        ['Tea', 2, 7],
        ['Cake', 1, 1],
      ],
    );
    assert.deepEqual([ordersDepleted, ordersSkipped], [1, 2]);
  });

  test('that would take more than there is stops before that batch, says how far it got, and goes on later', async () => {
    await client.run(token, soups(30, 10));
    const base = await ingredientOf('Soup', { policy: 'forbid', openingQuantity: '25' });
    const options = { token, headers: { 'idempotency-key': 'one-press' } };
    const rehearsal = { ...MAY, dryRun: true };
    const dry = expectStatus(200, await api.post('/v1/stock/depletions', rehearsal, options));
    assert.deepEqual(
      dry.short.map(({ name, wanted, left }: Json) => [name, wanted, left]),
      [['Soup base', '30', '25']],
    );
    const problem = expectProblem(409, await api.post('/v1/stock/depletions', MAY, { token }));
    assert.equal(problem.code, 'insufficient_stock');
    assert.match(problem.detail, /Soup base: 10 kg wanted, 5 kg left.*200 orders before them, up to 2024-05-20/);
    assert.equal(await quantityOf(base.id), '5');
    await post('/v1/stock/movements', { inventoryItemId: base.id, kind: 'receipt', quantity: '5' });
    // The dry run left the key for the real one.
    const rest = expectStatus(200, await api.post('/v1/stock/depletions', MAY, options));
    assert.deepEqual([rest.ordersDepleted, rest.ordersSkipped, await quantityOf(base.id)], [100, 200, '0']);
  });

  test('tells once a batch that an item fell below its line, and takes dishes off the menu that cannot be made', async () => {
    await client.run(token, soups(1, 20));
    const base = await ingredientOf('Soup', { policy: 'auto_86', openingQuantity: '2.05', reorderPoint: '1' });
    await deplete();
    const events = await client.rows('select type from events where restaurant_id = $1 and subject_id = $2', [
      id,
      base.id,
    ]);
    assert.deepEqual(sorted(events.map(({ type }) => type)), ['inventory_item.created', 'stock.low']);
    const menu = expectStatus(200, await api.get('/v1/menu', { token }));
    assert.doesNotMatch(JSON.stringify(menu), /"isAvailable":true/);
  });

  test('run by three at once, beside orders that are voided meanwhile, takes everything once', async () => {
    await client.run(token, soups(30, 20));
    const base = await ingredientOf('Soup');
    const orders = [...(await client.ordersByKey(token)).values()].slice(0, 12);
    for (const order of orders) expectStatus(200, await api.post(`/v1/orders/${order.id}/reopen`, {}, { token }));
    const runs = [1, 2, 3].map(() => deplete());
    const voids = orders.map((order) =>
      api.delete(`/v1/orders/${order.id}/lines/${order.lines[0].id}`, { reason: 'race' }, { token }),
    );
    const results = await Promise.all(runs);
    for (const answer of await Promise.all(voids)) expectStatus(200, answer);
    const depleted = results.reduce((sum, { ordersDepleted }) => sum + ordersDepleted, 0);
    assert.ok(depleted >= 588 && depleted <= 600, String(depleted));
    assert.equal(await quantityOf(base.id), '-58.8');
    const { sold, wrong } = await ledgerConsumption(api.database.ownerUrl, id);
    assert.deepEqual([sold, wrong], [await countedConsumption(api.database.ownerUrl, id), []]);
  });

  test('killed in the middle has taken whole batches, and the next run takes the rest', async () => {
    await client.run(token, soups(30, 40));
    const base = await ingredientOf('Soup');
    const args = [DEPLETE_CHILD, api.database.appUrl, id, '--from', MAY.from, '--to', MAY.to];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.once('data', () => child.kill('SIGKILL'));
    const [, signal] = await once(child, 'close');
    assert.equal(signal, 'SIGKILL');
    const done = -Number(await quantityOf(base.id)) * 10;
    assert.ok(done >= 200 && done < 1200 && done % 200 === 0, `${done} orders`);
    const rest = await deplete();
    assert.deepEqual([rest.ordersDepleted + done, await quantityOf(base.id)], [1200, '-120']);
  });

  test('asked for again with its Idempotency-Key answers the same', async () => {
    await client.run(token, soups(1, 3));
    await ingredientOf('Soup');
    const send = () => api.post('/v1/stock/depletions', MAY, { token, headers: { 'idempotency-key': 'once' } });
    const first = expectStatus(200, await send());
    assert.equal(first.ordersDepleted, 3);
    assert.deepEqual(expectStatus(200, await send()), first);
  });

  test('refuses days that end before they begin', async () => {
    const problem = expectProblem(
      422,
      await api.post('/v1/stock/depletions', { from: '2024-05-02', to: '2024-05-01' }, { token }),
    );
    assert.equal(problem.errors[0].pointer, '/to');
  });

  test('from the command line says what was taken, and what is wrong with its words', async () => {
    await client.run(token, csv('1,2024-05-02,Soup,1,4', '1,2024-05-02,Tea,1,4'));
    await ingredientOf('Soup');
    const run = async (...args: string[]) => {
      const written = { out: '', err: '' };
      const streams = {
        out: { write: (text: string) => (written.out += text) },
        err: { write: (text: string) => (written.err += text) },
      };
      const findRestaurant = () => Promise.resolve({ id, name: 'Test Bistro' });
      const code = await depleteStock(args, { depletions: api.context.depletions, findRestaurant }, streams);
      return { code, ...written };
    };
    const { code, out } = await run('--from', MAY.from, '--to', MAY.to);
    assert.equal(code, 0);
    assert.match(
      out,
      /1 took their ingredients, 0 skipped\n {2}taken {4}0\.1 kg Soup base\n {2}no recipe for Tea: 1 lines, 1 units/,
    );
    assert.equal((await run('--from', MAY.from)).code, 2);
    assert.equal((await run('--from', MAY.to, '--to', MAY.from)).code, 1);
  });
});

describe('an import with depleteStock', () => {
  const TAKING = { ...PLAIN, depleteStock: true };

  test('takes the ingredients of new orders as they are stored, and of none that are there already', async () => {
    await client.run(token, csv('1,2024-05-02,Soup,1,4'));
    const base = await ingredientOf('Soup');
    const file = csv('1,2024-05-02,Soup,1,4', '2,2024-05-03,Soup,2,4', '2,2024-05-03,Tea,1,4');
    for (const [depleted, without] of [
      [1, 1],
      [0, 0],
    ] as const) {
      const result = await client.run(token, file, TAKING);
      assert.deepEqual([result.ordersDepleted, result.linesWithoutRecipe], [depleted, without]);
      assert.equal(await quantityOf(base.id), '-0.2');
    }
    assert.deepEqual([(await deplete()).ordersDepleted, await quantityOf(base.id)], [1, '-0.3']);
  });

  test('and a mended file takes for a completed order what was missing, whoever took the rest', async () => {
    const broken = csv('1,2024-05-02,Soup,2,4', '1,2024-05-02,Soup,?,4');
    const mended = csv('1,2024-05-02,Soup,2,4', '1,2024-05-02,Soup,3,4');
    await client.run(token, broken);
    const base = await ingredientOf('Soup');
    await deplete();
    assert.equal(await quantityOf(base.id), '-0.2');
    const result = await client.run(token, mended);
    assert.deepEqual([result.ordersCompleted, await quantityOf(base.id)], [1, '-0.5']);
    assert.deepEqual([(await deplete()).ordersDepleted, await quantityOf(base.id)], [0, '-0.5']);
  });

  test('that asks for more than there is stores nothing of that batch, and goes on when the file is sent again', async () => {
    await client.run(token, csv('a,2024-05-01,Soup,1,4'));
    const base = await ingredientOf('Soup', { policy: 'forbid', openingQuantity: '25' });
    const file = soups(30, 10);
    const problem = expectProblem(409, await client.send(token, file, TAKING));
    assert.match(problem.detail, /Soup base: 10 kg wanted, 5 kg left.*200 orders before them are stored/);
    assert.deepEqual([(await client.ordersByKey(token)).size, await quantityOf(base.id)], [201, '5']);
    await post('/v1/stock/movements', { inventoryItemId: base.id, kind: 'receipt', quantity: '5' });
    const rest = await client.run(token, file, TAKING);
    assert.deepEqual([rest.ordersCreated, rest.ordersSkipped, await quantityOf(base.id)], [100, 200, '0']);
  });
});
