/** Orders for a later time at the till, and amounts as languages and currencies write them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';

/** Far enough that no midnight of any zone matters. */
const DAY = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
/** Language, currency, and the amount that an empty field shows. */
const AMOUNTS = [
  ['de', 'EUR', '0,00'],
  ['ja', 'JPY', '0'],
  ['en', 'KWD', '0.000'],
  ['fr', 'KWD', '0,000'],
] as const;

describe('the till, for later', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let izakaya: TestRestaurant;
  before(async () => {
    api = await startApi();
    izakaya = await api.restaurant({ timezone: 'Asia/Tokyo' });
    await api.item(izakaya.token, { name: 'Ramen', price: 1100 });
  });
  after(async () => {
    await browser.close();
    await api.close();
  });

  test('an order is for a time of the restaurant, keeps it over a reload, and says why it is refused', async () => {
    const screen = await browser.screen({
      url: api.url,
      as: izakaya,
      path: '/till',
      mayFail: /Failed to load resource/,
    });
    const { page } = screen;
    const later = page.getByLabel('For later');
    await page.getByRole('button', { name: 'New order', exact: true }).click();
    await page.getByText('Takeaway', { exact: true }).click();
    await page.getByLabel('Name of the guest', { exact: true }).fill('Yuki');
    await later.fill('2020-01-01T12:30');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('till-later-dialog');
    await page.getByRole('button', { name: 'Choose dishes' }).click();
    await page.locator('.till-tile', { hasText: 'Ramen' }).click();
    await screen.sees('This time is in the past.');
    await screen.expectAccessible();
    await screen.picture('till-later-refused');
    await page.getByRole('button', { name: 'Change the time' }).click();
    assert.equal(await later.inputValue(), '2020-01-01T12:30');
    await later.fill(`${DAY}T12:30`);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.till-ticket__name', { hasText: '12:30' }).waitFor();
    await page.locator('.order__totals').getByText('11.00').last().waitFor();
    await page.goto(`${api.url}/console/till`);
    const card = page.locator('.till-card--draft', { hasText: 'Yuki' });
    await card.filter({ hasText: '12:30' }).waitFor();
    await screen.picture('till-later-draft');
    await card.click();
    await page.locator('.till-ticket__name', { hasText: '12:30' }).waitFor();
    await screen.expectNarrow();
    await page.getByRole('button', { name: 'Place order' }).click();
    await screen.sees(/^Order .* is placed/);
    const { data } = expectStatus(200, await api.get('/v1/orders', izakaya));
    assert.deepEqual(
      data.map(({ scheduledFor }: { scheduledFor: string }) => scheduledFor),
      [`${DAY}T03:30:00.000Z`],
    );
    await screen.close();
  });

  test('in Arabic and dark, the dialog has the time, too', async () => {
    const screen = await browser.screen({ url: api.url, as: izakaya, path: '/till', language: 'ar', theme: 'dark' });
    await screen.page.getByRole('button', { name: 'طلب جديد' }).first().click();
    await screen.page.getByLabel('لوقت لاحق').waitFor();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.setViewportSize({ width: 320, height: 740 });
    await screen.picture('till-later-ar-320');
    await screen.close();
  });

  test('an empty amount has the digits of its currency and the sign of its language', async () => {
    for (const [language, currency, shown] of AMOUNTS) {
      const as = await api.restaurant({ currency });
      const screen = await browser.screen({ url: api.url, as, path: '/day-close', language });
      const field = screen.page.locator('#day-close-cash ~ .field input');
      await field.waitFor();
      assert.deepEqual([await field.getAttribute('placeholder'), await field.inputValue()], [shown, shown], language);
      await screen.close();
    }
  });
});
