/**
 * Time to draw a number while others draw from the same series, on two instances. `DOCUMENT_ROUNDS`
 * sets the number of rounds. The test prints figures.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Lateness } from '../support/patience.js';

const ROUNDS = Number(process.env['DOCUMENT_ROUNDS'] ?? 1);
/** The promised limits: for each call among a few, and for a hundred together. */
const SOLE_WITHIN_MS = 1_000;
const HUNDRED_WITHIN_MS = 5_000;
const BODY = { type: 'invoice', lines: [{ description: 'Dinner', quantity: '1', unitPrice: 1_000 }] };

/** A call, and the milliseconds that it took but for those that others took of the processor. */
interface Timed {
  answer: Answer;
  durationMs: number;
}

describe('the time that a number takes', () => {
  const lateness = new Lateness();
  const lines: Json[] = [];
  let instances: TestApi[];
  let token: string;
  let seriesId: string;
  let repeats = 0;

  before(async () => {
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const first = await startApi({ log });
    instances = [first, await startApi({ log, database: first.database })];
  });
  beforeEach(async () => {
    token = (await at(0).restaurant()).token;
    const body = { type: 'invoice', prefix: 'INV' };
    seriesId = expectStatus(201, await at(0).post('/v1/document-series', body, { token })).id;
  });
  after(async () => {
    lateness.end();
    for (const instance of instances.toReversed()) await instance.close();
  });

  const at = (index: number): TestApi => instances[index % instances.length]!;

  /**
   * Issues like a till: on a busy machine it repeats a request that got 503, under the same key.
   */
  async function issue(index: number): Promise<Timed> {
    const [startedAt, late] = [performance.now(), lateness.ms];
    const options = { token, headers: { 'idempotency-key': randomUUID() } };
    const once = () => at(index).post('/v1/documents?issue=true', BODY, options);
    let answer = await once();
    for (; answer.status === 503; answer = await once()) repeats += 1;
    return { answer, durationMs: performance.now() - startedAt - (lateness.ms - late) };
  }
  const issueTogether = (callers: number) => Promise.all(Array.from({ length: callers }, (_, index) => issue(index)));

  async function assertWhole(timed: readonly Timed[]): Promise<void> {
    const counters = timed.map(({ answer }) => expectStatus(201, answer).counter);
    assert.deepEqual(
      counters.sort((a, b) => a - b),
      Array.from({ length: timed.length }, (_, index) => index + 1),
    );
    const audit = expectStatus(200, await at(0).get(`/v1/document-series/${seriesId}/audit`, { token }));
    assert.deepEqual([audit.clean, audit.count, audit.gapCount], [true, timed.length, 0]);
  }

  const slowestOf = (timed: readonly Timed[]) => Math.round(Math.max(...timed.map(({ durationMs }) => durationMs)));
  const report = (text: string) => {
    if (process.env['DOCUMENT_ROUNDS'] !== undefined) console.log(text);
  };

  test('of one to five callers each has his number within a second', async () => {
    const all: Timed[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      for (let callers = 1; callers <= 5; callers += 1) {
        const timed = await issueTogether(callers);
        all.push(...timed);
        assert.ok(slowestOf(timed) < SOLE_WITHIN_MS, `${callers} callers: ${slowestOf(timed)} ms`);
      }
    await assertWhole(all);
    report(`1 to 5 callers, ${all.length} documents: slowest ${slowestOf(all)} ms`);
  });

  for (const callers of [50, 100])
    test(`${callers} callers all have their number within five seconds`, async () => {
      const all: Timed[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const [startedAt, late] = [performance.now(), lateness.ms];
        repeats = 0;
        all.push(...(await issueTogether(callers)));
        const [wholeMs, lateMs] = [performance.now() - startedAt, lateness.ms - late];
        assert.ok(wholeMs - lateMs < HUNDRED_WITHIN_MS, `${Math.round(wholeMs - lateMs)} ms`);
        report(
          `${callers} callers: all in ${Math.round(wholeMs)} ms, others' load ${Math.round(lateMs)} ms of it, ${repeats} repeats`,
        );
      }
      await assertWhole(all);
    });

  test('one line of the log for each number, and none that came another way', async () => {
    lines.length = 0;
    const timed = await issueTogether(20);
    const day = expectStatus(201, await at(0).post('/v1/business-days/2020-01-01/close', {}, { token }));
    const issued = lines.filter(({ msg }) => msg === 'document issued');
    assert.equal(issued.filter(({ number }) => number === day.number).length, 1);
    const told = issued.filter(({ series }) => series === seriesId);
    const byCounter = (one: Json, other: Json) => one.counter - other.counter;
    const expected = timed.map(({ answer: { body, headers } }) => ({
      requestId: headers.get('x-request-id'),
      series: body.seriesId,
      number: body.number,
      counter: body.counter,
      attempts: 1,
    }));
    assert.deepEqual(
      told
        .map(({ requestId, series, number, counter, attempts }) => ({ requestId, series, number, counter, attempts }))
        .sort(byCounter),
      expected.sort(byCounter),
    );
    for (const { lockWaitMs, totalMs } of told)
      assert.ok(lockWaitMs >= 0 && totalMs >= lockWaitMs, `${lockWaitMs} of ${totalMs} ms`);
    for (const { context } of instances)
      assert.match(await context.metrics.prometheus(), /^servio_document_number_fallbacks_total 0$/m);
  });
});
