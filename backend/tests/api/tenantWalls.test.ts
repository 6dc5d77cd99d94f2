/**
 * No caller reaches another restaurant. The tests read /openapi.json, so a new endpoint is tested
 * automatically. One restaurant sends every id of the other one in every place that takes an id.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { systemCall } from '../../src/domain/shared/call.js';
import type { Answer, Json, TestApi, TestRestaurant } from '../support/api.js';
import { type AssistantHouse, startAssistant } from '../support/assistant.js';
import { expectProblem } from '../support/problem.js';
import { digestRows } from '../support/rows.js';
import { inlined } from '../support/description.js';
import { SchemaSampler, type SchemaPath } from '../support/sampleBody.js';

interface Operation {
  method: string;
  path: string;
  parameters: { name: string; in: string; required?: boolean; schema: Json }[];
  body: Json;
  isPublic: boolean;
}

/** One id of every table that has rows of the restaurant. */
type Ids = Record<string, string>;

/** A picture of one pixel. */
const PHOTO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('walls between restaurants over HTTP', () => {
  let api: TestApi;
  let house: AssistantHouse;
  let sampler: SchemaSampler;
  let operations: Operation[];
  let mine: TestRestaurant;
  let other: TestRestaurant;
  let myIds: Ids;
  let theirIds: Ids;

  before(async () => {
    house = await startAssistant({ documents: { ocr: false } });
    ({ api } = house);
    house.fake.behave = (asked) => {
      if (asked.messages.at(-1)!.role === 'tool') return { text: 'Please confirm.' };
      const price = { menuItemId: /soup is (\S+)/.exec(asked.messages.at(-1)!.content)?.[1], price: 1 };
      return { calls: [{ name: 'propose_set_price', arguments: price }] };
    };
    const document = inlined((await api.get('/openapi.json')).body);
    sampler = new SchemaSampler(document);
    operations = operationsOf(document);
    [mine, other] = [await api.restaurant(), await api.restaurant()];
    myIds = await furnish(mine);
    theirIds = await furnish(other);
  });
  after(() => house.close());

  /** Makes one of each thing that the document can make, and what needs a word of its own. */
  async function furnish(restaurant: TestRestaurant): Promise<Ids> {
    const { token } = restaurant;
    const group = { name: 'G', modifiers: [{ name: 'M', price: 1 }] };
    const { id: groupId } = (await api.post('/v1/modifier-groups', group, { token })).body;
    const item = await api.item(token, { variants: [{ name: 'L', price: 1 }], modifierGroupIds: [groupId] });
    await api.delete(`/v1/menu-items/${item.id}`, undefined, { token });
    const soup = await api.item(token);
    const order = await api.order(token, [{ menuItemId: soup.id, quantity: 1 }]);
    const paid = await api.post(`/v1/orders/${order.id}/payments`, { method: 'cash', amount: 100 }, { token });
    await api.post(`/v1/payments/${paid.body.id}/refunds`, { amount: 50, reason: 'cold' }, { token });
    const drawer = (await api.post('/v1/drawers', { name: 'Bar' }, { token })).body;
    const shift = (await api.post(`/v1/drawers/${drawer.id}/shifts`, { openingFloat: 100 }, { token })).body;
    const dropped = { kind: 'drop', amount: 50, reason: 'safe' };
    await api.post(`/v1/shifts/${shift.id}/movements`, dropped, { token });
    const location = (await api.post('/v1/stock-locations', { name: 'Cellar' }, { token })).body;
    const salt = { name: 'Salt', unit: 'g', openingQuantity: '5', reorderPoint: '9', locationId: location.id };
    const { id: inventoryItemId } = (await api.post('/v1/inventory-items', salt, { token })).body;
    const recipe = { menuItemId: soup.id, lines: [{ inventoryItemId, quantity: '1' }] };
    await api.post('/v1/recipes', recipe, { token });
    const supplier = (await api.post('/v1/suppliers', { name: 'Metro' }, { token })).body;
    const wanted = { supplierId: supplier.id, lines: [{ inventoryItemId, quantity: '1', unit: 'g', unitPrice: 5 }] };
    // The first one stays a draft, which can be edited.
    await api.post('/v1/purchase-orders', wanted, { token });
    const { id: purchaseOrderId } = (await api.post('/v1/purchase-orders', wanted, { token })).body;
    await api.post(`/v1/purchase-orders/${purchaseOrderId}/send`, {}, { token });
    const came = { supplierId: supplier.id, lines: [{ inventoryItemId, quantity: '1', unitPrice: 5 }] };
    const { id: goodsReceiptId } = (await api.post('/v1/goods-receipts', came, { token })).body;
    await api.post('/v1/api-keys', { name: 'Bar', kind: 'till', scopes: ['menu:read'] }, { token });
    const lines = [{ description: 'Dinner', quantity: '1', unitPrice: 900 }];
    await api.post('/v1/documents', { type: 'invoice', lines }, { token });
    await api.post('/v1/documents?issue=true', { type: 'invoice', lines }, { token });
    const { id: quotationId } = (await api.post('/v1/documents?issue=true', { type: 'boq', lines }, { token })).body;
    const { id } = (await api.post('/v1/documents?issue=true', { type: 'receipt', quotationId }, { token })).body;
    await api.post(`/v1/documents/${id}/credit?issue=true`, { reason: 'wrong name' }, { token });
    await api.post('/v1/documents', { type: 'receipt', quotationId }, { token });
    await api.post('/v1/documents', { type: 'purchase_order', purchaseOrderId }, { token });
    await api.post('/v1/documents', { type: 'goods_receipt', goodsReceiptId }, { token });
    // Here too the first one stays open.
    await api.post('/v1/stock/counts', { inventoryItemIds: [inventoryItemId] }, { token });
    const { id: pepper } = (await api.post('/v1/inventory-items', { name: 'Pepper', unit: 'g' }, { token })).body;
    const found = { lines: [{ inventoryItemId: pepper, quantity: '4' }], commit: true };
    const { id: stockCountId } = (await api.post('/v1/stock/counts', found, { token })).body;
    await api.post('/v1/documents', { type: 'stock_count', stockCountId }, { token });
    await api.post('/v1/assistant/messages', { text: `The soup is ${soup.id}` }, { token });
    await api.post('/v1/consents', { phone: '+4915112345678' }, { token });
    const reminder = { kind: 'reminder', to: '+4915112345678', text: 'Eight' };
    await api.post('/v1/messages', reminder, { token });
    const words = { kind: 'order_ready', language: 'en', body: '{number}' };
    await api.post('/v1/message-templates', words, { token });
    // The first one can be printed without an export.
    const { id: tablePoolId } = (await api.post('/v1/code-pools', { name: 'Tables', kind: 'table' }, { token })).body;
    await api.post(`/v1/code-pools/${tablePoolId}/claims`, { tables: ['1'] }, { token });
    const vouchers = { name: 'Gifts', kind: 'voucher', target: 0, whenEmpty: 'generate', value: 500 };
    const { id: voucherPoolId } = (await api.post('/v1/code-pools', vouchers, { token })).body;
    await api.post(`/v1/code-pools/${voucherPoolId}/exports`, { count: 1 }, { token });
    await api.post(`/v1/code-pools/${voucherPoolId}/claims`, {}, { token });
    const form = new FormData();
    form.set('file', new Blob(['id,at,item,price\n1,2026-01-02T12:00:00,Tea,3.00\n']), 'till.csv');
    form.set('mapping', JSON.stringify({ orderId: 'id', time: { column: 'at' }, item: 'item', unitPrice: 'price' }));
    await api.post('/v1/imports', undefined, { token, raw: form });
    const { unitOfWork, jobs } = api.context;
    await unitOfWork.run(systemCall(restaurant.id, 'test'), (tx) =>
      jobs.send(tx, 'stock.digest', { restaurantId: restaurant.id }),
    );
    const paper = new FormData();
    paper.set('files', new Blob([Buffer.from(PHOTO, 'base64')]), 'invoice.png');
    const { body: papers } = await api.post('/v1/supplier-invoices', undefined, { token, raw: paper });
    await api.context.supplierInvoices.readWaiting();
    await api.post(`/v1/supplier-invoices/${papers.data[0].id}/lines`, { description: 'Rice' }, { token });
    // A later operation may create data that an earlier one needs. A second round finds it.
    for (let round = 0; round < 2; round += 1) {
      const ids = await idsOf(restaurant);
      for (const { method, path, body, isPublic } of operations)
        if (method === 'POST' && !isPublic && body && !path.includes('{'))
          await api.post(path, sampler.sample(body, { idAt: (at) => ownId(ids, at) }), { token });
      // Makes deliveries for the webhook endpoint of the first round.
      await api.context.events.relay();
    }
    return idsOf(restaurant);
  }

  function idsOf({ id, userId }: TestRestaurant): Promise<Ids> {
    return withClient(api.database.ownerUrl, async (owner) => {
      const { rows: tables } = await owner.query<{ name: string; live: string }>(`
        select c.table_name as name,
          case when bool_or(c.column_name = 'deleted_at') then 'and deleted_at is null' else '' end as live
        from information_schema.columns c
        where c.table_schema = 'public'
        group by 1
        having bool_or(c.column_name = 'restaurant_id') and bool_or(c.column_name = 'id' and c.data_type = 'uuid')
        order by 1`);
      const ids: Ids = { restaurants: id, users: userId };
      for (const { name, live } of tables) {
        const found = await owner.query<{ id: string }>(
          `select id from ${name} where restaurant_id = $1 ${live} order by id limit 1`,
          [id],
        );
        if (found.rows[0]) ids[name] = found.rows[0].id;
      }
      // Devices are API keys.
      const devices = `select id from api_keys where restaurant_id = $1 and kind = 'till' order by id limit 1`;
      const device = await owner.query<{ id: string }>(devices, [id]);
      if (device.rows[0]) ids['devices'] = device.rows[0].id;
      // Jobs are in a schema of their own, and the restaurant is in their payload.
      const jobs = `select id from jobs.job where data ->> 'restaurantId' = $1 order by id limit 1`;
      const found = await owner.query<{ id: string }>(jobs, [id]);
      if (found.rows[0]) ids['jobs'] = found.rows[0].id;
      return ids;
    });
  }

  /** An id for a field name or a path part: `menuItemId` and `menu-items` both mean menu_items. */
  function ownId(ids: Ids, at: SchemaPath): string {
    const field = at.findLast((part) => part !== '*' && part !== 'id' && part !== 'ids') ?? '';
    const noun = field
      .replace(/Ids?$/, '')
      .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      .replaceAll('-', '_');
    const names = [noun, `${noun}s`, `${noun}es`, noun.replace(/y$/, 'ies')];
    const table =
      names.find((name) => ids[name]) ?? Object.keys(ids).find((one) => names.some((name) => one.endsWith(`_${name}`)));
    return (table && ids[table]) ?? randomUUID();
  }

  function fill(operation: Operation, values: Record<string, string>): string {
    const parts = operation.path.split('/');
    return parts
      .map((part, index) => {
        // A file has an ending behind the id: `{id}.pdf`.
        const [, name, ending = ''] = /^\{(\w+)\}(\.\w+)?$/.exec(part) ?? [];
        if (name === undefined) return part;
        const schema = operation.parameters.find((one) => one.name === name)?.schema;
        if (schema?.format !== 'uuid') return sampler.sample(schema, { idAt: () => randomUUID() }, [name]) + ending;
        return (values[name] ?? ownId(myIds, [parts[index - 1] ?? ''])) + ending;
      })
      .join('/');
  }

  /** `name=value` of what a query must hold. */
  const requiredQuery = (operation: Operation) =>
    operation.parameters
      .filter((one) => one.in === 'query' && one.required)
      .map((one) => `${one.name}=${sampler.sample(one.schema, { idAt: () => randomUUID() }, [one.name])}`);

  const idParametersOf = (operation: Operation) =>
    operation.parameters.filter((one) => one.in === 'path' && one.schema.format === 'uuid').map((one) => one.name);

  async function send({ method, parameters }: Operation, path: string, body?: Json): Promise<Answer> {
    const { token } = mine;
    const isWholeEdit = parameters.some((one) => one.name === 'If-Match' && one.required);
    if (!isWholeEdit) return api.request(method, path, body, { token });
    // A missing record has no version.
    const { version = 1 } = (await api.get(path, { token })).body;
    return api.request(method, path, body, { token, headers: { 'if-match': `"${version}"` } });
  }

  /** Holds the answer to a foreign id to 404, and to the very answer that an id of nothing gets. */
  async function expectWall(
    what: string,
    attempt: (id: string) => Promise<Answer>,
    foreign: Iterable<string>,
  ): Promise<void> {
    const refusal = (answer: Answer) => ({ ...expectProblem(404, answer, what), requestId: '' });
    const unknown = refusal(await attempt(randomUUID()));
    const answers = await Promise.all([...foreign].map(attempt));
    for (const answer of answers) assert.deepEqual(refusal(answer), unknown, what);
  }

  async function changesNothing(work: () => Promise<void>): Promise<void> {
    const stored = await digestRows(api.database.ownerUrl, other.id);
    await work();
    assert.deepEqual(await digestRows(api.database.ownerUrl, other.id), stored);
  }

  test('both restaurants own one of everything that a path can name', () => {
    for (const operation of operations) {
      const parts = operation.path.split('/');
      for (const name of idParametersOf(operation)) {
        const noun = [parts[parts.findIndex((part) => part.startsWith(`{${name}}`)) - 1] ?? ''];
        for (const ids of [myIds, theirIds]) {
          const known = Object.values(ids).includes(ownId(ids, noun));
          assert.ok(known, `nothing was made for ${operation.path}: make one in furnish()`);
        }
      }
    }
    assert.ok(Object.keys(theirIds).length > 12, Object.keys(theirIds).join(' '));
  });

  test('an id of another restaurant in a path is an unknown id, for every endpoint and every kind of thing', () =>
    changesNothing(async () => {
      let tried = 0;
      for (const operation of operations) {
        const body = operation.body && sampler.sample(operation.body, { idAt: (at) => ownId(myIds, at) });
        const names = idParametersOf(operation);
        for (const name of names) {
          const attempt = (id: string) => send(operation, fill(operation, { [name]: id }), body);
          await expectWall(`${operation.method} ${operation.path} by ${name}`, attempt, Object.values(theirIds));
          tried += 1;
        }
        // All at once: their order and its line.
        if (names.length > 1) {
          const parts = operation.path.split('/');
          const theirs = names.map((name) => [
            name,
            ownId(theirIds, [parts[parts.findIndex((part) => part.startsWith(`{${name}}`)) - 1] ?? '']),
          ]);
          expectProblem(404, await send(operation, fill(operation, Object.fromEntries(theirs)), body), operation.path);
        }
      }
      assert.ok(tried >= 30, `only ${tried} parameters were tried`);
    }));

  test('an id of another restaurant in a body is an unknown id, for every endpoint and every field', () =>
    changesNothing(async () => {
      let tried = 0;
      for (const operation of operations) {
        if (!operation.body || operation.isPublic) continue;
        for (const include of sampler.idPaths(operation.body)) {
          const key = include.join('/');
          const attempt = (id: string) => {
            const idAt = (at: SchemaPath) => (at.join('/') === key ? id : ownId(myIds, at));
            return send(operation, fill(operation, {}), sampler.sample(operation.body, { include, idAt }));
          };
          await expectWall(`${operation.method} ${operation.path} with ${key}`, attempt, Object.values(theirIds));
          tried += 1;
        }
      }
      assert.ok(tried >= 10, `only ${tried} fields were tried`);
    }));

  test('an id of another restaurant in a query finds nothing', () =>
    changesNothing(async () => {
      for (const operation of operations) {
        for (const { name } of operation.parameters.filter(
          (one) => one.in === 'query' && one.schema.format === 'uuid',
        )) {
          for (const id of Object.values(theirIds)) {
            const query = [...requiredQuery(operation), `${name}=${id}`].join('&');
            const answer = await send(operation, `${fill(operation, {})}?${query}`);
            if (answer.status === 200) assert.deepEqual(answer.body.data, [], `${operation.path} ${name}`);
            else expectProblem(404, answer, `${operation.path} ${name}`);
          }
        }
      }
    }));

  test('lists, reports and the menu of one restaurant hold no id of the other', async () => {
    const foreign = Object.values(theirIds);
    let read = 0;
    for (const operation of operations) {
      if (operation.method !== 'GET' || operation.isPublic) continue;
      const answer = await send(operation, `${fill(operation, {})}?${requiredQuery(operation).join('&')}`);
      // Not everything that is one's own has an XML form.
      const isReadable = answer.status === 200 || (answer.status === 409 && operation.path.endsWith('.xml'));
      assert.ok(isReadable, `${operation.path}: ${answer.text}`);
      for (const id of foreign) assert.ok(!answer.text.includes(id), `${operation.path} shows ${id}`);
      read += 1;
    }
    assert.ok(read >= 15, `only ${read} endpoints were read`);
  });

  test('a login of one restaurant opens no other one', async () => {
    const login = { email: mine.email, password: mine.password, restaurantId: other.id };
    expectProblem(401, await api.post('/v1/auth/login', login));
  });
});

function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content['application/json']?.schema,
      isPublic: operation.security?.length === 0,
    })),
  );
}
