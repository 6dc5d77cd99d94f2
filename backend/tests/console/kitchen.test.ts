/** The kitchen screen in a real browser: tickets, steps and keys, with and without a connection. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../src/config/database.js';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { Cable } from '../support/cable.js';

const PATH = '/kitchen';
const REFUSED = /Failed to load resource/;

describe('the kitchen screen', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let restaurant: TestRestaurant;
  let [soup, steak]: [Json, Json] = [{}, {}];
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    restaurant = await api.restaurant();
    soup = await api.item(restaurant.token, { name: 'Pumpkin soup', allergens: ['Milk', 'Celery'] });
    steak = await api.item(restaurant.token, { name: 'Steak', price: 2900 });
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  function place(table: string, fields: object = {}): Promise<Json> {
    const lines = [
      { menuItemId: soup.id, quantity: 2, notes: 'No cream' },
      { menuItemId: steak.id, quantity: 1 },
    ];
    return api.order(restaurant.token, lines, { type: 'dine_in', table, ...fields });
  }

  const ticketOf = ({ page }: TestScreen, { id }: Json) => page.locator(`[data-ticket="${id}"]`);

  /** Waits until the server has the order in this status. */
  async function becomes(order: Json, status: string): Promise<void> {
    for (const until = Date.now() + 20_000; ; await sleep(50)) {
      const { body } = await api.get(`/v1/orders/${order.id}`, { token: restaurant.token });
      if (body.status === status) return;
      assert.ok(Date.now() < until, `it is ${body.status}, not ${status}`);
    }
  }

  /** @returns how often an order was taken to a status. */
  async function timesIn(order: Json, status: string): Promise<number> {
    const history = expectStatus(200, await api.get(`/v1/orders/${order.id}/history`, { token: restaurant.token }));
    return JSON.stringify(history.data).split(`"to":"${status}"`).length - 1;
  }

  test('a ticket appears within a second, is ticked off, made, shown again and handed over', async () => {
    const screen = await browser.screen({ url: api.url, path: PATH, as: restaurant });
    await screen.sees('No open tickets');
    await screen.page.waitForSelector('[data-connection=live]');
    await screen.expectAccessible();
    const order = await place('4', { notes: 'Birthday' });
    const placedAt = Date.now();
    const ticket = ticketOf(screen, order);
    await ticket.waitFor();
    const shownAfterMs = Date.now() - placedAt;
    assert.ok(shownAfterMs < 5_000, `shown after ${shownAfterMs} ms`);
    await ticket.getByText('Milk, Celery').waitFor();
    const words = await ticket.innerText();
    for (const word of ['Table 4', 'Birthday', 'No cream', 'Milk, Celery', 'On time', 'New'])
      assert.ok(words.includes(word), `${word} in ${words}`);
    await screen.expectAccessible();
    await screen.expectNarrow();

    await ticket.getByRole('button', { name: 'Pumpkin soup' }).click();
    await becomes(order, 'preparing');
    await api.delete(`/v1/orders/${order.id}/lines/${order.lines[1].id}?reason=changed%20mind`, undefined, {
      token: restaurant.token,
    });
    await ticket.getByText('Voided').waitFor();
    await ticket.getByRole('button', { name: 'Steak' }).click();
    await ticket.getByText('Steak').waitFor({ state: 'detached' });

    await ticket.getByRole('button', { name: 'Done' }).click();
    await ticket.waitFor({ state: 'detached' });
    await screen.page.getByRole('button', { name: 'Undo' }).click();
    await ticket.waitFor();
    await becomes(order, 'preparing');
    await ticket.getByRole('button', { name: 'Done' }).click();
    await becomes(order, 'ready');

    await screen.page.getByRole('button', { name: 'Ready (1)' }).click();
    await screen.expectAccessible();
    await screen.page.getByRole('button', { name: 'Show again' }).click();
    await screen.page.keyboard.press('Escape');
    await ticket.getByRole('button', { name: 'Put away' }).click();
    await screen.page.getByRole('button', { name: 'Ready (1)' }).click();
    await screen.page.getByRole('button', { name: 'Handed over' }).click();
    await becomes(order, 'completed');
    await screen.close();
  });

  test('a cook works by the keys of a bump bar alone', async () => {
    const [first, second] = [await place('1'), await place('2')];
    const taken = { type: 'takeaway', table: undefined };
    for (const name of ['Maria F.', 'Jens M.', 'Aiko T.']) await place('3', { ...taken, customer: { name } });
    const viewport = { width: 1440, height: 810 };
    const screen = await browser.screen({ url: api.url, path: PATH, as: restaurant, theme: 'dark', viewport });
    const { keyboard } = screen.page;
    await ticketOf(screen, second).waitFor();
    const becomesSelected = ({ id }: { id: string }) =>
      screen.page.locator(`[data-selected][data-ticket="${id}"]`).waitFor();
    await becomesSelected(first);
    await keyboard.press('2');
    await becomesSelected(second);
    await keyboard.press('ArrowLeft');
    await becomesSelected(first);
    await keyboard.press(' ');
    assert.equal(await screen.page.locator('.kitchen-line[aria-pressed=true]').count(), 1);
    await screen.picture('kitchen');
    await keyboard.press('Enter');
    await ticketOf(screen, first).waitFor({ state: 'detached' });
    await keyboard.press('Backspace');
    await ticketOf(screen, first).waitFor();
    await keyboard.press('a');
    await screen.page.getByRole('dialog', { name: 'Still to be made' }).getByText('Steak').waitFor();
    await keyboard.press('Escape');
    await keyboard.press('f');
    await screen.page.getByRole('switch', { name: 'Dine in' }).focus();
    await keyboard.press(' ');
    await screen.page.getByRole('switch', { name: 'Takeaway' }).press('Enter');
    await keyboard.press('Escape');
    await screen.sees('No open tickets');
    await screen.page.getByRole('button', { name: 'Filter' }).press('Enter');
    await screen.page.getByRole('switch', { name: 'Dine in' }).press('Enter');
    await keyboard.press('Escape');
    await screen.page.locator('body').click({ position: { x: 1, y: 1 } });
    await keyboard.press('x');
    await screen.page
      .getByRole('dialog', { name: 'What is sold out?' })
      .getByRole('button', { name: 'Steak' })
      .press('Enter');
    await screen.sees('Steak is sold out');
    const sold = expectStatus(200, await api.get(`/v1/menu-items/${steak.id}`, { token: restaurant.token }));
    assert.equal(sold.isAvailable, false);
    await api.post(`/v1/menu-items/${steak.id}/availability`, { isAvailable: true }, { token: restaurant.token });
    await keyboard.press('?');
    await screen.sees('Tick off the next dish');
    await screen.expectAccessible();
    await screen.close();
  });

  test('a bump without a connection is kept over a reload, and sent once', async (t) => {
    const cable = new Cable(api.url);
    await cable.plug();
    t.after(() => cable.pull());
    const order = await place('9');
    const screen = await browser.screen({ url: cable.url, path: PATH, as: restaurant, mayFail: REFUSED });
    await ticketOf(screen, order).waitFor();
    await screen.page.waitForSelector('[data-connection=live]');
    await screen.run('navigator.serviceWorker.ready.then(() => true)');
    await cable.pull();
    await ticketOf(screen, order).getByRole('button', { name: 'Done' }).click();
    await ticketOf(screen, order).waitFor({ state: 'detached' });
    await screen.page.reload();
    await screen.sees('No connection. These are the tickets of');
    await cable.plug();
    await becomes(order, 'ready');
    await screen.page.waitForSelector('[data-connection=live]');
    for (const status of ['accepted', 'preparing', 'ready']) assert.equal(await timesIn(order, status), 1, status);
    await screen.close();
  });

  test('a browser that keeps nothing sends its steps all the same', async () => {
    const order = await place('10');
    const screen = await browser.screen({ url: api.url, as: restaurant });
    await screen.page.addInitScript(`IDBFactory.prototype.open = () => { throw new Error('kept nothing'); }`);
    await screen.page.goto(`${api.url}/console${PATH}`);
    await ticketOf(screen, order).getByRole('button', { name: 'Done' }).click();
    await becomes(order, 'ready');
    await screen.close();
  });

  test('hundreds of orders that nobody hands over leave the new tickets on the screen', async () => {
    const busy = await api.restaurant();
    const item = await api.item(busy.token, { name: 'Tea' });
    const lines = [{ menuItemId: item.id, quantity: 1 }];
    for (let count = 0; count < 21; count += 1)
      await Promise.all(Array.from({ length: 10 }, () => api.order(busy.token, lines, { type: 'takeaway' })));
    const ready = `update orders set status = 'ready' where restaurant_id = $1`;
    await withClient(api.database.ownerUrl, (client) => client.query(ready, [busy.id]));
    const order = await api.order(busy.token, lines, { type: 'takeaway' });
    const screen = await browser.screen({ url: api.url, path: PATH, as: busy });
    await ticketOf(screen, order).waitFor();
    await screen.page.getByRole('button', { name: 'Ready (20)' }).waitFor();
    await screen.close();
  });

  test('in Arabic the screen is read from the right, on a wall as on a phone', async () => {
    const order = await place('12');
    const viewport = { width: 1920, height: 1080 };
    const screen = await browser.screen({ url: api.url, path: PATH, as: restaurant, language: 'ar', viewport });
    await ticketOf(screen, order).waitFor();
    assert.equal(await screen.run('document.documentElement.dir'), 'rtl');
    assert.equal(await screen.run('document.documentElement.lang'), 'ar');
    await screen.sees('طاولة 12');
    const [bar, name] = [await screen.page.locator('.kitchen-bar h1').boundingBox(), screen.page.viewportSize()];
    assert.ok(bar && name && bar.x > name.width / 2, 'the heading is at the right');
    const { height, width } = (await ticketOf(screen, order)
      .getByRole('button', { name: 'تم', exact: true })
      .boundingBox()) ?? { height: 0, width: 0 };
    assert.ok(height >= 64 && width >= 150, `the button is ${width} x ${height}`);
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.close();
  });
});
