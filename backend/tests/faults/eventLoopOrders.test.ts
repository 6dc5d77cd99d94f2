/**
 * The largest order there can be, with all that is done with it, holds the event loop for no other
 * restaurant.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Json } from '../support/api.js';
import { makeDataDir, removeDataDir } from '../support/serverProcess.js';
import { WatchedServer } from '../support/watchedServer.js';

const BOUND_MS = 50;
const LINES = 500;
const MODIFIERS = 10;

let dataDir: string;
let watched: WatchedServer;
let token: string;
let item: Json;
let group: Json;

before(async () => {
  dataDir = await makeDataDir();
  watched = await WatchedServer.start(dataDir);
  ({ token } = await watched.server.openRestaurant());
  const tax = await ask('POST', '/v1/taxes', { name: 'VAT', rate: '19', inclusive: true });
  const modifiers = Array.from({ length: MODIFIERS }, (_, index) => ({ name: `Extra ${index}`, price: 10 + index }));
  group = await ask('POST', '/v1/modifier-groups', { name: 'Extras', maxSelections: MODIFIERS, modifiers });
  const category = await ask('POST', '/v1/categories', { name: 'Buffet' });
  item = await ask('POST', '/v1/menu-items', {
    name: 'Plate',
    price: 500,
    categoryId: category.id,
    modifierGroupIds: [group.id],
    taxIds: [tax.id],
  });
  const stocked: Json[] = [];
  for (let index = 0; index < 100; index += 1)
    stocked.push(await ask('POST', '/v1/inventory-items', { name: `Item ${index}`, unit: 'g' }));
  const lines = stocked.map(({ id }) => ({ inventoryItemId: id, quantity: '1.234', wastePercent: '3.5' }));
  await ask('POST', '/v1/recipes', { menuItemId: item.id, lines });
});
after(async () => {
  await watched.server.stop();
  await removeDataDir(dataDir);
});

async function ask(method: string, target: string, body?: unknown, headers?: Record<string, string>): Promise<Json> {
  if (/^(PATCH|DELETE)$/.test(method) && !headers) {
    const { version } = (await watched.server.request('GET', target.replace(/\/lines.*/, ''), { token })).body;
    return ask(method, target, body, { 'if-match': `"${version}"` });
  }
  const options = { token, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) };
  const reply = await watched.server.request(method, target, options);
  const problem = () => `${method} ${target}: ${reply.status} ${JSON.stringify(reply.body)?.slice(0, 500)}`;
  assert.ok(reply.status >= 200 && reply.status < 300, problem());
  return reply.body;
}

test('an order of 500 lines with ten modifiers each, from its preview to its credit note and the reports of its day', async () => {
  const slow: string[] = [];
  const expectFree = async (what: string, work: () => Promise<unknown>) => {
    const heldMs = await watched.heldBy(work, BOUND_MS);
    if (heldMs > BOUND_MS) slow.push(`${what}: ${heldMs.toFixed(0)} ms`);
  };
  const line = {
    menuItemId: item.id,
    quantity: 1,
    modifiers: group.modifiers.map(({ id }: Json) => ({ modifierId: id })),
  };
  const body = {
    type: 'takeaway',
    lines: Array.from({ length: LINES }, (_, index) => ({
      ...line,
      discounts: [{ name: `D${index}`, amount: index + 1 }],
    })),
  };
  let order: Json;
  await expectFree('preview', () => ask('POST', '/v1/orders/preview', body));
  await expectFree('place', async () => {
    order = await ask('POST', '/v1/orders', body);
  });
  await expectFree('read', () => ask('GET', `/v1/orders/${order.id}`));
  await expectFree('history', () => ask('GET', `/v1/orders/${order.id}/history`));
  await expectFree('discount', async () => {
    const discounts = [{ name: 'Regular', percent: '10' }];
    await ask('PATCH', `/v1/orders/${order.id}`, { discounts });
  });
  let last = LINES;
  await expectFree('lower and void a line', async () => {
    last -= 1;
    await ask('DELETE', `/v1/orders/${order.id}/lines/${order.lines[last].id}`, { reason: 'Wrong' });
  });
  await expectFree('add a line', () => ask('POST', `/v1/orders/${order.id}/lines`, line));
  order = await ask('GET', `/v1/orders/${order.id}`);
  await expectFree('quotation of it', () => ask('POST', '/v1/documents', { type: 'quotation', orderId: order.id }));
  await ask('POST', `/v1/orders/${order.id}/payments`, { method: 'cash', amount: order.total });
  // One for each round: an order takes a step once.
  const others = [
    await ask('POST', '/v1/orders', body),
    await ask('POST', '/v1/orders', body),
    await ask('POST', '/v1/orders', body),
  ];
  for (const action of ['accept', 'start', 'ready', 'complete']) {
    const waiting = [...others, order];
    const step = () => ask('POST', `/v1/orders/${waiting.pop()?.id}/${action}`);
    await expectFree(action, step);
    while (waiting.length > 0) await step();
  }
  await expectFree('payments', () => ask('GET', `/v1/orders/${order.id}/payments`));
  for (const accept of ['application/json', 'text/plain', 'application/pdf'])
    await expectFree(`receipt ${accept}`, () => ask('GET', `/v1/orders/${order.id}/receipt`, undefined, { accept }));
  let document: Json;
  let credit: Json;
  await expectFree('invoice', async () => {
    document ??= await ask('POST', '/v1/documents?issue=true', {
      type: 'invoice',
      orderId: order.id,
      customer: { name: 'G' },
    });
  });
  for (const kind of ['', '.txt', '.pdf'])
    await expectFree(`invoice${kind}`, () => ask('GET', `/v1/documents/${document.id}${kind}`));
  await expectFree('credit', async () => {
    if (!credit) credit = await ask('POST', `/v1/documents/${document.id}/credit?issue=true`, { reason: 'Back' });
  });
  const date = order.businessDate;
  const range = `from=${date}&to=${date}`;
  for (const target of [
    '/v1/menu',
    `/v1/reports/sales?${range}&groupBy=item`,
    `/v1/reports/menu-engineering?${range}`,
    `/v1/reports/food-cost`,
    `/v1/reports/cost-of-goods?${range}`,
    `/v1/reports/stock-variance?${range}`,
    `/v1/menu-items/${item.id}/cost`,
    `/v1/business-days/${date}`,
    '/v1/stock/movements',
  ])
    await expectFree(target.replace(/[0-9a-f-]{36}/, '{id}'), () => ask('GET', target));
  assert.deepEqual(slow, []);
});
