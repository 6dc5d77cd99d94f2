/** Taking orders in a real browser: a whole evening, cut connections, and what others do meanwhile. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { Cable } from '../support/cable.js';
import { Factories } from '../support/factories.js';

const PATH = '/till';
const REFUSED = /Failed to load resource/;
const TABLET = { width: 1024, height: 768 };

describe('the till', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let bistro: TestRestaurant;
  let [soup, steak]: [Json, Json] = [{}, {}];
  const { get, post, patch } = new Factories(() => ({ api, token: bistro.token }));
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    bistro = await api.restaurant();
    const starters = await api.category(bistro.token, { name: 'Starters' });
    const mains = await api.category(bistro.token, { name: 'Mains' });
    const drinks = await api.category(bistro.token, { name: 'Drinks' });
    const sides = await post('/v1/modifier-groups', {
      name: 'Side dish',
      minSelections: 1,
      maxSelections: 1,
      modifiers: [{ name: 'Chips' }, { name: 'Salad', price: 150 }],
    });
    const extras = await post('/v1/modifier-groups', {
      name: 'Extras',
      minSelections: 0,
      maxSelections: 2,
      modifiers: [
        { name: 'Pepper sauce', price: 200, maxQuantity: 2 },
        { name: 'Onions', price: 100 },
      ],
    });
    soup = await api.item(bistro.token, { name: 'Soup', price: 750, categoryId: starters.id });
    for (const name of ['Crème brûlée', 'Bruschetta', 'Beef tartare with capers', 'Green salad'])
      await api.item(bistro.token, { name, price: 890, categoryId: starters.id });
    await api.item(bistro.token, { name: 'Cheese', price: 2400, unit: 'kg', categoryId: starters.id });
    steak = await api.item(bistro.token, {
      name: 'Steak',
      price: 2900,
      categoryId: mains.id,
      modifierGroupIds: [sides.id, extras.id],
    });
    await api.item(bistro.token, {
      name: 'Beer',
      price: 420,
      categoryId: drinks.id,
      variants: [
        { name: '0.3 l', price: 420 },
        { name: '0.5 l', price: 580 },
      ],
    });
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  const button = ({ page }: TestScreen, name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const tile = ({ page }: TestScreen, name: string) => page.locator('.till-tile', { hasText: name });

  /** Fingers miss smaller things: all that is pressed has 44 px. */
  async function expectTouchable(screen: TestScreen): Promise<void> {
    const small = await screen.run<string[]>(`[...document.querySelectorAll('.till button, .till select, .till .input')]
      .filter((one) => one.offsetParent && (one.offsetWidth < 44 || one.offsetHeight < 44))
      .map(({ outerHTML, offsetWidth, offsetHeight }) => [offsetWidth, offsetHeight, outerHTML].join(' '))`);
    assert.deepEqual(small, []);
  }

  async function begin(screen: TestScreen, table: string): Promise<void> {
    await button(screen, 'New order').click();
    await screen.page.getByLabel('Table', { exact: true }).fill(table);
    await button(screen, 'Choose dishes').click();
    await screen.page.getByRole('heading', { level: 1, name: `Table ${table}` }).waitFor();
  }

  async function ordersOf(table: string): Promise<Json[]> {
    return (await get(`/v1/orders?table=${encodeURIComponent(table)}`)).data;
  }

  test('an evening: a table is opened, orders, orders more, voids, pays in parts and leaves', async () => {
    const screen = await browser.screen({ url: api.url, as: bistro, path: PATH, viewport: TABLET });
    await screen.sees('No open orders');
    await screen.expectAccessible();
    await button(screen, 'New order').click();
    await screen.page.getByLabel('Table', { exact: true }).fill('4');
    await screen.page.getByLabel('Guests').fill('3');
    await screen.expectAccessible();
    await button(screen, 'Choose dishes').click();
    await tile(screen, 'Soup').click();
    await tile(screen, 'Soup').click();
    await screen.page.locator('.order__totals').getByText('€15.00').last().waitFor();
    await screen.page.getByLabel('Course').selectOption('2');
    await button(screen, 'Mains').click();
    await tile(screen, 'Steak').click();
    const dialog = screen.page.getByRole('dialog', { name: 'Steak' });
    await dialog.getByRole('button', { name: /^Add/ }).click();
    await dialog.locator('[data-faulty]').getByText('choose 1').waitFor();
    await dialog.getByText('Salad').click();
    await dialog.getByText('Pepper sauce').click();
    await dialog.getByRole('button', { name: 'More: Pepper sauce' }).click();
    assert.equal(await dialog.getByRole('checkbox', { name: 'Onions' }).isDisabled(), true);
    await dialog.getByRole('button', { name: 'Add €34.50' }).waitFor();
    await screen.expectAccessible();
    await screen.picture('till-dish');
    await dialog.getByLabel(/^Wish/).fill('Medium');
    await dialog.getByRole('button', { name: /^Add/ }).click();
    await screen.page.locator('.order__totals').getByText('€49.50').last().waitFor();
    await screen.expectAccessible();
    await expectTouchable(screen);
    await screen.picture('till');
    await button(screen, 'Place order').click();
    await screen.page.locator('.till-ticket').getByText('Not paid').waitFor();
    const [order] = await ordersOf('4');
    assert.deepEqual(
      order?.lines.map((line: Json) => [line.name, line.quantity, line.course, line.notes, line.amount]),
      [
        ['Soup', 2, null, null, 1500],
        ['Steak', 1, 2, 'Medium', 3450],
      ],
    );
    assert.equal(order?.guests, 3);
    await screen.expectAccessible();

    await button(screen, 'Starters').click();
    await tile(screen, 'Bruschetta').click();
    await button(screen, /^Send 1 line/).click();
    await screen.page.locator('.order__line', { hasText: 'Bruschetta' }).waitFor();
    await post(`/v1/orders/${order?.id}/accept`, {}, 200);
    // A rehearsal of the order as it was before would be refused.
    await screen.page.locator('.till-ticket').getByText('Accepted').waitFor();
    await button(screen, 'Change Soup').click();
    await screen.page.getByRole('dialog').getByText('Quantity', { exact: true }).click();
    await screen.page.getByLabel('How many').fill('1');
    await button(screen, 'Typing mistake').click();
    await screen.expectAccessible();
    await button(screen, 'Save').click();
    await screen.sees('Changed: Soup');
    await screen.page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await screen.page.getByText('Somebody else changed this order:').count(), 0);
    await button(screen, 'Change Bruschetta').click();
    await screen.page.getByRole('dialog').getByText('Void', { exact: true }).click();
    await button(screen, 'Complaint').click();
    await screen.page.getByRole('dialog').getByRole('button', { name: 'Void', exact: true }).click();
    await screen.sees('Voided: Complaint');
    await button(screen, 'More actions').click();
    await button(screen, 'Table and details').click();
    await screen.page.getByLabel('Table', { exact: true }).fill('12');
    await button(screen, 'Save').click();
    await screen.page.getByRole('heading', { level: 1, name: 'Table 12' }).waitFor();
    await button(screen, 'More actions').click();
    await button(screen, 'Discount').click();
    await screen.page.getByLabel('Per cent').last().fill('10');
    await screen.expectAccessible();
    await button(screen, 'Save').click();
    await screen.sees('Discount saved');

    await button(screen, /^Pay/).click();
    await screen.page.getByText('In equal parts').click();
    await screen.expectAccessible();
    await screen.picture('till-split');
    await button(screen, '€20.00').click();
    await screen.sees('Change: €1.10');
    await button(screen, 'Book payment').click();
    await screen.page.locator('.order__taken').getByText('€1.10').waitFor();
    await button(screen, 'Next payment').click();
    await screen.page.getByText('Card', { exact: true }).click();
    await screen.page.getByLabel('Tip').fill('2,50');
    await button(screen, 'Book payment').click();
    await button(screen, 'Done').click();
    const { payments } = await get(`/v1/orders/${order?.id}/payments`);
    assert.deepEqual(
      payments.map((one: Json) => [one.method, one.amount, one.tip]),
      [
        ['cash', 1890, 0],
        ['card', 1890, 250],
      ],
    );
    await button(screen, 'Receipt').click();
    await screen.page.locator('pre').getByText('Steak').waitFor();
    await screen.page.keyboard.press('Escape');
    await expectTouchable(screen);
    await screen.picture('till-paid');
    await button(screen, 'Close order').click();
    await screen.page.getByRole('dialog').getByRole('button', { name: 'Close order' }).click();
    await screen.sees('No open orders');
    const { status, paymentStatus, table } = await get(`/v1/orders/${order?.id}`);
    assert.deepEqual([status, paymentStatus, table], ['completed', 'paid', '12']);
    await screen.close();
  });

  test('an order that is pressed twice, or whose answer is lost, is placed once', async () => {
    const screen = await browser.screen({ url: api.url, as: bistro, path: PATH, mayFail: REFUSED });
    await begin(screen, 'twice');
    await tile(screen, 'Soup').click();
    await button(screen, 'Place order').evaluate((one: { click: () => void }) => (one.click(), one.click()));
    await screen.page.locator('.till-ticket').getByText('Not paid').waitFor();
    assert.equal((await ordersOf('twice')).length, 1);
    await button(screen, 'Tables').click();

    await begin(screen, 'lost');
    await tile(screen, 'Soup').click();
    await screen.page.route('**/v1/orders', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await button(screen, 'Place order').click();
    await screen.sees('No answer came.');
    await tile(screen, 'Soup').click();
    await screen.sees('The order was sent, and its answer is missing.');
    await screen.page.unroute('**/v1/orders');
    await button(screen, 'Send again').click();
    await screen.page.locator('.till-ticket').getByText('Not paid').waitFor();
    const placed = await ordersOf('lost');
    assert.deepEqual(
      placed.map(({ lines }) => lines.map((line: Json) => line.quantity)),
      [[1]],
    );
    // Two waiters add lines at the same time, and a lost answer does not add one twice.
    await screen.page.route('**/lines', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await tile(screen, 'Bruschetta').click();
    await button(screen, /^Send 1 line/).click();
    await screen.sees('No answer came.');
    await post(`/v1/orders/${placed[0]?.id}/lines`, { menuItemId: soup.id, quantity: 1 });
    await screen.page.unroute('**/lines');
    await screen.sees('Somebody else changed this order:');
    await screen.sees('1 × Soup added');
    assert.equal(await screen.page.getByText('Bruschetta added').count(), 0);
    await button(screen, 'Seen').click();
    await button(screen, 'Send again').click();
    await button(screen, /^Pay/).waitFor();
    assert.equal(await screen.page.getByText('Somebody else changed this order:').count(), 0);
    const { lines } = await get(`/v1/orders/${placed[0]?.id}`);
    assert.deepEqual(lines.map((line: Json) => line.name).sort(), ['Bruschetta', 'Soup', 'Soup']);
    await screen.close();
  });

  test('a cut connection refuses the order with its reason, and a reload keeps what was taken', async (t) => {
    const cable = new Cable(api.url);
    await cable.plug();
    t.after(() => cable.pull());
    const screen = await browser.screen({ url: cable.url, as: bistro, path: PATH, mayFail: REFUSED });
    await begin(screen, 'cut');
    await tile(screen, 'Soup').click();
    await tile(screen, 'Cheese').click();
    await screen.page.getByLabel('Quantity in kg').fill('0,25');
    await button(screen, 'Add €6.00').click();
    await screen.page.waitForSelector('[data-connection=live]', { state: 'attached' });
    await screen.context.setOffline(true);
    await screen.sees('There is no connection. The order stays here');
    assert.equal(await button(screen, 'Place order').isDisabled(), true);
    await tile(screen, 'Bruschetta').click();
    await screen.expectAccessible();
    await screen.picture('till-cut');
    await screen.context.setOffline(false);
    await screen.page.reload();
    await screen.page.locator('.till-line', { hasText: 'Bruschetta' }).waitFor();
    await button(screen, 'Tables').click();
    await button(screen, /^Table cut/).click();
    await button(screen, 'Place order').click();
    await screen.page.locator('.till-ticket').getByText('Not paid').waitFor();
    const placed = await ordersOf('cut');
    assert.deepEqual(
      placed.map(({ lines }) => lines.map((line: Json) => [line.name, Number(line.quantity)])),
      [
        [
          ['Soup', 1],
          ['Cheese', 0.25],
          ['Bruschetta', 1],
        ],
      ],
    );
    await screen.close();
  });

  test('what others do meanwhile is said, and nothing that was taken is lost', async () => {
    const screen = await browser.screen({ url: api.url, as: bistro, path: PATH, mayFail: REFUSED });
    await begin(screen, 'meanwhile');
    await tile(screen, 'Green salad').click();
    await tile(screen, 'Soup').click();
    const salad = (await get('/v1/menu-items?q=Green')).data[0];
    await patch(`/v1/menu-items/${salad.id}`, { isAvailable: false });
    await screen.sees('Green salad is sold out now.');
    await screen.sees('Something has changed since it was chosen.');
    assert.equal(await tile(screen, 'Green salad').getAttribute('aria-disabled'), 'true');
    await screen.expectAccessible();
    await screen.picture('till-sold-out');
    // The server decides: it names the line, too.
    await button(screen, 'Place order').click();
    await screen.page.locator('.till-line__fault', { hasText: 'Green salad' }).waitFor();
    assert.equal((await ordersOf('meanwhile')).length, 0);
    await button(screen, 'Fewer: Green salad').click();
    await button(screen, 'Place order').click();
    await screen.page.locator('.till-ticket').getByText('Not paid').waitFor();
    const [order] = await ordersOf('meanwhile');
    await tile(screen, 'Bruschetta').click();
    await post(`/v1/orders/${order?.id}/cancel`, { reason: 'left' }, 200);
    await screen.sees('Somebody else closed this order (Cancelled).');
    await button(screen, 'Take them as a new order').click();
    await button(screen, 'Place order').click();
    await screen.page.locator('.till-ticket').getByText('Not paid').waitFor();
    assert.equal((await ordersOf('meanwhile')).length, 2);
    await screen.close();
  });

  test('keys alone take an order, and portions that are left are counted', async () => {
    await post(`/v1/menu-items/${steak.id}/availability`, { isAvailable: true, remaining: 3 }, 200);
    const screen = await browser.screen({ url: api.url, as: bistro, path: PATH, theme: 'dark', viewport: TABLET });
    await button(screen, 'New order').waitFor();
    const { keyboard } = screen.page;
    await keyboard.press('n');
    await keyboard.type('keys');
    await keyboard.press('Enter');
    await screen.page.getByRole('heading', { level: 1, name: 'Table keys' }).waitFor();
    await tile(screen, 'Soup').waitFor();
    await keyboard.press('/');
    await keyboard.type('creme');
    await keyboard.press('Enter');
    await screen.page.locator('.till-line', { hasText: 'Crème brûlée' }).waitFor();
    await keyboard.type('steak');
    await screen.sees('3 left');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    const dialog = screen.page.getByRole('dialog', { name: 'Steak' });
    await dialog.waitFor();
    await dialog.getByRole('radio', { name: 'Chips' }).focus();
    await keyboard.press('Space');
    await keyboard.press('Enter');
    await screen.page.locator('.till-line', { hasText: 'Chips' }).waitFor();
    await screen.sees('2 left');
    await screen.expectAccessible();
    await screen.picture('till-dark');
    await keyboard.press('Escape');
    await screen.page.locator('h1').click();
    await keyboard.press('s');
    await screen.page.locator('.till-ticket').getByText('Not paid').waitFor();
    await keyboard.press('p');
    await screen.page.getByLabel('Cash given').waitFor();
    await keyboard.press('Escape');
    await keyboard.press('t');
    await button(screen, /^Table keys/).waitFor();
    await screen.expectAccessible();
    await expectTouchable(screen);
    await screen.picture('till-tables');
    await screen.close();
  });

  test('on a phone, in Arabic and from the right, an order is taken with yen and with dinars', async () => {
    for (const [currency, timezone, sum] of [
      ['JPY', 'Asia/Tokyo', /2,?400/],
      ['KWD', 'Asia/Kuwait', /2[.٫]?400/],
    ] as const) {
      const house = await api.restaurant({ currency, timezone });
      await api.item(house.token, { name: 'Ramen', price: 1200 });
      const screen = await browser.screen({
        url: api.url,
        as: house,
        path: PATH,
        language: 'ar',
        viewport: { width: 390, height: 780 },
        theme: currency === 'JPY' ? 'light' : 'dark',
      });
      assert.equal(await screen.run('document.documentElement.dir'), 'rtl');
      await button(screen, 'طلب جديد').click();
      await screen.page.getByText('سفري').click();
      await button(screen, 'اختيار الأطباق').click();
      await tile(screen, 'Ramen').click();
      await tile(screen, 'Ramen').click();
      await screen.page.locator('.till-switch').getByText(sum).waitFor();
      await screen.expectAccessible();
      await screen.expectNarrow();
      await screen.picture(`till-phone-${currency}`);
      await screen.page.locator('.till-switch button').click();
      await screen.expectNarrow();
      await expectTouchable(screen);
      await screen.picture(`till-phone-ticket-${currency}`);
      await button(screen, 'إرسال الطلب').click();
      await screen.page.locator('.order__totals').getByText(sum).first().waitFor();
      await screen.expectAccessible();
      await screen.expectNarrow();
      const [order] = expectStatus(200, await api.get('/v1/orders', { token: house.token })).data;
      assert.deepEqual([order.total, order.currency], [2400, currency]);
      await screen.close();
    }
  });

  test('staff see what they may do: no refund, nothing on the house', async () => {
    const email = 'wanda@example.com';
    const password = 'another long password';
    const { invitation } = await post('/v1/members', { email, name: 'Wanda', role: 'staff' });
    expectStatus(200, await api.post('/v1/auth/accept-invitation', { token: invitation.token, password }));
    const order = await api.order(bistro.token, [{ menuItemId: soup.id, quantity: 1 }], {
      type: 'dine_in',
      table: '9',
    });
    await post(`/v1/orders/${order.id}/payments`, { method: 'cash', amount: 500 });
    // Waiters begin here: they may not see the day's sales.
    const screen = await browser.screen({ url: api.url, as: { email, password } });
    await button(screen, /^Table 9/).click();
    await button(screen, 'Change Soup').click();
    const dialog = screen.page.getByRole('dialog');
    await dialog.getByText('Wishes', { exact: true }).click();
    await dialog.getByLabel(/^Wish,/).fill('No cream');
    await dialog.getByLabel('Seat').selectOption('2');
    await screen.expectAccessible();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await screen.sees('Wishes saved: Soup');
    const [line] = (await get(`/v1/orders/${order.id}`)).lines;
    assert.deepEqual([line.notes, line.seat], ['No cream', 2]);
    await button(screen, 'Change Soup').click();
    await dialog.getByRole('radio', { name: 'Discount' }).waitFor();
    assert.equal(await dialog.getByText('On the house').count(), 0);
    await screen.page.keyboard.press('Escape');
    await button(screen, 'More actions').click();
    await button(screen, 'Cancel order').waitFor();
    assert.equal(await button(screen, 'Refund').count(), 0);
    await screen.expectAccessible();
    await screen.close();
  });
});
