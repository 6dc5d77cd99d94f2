/** The console in a real browser: its doors, its session, and how it tells that it is current. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { Cable } from '../support/cable.js';

/** A browser says so itself when a call is refused or finds nobody. */
const REFUSED = /Failed to load resource/;
/** The two characters around the end of a line, by language. Korean ends it at a space only. */
const BREAKS = [
  ['ko', /^\s|\s$/u],
  ['ja', /[^ぁぃぅぇぉっゃゅょァィゥェォッャュョー、。：）」]$/u],
] as const;
/** In the page: each place where a text of an element goes on in the next line. */
const PLACES_OF_BREAKS = `(() => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    let last;
    for (let at = 0; at < node.data.length; at++) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const { bottom, height, width } = range.getBoundingClientRect();
      if (width === 0) continue;
      if (last && bottom > last + height / 2) found.push(node.data.slice(at - 1, at + 1));
      last = bottom;
    }
  }
  return found;
})()`;

describe('the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let restaurant: TestRestaurant;
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    restaurant = await api.restaurant({ timezone: 'Europe/Berlin' });
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  const connection = async (screen: TestScreen, state: string): Promise<void> => {
    await screen.page.waitForSelector(`[data-connection=${state}]`).catch(async (error: unknown) => {
      const is = await screen.run<string>(`document.querySelector('[data-connection]')?.dataset.connection`);
      throw new Error(`the connection is "${is}" instead of "${state}"`, { cause: error });
    });
  };

  test('a visitor opens a demo with one press and sees its day', async () => {
    const screen = await browser.screen({ url: api.url });
    await screen.sees('Welcome to Servio');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.getByRole('button', { name: 'Try a demo restaurant' }).click();
    await screen.page.waitForSelector('.tiles');
    await connection(screen, 'live');
    await screen.sees('Latest orders');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.getByRole('button', { name: 'As a table' }).first().click();
    assert.ok((await screen.page.getByRole('table').count()) > 0);
    await screen.picture('demo', { fullPage: true });
    await screen.close();
  });

  test('a wrong password is explained at the form, and the right one opens the first page', async () => {
    const screen = await browser.screen({ url: api.url, mayFail: REFUSED, theme: 'dark' });
    await screen.page.getByLabel('E-mail').fill(restaurant.email);
    await screen.page.getByLabel('Password').fill('not the password');
    await screen.page.keyboard.press('Enter');
    await screen.page.getByRole('alert').waitFor();
    await screen.expectAccessible();
    assert.equal(await screen.page.getByLabel('E-mail').inputValue(), restaurant.email);
    await screen.page.getByLabel('Password').fill(restaurant.password);
    await screen.page.keyboard.press('Enter');
    await screen.sees('Nothing sold yet');
    await screen.expectAccessible();
    await screen.page.getByRole('button', { name: 'You and this browser' }).click();
    await screen.expectAccessible();
    await screen.page.getByRole('button', { name: 'Log out' }).click();
    await screen.sees('Welcome to Servio');
    // The next person at this browser finds an address at most.
    assert.deepEqual(await screen.run(`[localStorage.getItem('servio.me'), document.cookie]`), [null, '']);
    await screen.page.getByLabel('Password').fill(restaurant.password);
    await screen.page.keyboard.press('Enter');
    await screen.sees('Nothing sold yet');
    await screen.close();
  });

  test('an order made elsewhere appears by itself, in two tabs that share one stream and one session', async () => {
    const item = await api.item(restaurant.token, { name: 'Soup of the day', price: 1250 });
    const first = await browser.screen({ url: api.url, as: restaurant });
    const second = await browser.screen({ url: api.url, as: restaurant, beside: first });
    await Promise.all([connection(first, 'live'), connection(second, 'live')]);
    await api.order(restaurant.token, [{ menuItemId: item.id, quantity: 1 }], { table: '12', type: 'dine_in' });
    await Promise.all([first.sees('Table 12'), second.sees('Table 12')]);
    // Both renew the session at once: a refresh token is for one use, and neither is logged out.
    await Promise.all([first.page.reload(), second.page.reload()]);
    await Promise.all([first.sees('Table 12'), second.sees('Table 12')]);
    await second.close();
    await first.close();
  });

  test('a screen that hears nothing says since when, and goes on by itself', async (t) => {
    const cable = new Cable(api.url);
    await cable.plug();
    t.after(() => cable.pull());
    const screen = await browser.screen({ url: cable.url, as: restaurant, mayFail: REFUSED });
    await connection(screen, 'live');
    // The part of the console that shows it must be there before the line is cut.
    await screen.page.locator('.screen').first().waitFor();
    await cable.pull();
    await connection(screen, 'reconnecting');
    await screen.page.getByRole('alert').getByText('Not up to date since').waitFor({ timeout: 25_000 });
    await screen.expectAccessible();
    const item = await api.item(restaurant.token, { name: 'Late dish', price: 500 });
    await api.order(restaurant.token, [{ menuItemId: item.id, quantity: 1 }], { table: '77', type: 'dine_in' });
    await cable.plug();
    await screen.sees('Table 77');
    await connection(screen, 'live');
    assert.equal(await screen.page.locator('.banner').count(), 0);
    await screen.close();
  });

  test('an answer that the stream has overtaken changes nothing', async (t) => {
    const cable = new Cable(api.url);
    await cable.plug();
    t.after(() => cable.pull());
    const screen = await browser.screen({ url: cable.url, as: restaurant, mayFail: REFUSED });
    const [asked, overtaken] = [new AbortController(), new AbortController()];
    const isTold = ({ signal }: AbortController) => signal.aborted || once(signal, 'abort');
    await screen.page.route('**/v1/events/stream*', async (route) => {
      await isTold(asked);
      await route.continue();
    });
    await screen.page.route('**/v1/events?*', async (route) => {
      asked.abort();
      await isTold(overtaken);
      await route.continue();
    });
    await screen.page.reload();
    await connection(screen, 'live');
    const answered = screen.page.waitForResponse('**/v1/events?*');
    overtaken.abort();
    await (await answered).finished();
    await screen.page.unrouteAll({ behavior: 'wait' });
    await cable.pull();
    await connection(screen, 'reconnecting');
    await screen.close();
  });

  test('a page that a new build has left behind loads itself again, once', async () => {
    const screen = await browser.screen({ url: api.url, as: restaurant, mayFail: REFUSED });
    await screen.sees('Soup of the day');
    let loads = 0;
    screen.page.on('load', () => (loads += 1));
    // The screen's file has another name in the new build, and the old one is gone.
    await screen.page.route(/\/console\/assets\/Audit-/, (route) => route.fulfill({ status: 404 }), { times: 1 });
    await screen.page.keyboard.type('ga');
    await screen.page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
    assert.equal(loads, 1);
    await screen.page.route(/\/console\/assets\/Webhooks-/, (route) => route.fulfill({ status: 404 }));
    await screen.page.getByRole('link', { name: 'Webhooks' }).click();
    await screen.sees('Servio cannot be reached.');
    await screen.expectAccessible();
    assert.equal(loads, 1);
    // The rest of the page goes on.
    await screen.page.getByRole('link', { name: 'Orders' }).click();
    await screen.page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
    await screen.page.close();
    await screen.context.close();
  });

  test('a session that ended asks for the password over the page', async () => {
    const screen = await browser.screen({ url: api.url, as: restaurant, mayFail: REFUSED });
    await connection(screen, 'live');
    const login = { email: restaurant.email, password: restaurant.password };
    const { accessToken } = expectStatus(200, await api.post('/v1/auth/login', login));
    expectStatus(204, await api.delete('/v1/me/sessions', undefined, { token: accessToken }));
    const dialog = screen.page.getByRole('dialog', { name: 'You are logged out' });
    await dialog.waitFor({ timeout: 30_000 });
    await screen.expectAccessible();
    await dialog.getByLabel('Password').fill(restaurant.password);
    await screen.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await connection(screen, 'live');
    await screen.close();
  });

  test('on a phone, lines break where readers of Korean and Japanese expect it', async () => {
    for (const [language, allowed] of BREAKS) {
      const viewport = { width: 320, height: 640 };
      const screen = await browser.screen({ url: api.url, as: restaurant, path: '/import', language, viewport });
      await screen.page.waitForSelector('input[type=file]', { state: 'attached' });
      const breaks = await screen.run<string[]>(PLACES_OF_BREAKS);
      assert.ok(breaks.length > 3, `${language} has ${breaks.length} breaks`);
      assert.deepEqual(
        breaks.filter((pair) => !allowed.test(pair)),
        [],
        language,
      );
      await screen.expectAccessible();
      await screen.expectNarrow();
      await screen.close();
    }
  });
});
