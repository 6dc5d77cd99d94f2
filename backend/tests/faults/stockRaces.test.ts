/**
 * Many callers change one stock at once, on two instances. `RACE_ROUNDS` sets the number of rounds,
 * `RACE_SEED` repeats a run.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { formatQuantity, parseQuantity } from '../../src/domain/number/quantity.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { Factories } from '../support/factories.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);
const SEED = Number(process.env['RACE_SEED'] ?? Date.now() % 1_000_000);
const CALLERS = 16;

describe('stock races', () => {
  let first: TestApi;
  let second: TestApi;
  let restaurant: TestRestaurant;
  let token: string;
  before(async () => {
    first = await startApi();
    second = await startApi({ database: first.database });
    restaurant = await first.restaurant();
    ({ token } = restaurant);
  });
  after(async () => {
    await second.close();
    await first.close();
  });

  const either = (index: number) => (index % 2 === 0 ? first : second);
  const { get, recipe, quantityOf, ...make } = new Factories(() => ({ api: first, token }));
  const ingredient = (name: string, fields: Json): Promise<Json> => make.ingredient({ name, ...fields });
  const dish = async (uses: [item: Json, quantity: string][]): Promise<Json> => {
    const item = await first.item(token);
    const lines = uses.map(([{ id }, quantity]) => ({ inventoryItemId: id, quantity }));
    await recipe({ menuItemId: item.id, lines });
    return item;
  };
  const rows = <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
    withClient(first.database.ownerUrl, async (owner) => (await owner.query<T>(sql, values)).rows);
  const deadlocks = async (): Promise<number> => {
    await rows('select pg_stat_force_next_flush()');
    const [row] = await rows<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return Number(row?.deadlocks);
  };

  /** As a till does it: what was not answered is sent again under its key, and happens once. */
  const send = async (api: TestApi, method: string, path: string, body?: Json): Promise<Answer> => {
    const headers = { 'idempotency-key': randomUUID() };
    let answer = await api.request(method, path, body, { token, headers });
    for (let again = 0; answer.status === 503 && again < 10; again += 1)
      answer = await api.request(method, path, body, { token, headers });
    return answer;
  };

  test('of 200 orders at once for the last 50 portions of two dishes, exactly what the stock allows is taken', async () => {
    const beef = await ingredient('Beef of 50', { policy: 'forbid', openingQuantity: '10' });
    const salt = await ingredient('Salt of 50', { policy: 'allow_negative' });
    const [steak, tartare] = [
      await dish([
        [beef, '0.2'],
        [salt, '0.01'],
      ]),
      await dish([
        [salt, '0.02'],
        [beef, '0.2'],
      ]),
    ];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const lines = [{ menuItemId: (index % 3 === 0 ? steak : tartare).id, quantity: 1 }];
        return send(either(index), 'POST', '/v1/orders', { type: 'takeaway', lines });
      }),
    );
    const taken = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    assert.deepEqual([taken.length, refused.length], [50, 150]);
    for (const { body } of refused) {
      assert.equal(body.code, 'insufficient_stock');
      assert.deepEqual(body.errors, [{ pointer: '/lines/0', message: 'Beef of 50: 0.2 kg wanted, 0 kg left.' }]);
    }
    assert.equal(await quantityOf(beef.id), '0');
  });

  test('two orders with the same ingredients in opposite order of lines never deadlock', async () => {
    const items = await Promise.all(
      ['A', 'B', 'C'].map((name) => ingredient(`Crossed ${name}`, { openingQuantity: '1000000' })),
    );
    const dishes: Json[] = [];
    for (const item of items) dishes.push(await dish([[item, '1']]));
    const lines = dishes.map(({ id }) => ({ menuItemId: id, quantity: 1 }));
    const before = await deadlocks();
    for (let round = 0; round < ROUNDS * 2; round += 1) {
      const pair = [lines, lines.toReversed()];
      const answers = await Promise.all(
        pair.map((each, index) => send(either(index), 'POST', '/v1/orders', { type: 'takeaway', lines: each })),
      );
      for (const answer of answers) expectStatus(201, answer);
    }
    assert.equal((await deadlocks()) - before, 0);
  });

  test(`whatever ${CALLERS} callers do at once, each quantity is the sum of its ledger and each order holds what it took (seed ${SEED})`, async () => {
    const random = generator(SEED);
    const pick = <T>(from: readonly T[]): T =>
      from[Math.floor(random() * from.length)] ?? assert.fail('nothing to pick from');
    const items = await Promise.all([
      ingredient('Forbidden', { policy: 'forbid', openingQuantity: '6', unitCost: '300' }),
      ingredient('Allowed', { policy: 'allow_negative', openingQuantity: '2.5', unitCost: '120' }),
      ingredient('Watched', { policy: 'auto_86', openingQuantity: '5', unitCost: '99.5' }),
      ingredient('Spare', { policy: 'forbid', openingQuantity: '40' }),
    ]);
    const [forbidden, allowed, watched, spare] = items;
    const uses = new Map<string, [Json, string][]>();
    for (const use of [
      [
        [forbidden, '0.333333'],
        [allowed, '0.5'],
      ],
      [
        [watched, '0.25'],
        [forbidden, '0.1'],
      ],
      [
        [allowed, '0.125'],
        [spare, '0.75'],
        [watched, '0.05'],
      ],
    ] as [Json, string][][])
      uses.set((await dish(use)).id, use);
    /** Movements posted by hand and answered with 201, by item. */
    const posted = new Map<string, bigint>(items.map(({ id, currentQuantity }) => [id, micros(currentQuantity)]));
    const orders: Json[] = [];
    const expected = new Set([200, 201, 204, 404, 409]);
    const varianceOf = async (countId: string): Promise<string | undefined> =>
      (
        await rows<{ quantity: string }>(
          'select trim_scale(quantity)::text as quantity from stock_movements where source_id = $1',
          [countId],
        )
      )[0]?.quantity;

    const steps: ((api: TestApi) => Promise<Answer>)[] = [
      async (api) => {
        const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
          menuItemId: pick([...uses.keys()]),
          quantity: 1 + Math.floor(random() * 3),
        }));
        const answer = await send(api, 'POST', '/v1/orders', { type: 'takeaway', lines });
        if (answer.status === 201) orders.push(answer.body);
        return answer;
      },
      (api) => send(api, 'POST', `/v1/orders/${pick(orders).id}/cancel`, {}),
      (api) => {
        const order = pick(orders);
        return send(api, 'DELETE', `/v1/orders/${order.id}/lines/${pick<Json>(order.lines).id}`);
      },
      (api) => {
        const order = pick(orders);
        return send(api, 'PATCH', `/v1/orders/${order.id}/lines/${pick<Json>(order.lines).id}`, {
          quantity: 1 + Math.floor(random() * 4),
        });
      },
      (api) =>
        send(api, 'POST', `/v1/orders/${pick(orders).id}/lines`, { menuItemId: pick([...uses.keys()]), quantity: 1 }),
      async (api) => {
        const paid = await send(api, 'POST', `/v1/orders/${pick(orders).id}/payments`, { method: 'card', amount: 100 });
        return paid.status === 201
          ? send(api, 'POST', `/v1/payments/${paid.body.id}/refunds`, { amount: 100, reason: 'race' })
          : paid;
      },
      async (api) => {
        const kind = pick(['receipt', 'waste', 'correction'] as const);
        const quantity = `${kind === 'correction' && random() < 0.5 ? '-' : ''}${(0.001 + random()).toFixed(3)}`;
        const cost = kind === 'receipt' ? { unitCost: String(Math.floor(random() * 500)) } : {};
        const { id } = pick(items);
        const answer = await send(api, 'POST', '/v1/stock/movements', {
          inventoryItemId: id,
          kind,
          quantity,
          reason: 'race',
          ...cost,
        });
        if (answer.status === 201) posted.set(id, (posted.get(id) ?? 0n) + micros(answer.body.quantity));
        return answer;
      },
      async (api) => {
        const { id } = pick(items);
        const lines = [{ inventoryItemId: id, quantity: (random() * 9).toFixed(2) }];
        const count = { inventoryItemIds: [id], lines, commit: true };
        const answer = await send(api, 'POST', '/v1/stock/counts', count);
        if (answer.status !== 201) return answer;
        const variance = micros((await varianceOf(answer.body.id)) ?? '0');
        posted.set(id, (posted.get(id) ?? 0n) + variance);
        return answer;
      },
    ];
    const [placeOrder = assert.fail()] = steps;
    await placeOrder(first);
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const { status, text } = await (random() < 0.3 ? placeOrder : pick(steps))(either(caller + round));
          assert.ok(expected.has(status), `${status} ${text}`);
        }
      }),
    );

    const held = new Map<string, bigint>();
    for (const { id } of orders) {
      const order = await get(`/v1/orders/${id}`);
      const wanted = takenBy(order, uses);
      for (const [item, quantity] of wanted) held.set(item, (held.get(item) ?? 0n) + quantity);
      const ledger = await rows<{ item: string; net: string }>(
        `select inventory_item_id as item, trim_scale(-sum(quantity))::text as net from stock_movements
         where restaurant_id = $1 and source_id = $2 group by 1 having sum(quantity) <> 0`,
        [restaurant.id, id],
      );
      assert.deepEqual(
        Object.fromEntries(ledger.map(({ item, net }) => [item, net])),
        Object.fromEntries([...wanted].map(([item, quantity]) => [item, formatQuantity(quantity)])),
        `order ${order.number}, ${order.status}`,
      );
    }
    const stock = await rows<{ id: string; name: string; policy: string; quantity: string; ledger: string }>(
      `select i.id, i.name, i.policy, trim_scale(i.current_quantity)::text as quantity, (
         select trim_scale(sum(m.quantity))::text from stock_movements m
         where m.restaurant_id = i.restaurant_id and m.inventory_item_id = i.id) as ledger
       from inventory_items i where i.id = any ($1::uuid[])`,
      [items.map(({ id }) => id)],
    );
    for (const { id, name, policy, quantity, ledger } of stock) {
      assert.equal(quantity, ledger, `${name} against its ledger`);
      assert.equal(
        micros(quantity),
        (posted.get(id) ?? 0n) - (held.get(id) ?? 0n),
        `${name} against what was answered`,
      );
      if (policy !== 'allow_negative') assert.ok(micros(quantity) >= 0n, `${name} is below zero`);
    }
    assert.ok(orders.length > CALLERS, 'enough orders must have been taken');
  });
});

/** Stock that the valid lines of an order take in total. */
function takenBy(order: Json, uses: ReadonlyMap<string, [Json, string][]>): Map<string, bigint> {
  const taken = new Map<string, bigint>();
  if (order.status === 'cancelled') return taken;
  for (const line of order.lines as Json[]) {
    if (line.voidedAt !== null) continue;
    for (const [{ id }, each] of uses.get(line.menuItemId) ?? [])
      taken.set(id, (taken.get(id) ?? 0n) + micros(each) * BigInt(line.quantity));
  }
  return taken;
}

function micros(text: string): bigint {
  return parseQuantity(text) ?? assert.fail(`${text} is no quantity`);
}

/** mulberry32: the same numbers for the same seed, on any machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
