/**
 * Documents over slow and lost connections to PostgreSQL: no number is used twice, none is skipped,
 * and every confirmed document is stored. `DOCUMENT_CYCLES=100` makes the run long. The test prints
 * figures.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { DocumentTills, ISSUE_PATH } from '../support/documentTills.js';
import { Lateness } from '../support/patience.js';
import { Wire } from '../support/wire.js';

const CYCLES = Number(process.env['DOCUMENT_CYCLES'] ?? 6);
const TILLS = 8;
/** The promised limit, plus time for the network. */
const REFUSED_WITHIN_MS = 3_000 + 500;
/** Beyond all patience. */
const STANDSTILL_MS = 1_500;
const LINES = [{ description: 'Dinner', quantity: '1', unitPrice: 1_000 }];

/** An instance with a line to PostgreSQL of its own. */
class FarInstance {
  readonly wire: Wire;
  readonly api: TestApi;

  private constructor(wire: Wire, api: TestApi) {
    this.wire = wire;
    this.api = api;
  }

  static async start(database: TestDatabase): Promise<FarInstance> {
    const appUrl = new URL(database.appUrl);
    const wire = await Wire.open(Number(appUrl.port));
    appUrl.port = String(wire.port);
    return new FarInstance(wire, await startApi({ database: { ...database, appUrl: appUrl.toString() } }));
  }

  async close(): Promise<void> {
    this.wire.slow(0);
    await this.api.close();
    this.wire.close();
  }
}

describe('documents over bad lines to PostgreSQL', () => {
  const lateness = new Lateness();
  let database: TestDatabase;
  let instances: FarInstance[];
  let restaurant: TestRestaurant;
  before(async () => {
    database = await createTestDatabase();
    instances = [await FarInstance.start(database), await FarInstance.start(database)];
  });
  beforeEach(async () => {
    restaurant = await at(0).api.restaurant();
  });
  after(async () => {
    lateness.end();
    for (const instance of instances) await instance.close();
    await database.drop();
  });

  const at = (index: number): FarInstance => instances[index % instances.length]!;
  const withKey = (key: string | undefined, { token } = restaurant) => ({
    token,
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });

  async function timed<T>(work: Promise<T>): Promise<{ result: T; durationMs: number }> {
    const [startedAt, late] = [performance.now(), lateness.ms];
    const result = await work;
    return { result, durationMs: performance.now() - startedAt - (lateness.ms - late) };
  }

  test(`slow, and lost ${CYCLES} times in mid-issue: no duplicate, no gap, nothing lost that was told`, async () => {
    let turn = 0;
    const tills = new DocumentTills(TILLS, (method, path, body, key) =>
      at((turn += 1)).api.request(method, path, body, withKey(key)),
    );
    const startedAt = performance.now();
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      const { wire } = at(cycle);
      wire.slow((cycle % 4) * 8);
      await tills.untilMore(10);
      wire.cut();
      await sleep((cycle % 3) * 30);
      wire.mend();
    }
    for (const { wire } of instances) wire.slow(0);
    await tills.untilMore(10);
    await tills.end();
    const durationMs = performance.now() - startedAt;
    await tills.assertWhole();
    await tills.assertRepeatable();
    assert.ok(tills.repeats > 0, 'no till noticed anything');
    if (process.env['DOCUMENT_CYCLES'] !== undefined)
      console.log(
        `${CYCLES} losses: ${tills.confirmed.size} documents in ${Math.round(durationMs / 1_000)} s, ${tills.repeats} attempts repeated`,
      );
  });

  test('a commit whose answer is lost is recognised without a key, and the document issued once', async () => {
    const { api, wire } = at(0);
    const draft = expectStatus(201, await api.post('/v1/documents', { type: 'boq', lines: LINES }, withKey(undefined)));
    const retries = async () =>
      Number(/^servio_document_number_retries_total (\d+)$/m.exec(await api.context.metrics.prometheus())?.[1] ?? 0);
    const before = await retries();
    wire.loseAnswerTo('commit');
    const issued = await api.post(`/v1/documents/${draft.id}/issue`, undefined, withKey(undefined));
    assert.deepEqual([issued.status, issued.body.counter], [200, 1], issued.text);
    assert.equal(await retries(), before + 1);
  });

  for (const [what, isStored] of [
    ['a draft', true],
    ['a document yet to be written', false],
  ] as const)
    test(`${what} on a line that stands still: 503 within three seconds, and the same key finishes it`, async () => {
      const { api, wire } = at(0);
      // A caller that is already known is not looked up over that connection.
      expectStatus(200, await api.get('/v1/documents', withKey(undefined)));
      const draft = isStored
        ? expectStatus(201, await api.post('/v1/documents', { type: 'boq', lines: LINES }, withKey(undefined)))
        : null;
      const key = randomUUID();
      const issue = () =>
        draft
          ? api.post(`/v1/documents/${draft.id}/issue`, undefined, withKey(key))
          : api.post(ISSUE_PATH, { type: 'boq', lines: LINES }, withKey(key));
      wire.slow(STANDSTILL_MS);
      const { result: refused, durationMs } = await timed(issue());
      wire.slow(0);
      assert.deepEqual([refused.status, refused.body.code], [503, 'database_unavailable'], refused.text);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      assert.ok(durationMs < REFUSED_WITHIN_MS, `${Math.round(durationMs)} ms`);
      const other = at(1).api;
      const listed = async (): Promise<Json[]> =>
        expectStatus(200, await other.get('/v1/documents', withKey(undefined))).data;
      const kept = await listed();
      assert.ok(kept.length === 1 || !isStored);
      assert.ok(kept.every(({ status }) => status === 'draft'));
      let issued = await issue();
      for (; issued.status === 503 || issued.body.code === 'idempotency_key_in_use'; issued = await issue())
        await sleep(50);
      assert.ok(issued.status < 300, issued.text);
      assert.deepEqual(await listed(), [issued.body]);
      assert.equal(issued.body.counter, 1);
    });

  test('after three restaurants in a row got no number, the next are told at once, and written down all the same', async () => {
    const { api, wire } = at(0);
    const owners = [restaurant, await api.restaurant(), await api.restaurant()];
    const write = async (owner: TestRestaurant): Promise<Json> =>
      expectStatus(201, await api.post('/v1/documents', { type: 'boq', lines: LINES }, withKey(undefined, owner)));
    const drafts = await Promise.all(owners.map(write));
    const issue = (index: number) =>
      api.post(`/v1/documents/${drafts[index].id}/issue`, undefined, withKey(undefined, owners[index]));
    wire.slow(STANDSTILL_MS);
    const refused = await Promise.all([issue(0), issue(1), issue(2)]);
    wire.slow(0);
    assert.deepEqual(
      refused.map(({ status }) => status),
      [503, 503, 503],
    );
    const metric = () => api.context.metrics.prometheus();
    while (!/^servio_breaker_open\{policy="document_number"\} 1$/m.test(await metric())) await sleep(10);
    const { documentNumbers } = expectStatus(200, await api.get('/health/detailed'));
    assert.equal(documentNumbers.breaker, 'open');
    assert.ok(documentNumbers.retryAfterSeconds > 20, JSON.stringify(documentNumbers));
    const { result, durationMs } = await timed(issue(0));
    const seconds = Number(result.headers.get('retry-after'));
    assert.deepEqual([result.status, result.body.code], [503, 'database_unavailable']);
    assert.ok(seconds > 20 && seconds <= 30, `${seconds} s`);
    assert.ok(durationMs < 500, `${Math.round(durationMs)} ms`);
    await write(restaurant);
    // The other instance has seen nothing of it.
    const path = `/v1/documents/${drafts[0].id}/issue`;
    assert.equal(expectStatus(200, await at(1).api.post(path, undefined, withKey(undefined))).counter, 1);
  });
});
