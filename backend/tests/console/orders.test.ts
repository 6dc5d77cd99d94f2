/**
 * Orders in a real browser: found, paid, given back, edited by two people, and that without a
 * mouse.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { Cable } from '../support/cable.js';
import { Factories } from '../support/factories.js';

const REFUSED = /Failed to load resource/;

describe('orders in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let swiss: TestRestaurant;
  let dish: Json;
  const { get, patch } = new Factories(() => ({ api, token: swiss.token }));
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    swiss = await api.restaurant({ currency: 'CHF', timezone: 'Europe/Zurich' });
    dish = await api.item(swiss.token, { name: 'Rösti', price: 1933 });
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  const place = (table: string, quantity = 1): Promise<Json> =>
    api.order(swiss.token, [{ menuItemId: dish.id, quantity }], { table, type: 'dine_in' });
  const button = (screen: TestScreen, name: string) => screen.page.getByRole('button', { name, exact: true });

  test('a paper note pays a bill that is rounded for cash, and lines of it are given back', async () => {
    const order = await place('4', 2);
    const screen = await browser.screen({ url: api.url, as: swiss, path: `/orders?order=${order.id}` });
    await button(screen, 'Take payment').click();
    await screen.sees('Rounded for cash from CHF 38.66');
    await screen.expectAccessible();
    await button(screen, 'CHF 40.00').click();
    await screen.sees('Change: CHF 1.35');
    await button(screen, 'Book payment').click();
    await screen.page.locator('.order__taken').getByText('CHF 1.35').waitFor();
    await button(screen, 'Done').click();
    const paid = await get(`/v1/orders/${order.id}/payments`);
    assert.deepEqual(
      paid.payments.map((one: Json) => [one.amount, one.rounding, one.change]),
      [[3866, -1, 135]],
    );
    for (const step of ['Accept', 'Start', 'Mark as ready', 'Complete']) await button(screen, step).click();
    await button(screen, 'Refund').click();
    await screen.page.getByLabel('2 × Rösti').check();
    await screen.page.getByLabel('Reason').fill('cold');
    await screen.expectAccessible();
    await screen.page.getByRole('dialog', { name: 'Refund' }).getByRole('button', { name: 'Refund' }).click();
    await screen.sees('Refunded CHF 38.66, Cash');
    const { refunds } = await get(`/v1/orders/${order.id}/payments`);
    assert.deepEqual(
      refunds.map((one: Json) => [one.amount, one.reason, one.lines.length]),
      [[3866, 'cold', 1]],
    );
    await button(screen, 'Receipt').click();
    await screen.page.locator('pre').getByText('Rösti').waitFor();
    const [file] = await Promise.all([screen.page.waitForEvent('download'), button(screen, 'Save as PDF').click()]);
    assert.equal(file.suggestedFilename(), `${order.number}.pdf`);
    await screen.close();
  });

  test('keys alone find an order, pay it and return to its row', async () => {
    await place('keys');
    const screen = await browser.screen({ url: api.url, as: swiss, theme: 'dark' });
    await screen.page.getByRole('heading', { level: 1 }).waitFor();
    const { keyboard } = screen.page;
    await keyboard.type('go');
    await screen.sees('Table keys');
    await keyboard.press('j');
    await keyboard.press('Enter');
    await button(screen, 'Take payment').waitFor();
    await screen.expectAccessible();
    await button(screen, 'Take payment').focus();
    await keyboard.press('Enter');
    await screen.page.getByLabel('Cash given').waitFor();
    await screen.page.getByLabel('Cash given').focus();
    await keyboard.press('Enter');
    await button(screen, 'Done').waitFor();
    await keyboard.press('Enter');
    await screen.page.locator('.order').getByText('Paid').first().waitFor();
    await keyboard.press('Escape');
    await screen.page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = await screen.run<string>('document.activeElement.innerText');
    assert.match(focused, /Table keys/);
    await screen.close();
  });

  test('two people who edit one order see both versions, and the chosen one is kept', async () => {
    const order = await place('7');
    const screen = await browser.screen({ url: api.url, as: swiss, path: `/orders/${order.id}`, mayFail: REFUSED });
    await button(screen, 'Edit details').click();
    await screen.page.getByLabel('Table').fill('9');
    await patch(`/v1/orders/${order.id}`, { table: '8' });
    await button(screen, 'Save').click();
    const dialog = screen.page.getByRole('dialog', { name: 'Somebody else changed this' });
    await dialog.getByRole('cell', { name: '8', exact: true }).waitFor();
    await screen.expectAccessible();
    await dialog.getByRole('button', { name: 'Save mine' }).click();
    await screen.sees('Table 9');
    assert.equal((await get(`/v1/orders/${order.id}`)).table, '9');
    await screen.close();
  });

  test('filters are in the address, and go back and forth with it', async () => {
    const cancelled = await place('gone');
    const screen = await browser.screen({ url: api.url, as: swiss, path: `/orders/${cancelled.id}` });
    await button(screen, 'Cancel order').click();
    await screen.page.getByLabel('Reason').fill('left');
    await screen.page.getByRole('dialog').getByRole('button', { name: 'Cancel order' }).click();
    await screen.sees('Cancelled: left');
    await screen.page.getByRole('link', { name: 'Back', exact: true }).click();
    await button(screen, 'Cancelled').click();
    await screen.page.getByText('1 order', { exact: true }).waitFor();
    await button(screen, 'Filters').click();
    await screen.page.getByLabel('Delivery').check();
    await screen.page.getByLabel('Total from').fill('10,50');
    await screen.expectAccessible();
    await button(screen, 'Show orders').click();
    await screen.sees('No order matches');
    const { search } = new URL(screen.page.url());
    assert.equal(search, '?status=cancelled&type=delivery&minTotal=1050');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.reload();
    await screen.sees('No order matches');
    await button(screen, 'Remove filter: Delivery').click();
    await screen.sees('Table gone');
    const [file] = await Promise.all([screen.page.waitForEvent('download'), button(screen, 'Save as CSV').click()]);
    const rows = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
    assert.equal(rows.length, 2);
    assert.match(rows[1] ?? '', new RegExp(cancelled.number));
    await screen.close();
  });

  test('of ten thousand orders at most sixty are in the page', async () => {
    const order = await place('many');
    const screen = await browser.screen({ url: api.url, as: swiss, path: '/nowhere' });
    await screen.sees('There is nothing here');
    await screen.run(`{
      const [real, order] = [window.fetch, ${JSON.stringify(order)}];
      const page = (first) => ({
        data: Array.from({ length: 100 }, (_, at) => ({ ...order, id: String(first + at), table: String(first + at) })),
        nextCursor: first < 9_900 ? String(first + 100) : null,
      });
      window.fetch = (input, init) =>
        String(input).startsWith('/v1/orders?')
          ? Promise.resolve(Response.json(page(Number(new URLSearchParams(input.split('?')[1]).get('cursor')))))
          : real(input, init);
    }`);
    await screen.page.keyboard.type('go');
    const grid = screen.page.getByRole('grid');
    await grid.waitFor();
    const most = await screen.run<number>(`(async () => {
      const frame = document.querySelector('.vtable');
      let most = 0;
      for (const until = Date.now() + 60_000; !frame.querySelector('[data-place="9999"]') && Date.now() < until; ) {
        frame.scrollTo(0, frame.scrollHeight);
        await new Promise((done) => requestAnimationFrame(done));
        most = Math.max(most, frame.querySelectorAll('.vtable__row').length);
      }
      return most;
    })()`);
    assert.ok(most > 0 && most <= 60, `${most} rows`);
    await screen.sees('Table 9999');
    await place('news');
    await screen.sees('Orders have changed since this list was loaded.');
    await screen.expectAccessible();
    await screen.close();
  });

  test('money is refused with its reason while there is no word from the server', async (t) => {
    const order = await place('cut');
    const cable = new Cable(api.url);
    await cable.plug();
    t.after(() => cable.pull());
    const screen = await browser.screen({ url: cable.url, as: swiss, path: `/orders/${order.id}`, mayFail: REFUSED });
    await button(screen, 'Take payment').click();
    await screen.page.waitForSelector('[data-connection=live]', { state: 'attached' });
    await screen.context.setOffline(true);
    await screen.sees('There is no connection.');
    assert.equal(await button(screen, 'Book payment').isDisabled(), true);
    await screen.expectAccessible();
    await screen.context.setOffline(false);
    await screen.page.getByText('There is no connection.').waitFor({ state: 'detached' });
    await button(screen, 'Book payment').click();
    await button(screen, 'Done').waitFor();
    assert.equal((await get(`/v1/orders/${order.id}`)).paymentStatus, 'paid');
    await screen.close();
  });

  test('Arabic reads from the right, in the time of the restaurant and its money', async () => {
    const screen = await browser.screen({ url: api.url, as: swiss, path: '/orders', language: 'ar', theme: 'dark' });
    await screen.page.getByRole('grid').waitFor();
    assert.equal(await screen.run('document.documentElement.dir'), 'rtl');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.close();
  });
});
