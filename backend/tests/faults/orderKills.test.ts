/**
 * Two instances take orders of one restaurant in groups and are killed again and again, in the
 * middle of whatever they do. Every acknowledged order is stored once, numbers have no gap, a key
 * answers the same, portions and stock are exact. `ORDER_KILLS=50` is the long version.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { TEST_SECRET } from '../support/database.js';
import { rowsOf } from '../support/codes.js';
import { makeDataDir, removeDataDir, type Reply, ServerProcess } from '../support/serverProcess.js';

const KILLS = Number(process.env['ORDER_KILLS'] ?? 3);
const TILLS = 16;
/** Orders of a round. In its midst, an instance is killed. */
const BURST = 90;
const PORTIONS = 25;
const STEAKS = 25;
/** A till that gets no answer for so long is broken, however busy the machine. */
const PATIENCE_MS = 90_000;
const SOLD_OUT = ['item_unavailable', 'insufficient_stock'];

describe(`orders in groups of two instances that are killed ${KILLS} times`, () => {
  let api: TestApi;
  let token: string;
  let restaurantId: string;
  let dataDir: string;
  let servers: ServerProcess[] = [];
  before(async () => {
    dataDir = await makeDataDir();
    api = await startApi();
    ({ token, id: restaurantId } = await api.restaurant());
    servers = await Promise.all([start(), start()]);
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop(['SIGKILL'])));
    await api.close();
    await removeDataDir(dataDir);
  });

  const start = (): Promise<ServerProcess> =>
    ServerProcess.start(dataDir, {
      DATABASE_URL: api.database.ownerUrl,
      DATABASE_APP_URL: api.database.appUrl,
      JWT_SECRET: TEST_SECRET,
      ALLOW_UNSAFE_DATABASE: 'true',
      BACKGROUND: 'false',
    });

  async function itemWith(name: string, policy: string, quantity: string): Promise<{ dish: string; stock: string }> {
    const dish = (await api.item(token)).id;
    const item = { name, unit: 'kg', policy, openingQuantity: String(STEAKS * 0.2), unitCost: '1' };
    const stock = expectStatus(201, await api.post('/v1/inventory-items', item, { token })).id;
    const recipe = { name, menuItemId: dish, lines: [{ inventoryItemId: stock, quantity }] };
    expectStatus(201, await api.post('/v1/recipes', recipe, { token }));
    return { dish, stock };
  }

  test('none is lost or stored twice, and no number, portion or ingredient is off', { timeout: 900_000 }, async () => {
    const soup = await itemWith('Broth', 'allow_negative', '0.1');
    const steak = await itemWith('Beef', 'forbid', '0.2');
    const cake = (await api.item(token, { availability: { remaining: PORTIONS } })).id;
    const tills = new Tills([soup.dish, cake, soup.dish, steak.dish], token, servers);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const burst = tills.sell(BURST);
      await tills.untilMore(BURST / 3);
      await sleep(Math.random() * 50);
      await servers[kill % 2]?.stop(['SIGKILL']);
      [servers[kill % 2]] = await Promise.all([start(), burst]);
    }
    const taken = [...tills.confirmed.values()];
    const takenOf = (dish: string) => taken.filter(({ lines }) => lines[0].menuItemId === dish).length;
    assert.ok(tills.lost > 0, 'no caller lost an answer');
    assert.deepEqual([takenOf(cake), takenOf(steak.dish)], [PORTIONS, STEAKS]);
    assert.deepEqual(
      taken.map(({ number }) => Number(number.split('-')[3])).toSorted((a, b) => a - b),
      taken.map((_, index) => index + 1),
    );
    await assertStored(taken);
    const left = async (id: string) =>
      expectStatus(200, await api.get(`/v1/inventory-items/${id}`, { token })).currentQuantity;
    assert.equal(await left(steak.stock), '0');
    assert.equal(Number(await left(soup.stock)), (STEAKS * 2 - takenOf(soup.dish)) / 10);
    assert.deepEqual(expectStatus(200, await api.get('/v1/stock/audit', { token })).faults, []);
    for (const [key, order] of tills.confirmed) {
      const body = bodyOf(order.lines[0].menuItemId);
      const again = await api.post('/v1/orders', body, { token, headers: { 'idempotency-key': key } });
      assert.deepEqual([again.status, again.body], [201, order]);
    }
  });

  /**
   * Each order with all of its rows, no row of another one, and several orders in a transaction.
   */
  async function assertStored(taken: readonly Json[]): Promise<void> {
    const rows = await rowsOf(
      api,
      `select o.id, o.number,
         (select count(*)::int from order_lines l where l.restaurant_id = $1 and l.order_id = o.id) as lines,
         (select count(*)::int from events e where e.restaurant_id = $1 and e.subject_id = o.id) as events,
         (select count(*)::int from audit_log a where a.restaurant_id = $1 and a.subject_id = o.id) as entries
       from orders o where o.restaurant_id = $1`,
      [restaurantId],
    );
    const byNumber = (one: Json, other: Json) => (one.number < other.number ? -1 : 1);
    assert.deepEqual(
      rows.toSorted(byNumber),
      taken.map(({ id, number }) => ({ id, number, lines: 1, events: 1, entries: 1 })).toSorted(byNumber),
    );
    const [sums] = await rowsOf(
      api,
      `select (select count(distinct xmin::text)::int from orders where restaurant_id = $1) as commits,
         (select count(*)::int from order_lines where restaurant_id = $1) as lines,
         (select count(*)::int from idempotency_keys where restaurant_id = $1 and route like '%/orders') as keys,
         (select last_number from number_counters where restaurant_id = $1 and series = 'ORD') as last`,
      [restaurantId],
    );
    const { length } = taken;
    assert.deepEqual({ ...sums, commits: 0 }, { commits: 0, lines: length, keys: length, last: length });
    assert.ok(sums?.commits < length * 0.8, `${sums?.commits} transactions for ${length} orders`);
  }
});

const bodyOf = (menuItemId: string) => ({ type: 'takeaway', lines: [{ menuItemId, quantity: 1 }] });

/** Tills that send an order with the same key, to any instance, until they know its outcome. */
class Tills {
  /** Orders by their key. */
  readonly confirmed = new Map<string, Json>();
  /** Attempts whose connection broke before the answer. */
  lost = 0;
  #begun = 0;
  readonly #dishes: readonly string[];
  readonly #token: string;
  readonly #servers: readonly ServerProcess[];

  /** @param servers an array whose members may be replaced. */
  constructor(dishes: readonly string[], token: string, servers: readonly ServerProcess[]) {
    [this.#dishes, this.#token, this.#servers] = [dishes, token, servers];
  }

  async sell(count: number): Promise<void> {
    const until = this.#begun + count;
    const sellAll = async (till: number) => {
      while (this.#begun < until) await this.#sellOne(till);
    };
    await Promise.all(Array.from({ length: TILLS }, (_, till) => sellAll(till)));
  }

  async untilMore(count: number): Promise<void> {
    const wanted = this.confirmed.size + count;
    const until = performance.now() + PATIENCE_MS;
    while (this.confirmed.size < wanted && performance.now() < until) await sleep(2);
  }

  async #sellOne(till: number): Promise<void> {
    const [key, dish] = [randomUUID(), this.#dishes[(this.#begun += 1) % this.#dishes.length] ?? ''];
    const { status, body } = await this.#untilKnown(till, key, dish);
    if (status === 201) this.confirmed.set(key, body);
    else assert.ok(SOLD_OUT.includes(body.code), JSON.stringify(body));
  }

  async #untilKnown(till: number, key: string, dish: string): Promise<Reply> {
    const until = performance.now() + PATIENCE_MS;
    for (let attempt = 0; ; attempt += 1) {
      const server = this.#servers[(till + attempt) % this.#servers.length];
      assert.ok(server && performance.now() < until, 'no answer in time');
      const order = { token: this.#token, body: bodyOf(dish), headers: { 'idempotency-key': key } };
      const reply = await server.request('POST', '/v1/orders', order);
      if (reply.status === -1) this.lost += 1;
      const isToRepeat = reply.status < 1 || reply.status === 503 || reply.body.code === 'idempotency_key_in_use';
      if (!isToRepeat) return reply;
      await sleep(20);
    }
  }
}
