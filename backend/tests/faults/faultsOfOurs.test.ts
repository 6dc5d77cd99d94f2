/**
 * Server faults: no client is told to retry, and the operator is informed. Temporary failures are
 * reported differently.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Database, type Query, withClient } from '../../src/config/database.js';
import { createLogger } from '../../src/config/logger.js';
import { translate } from '../../src/config/database/failures.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { isTransient } from '../../src/utils/resilience/classify.js';
import { type Answer, expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const RESTAURANT = '00000000-0000-7000-8000-000000000001';
const FAULTS = /^servio_errors_total\{code="internal_error"[^}]*\} (\d+)$/m;

describe('a fault of ours', () => {
  let api: TestApi;
  let restaurant: TestRestaurant;
  before(async () => {
    api = await startApi();
    restaurant = await api.restaurant();
  });
  after(() => api.close());

  const faults = async () => Number(FAULTS.exec((await api.get('/health/metrics')).text)?.[1] ?? Number.NaN);
  const asOwner = (text: string) => withClient(api.database.ownerUrl, (client) => client.query(text));

  function expectFault(answer: Answer): void {
    const { code, detail } = expectProblem(500, answer);
    assert.equal(code, 'internal_error');
    assert.doesNotMatch(detail, /try again|shortly/i);
    assert.equal(answer.headers.get('retry-after'), null);
  }

  test('is 500 without Retry-After, on reads and writes; it is counted from zero, and uses up no Idempotency-Key', async () => {
    const { token } = restaurant;
    assert.equal(await faults(), 0);
    const write = () =>
      api.post('/v1/stock-locations', { name: 'Cellar' }, { token, headers: { 'idempotency-key': 'a-place' } });
    await asOwner('alter table stock_locations rename column name to title');
    try {
      expectFault(await api.get('/v1/stock-locations', { token }));
      expectFault(await write());
      expectFault(await write());
    } finally {
      await asOwner('alter table stock_locations rename column title to name');
    }
    assert.equal(await faults(), 3);
    expectStatus(201, await write());
    const again = await write();
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
  });

  test('is 500 too when the commit meets it, and then nothing is stored', async () => {
    const { token } = restaurant;
    await asOwner(`create function break_reading() returns trigger language plpgsql as $$
      begin raise exception using errcode = '22003', message = 'bigint out of range'; end $$;
      create constraint trigger late after insert on stock_locations deferrable initially deferred
      for each row execute function break_reading()`);
    try {
      expectFault(await api.post('/v1/stock-locations', { name: 'Attic' }, { token }));
    } finally {
      await asOwner('drop trigger late on stock_locations; drop function break_reading()');
    }
    const { data } = expectStatus(200, await api.get('/v1/stock-locations', { token }));
    assert.ok(!data.some(({ name }: { name: string }) => name === 'Attic'));
  });

  test('is no answer of the database that passes: a message of ours that breaks the protocol', async () => {
    const lacking: Query<unknown> = { name: 'test.lacking', text: 'select $1::int + $2::int as sum' };
    const database = new Database({ url: api.database.appUrl, log: createLogger('silent') });
    try {
      const read = database.read(RESTAURANT, (tx) => tx.many(lacking, [1]));
      await assert.rejects(read, (error: Error) => !(error instanceof AppError));
    } finally {
      await database.close();
    }
  });

  test('is none for the words in its message', () => {
    const reading = new TypeError("Cannot read properties of undefined (reading 'timeoutMs')");
    for (const bug of [reading, new Error('no Connection of ours'), new RangeError('Query read timeout')])
      assert.equal(translate(bug), bug);
    for (const words of [
      'Connection terminated unexpectedly',
      'Query read timeout',
      'timeout expired',
      'timeout exceeded when trying to connect',
      'Client has encountered a connection error and is not queryable',
      'Cannot use a pool after calling end on the pool',
    ]) {
      const passing = translate(new Error(words));
      assert.ok(passing instanceof AppError && passing.code === 'database_unavailable', words);
    }
  });

  test('is nothing that a policy repeats', () => {
    assert.equal(isTransient(new AppError('internal_error', 'A fault of ours.')), false);
  });
});
