/**
 * A kitchen screen through a busy evening under the limits of a real server: orders arrive and are
 * made by its keys. KITCHEN_MINUTES=60 makes it an hour.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';

const MINUTES = Number(process.env['KITCHEN_MINUTES'] ?? 0.25);
const ORDER_EACH_MS = 5_000;
/** Tickets that stand on the screen; the oldest is made when there are more. */
const OPEN_TICKETS = 8;
const GROWTH_MB = 10;

describe('a kitchen screen', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }

  test('works for a long time without a 429, and does not grow', { timeout: (MINUTES + 5) * 60_000 }, async (t) => {
    const dataDir = await makeDataDir();
    const server = await ServerProcess.start(dataDir, { RATE_LIMIT_MULTIPLIER: '1' });
    t.after(async () => {
      await browser.close();
      await server.stop();
      await removeDataDir(dataDir);
    });
    const { token: owner, orderBody, email, password } = await server.openRestaurant();
    // The owner's token would end after a quarter of an hour.
    const till = { name: 'till', scopes: ['orders:write'] };
    const { secret: token } = (await server.request('POST', '/v1/api-keys', { token: owner, body: till })).body;
    const screen = await browser.screen({ url: server.url, path: '/kitchen', as: { email, password } });
    const answers = new Map<number, number>();
    screen.page.on('response', (response) => answers.set(response.status(), (answers.get(response.status()) ?? 0) + 1));
    await screen.page.waitForSelector('[data-connection=live]');
    const placed: string[] = [];
    let made = 0;
    let settledMb = 0;
    const until = performance.now() + MINUTES * 60_000;
    for (let count = 0; performance.now() < until; count += 1) {
      const order = await server.request('POST', '/v1/orders', { token, body: orderBody });
      assert.equal(order.status, 201, JSON.stringify(order.body));
      placed.push(order.body.id);
      await screen.page.locator(`[data-ticket="${order.body.id}"]`).waitFor();
      if (placed.length - made > OPEN_TICKETS) {
        await screen.page.keyboard.press('1');
        await screen.page.keyboard.press('Enter');
        await screen.page.locator(`[data-ticket="${placed[made]}"]`).waitFor({ state: 'detached' });
        made += 1;
      }
      // The first tickets compile the page.
      if (count === OPEN_TICKETS / 2) settledMb = await heapMb(screen);
      await sleep(ORDER_EACH_MS * Math.min(1, MINUTES));
    }
    const grownMb = (await heapMb(screen)) - settledMb;
    t.diagnostic(
      `${placed.length} orders, ${made} made, heap +${grownMb.toFixed(1)} MB, answers ${[...answers].join(' ')}`,
    );
    // An access token ends each quarter of an hour, and is then renewed.
    assert.deepEqual(
      [...answers.keys()].filter((status) => status >= 400 && status !== 401),
      [],
    );
    assert.ok((answers.get(401) ?? 0) <= MINUTES / 10, `${answers.get(401)} answers 401`);
    assert.ok(grownMb < GROWTH_MB, `the heap grew by ${grownMb.toFixed(1)} MB`);
    await screen.close();
  });
});

/** Megabytes that are in use after everything that is left over was collected. */
async function heapMb({ context, page }: TestScreen): Promise<number> {
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1_048_576;
}
