/** The restaurant's set-up in a real browser: settings, the own account, two restaurants. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';

const PHONE = { width: 390, height: 844 };
/** A browser says so itself when a call is refused. */
const REFUSED = /Failed to load resource/;

describe('the settings in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('need a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let bistro: TestRestaurant;
  before(async () => {
    api = await startApi();
    bistro = await api.restaurant({ timezone: 'Europe/Berlin' });
    const soup = await api.item(bistro.token, { name: 'Leek soup' });
    await api.order(bistro.token, [{ menuItemId: soup.id, quantity: 2 }]);
  });
  after(async () => {
    await browser.close();
    await api.close();
  });

  const open = (path: string, more: object = {}): Promise<TestScreen> =>
    browser.screen({ url: api.url, as: bistro, path, ...more });
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
    await page.waitForFunction("document.querySelector('input[name=name]').value === 'Bistro Elm'");
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
