/** A slow statement is told to the operator with its name, how to look at it, and its plan. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Database, type Query } from '../../src/config/database.js';
import { summarizePlan } from '../../src/config/database/planSummary.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const RESTAURANT = randomUUID();
/** 1.1 s, above the threshold of one second. */
const NAP = 'with nap as materialized (select pg_sleep(1.1))';
const slow = named('test.slow', `${NAP}\n select r.name from nap cross join restaurants r where r.id = $1`);
const slowElsewhere = named('test.slowElsewhere', `${NAP} select u.name from nap cross join users u where u.id = $1`);

interface Line {
  msg: string;
  query: string;
  hint?: string;
  plan?: string;
}

describe('slow statements', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  const lines: Line[] = [];
  before(async () => {
    testDatabase = await createTestDatabase();
    const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    database = new Database({ url: testDatabase.appUrl, log });
  });
  after(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const run = (statement: typeof slow) => database.read(RESTAURANT, (tx) => tx.many(statement, [RESTAURANT]));
  const told = (message: string) => lines.filter(({ msg }) => msg === message);
  async function until(isSo: () => boolean): Promise<void> {
    const limit = performance.now() + 5_000;
    while (!isSo()) {
      assert.ok(performance.now() < limit, JSON.stringify(lines));
      await sleep(20);
    }
  }

  test('are logged by name with the explain to run, and with their plan once in an hour', async () => {
    await run(slow);
    const [line] = told('slow query');
    assert.equal(line?.query, 'test.slow');
    assert.match(line?.hint ?? '', /explain \(analyze, buffers, settings\) with nap .* select r\.name from nap/);
    await until(() => told('plan of a slow query').length > 0);
    await run(slow);
    await run(slowElsewhere);
    await until(() => told('plan of a slow query').length > 1);
    assert.equal(told('slow query').length, 3);
    const plans = told('plan of a slow query');
    assert.deepEqual(
      plans.map((one) => one.query),
      ['test.slow', 'test.slowElsewhere'],
    );
    // Whatever the planner chooses for a table of no size, it names the table and how it is read.
    assert.match(plans[0]?.plan ?? '', /CTE Scan on nap.*Scan (?:using restaurants_pkey )?on restaurants \d+ rows/);
    assert.match(plans[1]?.plan ?? '', /Scan (?:using users_pkey )?on users/);
    assert.ok(
      plans.every(({ plan }) => !plan?.includes(RESTAURANT)),
      'values stay out of the log',
    );
  });

  test('are not looked at while requests wait for a connection', async () => {
    const other = named('test.slowUnderLoad', `${NAP} select r.name from nap cross join restaurants r where r.id = $1`);
    await run(other);
    const held = holdAll(database);
    await until(() => told('no plan of a slow query: no connection to spare').length > 0);
    held.letGo();
    await held.ended;
    assert.ok(!told('plan of a slow query').some((line) => line.query === 'test.slowUnderLoad'));
    await run(other);
    await until(() => told('plan of a slow query').some((line) => line.query === 'test.slowUnderLoad'));
  });
});

test('a plan is told in one line, from the top down, and cut when it is long', () => {
  const scan = { 'Node Type': 'Seq Scan', 'Relation Name': 'orders', 'Plan Rows': 12_000 };
  const look = { 'Node Type': 'Index Scan', 'Relation Name': 'order_lines', 'Index Name': 'order_lines_pkey' };
  assert.equal(
    summarizePlan({ 'Node Type': 'Nested Loop', 'Plan Rows': 25, Plans: [scan, look] }),
    'Nested Loop 25 rows [Seq Scan on orders 12000 rows, Index Scan using order_lines_pkey on order_lines]',
  );
  const long = summarizePlan({ 'Node Type': 'Append', Plans: Array.from({ length: 100 }, () => scan) });
  assert.ok(long.length < 1_100 && long.endsWith(' ...'));
});

/** Not declared: what is declared is surveyed as a statement of the program. */
function named(name: string, text: string): Query<unknown> {
  return { name, text };
}

/** Takes every connection of the pool. */
function holdAll(database: Database): { letGo: () => void; ended: Promise<unknown> } {
  let letGo = (): void => undefined;
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const ended = Promise.all(
    Array.from({ length: database.stats().max }, () => database.read(randomUUID(), () => free)),
  );
  return { letGo, ended };
}
