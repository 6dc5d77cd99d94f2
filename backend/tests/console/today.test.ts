/**
 * Today in a real browser: the figures of the API, in the currency and the zone of the restaurant.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';

const HOUR_MS = 3_600_000;
const REFUSED = /Failed to load resource/;
/** Names and prices in minor units. */
const MENU = [
  ['Margherita', 1100],
  ['Pizza Limone', 1390],
  ['Tagliatelle al ragù', 1650],
  ['Burrata', 1250],
  ['Tiramisù', 750],
  ['Sea bass', 2490],
  ['House lemonade', 450],
] as const;

describe('the page of today', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let now = 0;
  before(async () => {
    api = await startApi({ clock: () => new Date(now) });
  });
  after(async () => {
    await browser.close();
    await api.close();
  });

  /** Sells a few dishes in each of the hours that are given, counted back from now. */
  async function trade({ token }: TestRestaurant, hoursAgo: readonly number[], scale = 1): Promise<Json[]> {
    const items: Json[] = [];
    for (const [name, price] of MENU) items.push(await api.item(token, { name, price: price * scale }));
    const orders: Json[] = [];
    const real = now;
    for (const [place, ago] of hoursAgo.entries()) {
      now = real - ago * HOUR_MS;
      const lines = [0, 3].map((more) => ({
        menuItemId: items[(place * 2 + more) % items.length]!['id'],
        quantity: 1 + ((place + more) % 3),
      }));
      const order = await api.order(token, lines, { type: 'dine_in', table: String(1 + (place % 14)), guests: 2 });
      if (place % 3 !== 0) {
        const payment = { method: place % 2 === 0 ? 'cash' : 'card', amount: order.dueTotal };
        expectStatus(201, await api.post(`/v1/orders/${order.id}/payments`, payment, { token }));
      }
      orders.push(order);
    }
    now = real;
    return orders;
  }

  /** A tile in words: its name, its value, and what it is compared with. */
  async function tile({ page }: TestScreen, name: string): Promise<string[]> {
    const found = page.locator('.tile', { has: page.getByText(name, { exact: true }) });
    return (await found.innerText()).split('\n').filter((line) => line.trim() !== '');
  }

  test('money has the digits of its currency, and hours are those of the restaurant', async () => {
    now = midday();
    for (const [currency, timezone, language, shown] of [
      ['KWD', 'Asia/Kuwait', 'en', /^KWD\s[\d,]+\.\d{3}$/],
      ['JPY', 'Asia/Tokyo', 'de', /^[\d.]+\s¥$/],
    ] as const) {
      const restaurant = await api.restaurant({ currency, timezone });
      const [sold] = await trade(restaurant, [0, 0]);
      const { token } = restaurant;
      const summary = expectStatus(
        200,
        await api.get(`/v1/business-days/${sold?.['businessDate']}/summary`, { token }),
      );
      const digits = currency === 'KWD' ? 3 : 0;
      const zone = currency === 'KWD' ? 'America/Los_Angeles' : 'Pacific/Auckland';
      const screen = await browser.screen({ url: api.url, as: restaurant, language, zone, at: now });
      await screen.page.waitForSelector('.tiles');
      const [, revenue = ''] = await tile(screen, language === 'en' ? 'Revenue' : 'Umsatz');
      assert.match(revenue, shown);
      assert.equal(Number(revenue.replaceAll(/\D/g, '')), summary.revenue, `${revenue} with ${digits} digits`);
      const hour = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', hourCycle: 'h23' }).format(
        now,
      );
      await screen.sees(`${hour}:00`);
      await screen.close();
    }
  });

  test('the day is shown beside the week before, in at most six calls', async () => {
    now = midday();
    const restaurant = await api.restaurant({ timezone: 'Europe/Berlin' });
    const hours = (from: number): number[] => Array.from({ length: 16 }, (_, at) => from + (at % 8));
    await trade(restaurant, [...hours(0), ...hours(7 * 24).slice(3)]);
    const screen = await browser.screen({ url: api.url, as: restaurant, theme: 'dark', at: now });
    const calls: string[] = [];
    screen.page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (/^\/v1\/(?!auth|events)/.test(pathname)) calls.push(pathname);
    });
    await screen.page.reload();
    await screen.page.waitForSelector('.tiles');
    await screen.sees('sells best');
    await screen.sees('Everything is on sale.');
    // The first load and the one after the stream began share what is under way.
    assert.ok(new Set(calls).size <= 6, [...new Set(calls)].join(' '));
    const { token } = restaurant;
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', dateStyle: 'short' }).format(now);
    const summary = expectStatus(200, await api.get(`/v1/business-days/${date}/summary`, { token }));
    const euros = (amount: number): string =>
      new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(amount / 100);
    assert.deepEqual(await tile(screen, 'Revenue'), [
      'Revenue',
      euros(summary.revenue),
      `Last week: ${euros(summary.weekBefore.revenue)}`,
    ]);
    assert.deepEqual((await tile(screen, 'Orders')).slice(1, 2), [String(summary.orders)]);
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('today-dark', { fullPage: true });
    await screen.page.emulateMedia({ colorScheme: 'light' });
    await screen.becomes(`getComputedStyle(document.querySelector('.card')).backgroundColor`, 'rgb(255, 255, 255)');
    await screen.expectAccessible();
    await screen.picture('today');
    await screen.page.emulateMedia({ media: 'print' });
    assert.equal(await screen.page.locator('.bar').isVisible(), false);
    await screen.close();
  });

  test('a refusal shows its reason and number; a busy server is asked again when it says so', async () => {
    now = Date.now();
    const restaurant = await api.restaurant();
    const screen = await browser.screen({ url: api.url, as: restaurant, mayFail: REFUSED });
    await screen.page.waitForSelector('.tiles');
    const problem = (status: number, code: string, detail: string, more: Record<string, string> = {}) => ({
      status,
      contentType: 'application/problem+json',
      headers: more,
      body: JSON.stringify({
        type: `urn:servio:error:${code}`,
        title: code,
        status,
        code,
        detail,
        requestId: 'request-42',
      }),
    });
    let answers = 0;
    await screen.page.route('**/v1/orders?*', (route) => {
      answers += 1;
      if (answers === 1)
        return route.fulfill(problem(503, 'overloaded', 'Servio has too many requests.', { 'retry-after': '2' }));
      return route.continue();
    });
    await screen.page.route('**/v1/menu-items?*', (route) =>
      route.fulfill(problem(500, 'internal', 'Something broke.')),
    );
    await screen.page.reload();
    await screen.sees('Servio has too many requests.');
    await screen.sees(/goes on by itself in \d s/);
    await screen.sees('Something broke.');
    await screen.sees('request-42');
    await screen.expectAccessible();
    await screen.sees('No orders yet');
    await screen.page.unroute('**/v1/menu-items?*');
    await screen.page.getByRole('button', { name: 'Try again' }).click();
    await screen.sees('Everything is on sale.');
    await screen.close();
  });

  test('a cook joins by an invitation and sees only the screens of a cook', async () => {
    now = Date.now();
    const { token } = await api.restaurant();
    const password = 'a long enough password';
    const email = `cook-${Date.now()}@example.com`;
    const invited = expectStatus(
      201,
      await api.post('/v1/members', { email, role: 'kitchen', name: 'Nadia' }, { token }),
    );
    const screen = await browser.screen({
      url: api.url,
      path: `/invitation#token=${invited.invitation.token}`,
    });
    await screen.sees('Join a restaurant');
    await screen.expectAccessible();
    await screen.page.getByLabel('Your name').fill('Nadia New');
    await screen.page.getByLabel('Password').fill(password);
    await screen.page.keyboard.press('Enter');
    await screen.sees('No open tickets');
    assert.doesNotMatch(screen.page.url(), /token/);
    await screen.page.goto(`${api.url}/console/sales`);
    await screen.sees('There is nothing here');
    const links = await screen.page.getByRole('navigation').getByRole('link').allInnerTexts();
    assert.ok(links.includes('Kitchen') && !links.includes('Today'), links.join());
    await screen.close();
  });
});

/** In no zone of these tests does a day or an hour end soon after it. */
function midday(): number {
  return new Date().setUTCHours(12, 15, 0, 0);
}
