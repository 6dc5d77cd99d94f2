/** The list of orders by its filters, against a slow reference over all orders. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { PAYMENT_STATUSES } from '../../src/domain/order/order.js';
import { ORDER_STATUSES } from '../../src/domain/order/orderStatus.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const ORDERS = 300;
const QUERIES = 150;
const TYPES = ['dine_in', 'takeaway', 'delivery', 'catering'];
const NAMES = ['Ada Lovelace', 'Zoë ÅNGSTRÖM', 'Björn', "O'Hara 100%"];

/** Columns `o` of made-up orders: one to each millisecond from the first of November. */
const INSERT = `
  insert into orders (restaurant_id, id, number, status, type, business_date, currency, table_name, customer, subtotal, discount_total,
    service_charge_total, tax_total, tax_included_total, order_tip, tip_total, total, paid_total, refunded_total, refunded_sale_total,
    created_by, created_at, updated_at)
  select $1, o.id, o.number, o.status, o.type, o.date, 'EUR', o."table", o.customer, o.total, 0, 0, 0, 0, 0, 0, o.total, o.paid, o.refunded,
    o.sale, 'user:1', o.at, o.at
  from jsonb_to_recordset($2::jsonb) as o(id uuid, number text, status text, type text, date date, "table" text, customer jsonb, total bigint,
    paid bigint, refunded bigint, sale bigint, at timestamptz)`;

/** A small generator of numbers, so that a failure can be repeated. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % sides;
  };
}

function pick<T>(roll: (sides: number) => number, values: readonly T[]): T {
  const value = values[roll(values.length)];
  assert.ok(value !== undefined);
  return value;
}

function idOf(count: number): string {
  return `019a3c00-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
}

function dayOf(count: number): string {
  return `2026-11-${String(1 + count).padStart(2, '0')}`;
}

function madeUp(roll: (sides: number) => number, count: number): Json {
  const total = 100 * roll(30);
  const paid = pick(roll, [0, total, Math.floor(total / 2), total + 500]);
  const refunded = pick(roll, [0, 0, paid, Math.floor(paid / 2)]);
  const status = pick(roll, [...ORDER_STATUSES, 'completed']);
  const keptOfCancelled = status === 'cancelled' && roll(3) === 0 ? refunded - paid : 0;
  return {
    id: idOf(count),
    number: `ORD-2026-1${roll(2)}-${String(count).padStart(4, '0')}`,
    status,
    type: pick(roll, TYPES),
    date: dayOf(roll(20)),
    table: pick(roll, [null, '1', '12', 'Bar', 'BÄR']),
    customer: pick(roll, [
      null,
      {},
      ...NAMES.map((name) => ({ name, phone: `+49 ${roll(50)}`, email: 'a@Example.com' })),
    ]),
    total,
    paid,
    refunded,
    sale: status === 'cancelled' ? keptOfCancelled : pick(roll, [0, refunded, total]),
    at: `${dayOf(roll(20))}T1${roll(10)}:00:00.00${roll(10)}Z`,
  };
}

/** Each filter, with the claim that an order fits a value of it. */
const FILTERS: Record<
  string,
  { value: (roll: (sides: number) => number) => string; fits: (order: Json, value: string) => boolean }
> = {
  status: several(ORDER_STATUSES, 'status'),
  type: several(TYPES, 'type'),
  paymentStatus: several(PAYMENT_STATUSES, 'paymentStatus'),
  table: {
    value: (roll) => pick(roll, ['1', 'bar', 'BAR', 'bär', '2']),
    fits: (order, value) => lower(order.table) === lower(value),
  },
  customer: {
    value: (roll) => pick(roll, ['LOVE', 'zoë', 'ångström', '100%', '+49 1', 'EXAMPLE.COM', '_', 'nobody']),
    fits: ({ customer }, value) =>
      ['name', 'phone', 'email'].some((field) => lower(customer?.[field] ?? '').includes(lower(value))),
  },
  number: {
    value: (roll) => pick(roll, ['ord-', '11-00', '0042', '-10-', 'x']),
    fits: (order, value) => lower(order.number).includes(lower(value)),
  },
  from: { value: (roll) => dayOf(roll(20)), fits: (order, value) => order.businessDate >= value },
  to: { value: (roll) => dayOf(roll(20)), fits: (order, value) => order.businessDate <= value },
  minTotal: { value: (roll) => String(100 * roll(30)), fits: (order, value) => order.total >= Number(value) },
  maxTotal: { value: (roll) => String(100 * roll(30)), fits: (order, value) => order.total <= Number(value) },
  updatedSince: {
    value: (roll) => `${dayOf(roll(20))}T15:00:00.00${roll(10)}Z`,
    fits: (order, value) => order.updatedAt >= value,
  },
};

function several(values: readonly string[], field: string) {
  return {
    value: (roll: (sides: number) => number) =>
      [...new Set(Array.from({ length: 1 + roll(3) }, () => pick(roll, values)))].join(),
    fits: (order: Json, value: string) => value.split(',').includes(order[field]),
  };
}

function lower(text: string | null): string {
  return (text ?? '').toLowerCase();
}

/** The orders that a query asks for, in its order. */
function reference(orders: readonly Json[], query: Record<string, string>): string[] {
  const usual = query['from'] || query['to'] ? '-businessDate' : '-id';
  const sort = query['sort']?.replace('placedAt', 'id') ?? (query['updatedSince'] ? 'updatedAt' : usual);
  const sign = sort.startsWith('-') ? -1 : 1;
  const field = sort.replace('-', '');
  const compare = (one: Json, other: Json) => (one === other ? 0 : one < other ? -1 : 1);
  return orders
    .filter((order) => Object.entries(query).every(([name, value]) => FILTERS[name]?.fits(order, value) ?? true))
    .sort((one, other) => sign * (compare(one[field], other[field]) || compare(one.id, other.id)))
    .map(({ id }) => id);
}

describe('the list of orders', () => {
  let api: TestApi;
  let token: string;
  let restaurantId: string;

  before(async () => {
    api = await startApi({ clock: () => new Date('2026-11-20T18:00:00Z') });
    ({ token, id: restaurantId } = await api.restaurant());
  });
  after(() => api.close());

  async function store(id: string, orders: readonly Json[]): Promise<void> {
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query(`select set_config('app.restaurant_id', $1, false)`, [id]);
      await owner.query(INSERT, [id, JSON.stringify(orders)]);
    });
  }

  async function all(query: Record<string, string>, as = token): Promise<Json[]> {
    const found: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const parameters = new URLSearchParams({ ...query, ...(cursor === '' ? {} : { cursor }) });
      const page = expectStatus(200, await api.get(`/v1/orders?${parameters.toString()}`, { token: as }));
      found.push(...page.data);
      cursor = page.nextCursor;
    }
    return found;
  }

  test('gives by any filters and sort the orders of a slow search, page by page', async () => {
    const roll = dice(1_815);
    const other = await api.restaurant();
    await store(
      restaurantId,
      Array.from({ length: ORDERS }, (_, count) => madeUp(roll, count)),
    );
    await store(other.id, [{ ...madeUp(roll, ORDERS), number: 'ORD-2026-11-0042' }]);
    const orders = await all({ limit: '100' });
    assert.equal(orders.length, ORDERS);
    for (const status of PAYMENT_STATUSES)
      assert.ok(
        orders.some(({ paymentStatus }) => paymentStatus === status),
        `none is ${status}`,
      );

    let matches = 0;
    for (let count = 0; count < QUERIES; count += 1) {
      const names = Object.keys(FILTERS).filter(() => roll(6) === 0);
      const query = Object.fromEntries(names.map((name) => [name, FILTERS[name]?.value(roll) ?? '']));
      if ((query['from'] ?? '') > (query['to'] ?? '9')) delete query['to'];
      if (Number(query['minTotal'] ?? 0) > Number(query['maxTotal'] ?? Infinity)) delete query['maxTotal'];
      const sorts = [
        'placedAt',
        'businessDate',
        'updatedAt',
        ...(query['from'] && query['to'] ? ['total', 'total'] : []),
      ];
      if (roll(2) === 0) query['sort'] = pick(roll, ['', '-']) + pick(roll, sorts);
      const limit = String(pick(roll, [7, 25, 100]));
      const lean = roll(2) === 0;
      const found = await all({ ...query, limit, ...(lean ? { lines: 'false' } : {}) });
      const expected = reference(orders, query);
      assert.deepEqual(
        found.map(({ id }) => id),
        expected,
        JSON.stringify({ ...query, limit }),
      );
      for (const order of found) assert.equal('lines' in order, !lean);
      matches += expected.length;
    }
    assert.ok(matches > QUERIES, `only ${matches} orders matched`);
  });

  test('gives by a full number, in any case, that order alone', async () => {
    const own = await api.restaurant();
    const roll = dice(7);
    const numbers = ['ORD-2026-11-1000', 'ORD-2026-11-10000', 'old-1', 'OLD-1'];
    await store(
      own.id,
      numbers.map((number, count) => ({ ...madeUp(roll, ORDERS + 1 + count), number })),
    );
    const named = async (query: Record<string, string>) => (await all(query, own.token)).map(({ number }) => number);
    assert.deepEqual(await named({ number: 'ord-2026-11-1000' }), ['ORD-2026-11-1000']);
    assert.deepEqual(await named({ number: '2026-11-1000', limit: '1' }), ['ORD-2026-11-10000', 'ORD-2026-11-1000']);
    assert.deepEqual(await named({ number: 'old-1' }), ['old-1']);
    assert.deepEqual(await named({ number: 'OLD-1' }), ['OLD-1']);
    assert.deepEqual(await named({ number: 'ORD-2026-11-1000', minTotal: '99999' }), []);
  });

  test('looks at ten thousand orders for a page, and leads on to older ones', async () => {
    const own = await api.restaurant();
    const roll = dice(99);
    const fill = Array.from({ length: 10_050 }, (_, count) => ({
      ...madeUp(roll, 10_000 + count),
      number: `N${count}`,
      type: 'takeaway',
      status: 'completed',
      sale: 0,
      table: count === 20 || count === 50 ? 'Attic' : null,
    }));
    await store(own.id, fill);
    const page = async (query: string) => expectStatus(200, await api.get(`/v1/orders?${query}`, { token: own.token }));
    // The last order that is looked at is number 50: it is on the page, and the other is on the
    // next.
    const first = await page('table=attic');
    assert.deepEqual(
      first.data.map(({ number }: Json) => number),
      ['N50'],
    );
    const second = await page(`table=attic&cursor=${first.nextCursor}`);
    assert.deepEqual([second.data.map(({ number }: Json) => number), second.nextCursor], [['N20'], null]);
    const none = await page('table=cellar');
    assert.deepEqual(none.data, []);
    assert.deepEqual(await page(`table=cellar&cursor=${none.nextCursor}`), { data: [], nextCursor: null });
    assert.equal((await page('type=takeaway&limit=100')).data.length, 100);
    // Those with an index of their own are found at once.
    assert.equal((await page('number=N20')).data.length, 1);
    assert.equal((await page('status=placed,ready')).nextCursor, null);
  });

  test('refuses filters that make no sense, and a cursor of other filters', async () => {
    for (const [query, pointer] of [
      ['status=eaten', '?status'],
      ['status=placed,', '?status'],
      ['status=', '?status'],
      ['paymentStatus=owed', '?paymentStatus'],
      ['from=2026-11-02&to=2026-11-01', '?to'],
      ['businessDate=2026-11-02&to=2026-11-03', '?businessDate'],
      ['minTotal=2&maxTotal=1', '?maxTotal'],
      ['minTotal=1.5', '?minTotal'],
      ['updatedSince=yesterday', '?updatedSince'],
      ['sort=price', '?sort'],
      ['sort=-total', '?sort'],
      ['sort=total&from=2026-11-01&to=2026-12-02', '?sort'],
      ['unsettled=true&table=1', '?unsettled'],
      ['table=', '?table'],
      ['lines=no', '?lines'],
    ] as const) {
      const { errors } = expectProblem(422, await api.get(`/v1/orders?${query}`, { token }), query);
      assert.ok(
        errors.some((one: Json) => one.pointer.startsWith(pointer)),
        `${query}: ${JSON.stringify(errors)}`,
      );
    }
    const { nextCursor } = expectStatus(200, await api.get('/v1/orders?type=dine_in&limit=1', { token }));
    for (const query of ['type=takeaway', 'type=dine_in&sort=placedAt', ''])
      expectProblem(422, await api.get(`/v1/orders?${query}&limit=1&cursor=${nextCursor}`, { token }), query);
    expectStatus(200, await api.get(`/v1/orders?limit=1&type=dine_in&lines=false&cursor=${nextCursor}`, { token }));
  });
});
