/**
 * openapi-typescript and openapi-fetch. Generate with
 *   openapi-typescript http://127.0.0.1:3000/openapi.json --default-non-nullable false -o servio.ts
 * Without the flag, fields with a default would be required in requests.
 */
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './servio.js';

const [baseUrl = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const servio = createClient<paths>({ baseUrl });
const email = `flow-${crypto.randomUUID()}@example.com`;
const password = 'a long enough password';

const registered = await servio.POST('/v1/auth/register', {
  body: { email, password, name: 'Mia', restaurantName: 'Flow', currency: 'EUR', timezone: 'Europe/Berlin' },
});
assert.equal(registered.response.status, 201);
const { data: session } = await servio.POST('/v1/auth/login', { body: { email, password } });
assert.ok(session);
const headers = { authorization: `Bearer ${session.accessToken}` };

const { data: category } = await servio.POST('/v1/categories', { headers, body: { name: 'Food' } });
assert.ok(category);
const { data: item } = await servio.POST('/v1/menu-items', {
  headers,
  body: { name: 'Soup', price: 650, categoryId: category.id },
});
assert.ok(item);
const { data: menu } = await servio.GET('/v1/menu', { headers });
assert.equal(menu?.categories[0]?.items[0]?.id, item.id);

const { data: order, response } = await servio.POST('/v1/orders', {
  headers,
  params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
  body: { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 2 }] },
});
assert.equal(order?.total, 1300);
const changed = await servio.PATCH('/v1/orders/{id}', {
  headers,
  params: { path: { id: order.id }, header: { 'If-Match': response.headers.get('etag') ?? '' } },
  body: { notes: 'No onions' },
});
assert.equal(changed.data?.notes, 'No onions');
const { data: list } = await servio.GET('/v1/orders', { headers, params: { query: { limit: 10, unsettled: false } } });
assert.equal(list?.data[0]?.number, order.number);
const refused = await servio.GET('/v1/orders/{id}', { headers, params: { path: { id: crypto.randomUUID() } } });
assert.equal(refused.error?.code, 'not_found');

const { data: pdf } = await servio.GET('/v1/orders/{id}/receipt', {
  headers: { ...headers, accept: 'application/pdf' },
  params: { path: { id: order.id } },
  parseAs: 'blob',
});
assert.match(await (pdf as Blob).slice(0, 5).text(), /%PDF-/);
console.log('openapi-typescript: the flow is whole');
