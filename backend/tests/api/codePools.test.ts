/** Code pools over HTTP: their settings, supply and figures, and how codes are handed out. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SPOKEN_LETTERS, VALUE_LETTERS } from '../../src/domain/codePool/alphabet.js';
import { isChecked } from '../../src/domain/codePool/checkCharacter.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool, rowsOf, statusOf } from '../support/codes.js';
import { expectProblem } from '../support/problem.js';

describe('code pools', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let token: string;
  let aheadMs = 0;

  before(async () => {
    api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
    mine = await api.restaurant();
    ({ token } = mine);
  });
  after(() => api.close());

  const claim = (poolId: string, body: object = {}, headers: Record<string, string> = {}) =>
    api.post(`/v1/code-pools/${poolId}/claims`, body, { token, headers });
  const claimed = async (poolId: string, body: object = {}, headers: Record<string, string> = {}): Promise<Json[]> =>
    expectStatus(201, await claim(poolId, body, headers)).data;
  const post = async (path: string, body: object = {}, status = 200) =>
    expectStatus(status, await api.post(path, body, { token }));

  test('the kind decides the letters, the length and the supply', async () => {
    const pickup = await post('/v1/code-pools', { name: 'Counter', kind: 'pickup' }, 201);
    assert.equal(pickup.alphabet, SPOKEN_LETTERS);
    assert.deepEqual([pickup.length, pickup.target, pickup.lowWater, pickup.taxKind], [4, 2_000, 500, null]);
    const voucher = await post('/v1/code-pools', { name: 'Gifts', kind: 'voucher', target: 0 }, 201);
    assert.deepEqual([voucher.alphabet, voucher.length, voucher.lowWater], [VALUE_LETTERS, 15, 0]);
    assert.deepEqual([voucher.taxKind, voucher.currency], ['multi_purpose', 'EUR']);
  });

  test('settings that would be unsafe or useless are refused with the field', async () => {
    for (const [pointer, fields] of [
      ['/length', { kind: 'voucher', length: 8 }],
      ['/length', { kind: 'pickup', length: 1 }],
      ['/length', { kind: 'pickup', length: 12 }],
      ['/target', { kind: 'pickup', target: 200_000 }],
      ['/lowWater', { kind: 'pickup', target: 10, lowWater: 11 }],
      ['/alphabet', { kind: 'pickup', alphabet: 'AAAA' }],
      ['/value', { kind: 'pickup', value: 100 }],
      ['/taxKind', { kind: 'voucher', taxKind: null }],
      ['/expiresAfterDays', { kind: 'imported', expiresAfterDays: 3 }],
      ['/coolDownSeconds', { kind: 'voucher', coolDownSeconds: 3 }],
      ['/whenEmpty', { kind: 'imported', whenEmpty: 'generate' }],
    ] as const) {
      const problem = expectProblem(
        422,
        await api.post('/v1/code-pools', { name: 'Bad', ...fields }, { token }),
        pointer,
      );
      assert.equal(problem.errors[0].pointer, pointer);
    }
  });

  test('kind, letters and length of a pool stay; its other settings change', async () => {
    const pool = await makePool(api, mine, { kind: 'pickup' });
    const headers = { 'if-match': '"1"' };
    const changed = expectStatus(
      200,
      await api.patch(`/v1/code-pools/${pool.id}`, { target: 40, lowWater: 10 }, { token, headers }),
    );
    assert.deepEqual([changed.target, changed.lowWater, changed.version], [40, 10, 2]);
    for (const fields of [{ kind: 'voucher' }, { length: 5 }, { alphabet: VALUE_LETTERS }])
      expectProblem(
        422,
        await api.patch(`/v1/code-pools/${pool.id}`, fields, { token, headers: { 'if-match': '"2"' } }),
      );
  });

  test('pick-up codes come from memory: different ones, without a record', async () => {
    const pool = await makePool(api, mine, { kind: 'pickup' });
    const codes = [...(await claimed(pool.id, { count: 60 })), ...(await claimed(pool.id, { count: 20 }))];
    assert.equal(new Set(codes.map(({ code }) => code)).size, 80);
    for (const { code, id } of codes) {
      assert.match(code, new RegExp(`^[${SPOKEN_LETTERS}]{4}$`));
      assert.equal(id, null);
    }
    assert.equal((await statusOf(api, token, pool.id)).claimed, 80);
    assert.equal((await rowsOf(api, 'select 1 from codes where pool_id = $1', [pool.id])).length, 0);
  });

  test('vouchers are checked, have a record, and the database holds no usable code', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', value: 5_000, expiresAfterDays: 365 });
    const [one, two] = await claimed(pool.id, { count: 2, holder: 'Ada' });
    assert.ok(isChecked(one?.code, VALUE_LETTERS) && one?.code.length === 16);
    assert.notEqual(one?.code, two?.code);
    const stored = expectStatus(200, await api.get(`/v1/codes/${one?.id}`, { token }));
    assert.deepEqual([stored.value, stored.balance, stored.holder, stored.status], [5_000, 5_000, 'Ada', 'active']);
    assert.equal(stored.hint, one?.code.slice(-4));
    const dump = JSON.stringify(
      await Promise.all(
        ['codes', 'code_batches', 'code_leases', 'events', 'audit_log'].map((table) =>
          rowsOf(api, `select t::text from ${table} t where restaurant_id = $1`, [mine.id]),
        ),
      ),
    );
    assert.ok(!dump.includes(one?.code.slice(0, 12)), 'a dump contains a code');
    const listed = expectStatus(200, await api.get(`/v1/code-pools/${pool.id}/codes?limit=1`, { token }));
    assert.deepEqual([listed.data.length, listed.data[0].id], [1, two?.id]);
    assert.ok(listed.nextCursor);
  });

  test('the same Idempotency-Key gives the same code; another body under it is refused', async () => {
    for (const kind of ['pickup', 'voucher']) {
      const pool = await makePool(api, mine, { kind });
      const key = { 'idempotency-key': `key-${kind}` };
      const first = await claimed(pool.id, {}, key);
      const again = await claim(pool.id, {}, key);
      assert.deepEqual(expectStatus(201, again).data, first);
      assert.equal(again.headers.get('idempotent-replayed'), 'true');
      assert.notEqual(first[0]?.id, null);
      expectProblem(422, await claim(pool.id, { count: 2 }, key), 'idempotency_key_reused');
      assert.equal((await statusOf(api, token, pool.id)).claimed, 1);
    }
  });

  test('fifty at once with one key get one code', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher' });
    const key = { 'idempotency-key': 'fifty' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => claim(pool.id, {}, key)));
    const codes = answers.filter(({ status }) => status === 201).map(({ body }) => body.data[0].code);
    assert.equal(new Set(codes).size, 1);
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
    assert.equal((await statusOf(api, token, pool.id)).claimed, 1);
  });

  test('a voucher without a set value gets it with the claim', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', target: 10, lowWater: 1 });
    const [gift] = await claimed(pool.id, { value: 2_550 });
    assert.equal(gift?.value, 2_550);
    const fixed = await makePool(api, mine, { kind: 'voucher', target: 10, lowWater: 1, value: 100 });
    expectProblem(422, await claim(fixed.id, { value: 50 }), '/value');
    const pickup = await makePool(api, mine, { kind: 'pickup' });
    expectProblem(422, await claim(pickup.id, { value: 50 }), '/value');
  });

  test('imported codes are handed out in their order, once, and none is imported twice', async () => {
    const pool = await makePool(api, mine, { kind: 'imported', target: 0, lowWater: 0 });
    const codes = ['bc1qAlpha', 'bc1qBeta', 'bc1qAlpha', 'bc1qGamma'];
    assert.deepEqual(await post(`/v1/code-pools/${pool.id}/import`, { codes }, 201), { imported: 3, duplicates: 1 });
    assert.deepEqual(await post(`/v1/code-pools/${pool.id}/import`, { codes: ['bc1qBeta'] }, 201), {
      imported: 0,
      duplicates: 1,
    });
    assert.deepEqual(
      (await claimed(pool.id, { count: 3 })).map(({ code }) => code),
      ['bc1qAlpha', 'bc1qBeta', 'bc1qGamma'],
    );
    const problem = expectProblem(503, await claim(pool.id), 'pool_empty');
    assert.equal(problem.code, 'pool_empty');
    expectProblem(409, await api.post(`/v1/code-pools/${pool.id}/refill`, { count: 5 }, { token }));
    for (const bad of [[], ['a b'], ['ü'], [''], ['x'.repeat(201)]])
      expectProblem(422, await api.post(`/v1/code-pools/${pool.id}/import`, { codes: bad }, { token }));
  });

  test('an empty pool says when to try again; one that may generate does so within the call', async () => {
    const empty = await makePool(api, mine, { kind: 'voucher', target: 0, lowWater: 0 });
    const answer = await claim(empty.id);
    expectProblem(503, answer, 'pool_empty');
    assert.equal(answer.headers.get('retry-after'), '2');
    const inline = await makePool(api, mine, { kind: 'voucher', target: 0, lowWater: 0, whenEmpty: 'generate' });
    assert.equal((await claimed(inline.id, { count: 30 })).length, 30);
    assert.equal((await statusOf(api, token, inline.id)).claimed, 30);
  });

  test('crossing the low-water mark refills the pool without being asked', async () => {
    const pool = await makePool(api, mine, { kind: 'pickup', target: 100, lowWater: 60, batch: 25 });
    for (let count = 0; count < 10; count += 1) await claimed(pool.id, { count: 10 });
    await api.context.codePools.refillPool(mine.id, pool.id, () => false);
    const status = await statusOf(api, token, pool.id);
    assert.ok(status.generated >= 200 && status.available >= 60, JSON.stringify(status));
  });

  test('a refill that was ordered is made to the last code, by two at once and after a stop', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', target: 0, lowWater: 0, batch: 1_000 });
    await api.context.codePools.refillPool(mine.id, pool.id, () => true);
    const ordered = await post(`/v1/code-pools/${pool.id}/refill`, { count: 12_345 });
    assert.equal(ordered.toGenerate, 12_345);
    await Promise.all([0, 1].map(() => api.context.codePools.refillPool(mine.id, pool.id, () => false)));
    const status = await statusOf(api, token, pool.id);
    assert.deepEqual([status.generated, status.available, status.toGenerate], [12_345, 12_345, 0]);
    expectProblem(
      409,
      await api.post(`/v1/code-pools/${pool.id}/refill`, { count: 2_000_000 }, { token }),
      'invalid_state',
    );
  });

  test('a pool that orders use cannot be deleted; another one can, and its codes stay valid', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', value: 700 });
    const [voucher] = await claimed(pool.id);
    expectStatus(204, await api.delete(`/v1/code-pools/${pool.id}`, undefined, { token }));
    expectProblem(404, await claim(pool.id));
    const redeemed = await post('/v1/codes/redeem', { code: voucher?.code });
    assert.equal(redeemed.amount, 700);
  });

  test('codes of another restaurant are unknown', async () => {
    const other = await api.restaurant();
    const pool = await makePool(api, mine, { kind: 'voucher', value: 700 });
    const [voucher] = await claimed(pool.id);
    expectProblem(
      409,
      await api.post('/v1/codes/redeem', { code: voucher?.code }, { token: other.token }),
      'code_refused',
    );
    expectProblem(404, await api.post(`/v1/code-pools/${pool.id}/claims`, {}, { token: other.token }));
    expectProblem(404, await api.get(`/v1/codes/${voucher?.id}`, { token: other.token }));
  });

  test('leases given back are taken again: no code is lost or repeated', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', target: 60, lowWater: 0 });
    const codes: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      codes.push(...(await claimed(pool.id, { count: 10 })).map(({ code }) => code));
      aheadMs += 1;
      const second = await startApi({ database: api.database });
      await second.close();
    }
    assert.equal(new Set(codes).size, 60);
    const status = await statusOf(api, token, pool.id);
    assert.deepEqual([status.claimed, status.leased, status.available], [60, 0, 0]);
  });
});
