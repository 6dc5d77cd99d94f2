/**
 * Many callers at once on two instances share one series of numbers. `RACE_ROUNDS` sets the number
 * of rounds.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 3);
/** Most repeats of a call that gets 503. Each takes up to three seconds. */
const MOST_REPEATS = 20;
const LINES = [{ description: 'Dinner', quantity: '1', unitPrice: 1_000 }];

describe('document races', () => {
  let first: TestApi;
  let second: TestApi;
  let token: string;
  before(async () => {
    first = await startApi();
    second = await startApi({ database: first.database });
  });
  beforeEach(async () => {
    token = (await first.restaurant()).token;
  });
  after(async () => {
    await second.close();
    await first.close();
  });

  const either = (index: number) => (index % 2 === 0 ? first : second);
  const many = <T>(count: number, work: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));
  /** Calls like a till: it repeats a request that got 503, under the same key. */
  async function repeated(index: number, path: string, body?: object, key: string = randomUUID()): Promise<Answer> {
    const headers = { 'idempotency-key': key };
    for (let repeats = 0; ; repeats += 1) {
      const answer = await either(index).post(path, body, { token, headers });
      if (answer.status !== 503 || repeats === MOST_REPEATS) return answer;
    }
  }
  const issue = (index: number, body: object = {}, key?: string): Promise<Answer> =>
    repeated(index, '/v1/documents?issue=true', { type: 'invoice', lines: LINES, ...body }, key);

  /** All documents of a type, by number. */
  async function counters(type: string): Promise<number[]> {
    const found: number[] = [];
    for (let cursor = ''; ; ) {
      const path = `/v1/documents?limit=100&type=${type}&status=issued${cursor}`;
      const page = expectStatus(200, await first.get(path, { token }));
      found.push(...page.data.map((one: Json) => one.counter));
      if (page.nextCursor === null) return found.sort((a, b) => a - b);
      cursor = `&cursor=${page.nextCursor}`;
    }
  }

  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  test('100 callers get numbers without a gap or a duplicate, and those who are refused use none', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const drafts = await many(5, async (index) =>
        expectStatus(201, await either(index).post('/v1/documents', { type: 'invoice', lines: LINES }, { token })),
      );
      const answers = await many(100, (index) => {
        if (index % 10 !== 9) return issue(index);
        // Two callers for each draft, of whom the second comes too late.
        const { id } = drafts[Math.trunc(index / 20)];
        return repeated(index, `/v1/documents/${id}/issue`);
      });
      for (const { status, body, text } of answers)
        assert.ok(status < 300 || body.code === 'invalid_state', `${status} ${text}`);
      const numbers = answers.filter(({ status }) => status < 300).map(({ body }) => body.counter);
      assert.equal(new Set(numbers).size, numbers.length);
    }
    const issued = await counters('invoice');
    assert.deepEqual(issued, upTo(issued.length));
    assert.ok(issued.length >= ROUNDS * 95, String(issued.length));
  });

  test('50 callers on one idempotency key issue one document', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = randomUUID();
      const answers = await many(50, (index) => issue(index, {}, key));
      const made = answers.filter(({ status }) => status === 201);
      assert.ok(made.length > 0);
      assert.equal(new Set(made.map(({ body }) => body.id)).size, 1);
      assert.deepEqual(
        answers.filter(({ status, body }) => status !== 201 && body.code !== 'idempotency_key_in_use'),
        [],
      );
      assert.deepEqual(await counters('invoice'), upTo(round + 1));
    }
  });

  test('each document holds the hash of the one before it', async () => {
    await many(60, (index) => issue(index));
    const page = expectStatus(200, await first.get('/v1/documents?limit=100', { token }));
    const chain = page.data.sort((a: Json, b: Json) => a.counter - b.counter);
    assert.equal(chain.length, 60);
    chain.forEach((one: Json, index: number) => assert.equal(one.previousHash, chain[index - 1]?.hash ?? ''));
  });

  test('callers who meet on an invoice credit no more than it holds', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = [{ description: 'Menu', quantity: '5', unitPrice: 1_999 }];
      const invoice = expectStatus(201, await issue(0, { lines }));
      const answers = await many(12, (index) =>
        either(index).post(
          `/v1/documents/${invoice.id}/credit?issue=true`,
          { reason: 'cold', lines: [{ position: 1, quantity: '1' }] },
          { token },
        ),
      );
      const notes = answers.filter(({ status }) => status === 201).map(({ body }) => body.total);
      assert.equal(notes.length, 5);
      assert.equal(
        notes.reduce((sum, total) => sum + total, 0),
        invoice.total,
      );
    }
    assert.deepEqual(await counters('credit_note'), upTo(5 * ROUNDS));
  });

  test('an invoice is voided or credited, never both', async () => {
    for (let round = 0; round < ROUNDS * 4; round += 1) {
      const { id } = expectStatus(201, await issue(0));
      const [voided, credited] = await Promise.all([
        first.post(`/v1/documents/${id}/void`, { reason: 'twice' }, { token }),
        second.post(`/v1/documents/${id}/credit`, { reason: 'cold' }, { token }),
      ]);
      assert.deepEqual([voided.status < 300, credited.status < 300].filter(Boolean).length, 1);
    }
  });

  test('an order whose invoice was credited is invoiced again once, or its credit note is voided', async () => {
    const item = await first.item(token);
    for (let round = 0; round < ROUNDS * 2; round += 1) {
      const order = await first.order(token, [{ menuItemId: item.id, quantity: 1 }]);
      const { id, number } = expectStatus(201, await issue(0, { lines: undefined, orderId: order.id }));
      const credit = await first.post(`/v1/documents/${id}/credit?issue=true`, { reason: 'name' }, { token });
      const note = expectStatus(201, credit);
      const [voided, ...answers] = await Promise.all([
        round % 2 === 0 ? undefined : second.post(`/v1/documents/${note.id}/void`, { reason: 'after all' }, { token }),
        ...Array.from({ length: 6 }, (_, index) => issue(index, { lines: undefined, orderId: order.id })),
      ]);
      const made = answers.filter(({ status }) => status === 201);
      assert.equal(made.length + (voided?.status === 200 ? 1 : 0), 1);
      for (const { body } of made) assert.equal(body.details.replaces.number, number);
      assert.deepEqual(
        [...new Set(answers.map(({ status }) => status))].filter((status) => status !== 201),
        [409],
      );
    }
  });

  test('callers of several series and both instances wait for nobody for ever', async () => {
    const types = ['invoice', 'receipt', 'boq', 'quotation', 'purchase_order'];
    const answers = await many(100, (index) => issue(index, { type: types[index % 5] }));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    for (const type of types) assert.deepEqual(await counters(type), upTo(20), type);
  });

  for (const kind of ['gapless', 'fast'] as const)
    test(`a ${kind} series that is arranged anew while it draws its first number is the one or the other, never both`, async () => {
      for (let round = 0; round < ROUNDS * 4; round += 1) {
        token = (await first.restaurant()).token;
        const body = { type: 'quotation', prefix: 'OLD', kind };
        const { id } = expectStatus(201, await first.post('/v1/document-series', body, { token }));
        const change = { prefix: 'NEW', reset: 'never', kind: kind === 'fast' ? 'gapless' : 'fast' };
        const [issued] = await Promise.all([
          issue(0, { type: 'quotation' }),
          second.patch(`/v1/document-series/${id}`, change, { token, headers: { 'if-match': '"1"' } }),
        ]);
        const series = expectStatus(200, await first.get(`/v1/document-series/${id}`, { token }));
        const audit = expectStatus(200, await first.get(`/v1/document-series/${id}/audit`, { token }));
        assert.deepEqual([audit.clean, audit.count], [true, 1], JSON.stringify(audit));
        assert.ok(expectStatus(201, issued).number.startsWith(series.prefix), issued.text);
      }
    });
});
