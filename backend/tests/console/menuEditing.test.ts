/**
 * The menu in a real browser: a dish with its picture, allergens, languages and hours; groups of
 * modifiers; and many prices at once, seen before they change.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createCanvas } from '@napi-rs/canvas';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { Factories } from '../support/factories.js';
import { FakeS3 } from '../support/fakeS3.js';

const REFUSED = /Failed to load resource/;

describe('editing the menu in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let s3: FakeS3;
  let stopRelay: () => Promise<void>;
  let house: TestRestaurant;
  let items: Json[];
  const { get, patch, post, tax } = new Factories(() => ({ api, token: house.token }));
  before(async () => {
    s3 = await FakeS3.start();
    api = await startApi({ documents: { files: s3.settings(), ocr: false } });
    stopRelay = keepRelayingEvents(api.context);
    house = await api.restaurant({ currency: 'EUR', timezone: 'Europe/Berlin' });
    const { id: categoryId } = await api.category(house.token, { name: 'Mains' });
    await api.category(house.token, { name: 'Drinks' });
    const dish = (name: string, price: number): Promise<Json> => api.item(house.token, { name, price, categoryId });
    items = [await dish('Curry', 1_240), await dish('Lasagne', 1_380), await dish('Salad', 950)];
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
    await s3.close();
  });

  const button = (screen: TestScreen, name: string) => screen.page.getByRole('button', { name, exact: true });
  const stored = (place: number): Promise<Json> => get(`/v1/menu-items/${items[place]?.id}`);
  const openItem = (screen: TestScreen, name: string) =>
    screen.page.locator('.menu-items__name').filter({ hasText: name }).click();

  const known = ({ id, name, price }: Json): Json => ({ id, name, price });

  function photo(): Buffer {
    const canvas = createCanvas(120, 90);
    const context = canvas.getContext('2d');
    context.fillStyle = 'orange';
    context.fillRect(0, 0, 120, 90);
    return canvas.toBuffer('image/png');
  }

  test('a dish gets its picture, allergens, a language and hours, and loses the picture again', async () => {
    const screen = await browser.screen({ url: api.url, as: house, path: '/menu?view=items', mayFail: REFUSED });
    await openItem(screen, 'Curry');
    const file = screen.page.locator('input[type=file]');
    await file.setInputFiles({ name: 'menu.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') });
    await screen.sees('menu.pdf is no picture.');
    await file.setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') });
    await screen.page.locator('.menu-picture .notice').waitFor();
    await file.setInputFiles({ name: 'curry.png', mimeType: 'image/png', buffer: photo() });
    await button(screen, 'Replace').waitFor();
    await screen.page.locator('.menu-picture__image[src$="small.webp"]').waitFor();
    await screen.page.getByLabel('Milk').check();
    await screen.page.getByLabel('Vegetarian').check();
    await screen.page.getByLabel('Other substances').fill('cashew, traces of mustard oil');
    await screen.page.locator('summary').filter({ hasText: 'Other languages' }).click();
    await screen.page.getByLabel('Add a language').selectOption('Deutsch');
    await screen.page.getByLabel('Name (Deutsch)').fill('Gemüsecurry');
    await screen.page.locator('summary').filter({ hasText: 'Hours' }).click();
    await button(screen, 'Add hours').click();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('menu-item');
    await button(screen, 'Save').click();
    await screen.sees('Saved: Curry');
    const saved = await stored(0);
    assert.deepEqual(
      [saved.allergens, saved.dietTags, saved.otherAllergens],
      [['milk'], ['vegetarian'], ['cashew', 'traces of mustard oil']],
    );
    assert.deepEqual(saved.translations, { de: { name: 'Gemüsecurry' } });
    assert.deepEqual([saved.schedules.length, saved.schedules[0].from], [1, '11:00']);
    assert.match(saved.picture.small, /small\.webp$/);
    await screen.page.locator('.menu-items__picture').waitFor();
    await openItem(screen, 'Curry');
    await button(screen, 'Remove').click();
    await button(screen, 'Save').click();
    await screen.page.locator('.menu-items__picture').waitFor({ state: 'detached' });
    const without = await stored(0);
    assert.deepEqual([without.pictureId, without.allergens], [null, ['milk']]);
    await screen.close();
  });

  test('a group of modifiers has its limits, and wrong ones are refused at their field', async () => {
    const options = { url: api.url, as: house, path: '/menu?view=groups', theme: 'dark', mayFail: REFUSED } as const;
    const screen = await browser.screen(options);
    await button(screen, 'New group').click();
    await screen.page.getByLabel('Name', { exact: true }).fill('Sides');
    await screen.page.getByLabel('At least').fill('3');
    await screen.page.getByLabel('At most', { exact: true }).fill('2');
    await button(screen, 'Add a choice').click();
    await screen.page.getByLabel('Choice', { exact: true }).fill('Rice');
    await screen.page.getByLabel('Price', { exact: true }).fill('2.50');
    await button(screen, 'Save').click();
    await screen.page.locator('.menu-limits .field__error').first().waitFor();
    await screen.page.getByLabel('At least').fill('1');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('menu-group');
    await button(screen, 'Save').click();
    await screen.page.getByRole('grid').getByText('1 to 2').waitFor();
    const { data } = await get('/v1/modifier-groups');
    assert.deepEqual(
      data.map((one: Json) => [one.minSelections, one.maxSelections, one.modifiers[0].name, one.modifiers[0].price]),
      [[1, 2, 'Rice', 250]],
    );
    const own = (await tax('20', true)).id;
    const [{ id, modifiers }] = data;
    await patch(`/v1/modifier-groups/${id}`, { modifiers: [{ ...known(modifiers[0]), taxIds: [own] }] });
    await screen.page.reload();
    await screen.page.getByRole('row', { name: /Sides/ }).click();
    await screen.page.getByLabel('Price', { exact: true }).fill('3');
    await button(screen, 'Save').click();
    await screen.sees('Saved: Sides');
    const [rice] = (await get(`/v1/modifier-groups/${id}`)).modifiers;
    assert.deepEqual([rice.price, rice.taxIds], [300, [own]], 'taxes of its own stay');
    await screen.close();
  });

  test('prices of several dishes are seen before they change; another change asks again', async () => {
    const screen = await browser.screen({ url: api.url, as: house, path: '/menu?view=items', mayFail: REFUSED });
    await button(screen, 'Change several').click();
    await screen.page.getByLabel('Choose Curry').check();
    await screen.page.getByLabel('Choose Lasagne').check();
    await screen.expectAccessible();
    await button(screen, 'Prices').click();
    await screen.page.getByLabel('Per cent', { exact: true }).fill('10');
    await screen.page.getByText('To steps').click();
    await screen.page.getByLabel('Steps of').fill('1.00');
    await screen.page.getByLabel('Ending').fill('0.90');
    await screen.page.getByRole('cell', { name: '€13.90' }).waitFor();
    await screen.page.getByRole('cell', { name: '€14.90' }).waitFor();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('menu-bulk');
    await patch(`/v1/menu-items/${items[1]?.id}`, { price: 1_500 });
    await button(screen, 'Change 2 prices').click();
    await screen.page.getByRole('cell', { name: '€16.90' }).waitFor();
    assert.equal((await stored(0)).price, 1_240);
    await button(screen, 'Change 2 prices').click();
    await screen.sees('2 prices changed');
    assert.deepEqual([(await stored(0)).price, (await stored(1)).price, (await stored(2)).price], [1_390, 1_690, 950]);
    await button(screen, 'Sold out').click();
    await screen.sees('2 items are sold out');
    assert.deepEqual([(await stored(0)).isAvailable, (await stored(2)).isAvailable], [false, true]);
    await button(screen, 'Undo').click();
    await screen.sees('2 items are on sale again');
    assert.equal((await stored(0)).isAvailable, true);
    await screen.close();
  });

  test('staff sell several dishes out at once, and see no prices to change', async () => {
    const cook = { email: 'nadia@example.com', password: 'a sentence to remember' };
    const { invitation } = await post('/v1/members', { email: cook.email, role: 'kitchen', name: 'Nadia' });
    const joined = { token: invitation.token, password: cook.password };
    expectStatus(200, await api.post('/v1/auth/accept-invitation', joined));
    const screen = await browser.screen({ url: api.url, as: cook, path: '/menu' });
    await button(screen, 'Change several').click();
    assert.equal(await button(screen, 'Prices').count(), 0);
    for (const name of ['Curry', 'Salad']) await screen.page.getByLabel(`Choose ${name}`).check();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await button(screen, 'Sold out').click();
    await screen.sees('2 dishes are sold out');
    assert.deepEqual([(await stored(0)).isAvailable, (await stored(2)).isAvailable], [false, false]);
    await button(screen, 'On sale').click();
    await screen.sees('2 items are on sale again');
    await screen.close();
  });

  test('dishes and categories are dragged to their places', async () => {
    const screen = await browser.screen({ url: api.url, as: house, path: '/menu?view=items' });
    const rows = screen.page.locator('.menu-items__item');
    const salad = rows.filter({ hasText: 'Salad' }).locator('.menu-grip');
    await salad.dragTo(rows.filter({ hasText: 'Curry' }));
    await screen.page.locator('.menu-items__name >> nth=0').getByText('Salad').waitFor();
    const drinks = screen.page.locator('.menu-section__name').filter({ hasText: 'Drinks' }).locator('.menu-grip');
    await drinks.dragTo(screen.page.locator('h2').getByText('Mains'));
    await screen.picture('menu-dragged');
    await screen.page.locator('.menu-section h2 >> nth=0').getByText('Drinks').waitFor();
    const { data } = await get('/v1/categories');
    assert.deepEqual(
      data.toSorted((a: Json, b: Json) => a.position - b.position).map(({ name }: Json) => name),
      ['Drinks', 'Mains'],
    );
    await screen.close();
  });
});
