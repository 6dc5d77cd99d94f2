/** The back office in a real browser: settings, the own account, two restaurants, costs. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, type TestApi, type TestRestaurant } from '../support/api.js';
import { type AssistantHouse, startAssistant } from '../support/assistant.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { Factories } from '../support/factories.js';

const PHONE = { width: 390, height: 844 };
/** A browser says so itself when a call is refused. */
const REFUSED = /Failed to load resource/;

describe('the back office in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('need a Chromium', { skip: browser });
    return;
  }
  let house: AssistantHouse;
  let api: TestApi;
  let bistro: TestRestaurant;
  before(async () => {
    house = await startAssistant();
    api = house.api;
    bistro = await api.restaurant({ timezone: 'Europe/Berlin' });
    const soup = await api.item(bistro.token, { name: 'Leek soup' });
    await api.order(bistro.token, [{ menuItemId: soup.id, quantity: 2 }]);
  });
  after(async () => {
    await browser.close();
    await house.close();
  });

  const open = (path: string, more: object = {}): Promise<TestScreen> =>
    browser.screen({ url: api.url, as: bistro, path, ...more });
  const store = new Factories(() => ({ api, token: bistro.token }));
  const restaurantNow = async (): Promise<Json> => expectStatus(200, await api.get('/v1/restaurant', bistro));

  async function expectFine(screen: TestScreen, picture: string): Promise<void> {
    await screen.picture(picture, { fullPage: true });
    await screen.expectAccessible();
    await screen.expectNarrow();
  }

  test('settings are saved; of two people who change them at once, the second one chooses', async () => {
    const screen = await open('/settings', { mayFail: REFUSED });
    const { page } = screen;
    await page.getByLabel('VAT number').fill('DE12');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await page.getByLabel('VAT number').fill('DE136695976');
    await page.getByLabel('Service charge in percent').fill('12,5');
    await page.getByLabel('Dine in').check();
    const { version } = await restaurantNow();
    const headers = { 'if-match': `"${version}"` };
    expectStatus(200, await api.patch('/v1/restaurant', { address: 'Elm Street 1' }, { ...bistro, headers }));
    await page.getByRole('button', { name: 'Save' }).click();
    const choice = page.getByRole('dialog', { name: 'Somebody else changed this' });
    await choice.getByText('Elm Street 1').waitFor();
    await screen.picture('settings-conflict');
    await screen.expectAccessible();
    await choice.getByRole('button', { name: 'Save mine' }).click();
    await choice.waitFor({ state: 'detached' });
    const saved = await restaurantNow();
    assert.deepEqual([saved.vatId, saved.address, saved.serviceCharge.rate], ['DE136695976', null, '12.5']);
    const own = await restaurantNow();
    const seen = { 'if-match': `"${own.version}"` };
    expectStatus(200, await api.patch('/v1/restaurant', { name: 'Bistro Elm' }, { ...bistro, headers: seen }));
    await page.getByLabel('Address').fill('Oak Street 2');
    await page.getByRole('button', { name: 'Save' }).click();
    await choice.getByRole('button', { name: 'Take theirs' }).click();
    await page.locator('input[name=name][value="Bistro Elm"]').waitFor();
    assert.equal((await restaurantNow()).address, null);
    await expectFine(screen, 'settings');
    await screen.close();
  });

  test('hours are set without a mouse, and the receipt shows its new words', async () => {
    const screen = await open('/settings?view=hours');
    const { page } = screen;
    await page.getByRole('button', { name: 'Add hours' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Opens').fill('17:00');
    await page.getByLabel('Sun').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await screen.sees('Saved');
    const { openingHours } = await restaurantNow();
    assert.deepEqual(openingHours, [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], from: '17:00', to: '22:00' }]);
    await expectFine(screen, 'settings-hours');
    await page.getByRole('tab', { name: 'Receipt' }).click();
    await page.getByLabel('Words below the receipt').fill('Come again');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('pre').getByText('Come again').waitFor();
    await expectFine(screen, 'settings-receipt');
    await screen.close();
    // The orders of other tests come at any hour.
    const headers = { 'if-match': `"${(await restaurantNow()).version}"` };
    expectStatus(200, await api.patch('/v1/restaurant', { openingHours: [] }, { ...bistro, headers }));
  });

  test('a tax is added and changed, also from right to left', async () => {
    const screen = await open('/settings?view=taxes', { language: 'ar', theme: 'dark', viewport: PHONE });
    const { page } = screen;
    await page.getByRole('button', { name: 'إضافة ضريبة' }).click();
    await page.getByLabel('الاسم').fill('VAT');
    await page.getByLabel('النسبة المئوية').fill('7');
    await screen.expectAccessible();
    await screen.picture('settings-tax-ar');
    await page.getByRole('button', { name: 'حفظ' }).click();
    await page.getByRole('row', { name: /VAT/ }).click();
    await page.getByLabel('النسبة المئوية').fill('19');
    await page.getByRole('button', { name: 'حفظ' }).click();
    await page.getByRole('row', { name: /19/ }).waitFor();
    await expectFine(screen, 'settings-taxes-ar');
    await screen.close();
    const series = await open('/settings?view=series', { language: 'de' });
    await series.page.locator('.vtable, .empty').first().waitFor();
    await expectFine(series, 'settings-series');
    await series.close();
  });

  test('costs are bars beside a target, dishes in four fields, and differences to two sides', async () => {
    const leek = await store.ingredient({ name: 'Leek', openingQuantity: '100', unitCost: '1000' });
    const dishes = [
      { name: 'Cheap and loved', price: 900, grams: '0.1', sold: 40 },
      { name: 'Dear and loved', price: 900, grams: '0.7', sold: 30 },
      { name: 'Rich but shy', price: 2400, grams: '0.2', sold: 3 },
      { name: 'Forgotten', price: 700, grams: '0.5', sold: 2 },
    ];
    for (const { name, price, grams, sold } of dishes) {
      const item = await api.item(bistro.token, { name, price });
      await store.recipe({ menuItemId: item.id, lines: [{ inventoryItemId: leek.id, quantity: grams, unit: 'kg' }] });
      const order = await api.order(bistro.token, [{ menuItemId: item.id, quantity: sold }]);
      await store.complete(order.id);
    }
    await store.post('/v1/stock/movements', {
      inventoryItemId: leek.id,
      kind: 'waste',
      quantity: '5',
      reason: 'spoiled',
    });
    const screen = await open('/cost');
    const { page } = screen;
    await page.getByRole('heading', { name: '2 portions are over the target of 30%' }).waitFor();
    await expectFine(screen, 'cost');
    await page.getByLabel('Target in percent').fill('75');
    await page.getByRole('heading', { name: '1 portion is over the target of 75%' }).waitFor();
    await page.getByRole('tab', { name: 'Menu engineering' }).click();
    const points = page.locator('.scatter__point');
    await points.first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.match((await page.locator('.scatter__name').textContent()) ?? '', /Dear and loved/);
    await expectFine(screen, 'cost-menu');
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('row', { name: /Rich but shy.*Puzzle/ }).waitFor();
    await page.getByRole('tab', { name: 'Variance' }).click();
    await page.getByText('Leek').waitFor();
    await expectFine(screen, 'cost-variance');
    await screen.close();
    const arabic = await open('/cost?view=menu', { language: 'ar', theme: 'dark', viewport: PHONE });
    await arabic.page.locator('.scatter__point').nth(3).waitFor();
    await expectFine(arabic, 'cost-menu-ar');
    await arabic.close();
  });

  test('the assistant answers word by word, and changes a price only when it is confirmed', async () => {
    const tea = await api.item(bistro.token, { name: 'Mint tea', price: 300 });
    house.fake.behave = ({ messages }) => {
      const { role, content } = messages.at(-1)!;
      if (role === 'tool') return { text: 'Please confirm.' };
      if (content.includes('down')) return { status: 400 };
      return content.includes('price')
        ? { calls: [{ name: 'propose_set_price', arguments: { menuItemId: tea.id, price: 350 } }] }
        : { calls: [{ name: 'menu_items', arguments: { q: 'tea' } }] };
    };
    const screen = await open('/assistant', { mayFail: REFUSED });
    const { page } = screen;
    await page.getByLabel('Your question').fill('Please set the price of tea to 3.50');
    await page.keyboard.press('Enter');
    const card = page.getByRole('region', { name: 'Proposal: Mint tea' });
    await card.getByText('€3.50').waitFor();
    await expectFine(screen, 'assistant');
    assert.equal((await store.get(`/v1/menu-items/${tea.id}`)).price, 300);
    await card.getByRole('button', { name: 'Confirm' }).click();
    await card.getByText('Done').waitFor();
    assert.equal((await store.get(`/v1/menu-items/${tea.id}`)).price, 350);
    await page.getByLabel('Your question').fill('What of tea do we sell?');
    await page.keyboard.press('Enter');
    await page.getByRole('listitem').getByRole('link', { name: 'Menu' }).waitFor();
    await expectFine(screen, 'assistant-sources');
    await page.getByLabel('Your question').fill('Are you down?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').waitFor();
    await screen.expectAccessible();
    await page.getByRole('button', { name: 'New conversation' }).click();
    const earlier = page.getByRole('button', { name: 'Earlier conversations' });
    await earlier.click();
    const found = page.getByRole('button', { name: /^Please set the price of tea/ });
    await found.waitFor();
    const search = page.getByLabel('Words in a question or an answer');
    await search.fill('rhubarb');
    await screen.sees('No conversation has these words.');
    await search.fill('TEA DO WE');
    await found.waitFor();
    await screen.picture('assistant-earlier');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await found.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.assistant__asked').filter({ hasText: 'What of tea do we sell?' }).waitFor();
    await earlier.click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Press again to confirm' }).click();
    await screen.sees('You have asked nothing yet.');
    await page.keyboard.press('Escape');
    await screen.sees('Ask about your restaurant');
    await screen.close();
    await store.patch('/v1/restaurant', { isAssistantOn: false });
    const off = await open('/assistant', { language: 'ar', theme: 'dark', viewport: PHONE });
    await off.page.getByRole('button', { name: 'تشغيل' }).waitFor();
    await expectFine(off, 'assistant-off-ar');
    await off.page.getByRole('button', { name: 'تشغيل' }).click();
    await off.page.getByLabel('سؤالك').waitFor();
    assert.equal((await restaurantNow()).isAssistantOn, true);
    await expectFine(off, 'assistant-ar');
    await off.close();
  });

  test('a file of another till is mapped, rehearsed and then imported; a large one by a job', async () => {
    const screen = await open('/import', { mayFail: REFUSED });
    const { page } = screen;
    await screen.sees('Nothing was imported yet');
    const rows = [
      'Order Number;Order Date;Item Name;Quantity;Product Price',
      '7;24.11.2026 12:30;Ramen;2;9,50',
      '8;24.11.2026 13:00;"Tea; cold";1;3,20',
      '9;never;Ramen;1;9,50',
    ];
    const file = (text: string) => ({ name: 'old.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByLabel('File').setInputFiles(file(rows.join('\n')));
    await page.getByRole('cell', { name: 'Tea; cold' }).waitFor();
    assert.equal(await page.getByLabel('Form of the time').inputValue(), 'dd.MM.yyyy HH:mm');
    await page.getByLabel('Price of one').selectOption('');
    await screen.sees('Choose one price');
    await page.getByLabel('Price of one').selectOption({ label: 'Product Price' });
    await page.getByLabel('Form of the time').fill('wrong');
    await page.getByRole('button', { name: 'Rehearse' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Form of the time').fill('dd.MM.yyyy HH:mm');
    await page.getByRole('button', { name: 'Rehearse' }).click();
    await screen.sees('Nothing is stored yet');
    await expectFine(screen, 'import');
    const stored = async (): Promise<number> =>
      (await store.get('/v1/orders?limit=100')).data.filter((one: Json) => one.number.startsWith('IMP-')).length;
    assert.equal(await stored(), 0);
    await page.getByRole('button', { name: 'Import now' }).click();
    await screen.sees('This was stored:');
    assert.equal(await stored(), 2);
    const many = Array.from({ length: 30_000 }, (_, at) => `${at};24.11.2026 12:30;Ramen with an egg;1;9,50`);
    await page.getByLabel('File').setInputFiles(file([rows[0], ...many].join('\n')));
    await page.getByRole('button', { name: 'Rehearse' }).click();
    await page.getByRole('heading', { name: 'The file is being read' }).waitFor();
    await screen.expectAccessible();
    await screen.close();
    const phone = await open('/import', { language: 'ar', theme: 'dark', viewport: PHONE });
    await phone.page.getByRole('table').waitFor();
    await phone.page.locator('input[type=file]').setInputFiles(file(rows.join('\n')));
    await phone.page.getByRole('cell', { name: 'Tea; cold' }).waitFor();
    await expectFine(phone, 'import-ar');
    await phone.close();
  });

  test('vouchers are made and handed out on cards', async () => {
    const screen = await open('/codes');
    const { page } = screen;
    await page.getByRole('button', { name: 'New pool' }).click();
    await page.getByLabel('Name').fill('Gifts');
    await page.getByLabel('Value').fill('25');
    await screen.expectAccessible();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Gifts.*€25\.00/ }).click();
    await page.getByRole('button', { name: 'Make them' }).click();
    await screen.sees(/codes are being made/);
    await screen.expectAccessible();
    await screen.picture('codes-pool');
    const [pool] = (await store.get('/v1/code-pools')).data;
    assert.deepEqual([pool.kind, pool.value, pool.expiresAfterDays], ['voucher', 2500, null]);
    const { generated, toGenerate } = await store.get(`/v1/code-pools/${pool.id}/status`);
    assert.ok(generated + toGenerate > pool.target, JSON.stringify({ generated, toGenerate, pool }));
    const batch = page.locator('form', { hasText: 'Hand out and print' });
    await batch.getByLabel('Number').fill('3');
    await batch.getByRole('button').click();
    await screen.sees('3 codes are handed out');
    await screen.expectAccessible();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the cards as PDF' }).click();
    assert.equal((await saved).suggestedFilename(), 'Gifts.pdf');
    assert.equal((await store.get(`/v1/code-pools/${pool.id}/status`)).claimed, 3);
    await page.keyboard.press('Escape');
    await expectFine(screen, 'codes');
    await screen.close();
  });

  test('numbers agree to texts, settings of messages are kept, and each message has its state', async () => {
    await store.post('/v1/consents', { phone: '+4915112345678' });
    const screen = await open('/messages?view=consents', { theme: 'dark', viewport: PHONE, mayFail: REFUSED });
    const { page } = screen;
    await page.getByRole('button', { name: 'Record a consent' }).click();
    await page.getByLabel('Number').fill('12');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await screen.expectAccessible();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /15112345678/ }).click();
    await page.getByRole('button', { name: 'Forget the number' }).click();
    await page.getByRole('button', { name: 'Press again to confirm' }).click();
    await screen.sees('No numbers yet');
    assert.equal((await store.get('/v1/consents')).data.length, 0);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Who gets each day close').fill('books@example.com\nboss@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    await screen.sees('Saved');
    assert.deepEqual((await store.get('/v1/message-settings')).dayCloseTo, ['books@example.com', 'boss@example.com']);
    await expectFine(screen, 'messages-settings');
    await screen.close();
    const order = (await store.get('/v1/orders?limit=1')).data[0];
    await store.post('/v1/messages', { kind: 'receipt', orderId: order.id, to: 'guest@example.com' });
    const sent = await open('/messages', { language: 'ar' });
    await sent.page
      .getByRole('row', { name: /guest@example\.com|@/ })
      .first()
      .click();
    await sent.page.getByRole('dialog').waitFor();
    await sent.picture('message-ar');
    await sent.expectAccessible();
    await sent.page.keyboard.press('Escape');
    await expectFine(sent, 'messages-ar');
    await sent.close();
  });

  test('a person changes their password, and goes with all tabs to their other restaurant', async () => {
    const other = await api.restaurant();
    const invited = expectStatus(
      201,
      await api.post('/v1/members', { email: bistro.email, name: 'Olga', role: 'manager' }, other),
    );
    expectStatus(201, await api.post('/v1/me/memberships', { token: invited.invitation.token }, bistro));
    const screen = await open('/settings?view=profile', { mayFail: REFUSED });
    const beside = await open('/orders', { beside: screen, mayFail: REFUSED });
    await beside.sees('Leek soup');
    const { page } = screen;
    await page.getByLabel('Current password').fill(bistro.password);
    await page.getByLabel('New password').fill('a longer and better password');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await screen.sees('The password is changed');
    await expectFine(screen, 'settings-profile');
    await page.getByRole('button', { name: 'Go to Test Bistro' }).click();
    const shown = (of: TestScreen): Promise<string> =>
      of.run<string>(`fetch('/v1/auth/refresh?cookie=true', { method: 'POST', body: '{}',
        headers: { 'content-type': 'application/json' } }).then((answer) => answer.json()).then((entry) => entry.restaurant.id)`);
    await page.waitForURL(/\/console\/?$/);
    await beside.page.waitForURL(/\/console\/?$/);
    await beside.page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await shown(beside), other.id);
    await beside.close();
    await screen.close();
  });
});
