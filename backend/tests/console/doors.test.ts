/** The doors of the console: pages that are seen without a session, and the way through them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';

/** A browser says so itself when a call is refused or finds nobody. */
const REFUSED = /Failed to load resource/;
/** The console itself, and its style. */
const CONSOLE = /\/console\/assets\/(?:console|style|Shell)-/;
const PASSWORD = 'a sentence for the door';

describe('the doors of the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let bistro: TestRestaurant;
  before(async () => {
    api = await startApi();
    bistro = await api.restaurant();
  });
  after(async () => {
    await browser.close();
    await api.close();
  });

  async function invite(email: string): Promise<string> {
    const member = { email, name: 'Mika', role: 'owner' };
    return expectStatus(201, await api.post('/v1/members', member, bistro)).invitation.token;
  }

  async function logIn({ page }: TestScreen): Promise<void> {
    await page.getByLabel('E-mail').fill(bistro.email);
    await page.getByLabel('Password').fill(bistro.password);
    await page.keyboard.press('Enter');
  }

  test('a form takes what is typed before the console has arrived, and waits for it', async () => {
    const screen = await browser.screen({ url: api.url, path: '/none.svg', mayFail: REFUSED });
    const { page } = screen;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(CONSOLE, async (route) => {
      await arrived;
      await route.continue();
    });
    const isAsked = page.waitForRequest(CONSOLE);
    await page.goto(`${api.url}/console/orders`, { waitUntil: 'commit' });
    await page.getByLabel('E-mail').waitFor();
    // It is fetched meanwhile, without a session.
    await isAsked;
    await screen.expectAccessible();
    await Promise.all([page.waitForResponse(/\/v1\/auth\/login/), logIn(screen)]);
    await page.locator('button[aria-disabled=true]').waitFor();
    assert.equal(await page.getByRole('navigation').count(), 0);
    arrive();
    // It goes on at the address that was asked for, without a second session.
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
    assert.equal(await page.locator('.door').count(), 0);
    const sessions = expectStatus(200, await api.get('/v1/me/sessions', bistro)).data;
    assert.equal(sessions.length, 2, 'that of the test and that of the browser');
    await screen.close();
  });

  test('a console that does not arrive begins again with the session that was made', async () => {
    const screen = await browser.screen({ url: api.url, path: '/none.svg', mayFail: REFUSED });
    await screen.page.route(CONSOLE, (route) => route.abort());
    const isLost = screen.page.waitForEvent('requestfailed', (request) => /\/style-/.test(request.url()));
    await screen.page.goto(`${api.url}/console`);
    await isLost;
    await screen.page.unroute(CONSOLE);
    const isAgain = screen.page.waitForEvent('domcontentloaded');
    await logIn(screen);
    await isAgain;
    await screen.sees('Nothing sold yet');
    await screen.close();
  });

  test('the other tabs of a browser follow whoever comes in by one', async () => {
    const first = await browser.screen({ url: api.url });
    const second = await browser.screen({ url: api.url, beside: first });
    await Promise.all([first, second].map(({ page }) => page.getByLabel('E-mail').waitFor()));
    await logIn(first);
    await Promise.all([first.sees('Nothing sold yet'), second.sees('Nothing sold yet')]);
    await first.page.getByRole('button', { name: 'You and this browser' }).click();
    await first.page.getByRole('button', { name: 'Log out' }).click();
    await Promise.all([first.sees('Welcome to Servio'), second.sees('Welcome to Servio')]);
    await second.close();
    await first.close();
  });

  test('an invited person joins by the link of the mail, and the code is in no address', async () => {
    const token = await invite('mika@example.com');
    const screen = await browser.screen({ url: api.url, path: `/invitation#token=${token}`, mayFail: REFUSED });
    const { page } = screen;
    await page.getByLabel('Password').fill('short');
    assert.doesNotMatch(page.url(), /token/);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    assert.equal(await screen.run('document.activeElement.name'), 'password');
    await screen.expectAccessible();
    await screen.picture('invitation');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await screen.sees('Nothing sold yet');
    assert.match(page.url(), /\/console$/);
    await screen.close();
  });

  test('a forgotten password, in Arabic and dark, and a change of the language at the door', async () => {
    const screen = await browser.screen({ url: api.url, language: 'ar', theme: 'dark', mayFail: REFUSED });
    const { page } = screen;
    await page.getByRole('combobox').waitFor();
    assert.equal(await screen.run('document.documentElement.dir'), 'rtl');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('login-ar-dark');
    await page.getByRole('combobox').selectOption('de');
    await page.getByLabel('Passwort').waitFor();
    await screen.becomes(`document.documentElement.lang + document.documentElement.dir`, 'deltr');
    await page.getByRole('link', { name: 'Passwort vergessen?' }).click();
    await page.getByRole('heading', { level: 1, name: 'Passwort vergessen?' }).waitFor();
    await page.getByLabel('E-Mail').fill('nobody');
    await page.getByRole('button').click();
    await page.locator('[aria-invalid=true]').waitFor();
    await page.getByLabel('E-Mail').fill(bistro.email);
    await page.getByRole('button').click();
    // This server sends no mails, and says so with the number of its answer.
    await page.getByRole('alert').locator('.notice__id').waitFor();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await page.setViewportSize({ width: 320, height: 640 });
    await screen.picture('forgotten-de-320');
    await page.getByRole('link', { name: 'Ich habe einen Code' }).click();
    await page.getByLabel('Code aus der Mail').fill('unknown');
    await page.getByLabel('Neues Passwort').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid=true], [role=alert]').waitFor();
    await screen.expectAccessible();
    await page.getByRole('link', { name: 'Zurück zur Anmeldung' }).click();
    await page.getByLabel('Passwort').waitFor();
    // The console speaks the language that was chosen at the door.
    await page.getByLabel('E-Mail').fill(bistro.email);
    await page.getByLabel('Passwort').fill(bistro.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Heute' }).waitFor();
    assert.equal(await screen.run('document.documentElement.lang'), 'de');
    await screen.close();
  });
});
