/**
 * The end of a process: it releases every resource, the newest first, even if the release of
 * another one fails.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { Releases, settleAll } from '../../src/utils/releases.js';
import { createTestDatabase, TEST_SECRET } from '../support/database.js';

const failure = (text: string) => () => Promise.reject(new Error(text));

describe('releases', () => {
  test('run one after the other, the last one registered first', async () => {
    const releases = new Releases();
    const seen: string[] = [];
    for (const name of ['first', 'second', 'third'])
      releases.add(name, async () => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
      });
    await releases.close();
    const expected = ['third', 'second', 'first'].flatMap((name) => [`${name} begins`, `${name} ends`]);
    assert.deepEqual(seen, expected);
  });

  test('all run when some fail; each failure is told, and the first is the one thrown', async () => {
    const told: string[] = [];
    const releases = new Releases((name, error) => told.push(`${name}: ${error instanceof Error && error.message}`));
    const ran: string[] = [];
    releases.add('bottom', () => ran.push('bottom'));
    releases.add('later', failure('the later one'));
    releases.add('middle', () => ran.push('middle'));
    releases.add('sooner', () => {
      throw new Error('the sooner one');
    });
    const [one, two] = [releases.close(), releases.close()];
    await assert.rejects(one, { message: 'the sooner one' });
    await assert.rejects(two, { message: 'the sooner one' });
    assert.deepEqual(ran, ['middle', 'bottom']);
    assert.deepEqual(told, ['sooner: the sooner one', 'later: the later one']);
  });

  test('that never end are given up after their time', async () => {
    const releases = new Releases();
    let hasRun = false;
    releases.add('bottom', () => (hasRun = true));
    releases.add('stuck', () => new Promise(() => undefined), 20);
    await assert.rejects(releases.close(), { message: 'stuck: not closed after 20 ms' });
    assert.equal(hasRun, true);
  });

  test('that are registered while others run, or after them, run too', async () => {
    const releases = new Releases();
    const seen: string[] = [];
    releases.add('outer', () => {
      seen.push('outer');
      releases.add('inner', () => seen.push('inner'));
    });
    await releases.close();
    releases.add('late', () => seen.push('late'));
    assert.deepEqual(seen, ['outer', 'inner', 'late']);
  });
});

test('several ends are waited for, also when one has failed', async () => {
  let hasEnded = false;
  const slow = Promise.resolve().then(() => Promise.resolve().then(() => (hasEnded = true)));
  await assert.rejects(settleAll([Promise.reject(new Error('one')), slow]), { message: 'one' });
  assert.equal(hasEnded, true);
});

test('the services close in the reverse of the order in which they were made, whichever of them fails', async () => {
  const database = await createTestDatabase();
  const context = createContext({ appUrl: database.appUrl, secret: TEST_SECRET, log: createLogger('silent') });
  try {
    const parts = {
      metrics: context.metrics,
      cache: context.cache,
      database: context.database,
      renderer: context.renderer,
      http: context.http,
    };
    const closed: string[] = [];
    for (const [name, part] of Object.entries(parts)) {
      const close = part.close.bind(part);
      part.close = async () => {
        closed.push(name);
        await close();
        if (name !== 'metrics') throw new Error(`${name} fails`);
      };
    }
    await context.database.ping();
    await assert.rejects(context.close(), { message: 'http fails' });
    assert.deepEqual(closed, ['http', 'renderer', 'database', 'cache', 'metrics']);
    assert.equal(context.database.stats().total, 0);
  } finally {
    await database.drop();
  }
});
