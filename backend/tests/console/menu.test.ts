/**
 * The menu in a real browser: sold out with one touch, and prices that two people change at once.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import { Factories } from '../support/factories.js';

const REFUSED = /Failed to load resource/;

describe('the menu in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let kuwaiti: TestRestaurant;
  let items: Json[];
  const { get, patch, tax } = new Factories(() => ({ api, token: kuwaiti.token }));
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    kuwaiti = await api.restaurant({ currency: 'KWD', timezone: 'Asia/Kuwait' });
    const { id: categoryId } = await api.category(kuwaiti.token, { name: 'Grill' });
    const dish = (name: string, price: number): Promise<Json> => api.item(kuwaiti.token, { name, price, categoryId });
    items = [await dish('Kebab', 2500), await dish('Shish', 3125)];
    await tax('5', false);
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  test('one touch takes a dish from the menu, the sale ends for a time, and another screen sees it', async () => {
    const [kebab] = items;
    const screen = await browser.screen({ url: api.url, as: kuwaiti, path: '/menu' });
    const other = await browser.screen({ url: api.url, as: kuwaiti, path: '/menu', beside: screen });
    await other.sees('Kebab');
    await screen.page.getByRole('switch', { name: 'On sale: Kebab' }).click();
    await other.sees('1 dish is sold out');
    assert.equal((await get(`/v1/menu-items/${kebab?.id}`)).isAvailable, false);
    await screen.page.getByRole('button', { name: 'Undo' }).click();
    await screen.page.getByText('1 dish is sold out').waitFor({ state: 'detached' });
    await screen.page.getByRole('button', { name: 'Until when, how many: Kebab' }).click();
    await screen.page.getByText('Sold out today').click();
    await screen.expectAccessible();
    await screen.page.getByRole('button', { name: 'Save' }).click();
    await screen.sees(/^Sold out until/);
    await screen.expectAccessible();
    await screen.expectNarrow();
    const { until } = (await get(`/v1/menu-items/${kebab?.id}`)).availability;
    // The business day ends at four in the morning, Kuwait time.
    assert.match(until, /T01:00:00/);
    await other.close();
    await screen.close();
  });

  test('a price that another tab has changed is asked about, and then kept', async () => {
    const [, shish] = items;
    const path = '/menu?view=items';
    const screen = await browser.screen({ url: api.url, as: kuwaiti, path, theme: 'dark', mayFail: REFUSED });
    const price = screen.page.getByLabel('Price of Shish');
    await price.focus();
    assert.equal(await price.inputValue(), '3.125');
    await patch(`/v1/menu-items/${shish?.id}`, { price: 3000 });
    await price.fill('3,250');
    await price.press('Enter');
    const dialog = screen.page.getByRole('dialog', { name: 'Somebody else changed this' });
    await dialog.getByRole('cell', { name: 'KWD 3.000' }).waitFor();
    await screen.expectAccessible();
    await dialog.getByRole('button', { name: 'Save mine' }).click();
    await screen.sees('Shish now costs KWD 3.250');
    assert.equal((await get(`/v1/menu-items/${shish?.id}`)).price, 3250);
    await screen.close();
  });

  test('an item is made with its variants, refused at its field, and moved by a button', async () => {
    const path = '/menu?view=items';
    const screen = await browser.screen({ url: api.url, as: kuwaiti, path, mayFail: REFUSED });
    await screen.page.getByRole('button', { name: 'New item' }).click();
    await screen.page.getByLabel('Name', { exact: true }).fill('Lamb');
    await screen.page.getByLabel('Tax 5').check();
    await screen.page.getByRole('button', { name: 'Add a variant' }).click();
    await screen.page.getByRole('button', { name: 'Save' }).click();
    await screen.page.locator('.menu-variants .field__error').waitFor();
    await screen.expectAccessible();
    await screen.page.getByLabel('Variant', { exact: true }).fill('Large');
    await screen.page.getByLabel('Price', { exact: true }).fill('4.5');
    await screen.page.getByRole('button', { name: 'Save' }).click();
    await screen.sees('KWD 4.500 – KWD 4.500');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.page.getByRole('button', { name: 'Move up: Lamb' }).click();
    await screen.page.locator('.menu-items__name >> nth=1').getByText('Lamb').waitFor();
    const { data } = await get('/v1/menu-items?limit=10');
    const inOrder = data.toSorted((a: Json, b: Json) => a.position - b.position);
    assert.deepEqual(
      inOrder.map(({ name }: Json) => name),
      ['Kebab', 'Lamb', 'Shish'],
    );
    assert.deepEqual(
      inOrder[1].variants.map((one: Json) => [one.name, one.price]),
      [['Large', 4500]],
    );
    await screen.close();
  });
});
