/**
 * Lists of payments, refunds, the audit log and imports by their filters, against slow references.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { PAYMENT_METHODS } from '../../src/domain/order/payment.js';
import { PAYMENT_STATES } from '../../src/domain/order/paymentFilter.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const ROWS = 250;
const QUERIES = 60;
const CLOCK = '2026-11-20T18:00:00Z';

const INSERTS = {
  payments: `
    insert into payments (restaurant_id, id, order_id, method, amount, tip, tendered, change, refunded, reference, business_date, created_by, created_at)
    select $1, p.id, p."orderId", p.method, p.amount, p.tip, p.amount + p.tip, 0, p.refunded, p.reference, p."businessDate", p."createdBy", $3
    from jsonb_to_recordset($2::jsonb) as p(id uuid, "orderId" uuid, method text, amount bigint, tip bigint, refunded bigint, reference text,
      "businessDate" date, "createdBy" text)`,
  refunds: `
    insert into refunds (restaurant_id, id, payment_id, order_id, method, amount, goodwill, parts, reason, business_date, created_by, created_at)
    select $1, r.id, r."paymentId", r."orderId", r.method, r.amount, r.goodwill,
      jsonb_build_object('goods', r.amount, 'serviceCharge', 0, 'tax', 0, 'tip', 0, 'unsettled', 0, 'taxes', '[]'::jsonb), r.reason,
      r."businessDate", r."createdBy", $3
    from jsonb_to_recordset($2::jsonb) as r(id uuid, "paymentId" uuid, "orderId" uuid, method text, amount bigint, goodwill boolean, reason text,
      "businessDate" date, "createdBy" text)`,
  audit_log: `
    insert into audit_log (restaurant_id, id, actor_kind, actor_id, action, subject, subject_id, changes, request_id, created_at)
    select $1, a.id, a.kind, a.actor, a.action, a.subject, a."subjectId", '{}', 'r', a."createdAt"
    from jsonb_to_recordset($2::jsonb) as a(id uuid, kind text, actor text, action text, subject text, "subjectId" uuid, "createdAt" timestamptz)
    where $3::timestamptz is not null`,
  imports: `
    insert into imports (restaurant_id, id, kind, status, dry_run, file_name, source, currency, created_by, created_at, heartbeat_at, revenue)
    select $1, i.id, i.kind, i.status, false, 'old.csv', 'till', 'EUR', i."createdBy", $3, i.heartbeat, 1250
    from jsonb_to_recordset($2::jsonb) as i(id uuid, kind text, status text, "createdBy" text, heartbeat timestamptz)`,
};

type Roll = (sides: number) => number;
/** A filter: a value to ask for, and whether a row fits it. */
interface Filter {
  value: (roll: Roll) => string;
  fits: (row: Json, value: string) => boolean;
}

/** A small generator of numbers, so that a failure can be repeated. */
function dice(seed: number): Roll {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % sides;
  };
}

function pick<T>(roll: Roll, values: readonly T[]): T {
  const value = values[roll(values.length)];
  assert.ok(value !== undefined);
  return value;
}

const idOf = (kind: number, count: number) => `019a3c0${kind}-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
const dayOf = (count: number) => `2026-11-${String(1 + count).padStart(2, '0')}`;
const lower = (text: string | null) => (text ?? '').toLowerCase();

function oneOf(field: string, values: readonly string[]): Filter {
  return { value: (roll) => pick(roll, values), fits: (row, value) => row[field] === value };
}

function several(field: string, values: readonly string[]): Filter {
  return {
    value: (roll) => [...new Set([pick(roll, values), pick(roll, values)])].join(),
    fits: (row, value) => value.split(',').includes(row[field]),
  };
}

function partOf(field: string, values: readonly string[]): Filter {
  return { value: (roll) => pick(roll, values), fits: (row, value) => lower(row[field]).includes(lower(value)) };
}

const DAYS: Record<string, Filter> = {
  from: { value: (roll) => dayOf(roll(15)), fits: (row, value) => row.businessDate >= value },
  to: { value: (roll) => dayOf(roll(15)), fits: (row, value) => row.businessDate <= value },
};

describe('filters of lists', () => {
  let api: TestApi;
  let own: TestRestaurant;
  let orderIds: string[];
  let people: string[];

  before(async () => {
    api = await startApi({ clock: () => new Date(CLOCK) });
    own = await api.restaurant();
    const key = expectStatus(201, await api.post('/v1/api-keys', { name: 'Bar till', scopes: ['orders:read'] }, own));
    people = [`user:${own.userId}`, `api_key:${key.id}`, 'system:night'];
    orderIds = [];
    const { id: menuItemId } = await api.item(own.token);
    for (let count = 0; count < 3; count += 1)
      orderIds.push((await api.order(own.token, [{ menuItemId, quantity: 1 }])).id);
  });
  after(() => api.close());

  async function store(table: keyof typeof INSERTS, rows: readonly Json[], restaurantId = own.id): Promise<void> {
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query(`select set_config('app.restaurant_id', $1, false)`, [restaurantId]);
      await owner.query(INSERTS[table], [restaurantId, JSON.stringify(rows), CLOCK]);
    });
  }

  async function all(path: string, query: Record<string, string>): Promise<Json[]> {
    const found: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const parameters = new URLSearchParams({ ...query, ...(cursor === '' ? {} : { cursor }) });
      const page: Json = expectStatus(200, await api.get(`${path}?${parameters.toString()}`, own));
      found.push(...page.data);
      cursor = page.nextCursor;
    }
    return found;
  }

  /** Asks random questions, and holds each answer against all rows. */
  async function assertSearched(path: string, filters: Record<string, Filter>, sortBy: (row: Json) => string) {
    const roll = dice(path.length);
    const rows = await all(path, { limit: '100' });
    assert.ok(rows.length >= ROWS);
    let matches = 0;
    for (let count = 0; count < QUERIES; count += 1) {
      const names = Object.keys(filters).filter(() => roll(4) === 0);
      const query = Object.fromEntries(names.map((name) => [name, filters[name]?.value(roll) ?? '']));
      if ((query['from'] ?? '') > (query['to'] ?? '9')) delete query['to'];
      if (Number(query['minAmount'] ?? 0) > Number(query['maxAmount'] ?? Infinity)) delete query['maxAmount'];
      const isTimed =
        (query['from'] ?? query['to']) !== undefined &&
        query['orderId'] === undefined &&
        query['subjectId'] === undefined;
      const place = (row: Json) => `${isTimed ? sortBy(row) : ''} ${row.id}`;
      const expected = rows
        .filter((row) => Object.entries(query).every(([name, value]) => filters[name]?.fits(row, value)))
        .sort((one, other) => (place(one) < place(other) ? 1 : -1));
      const found = await all(path, { ...query, limit: String(pick(roll, [7, 25, 100])) });
      assert.deepEqual(
        found.map(({ id }) => id),
        expected.map(({ id }) => id),
        `${path} ${JSON.stringify(query)}`,
      );
      matches += found.length;
    }
    assert.ok(matches > 2 * QUERIES, `${path}: only ${matches} rows matched`);
  }

  const money = (roll: Roll, kind: number, count: number) => ({
    id: idOf(kind, count),
    orderId: pick(roll, orderIds),
    method: pick(roll, PAYMENT_METHODS),
    amount: 100 * (1 + roll(30)),
    businessDate: dayOf(roll(15)),
    createdBy: pick(roll, people),
  });
  const moneyFilters = (): Record<string, Filter> => ({
    ...DAYS,
    method: several('method', PAYMENT_METHODS),
    minAmount: { value: (roll) => String(100 * roll(20)), fits: ({ amount }, value) => amount >= Number(value) },
    maxAmount: { value: (roll) => String(500 + 100 * roll(30)), fits: ({ amount }, value) => amount <= Number(value) },
    orderId: oneOf('orderId', orderIds),
    createdBy: {
      value: (roll) => pick(roll, [...people, own.userId]),
      fits: (row, value) => [row.createdBy, row.createdBy.split(':')[1]].includes(value),
    },
  });

  test('of payments and refunds find what a slow search finds, with names and numbers', async () => {
    const roll = dice(77);
    const payments = Array.from({ length: ROWS }, (_, count) => {
      const made = money(roll, 1, count);
      const tip = pick(roll, [0, 50]);
      const refunded = pick(roll, [0, 0, made.amount + tip, made.amount - 50]);
      return { ...made, tip, refunded, reference: pick(roll, [null, 'T-0815', 'Ärger 100%', 't-4711']) };
    });
    await store('payments', payments);
    await store(
      'refunds',
      Array.from({ length: ROWS }, (_, count) => {
        const { orderId, id: paymentId } = pick(roll, payments);
        const reason = pick(roll, ['Cold soup', 'ÄRGER', 'Wrong dish']);
        const method = pick(roll, [null, ...PAYMENT_METHODS]);
        return { ...money(roll, 2, count), orderId, paymentId, method, goodwill: roll(3) === 0, reason };
      }),
    );
    const filters = moneyFilters();
    const status = several('status', PAYMENT_STATES);
    const reference = partOf('reference', ['t-', 'ärg', '%', '_', 'none']);
    await assertSearched('/v1/payments', { ...filters, status, reference }, (row) => row.businessDate);
    const goodwill: Filter = {
      value: (roll) => pick(roll, ['true', 'false']),
      fits: (row, value) => String(row.goodwill) === value,
    };
    const paymentId = oneOf(
      'paymentId',
      payments.slice(0, 3).map(({ id }) => id),
    );
    const reason = partOf('reason', ['soup', 'ärger', 'x']);
    await assertSearched('/v1/refunds', { ...filters, goodwill, paymentId, reason }, (row) => row.businessDate);
    const [first] = await all('/v1/payments', { createdBy: people[1] ?? '', limit: '1' });
    assert.deepEqual([first?.createdByName, first?.currency], ['Bar till', 'EUR']);
    assert.match(first?.orderNumber, /^ORD-/);
    const other = await api.restaurant();
    assert.deepEqual(expectStatus(200, await api.get('/v1/payments', other)).data, []);
    assert.deepEqual(expectStatus(200, await api.get('/v1/refunds', other)).data, []);
  });

  test('of the audit log find what a slow search finds, and name people who have left', async () => {
    const roll = dice(5);
    const actors = [
      { kind: 'user', actor: own.userId },
      { kind: 'system', actor: 'night' },
    ];
    await store(
      'audit_log',
      Array.from({ length: ROWS }, (_, count) => ({
        ...pick(roll, actors),
        id: idOf(3, count),
        action: pick(roll, ['order.placed', 'order.changed', 'menu_item.changed']),
        subject: pick(roll, ['order', 'menu_item']),
        subjectId: pick(roll, orderIds),
        // Around the cut-off at four in the morning, in Berlin.
        createdAt: `${dayOf(roll(15))}T0${2 + roll(2)}:${10 + roll(50)}:00.00${roll(10)}Z`,
      })),
    );
    const dayIn = ({ createdAt }: Json) => {
      const day = new Date(Date.parse(createdAt) + 3_600_000 - 4 * 3_600_000);
      return day.toISOString().slice(0, 10);
    };
    const filters: Record<string, Filter> = {
      from: { value: (roll) => dayOf(roll(15)), fits: (row, value) => dayIn(row) >= value },
      to: { value: (roll) => dayOf(roll(20)), fits: (row, value) => dayIn(row) <= value },
      action: oneOf('action', ['order.placed', 'order.changed', 'drawer.created']),
      subject: oneOf('subject', ['order', 'menu_item', 'nothing']),
      subjectId: oneOf('subjectId', orderIds),
      actorId: { value: (roll) => pick(roll, [own.userId, 'night']), fits: ({ actor }, value) => actor.id === value },
    };
    await assertSearched('/v1/audit-log', filters, (row) => row.createdAt);

    const invited = expectStatus(
      201,
      await api.post('/v1/members', { name: 'Gerd', email: 'gone@example.com', role: 'manager' }, own),
    );
    const joined = expectStatus(
      200,
      await api.post('/v1/auth/accept-invitation', {
        token: invited.invitation.token,
        password: 'a long enough password',
        name: 'Gerd Gone',
      }),
    );
    await api.category(joined.accessToken);
    const member = expectStatus(200, await api.get('/v1/members', own)).data.find(
      ({ name }: Json) => name === 'Gerd Gone',
    );
    const removed = await api.delete(`/v1/members/${member.id}`, undefined, own);
    assert.equal(removed.status, 204, removed.text);
    const [entry] = await all('/v1/audit-log', { actorId: member.userId, action: 'category.created', limit: '1' });
    assert.deepEqual(entry?.actor, { kind: 'user', id: member.userId, name: 'Gerd Gone' });
    const [system] = await all('/v1/audit-log', { actorId: 'night', limit: '1' });
    assert.deepEqual(system?.actor, { kind: 'system', id: 'night', name: null });
  });

  test('of imports find them by kind and state, and tell which have stopped', async () => {
    const kinds = ['orders', 'recipes'];
    const states = ['processing', 'completed', 'failed'];
    const alive = ['2026-11-20T17:59:59Z', '2026-11-20T17:00:00Z'];
    const rows = Array.from({ length: 30 }, (_, count) => ({
      id: idOf(4, count),
      kind: kinds[count % 2],
      status: states[count % 3],
      createdBy: people[count % 2],
      heartbeat: alive[count % 5 === 0 ? 0 : 1],
    }));
    await store('imports', rows);
    const statusOf = ({ status, heartbeat }: (typeof rows)[number]) =>
      status === 'processing' && heartbeat === alive[1] ? 'interrupted' : status;
    for (const kind of [undefined, ...kinds])
      for (const status of [undefined, ...states, 'interrupted']) {
        const query = { ...(kind ? { kind } : {}), ...(status ? { status } : {}), limit: '7' };
        const expected = rows.filter(
          (row) => (kind ?? row.kind) === row.kind && (status ?? statusOf(row)) === statusOf(row),
        );
        const found = await all('/v1/imports', query);
        assert.deepEqual(
          found.map(({ id, status: state }) => [id, state]),
          expected.reverse().map((row) => [row.id, statusOf(row)]),
          JSON.stringify(query),
        );
      }
    const [newest] = await all('/v1/imports', { limit: '1' });
    assert.deepEqual([newest?.createdByName, newest?.revenue], ['Bar till', 1250]);
    assert.ok(!('errors' in newest));
  });

  test('that make no sense are refused', async () => {
    for (const [target, pointer] of [
      ['payments?from=2026-11-02&to=2026-11-01', '?to'],
      ['payments?businessDate=2026-11-02&to=2026-11-03', '?businessDate'],
      ['payments?minAmount=2&maxAmount=1', '?maxAmount'],
      ['payments?method=gold', '?method'],
      ['refunds?goodwill=maybe', '?goodwill'],
      ['audit-log?from=2026-11-02&to=2026-11-01', '?to'],
      ['audit-log?action=slept', '?action'],
      ['imports?status=lost', '?status'],
      ['payments?cursor=x', '?cursor'],
    ] as const) {
      const problem = expectProblem(422, await api.get(`/v1/${target}`, own), target);
      assert.equal(problem.errors[0].pointer.split('.')[0], pointer, target);
    }
    const { nextCursor } = expectStatus(200, await api.get('/v1/payments?limit=1', own));
    expectProblem(422, await api.get(`/v1/payments?limit=1&method=cash&cursor=${nextCursor}`, own));
    const key = expectStatus(201, await api.post('/v1/api-keys', { name: 'screen', scopes: ['orders:read'] }, own));
    for (const list of ['payments', 'refunds', 'audit-log', 'imports'])
      expectProblem(403, await api.get(`/v1/${list}`, { token: key.secret }), list);
  });
});
