/** Sales, stock, documents and the close of a day in a real browser. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { openPdf } from '../../src/formats/received/openPdf.js';
import { TestBrowser } from '../support/browser.js';
import { Factories } from '../support/factories.js';

describe('the back office in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let japanese: TestRestaurant;
  let [paid, order]: [Json, Json] = [{}, {}];
  let today: string;
  const { get, post, pay, issued, ingredient } = new Factories(() => ({ api, token: japanese.token }));
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    japanese = await api.restaurant({ currency: 'JPY', timezone: 'Asia/Tokyo' });
    const ramen = await api.item(japanese.token, { name: 'Ramen', price: 1250 });
    const place = (table: string): Promise<Json> =>
      api.order(japanese.token, [{ menuItemId: ramen.id, quantity: 2 }], { table, type: 'dine_in' });
    paid = await place('1');
    await pay(paid.id, 'cash', 2500);
    for (const step of ['accept', 'start', 'ready', 'complete']) await post(`/v1/orders/${paid.id}/${step}`, {}, 200);
    order = await place('2');
    today = order.businessDate;
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  test('a period has its sums, its pictures and its tables, in yen without decimals', async () => {
    const screen = await browser.screen({ url: api.url, as: japanese, path: '/sales' });
    await screen.sees('Ramen brings the most');
    await screen.page.locator('.sales-tile__value').getByText('¥5,000').waitFor();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.getByRole('button', { name: 'As a table' }).first().click();
    assert.equal(await screen.page.getByRole('row').count(), 8);
    await screen.page.getByRole('button', { name: 'Last month' }).click();
    await screen.sees('Nothing was sold in this period');
    assert.match(screen.page.url(), /from=\d{4}-\d\d-01&to=/);
    await screen.expectAccessible();
    await screen.close();
  });

  test('a dark screen is printed on white paper, without what can only be pressed', async () => {
    const screen = await browser.screen({ url: api.url, as: japanese, path: '/sales', theme: 'dark' });
    await screen.sees('Ramen brings the most');
    const paper = await openPdf(new Uint8Array(await screen.page.pdf({ format: 'A4' })));
    const pages = await Promise.all(Array.from({ length: paper.pages }, (_, at) => paper.text(at + 1)));
    const text = pages.flatMap(({ words }) => words.map((word) => word.text)).join(' ');
    await paper.close();
    for (const word of ['Sales', '5,000', 'Ramen']) assert.ok(text.includes(word), `${word} in ${text}`);
    for (const word of ['As a table', 'Last month', 'Kitchen', 'Settings'])
      assert.ok(!text.includes(word), `${word} in ${text}`);
    await screen.page.emulateMedia({ media: 'print' });
    await screen.becomes('getComputedStyle(document.documentElement).backgroundColor', 'rgb(255, 255, 255)');
    await screen.picture('sales-printed', { fullPage: true });
    await screen.close();
  });

  test('stock is counted blind on a phone by keys and by thumb, and booked', async () => {
    const [noodles, eggs] = [
      await ingredient({ name: 'Noodles', reorderPoint: '5' }),
      await ingredient({ name: 'Eggs', unit: 'piece' }),
    ];
    await post('/v1/stock/movements', { inventoryItemId: noodles.id, kind: 'receipt', quantity: '4', unitCost: '300' });
    const viewport = { width: 390, height: 844 };
    const screen = await browser.screen({ url: api.url, as: japanese, path: '/stock', viewport });
    await screen.sees('Low');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.getByRole('button', { name: 'Start a count' }).click();
    await screen.page.getByRole('button', { name: 'Start', exact: true }).click();
    const pad = screen.page.getByRole('group', { name: 'Keypad' });
    for (const key of ['1', '2']) await pad.getByRole('button', { name: key }).click();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.getByRole('button', { name: 'Save and go on' }).click();
    await screen.page.locator('.stock-count__name').getByText('Noodles').waitFor();
    await screen.page.keyboard.type('2.5');
    await screen.page.keyboard.press('Enter');
    await screen.page.getByText('Item 2 of 2, 2 counted').waitFor();
    await screen.page.getByRole('button', { name: 'Finish the count' }).click();
    await screen.page.getByRole('button', { name: 'Book the count' }).click();
    await screen.sees('Difference: -¥450');
    await screen.expectAccessible();
    const quantities = [await get(`/v1/inventory-items/${noodles.id}`), await get(`/v1/inventory-items/${eggs.id}`)];
    assert.deepEqual(
      quantities.map(({ currentQuantity }) => currentQuantity),
      ['2.5', '12'],
    );
    await screen.close();
  });

  test('a receipt is found, read as it is printed, and taken back by a credit note', async () => {
    const { number } = await issued({ type: 'receipt', orderId: paid.id });
    const screen = await browser.screen({ url: api.url, as: japanese, path: '/documents?type=receipt' });
    await screen.page.getByRole('row').getByText(number).click();
    await screen.page.getByRole('button', { name: 'Show the paper' }).click();
    await screen.page.locator('pre').getByText(number).waitFor();
    await screen.expectAccessible();
    await screen.page.keyboard.press('Escape');
    await screen.page.getByRole('button', { name: 'Credit note' }).click();
    await screen.page.getByLabel('Reason').fill('wrong guest');
    await screen.expectAccessible();
    await screen.page.getByRole('dialog').getByRole('button', { name: 'Credit note' }).last().click();
    await screen.sees('Reason: wrong guest');
    const { data } = await get('/v1/documents?type=credit_note');
    assert.deepEqual(
      data.map((one: Json) => [one.status, one.reason, one.total]),
      [['issued', 'wrong guest', 2500]],
    );
    await screen.close();
  });

  test('a day is counted, closed with its open order and early, and its Z report is shown', async () => {
    const screen = await browser.screen({ url: api.url, as: japanese, path: '/day-close', theme: 'dark' });
    // The credit note of the receipt owes the first guest money.
    await screen.sees('2 orders to clear');
    await screen.page.getByRole('link', { name: order.number }).waitFor();
    await screen.page.getByLabel('Pieces of ¥1,000').fill('12');
    await screen.page.getByLabel('Opening float').fill('10000');
    await screen.sees('¥500 missing');
    await screen.page.getByRole('button', { name: 'One more: ¥500' }).click();
    await screen.sees('Exact');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.getByRole('button', { name: 'Close the day …' }).click();
    const close = screen.page.getByRole('button', { name: 'Close the day', exact: true });
    assert.equal(await close.isDisabled(), true);
    await screen.page.getByLabel(/^Close although 2 orders are not finished/).check();
    await screen.page.getByLabel(/^The day is not over/).check();
    await screen.expectAccessible();
    await close.click();
    await screen.page.getByRole('button', { name: 'Show the Z report' }).waitFor();
    assert.equal(new URL(screen.page.url()).search, `?date=${today}`);
    await screen.sees('Counted ¥2,500 of ¥2,500');
    const { status, number, cash } = await get(`/v1/business-days/${today}`);
    assert.deepEqual([status, cash.counted, cash.difference], ['closed', 2500, 0]);
    await screen.page.getByRole('button', { name: 'Show the Z report' }).click();
    await screen.page.locator('pre').getByText(number).waitFor();
    await screen.expectAccessible();
    await screen.close();
  });

  test('staff see orders and the menu, but neither sales nor the close', async () => {
    const email = 'mika@example.com';
    const password = 'another long password';
    const { invitation } = await post('/v1/members', { email, name: 'Mika', role: 'staff' });
    expectStatus(200, await api.post('/v1/auth/accept-invitation', { token: invitation.token, password }));
    const screen = await browser.screen({ url: api.url, as: { email, password }, path: '/sales' });
    await screen.sees('There is nothing here');
    const names = await screen.page.locator('.nav__link').allInnerTexts();
    assert.ok(names.includes('Orders') && names.includes('Menu'), names.join());
    assert.ok(!names.includes('Sales') && !names.includes('Day close'), names.join());
    await screen.expectAccessible();
    await screen.close();
  });
});
