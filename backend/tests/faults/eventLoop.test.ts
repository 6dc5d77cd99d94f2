/** No request of one restaurant blocks the event loop, and so all others, with any content. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Json } from '../support/api.js';
import { SchemaSampler } from '../support/sampleBody.js';
import { makeDataDir, removeDataDir } from '../support/serverProcess.js';
import { WatchedServer } from '../support/watchedServer.js';

const BOUND_MS = 50;
const MAX_BODY_CHARS = 990_000;

let dataDir: string;
let watched: WatchedServer;
let token: string;

before(async () => {
  dataDir = await makeDataDir();
  watched = await WatchedServer.start(dataDir);
  ({ token } = await watched.server.openRestaurant());
});
after(async () => {
  await watched.server.stop();
  await removeDataDir(dataDir);
});

async function ask(method: string, target: string, body?: unknown, mine = token): Promise<Json> {
  const reply = await watched.server.request(method, target, { token: mine, ...(body === undefined ? {} : { body }) });
  assert.ok(
    reply.status >= 200 && reply.status < 300,
    `${method} ${target}: ${JSON.stringify(reply.body).slice(0, 500)}`,
  );
  return reply.body;
}

async function sendFile(kind: string, content: string, mapping: object, mine = token): Promise<Json> {
  const body = await sendAnyFile(kind, content, mapping, mine);
  assert.equal(body.status, 'completed', JSON.stringify(body).slice(0, 500));
  return body;
}

/** @returns the import, or the problem. */
async function sendAnyFile(kind: string, content: string, mapping: object, mine: string): Promise<Json> {
  const form = new FormData();
  form.set('file', new Blob([content]), `${kind}.csv`);
  form.set('kind', kind);
  form.set('mapping', JSON.stringify(mapping));
  const response = await fetch(`${watched.server.url}/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${mine}` },
    body: form,
  });
  return await response.json();
}

/** @param what is asked, for the message. */
async function expectFree(what: string, work: () => Promise<unknown>): Promise<void> {
  const heldMs = await watched.heldBy(work, BOUND_MS);
  assert.ok(heldMs <= BOUND_MS, `${what} held the event loop for ${heldMs.toFixed(0)} ms in its best round`);
}

describe('recipes', () => {
  const mapping = {
    source: 'till',
    preparation: 'preparation',
    ingredient: 'ingredient',
    quantity: 'quantity',
    unit: 'unit',
    yieldUnit: 'unit',
    onExisting: 'replace',
  };
  const HEADINGS = 'preparation,ingredient,quantity,unit';
  let mine: string;
  before(async () => {
    mine = (await watched.server.openRestaurant()).token;
    const items = Array.from({ length: 2000 }, (_, index) => `Item ${index},g`).join('\n');
    await sendFile('inventory_items', `item,unit\n${items}`, { source: 'till', item: 'item', unit: 'unit' }, mine);
  });

  test('in a chain in which each takes what all before it take', async () => {
    const rows = Array.from({ length: 2000 }, (_, level) => {
      const own = `Step ${level},Item ${level},1,g`;
      return level === 0 ? own : `${own}\nStep ${level},Step ${level - 1},1,g`;
    });
    await expectFree('a chain', async () => {
      const { status, errors } = await sendAnyFile('recipes', `${HEADINGS}\n${rows.join('\n')}`, mapping, mine);
      assert.equal(status, 422);
      assert.match(errors[0].message, /would take more than 200 different inventory items/);
    });
  });

  test('as many as a file can hold, and one more of all of them', async () => {
    let round = 0;
    await expectFree('2,000 recipes', async () => {
      round += 1;
      const rows = Array.from(
        { length: 20_000 },
        (_, row) => `Dish ${row % 2000},Item ${(row * 7 + (row % 2000)) % 2000},${1 + (row % 90)}.${round}3,g`,
      );
      const { created, changed } = await sendFile('recipes', `${HEADINGS}\n${rows.join('\n')}`, mapping, mine);
      assert.equal(created + changed, 2000);
    });
    const { data } = await ask('GET', '/v1/recipes?limit=100', undefined, mine);
    const lines = data.slice(0, 20).map(({ id }: Json) => ({ recipeId: id, quantity: '1.7', wastePercent: '33.3' }));
    await expectFree('one recipe more', () => ask('POST', '/v1/recipes', { name: 'All', lines }, mine));
  });
});

describe('a file', () => {
  const ORDERS = {
    source: 'till',
    orderId: 'order',
    time: { column: 'time', format: 'iso' },
    item: 'item',
    unitPrice: 'price',
  };
  let round = 0;

  test('with a quote that never closes', async () => {
    const lines = 'x","y zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\n'.repeat(20_000);
    await expectFree('an open quote', () => sendFile('orders', `order,time,item,price\n"${lines}`, ORDERS));
  });

  test('of very many short lines', async () => {
    await expectFree('short lines', () =>
      sendFile('orders', `order,time,item,price\n${'a\n'.repeat(200_000)}`, ORDERS),
    );
  });

  test('of as many columns as a line has room for', async () => {
    const content = `order,time,item,price${',x'.repeat(49_000)}\n${',x'.repeat(49_000)}\n`;
    const missing = Array.from({ length: 5 }, (_, index) => `none ${index}`);
    await expectFree('columns', async () => {
      const { status, detail } = await sendAnyFile('orders', content, { ...ORDERS, orderId: missing }, token);
      assert.equal(status, 422);
      assert.match(detail, /The file has 49004 columns/);
    });
  });

  test('of many different names', async () => {
    const names = (index: number) => {
      const choice = (index * 7 + (index >= 1500 ? 500 : 0)) % 1500;
      return `r${index >> 2},2024-05-01 12:00,Dish ${index % 1500},Size ${(index % 1500) % 3},Choice ${choice},4.50`;
    };
    const content = Array.from({ length: 3000 }, (_, index) => names(index)).join('\n');
    const choices = { column: 'choices', shape: 'list', separator: '|' };
    const mapping = { ...ORDERS, variant: 'size', choices };
    await expectFree('names', async () => {
      const mine = (await watched.server.openRestaurant()).token;
      const { menuItemsCreated } = await sendFile(
        'orders',
        `order,time,item,size,choices,price\n${content}`,
        mapping,
        mine,
      );
      assert.equal(menuItemsCreated, 1500);
    });
  });

  test('of many orders', async () => {
    await expectFree('orders', () => {
      round += 1;
      const rows = Array.from(
        { length: 10_000 },
        (_, index) => `r${round}-${index >> 1},2024-05-0${1 + (index % 9)} 12:00,Item ${index % 900},4.50`,
      );
      return sendFile('orders', `order,time,item,price\n${rows.join('\n')}`, ORDERS);
    });
  });

  test('of recipes', async () => {
    const items = Array.from({ length: 200 }, (_, index) => `Ingredient ${index},g`).join('\n');
    await expectFree('items', () =>
      sendFile('inventory_items', `item,unit\n${items}`, { source: 'till', item: 'item', unit: 'unit' }),
    );
    const mapping = {
      source: 'till',
      preparation: 'preparation',
      ingredient: 'ingredient',
      quantity: 'quantity',
      unit: { fixed: 'g' },
      onExisting: 'replace',
    };
    await expectFree('recipes', () => {
      round += 1;
      const rows = Array.from(
        { length: 4000 },
        (_, index) => `Preparation ${index % 400},Ingredient ${(index >> 1) % 200},${round + index}`,
      );
      return sendFile('recipes', `preparation,ingredient,quantity\n${rows.join('\n')}`, mapping);
    });
  });
});

test('every endpoint, with the largest body that its schema and the limit of a megabyte allow', async () => {
  const document = await ask('GET', '/openapi.json');
  const sampler = new SchemaSampler(document);
  // A session would end with the endpoint that ends it, and all after it would be refused unread.
  const { scopes } = await ask('GET', '/v1/me');
  const key: string = (await ask('POST', '/v1/api-keys', { name: 'walk', scopes })).secret;
  const slow: string[] = [];
  for (const [route, operations] of Object.entries<Json>(document.paths)) {
    for (const [method, operation] of Object.entries<Json>(operations)) {
      const name = `${method.toUpperCase()} ${route}`;
      const target = route.replaceAll(/\{\w+\}/g, () => randomUUID());
      const schema = operation.requestBody?.content?.['application/json']?.schema;
      const body = schema && largestBody(sampler, schema);
      const heldMs = await watched.heldBy(
        () =>
          watched.server.request(method.toUpperCase(), target, { token: key, ...(body === undefined ? {} : { body }) }),
        BOUND_MS,
      );
      if (heldMs > BOUND_MS) slow.push(`${name}: ${heldMs.toFixed(0)} ms`);
    }
  }
  assert.deepEqual(slow, []);
});

/**
 * @returns a body with lists and texts of the maximum length, shortened evenly to the size limit of
 * all bodies.
 */
function largestBody(sampler: SchemaSampler, schema: Json): Json {
  for (let share = 1; ; share /= 2) {
    const body: Json = sampler.sample(schema, { idAt: () => randomUUID(), share });
    if (JSON.stringify(body).length < MAX_BODY_CHARS) return body;
  }
}

test('a menu of 500 dishes: bulk changes, another order, translations and files', async () => {
  const mine = (await watched.server.openRestaurant()).token;
  const category = await ask('POST', '/v1/categories', { name: 'All' }, mine);
  const ids: string[] = [];
  for (let number = 0; number < 500; number += 1) {
    const variants = Array.from({ length: 4 }, (_, size) => ({ name: `Size ${size}`, price: 500 + number + size }));
    const translations = Object.fromEntries(['fr', 'de', 'ja'].map((one) => [one, { name: `${one} ${number}` }]));
    const body = { name: `Dish ${number}`, categoryId: category['id'], price: 500, variants, translations };
    ids.push((await ask('POST', '/v1/menu-items', body, mine))['id']);
  }
  const select = { categoryIds: [category['id']] };
  let round = 0;
  await expectFree('2,000 prices', () => {
    round += 1;
    return ask('POST', '/v1/menu/bulk-changes', { select, price: { by: round } }, mine);
  });
  await expectFree('a dry run', () =>
    ask('POST', '/v1/menu/bulk-changes', { select, price: { byPercent: '3.5' }, dryRun: true }, mine),
  );
  await expectFree('another order', () => {
    ids.reverse();
    const menuItems = [{ categoryId: category['id'], menuItemIds: ids }];
    return ask('POST', '/v1/menu/order', { menuItems }, mine);
  });
  for (const language of ['', '?language=ja', '?withoutAllergens=milk']) {
    // A change before each: the menu is rendered anew.
    await expectFree(`the menu ${language}`, async () => {
      round += 1;
      await ask('POST', '/v1/menu/bulk-changes', { select: { menuItemIds: [ids[0]] }, price: { by: round } }, mine);
      await ask('GET', `/v1/menu${language}`, undefined, mine);
    });
  }
  for (const format of ['csv', 'xlsx'])
    await expectFree(format, () => watched.server.request('GET', `/v1/menu-items?format=${format}`, { token: mine }));
});

describe('a document of long lines', () => {
  const texts = {
    latin: 'Schweinebraten mit Knödeln und '.repeat(16).slice(0, 500),
    japanese: 'とんかつ定食と味噌汁、季節の野菜を添えて。'.repeat(30).slice(0, 500),
    oneWord: 'é'.repeat(500),
  };
  for (const [name, description] of Object.entries(texts)) {
    test(`in ${name}`, async () => {
      const lines = Array.from({ length: 500 }, (_, index) => ({
        description: `${index} ${description}`.slice(0, 500),
        quantity: '2',
        unitPrice: 1000,
      }));
      let document: Json;
      await expectFree(`${name}: draft`, async () => {
        document = await ask('POST', '/v1/documents', { type: 'invoice', customer: { name: 'Gast' }, lines });
      });
      await expectFree(`${name}: read`, () => ask('GET', `/v1/documents/${document.id}`));
      await expectFree(`${name}: text`, () => ask('GET', `/v1/documents/${document.id}.txt`));
      await expectFree(`${name}: pdf`, () => ask('GET', `/v1/documents/${document.id}.pdf`));
    });
  }
});
