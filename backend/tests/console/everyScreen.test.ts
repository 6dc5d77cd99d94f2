/**
 * Each screen of the console, full, empty, loading and refused, in both themes and three sizes: it
 * has no fault that axe finds, writes no error, asks no other host and never scrolls sideways.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../../..');
/** `SCREENS=all` looks at the wall screen, too; its width is looked at always. */
const SIZES = [
  { width: 1920, height: 1080, isLookedAt: process.env['SCREENS'] === 'all' },
  { width: 1280, height: 800, isLookedAt: true },
  { width: 390, height: 844, isLookedAt: true },
] as const;
/** A browser says so itself when an answer is a refusal. */
const MISSING = /Failed to load resource/;
const REFUSAL = {
  status: 500,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'urn:servio:error:internal',
    title: 'Internal error',
    status: 500,
    code: 'internal',
    detail: 'Something broke.',
    requestId: 'request-42',
  }),
};
/** Lists in which the thing of a path with an id is found. */
const LISTS: Readonly<Record<string, string>> = {
  '/orders/:id': '/v1/orders',
  '/stock/counts/:id': '/v1/stock/counts',
  '/purchasing/:id': '/v1/purchase-orders',
  '/purchasing/:id/receive': '/v1/purchase-orders',
  '/supplier-invoices/:id': '/v1/supplier-invoices',
};
describe('every screen', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let paths: string[] = [];
  before(async () => {
    api = await startApi();
    const list = await readFile(path.join(ROOT, 'backend/console/src/app/screens.ts'), 'utf8');
    paths = [...list.matchAll(/^ {4}path: '([^']+)'/gm)].map(([, found = '']) => found);
    assert.ok(paths.length > 20, `${paths.length} screens`);
  });
  after(async () => {
    await browser.close();
    await api.close();
  });

  /** A browser with the session of a demo, which has something of everything. */
  const demo = async (theme: 'light' | 'dark'): Promise<{ screen: TestScreen; token: string }> => {
    const screen = await browser.screen({ url: api.url, theme, mayFail: MISSING });
    const token = await screen.run<string>(`fetch('/v1/demo-sessions?cookie=true', { method: 'POST' })
      .then((answer) => answer.json())
      .then(({ accessToken }) => (localStorage.setItem('servio.session', 'true'), accessToken))`);
    return { screen, token };
  };

  /** @returns the path with an id of its list; with one that nobody has where the list is empty. */
  const withId = async (wanted: string, token: string): Promise<string> => {
    if (!wanted.includes(':id')) return wanted;
    const list = LISTS[wanted];
    assert.ok(list, `the list of ${wanted} is not known here`);
    if (wanted.startsWith('/stock/counts')) await api.post(list, {}, { token });
    const { data }: Json = expectStatus(200, await api.get(`${list}?limit=1`, { token }));
    return wanted.replace(':id', data[0]?.id ?? '00000000-0000-7000-8000-000000000000');
  };

  const open = async ({ page }: TestScreen, target: string): Promise<void> => {
    await page.goto(`${api.url}/console${target}`);
    await page.locator('h1').first().waitFor();
  };

  const settled = ({ page }: TestScreen): Promise<unknown> => page.waitForSelector('.skeleton', { state: 'detached' });

  const look = async (screen: TestScreen, name: string): Promise<void> => {
    for (const { isLookedAt, ...size } of SIZES) {
      await screen.page.setViewportSize(size);
      const width = await screen.run<number>('document.documentElement.scrollWidth');
      assert.ok(width <= size.width, `${name} is ${width} px wide on a screen of ${size.width}`);
      if (isLookedAt) await screen.expectAccessible();
    }
    await screen.expectNarrow();
  };

  for (const theme of ['light', 'dark'] as const) {
    test(`full, ${theme}, in three sizes`, async (t) => {
      const { screen, token } = await demo(theme);
      for (const wanted of paths) {
        const from = performance.now();
        await open(screen, await withId(wanted, token));
        await settled(screen);
        await look(screen, wanted);
        await screen.picture(`every${wanted.replaceAll(/\W+/g, '-')}-${theme}`);
        t.diagnostic(`${wanted} ${(performance.now() - from).toFixed(0)} ms`);
      }
      await screen.close();
    });
  }

  test('empty, while it loads, and when the server refuses', async () => {
    const restaurant = await api.restaurant();
    const screen = await browser.screen({ url: api.url, as: restaurant, mayFail: MISSING });
    let state: 'empty' | 'loading' | 'refused' = 'empty';
    await screen.page.route(/\/v1\/(?!auth|me|events|restaurant\b)/, (route) => {
      if (state === 'empty') return route.continue();
      if (state === 'refused') return route.fulfill(REFUSAL);
      return undefined;
    });
    for (const wanted of paths) {
      const target = await withId(wanted, restaurant.token);
      for (state of ['empty', 'refused', 'loading'] as const) {
        await open(screen, target);
        if (state !== 'loading') await settled(screen);
        await screen.expectAccessible();
        await screen.expectNarrow();
        await screen.picture(`every${wanted.replaceAll(/\W+/g, '-')}-${state}`);
      }
    }
    await screen.close();
  });
});
