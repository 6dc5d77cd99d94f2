/** Screens of the office in a real browser: team and devices, webhooks, jobs, audit log. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';

const PHONE = { width: 390, height: 844 };
/** A browser says so itself when a call is refused. */
const REFUSED = /Failed to load resource/;
/** Invented, and reserved for documentation. */
const RECEIVER = 'https://hooks.example.com/servio';

describe('the office screens of the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('need a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let restaurant: TestRestaurant;
  before(async () => {
    api = await startApi();
    restaurant = await api.restaurant({ timezone: 'Europe/Berlin' });
  });
  after(async () => {
    await browser.close();
    await api.close();
  });

  const open = (path: string, more: object = {}): Promise<TestScreen> =>
    browser.screen({ url: api.url, as: restaurant, path, ...more });

  async function expectFine(screen: TestScreen): Promise<void> {
    await screen.expectAccessible();
    await screen.expectNarrow();
  }

  test('a person is invited by a link that is shown once, and changes roles', async () => {
    const screen = await open('/team');
    const { page } = screen;
    await page.getByRole('button', { name: 'Invite a person' }).click();
    await page.getByLabel('Name').fill('Mina Weber');
    await page.getByLabel('E-mail').fill('mina@example.com');
    await page.getByLabel('Role').selectOption('kitchen');
    await page.getByRole('dialog').getByRole('button', { name: 'Invite a person' }).click();
    await screen.sees('Mina Weber is invited');
    const link = await page.getByLabel('Link of the invitation').inputValue();
    assert.match(link, /\/console\/invitation#token=\S{20,}$/);
    await screen.picture('team-invited');
    await screen.expectAccessible();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /Mina Weber/ }).click();
    await page.getByLabel('Role').selectOption('staff');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Mina Weber.*Staff/ }).waitFor();
    await expectFine(screen);
    const { data } = expectStatus(200, await api.get('/v1/members', { token: restaurant.token }));
    assert.equal(data.find(({ email }: { email: string }) => email === 'mina@example.com').role, 'staff');
    await screen.picture('team');
    await screen.close();
  });

  test('a device is paired by the code on its screen, and revoked', async () => {
    const screen = await open('/team?view=devices', { theme: 'dark', viewport: PHONE, mayFail: REFUSED });
    const { page } = screen;
    await screen.sees('No devices yet');
    const { userCode, secret } = expectStatus(201, await api.post('/v1/devices/pairings'));
    await page.getByRole('button', { name: 'Pair a device' }).click();
    await page.getByLabel('Code on the device').fill('BCDF-GHJK');
    await page.getByLabel('Name').fill('Pass');
    await page.getByRole('dialog').getByRole('button', { name: 'Pair a device' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await screen.expectAccessible();
    await page.getByLabel('Code on the device').fill(userCode.toLowerCase());
    await page.getByRole('dialog').getByRole('button', { name: 'Pair a device' }).click();
    await screen.sees('Pass is paired');
    const { secret: key } = expectStatus(200, await api.post('/v1/devices/pairings/collect', { secret }));
    await page.reload();
    await page.getByRole('row', { name: /Pass.*Kitchen screen/ }).click();
    await screen.expectAccessible();
    await screen.picture('device-dark');
    await page.getByRole('button', { name: 'Revoke the device' }).click();
    await screen.expectAccessible();
    await page.getByRole('button', { name: 'Press again to confirm' }).click();
    await screen.sees('No devices yet');
    assert.equal((await api.get('/v1/orders', { token: key })).status, 401);
    await expectFine(screen);
    await screen.close();
  });

  test('an endpoint is added, tested and switched off', async () => {
    const screen = await open('/webhooks');
    const { page } = screen;
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    await page.getByLabel('Address').fill(RECEIVER);
    await page.getByRole('dialog').getByRole('button', { name: 'Add an endpoint' }).click();
    assert.match(await page.getByRole('textbox', { name: 'Secret' }).inputValue(), /^whsec_/);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /hooks\.example\.com/ }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await screen.sees('The test is on its way');
    await page.getByRole('button', { name: 'Switch off' }).click();
    await screen.sees(/Switched off at/);
    await screen.picture('webhook');
    await screen.expectAccessible();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Log' }).click();
    await screen.sees('Nothing was sent yet');
    await expectFine(screen);
    await screen.close();
  });

  test('the audit log shows who changed what, also from right to left', async () => {
    const screen = await open('/audit', { language: 'ar' });
    await screen.page.getByRole('row').nth(1).click();
    await screen.page.getByRole('dialog').waitFor();
    assert.equal(await screen.run('document.documentElement.dir'), 'rtl');
    await screen.expectAccessible();
    await screen.picture('audit-ar');
    await screen.page.keyboard.press('Escape');
    await expectFine(screen);
    await screen.close();
  });

  test('jobs say that there are none, and which states there are', async () => {
    const screen = await open('/jobs', { language: 'de' });
    await screen.sees('Hier ist nichts');
    await screen.page.getByText('Gescheitert').click();
    await screen.sees('Hier ist nichts');
    await expectFine(screen);
    await screen.close();
  });
});
