/**
 * @hey-api/openapi-ts. Generate with
 *   openapi-ts -f openapi-ts.config.mjs
 * Its functions have the names of the operations.
 */
import assert from 'node:assert/strict';
import { client } from './servio/client.gen.js';
import {
  changeOrder,
  createCategory,
  createMenuItem,
  getMenu,
  getOrder,
  getOrderReceipt,
  listOrders,
  login,
  placeOrder,
  register,
} from './servio/sdk.gen.js';

const [baseUrl = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const email = `flow-${crypto.randomUUID()}@example.com`;
const password = 'a long enough password';
client.setConfig({ baseUrl });

const registered = await register({
  body: { email, password, name: 'Mia', restaurantName: 'Flow', currency: 'EUR', timezone: 'Europe/Berlin' },
});
assert.equal(registered.response?.status, 201);
const { data: session } = await login({ body: { email, password } });
assert.ok(session);
client.setConfig({ baseUrl, auth: session.accessToken });

const { data: category } = await createCategory({ body: { name: 'Food' } });
assert.ok(category);
const { data: item } = await createMenuItem({ body: { name: 'Soup', price: 650, categoryId: category.id } });
assert.ok(item);
const { data: menu } = await getMenu();
assert.equal(menu?.categories[0]?.items[0]?.id, item.id);

const { data: order, response } = await placeOrder({
  headers: { 'Idempotency-Key': crypto.randomUUID() },
  body: { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 2 }] },
});
assert.equal(order?.total, 1300);
const changed = await changeOrder({
  path: { id: order.id },
  headers: { 'If-Match': response?.headers.get('etag') ?? '' },
  body: { notes: 'No onions' },
});
assert.equal(changed.data?.notes, 'No onions');
const { data: list } = await listOrders({ query: { limit: 10, unsettled: false } });
assert.equal(list?.data[0]?.number, order.number);
const refused = await getOrder({ path: { id: crypto.randomUUID() } });
assert.equal(refused.error?.code, 'not_found');

const { data: pdf } = await getOrderReceipt({
  path: { id: order.id },
  headers: { accept: 'application/pdf' },
  parseAs: 'blob',
});
assert.match(await (pdf as unknown as Blob).slice(0, 5).text(), /%PDF-/);
console.log('hey-api: the flow is whole');
