/** A person's way to another e-mail address, in a real browser and by real mails. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import { Mailbox } from '../support/mailbox.js';

/** A browser says so itself when a call is refused. */
const REFUSED = /Failed to load resource/;

describe('the own e-mail address in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('need a Chromium', { skip: browser });
    return;
  }
  let mailbox: Mailbox;
  let api: TestApi;
  let bistro: TestRestaurant;
  before(async () => {
    mailbox = await Mailbox.start();
    api = await startApi({ outside: { budget: { restaurant: 1e6, user: 1e6 }, mail: mailbox.settings } });
    bistro = await api.restaurant();
  });
  after(async () => {
    await browser.close();
    await api.close();
    await mailbox.close();
  });

  async function codeOf(email: string): Promise<string> {
    await api.context.messaging.dispatch();
    const text = mailbox.mails.find(({ to }) => to === email)?.text ?? '';
    return /em_\S+/.exec(text)?.[0] ?? '';
  }

  test('is changed with the code of the new mailbox, in the profile or behind a link', async () => {
    const screen = await browser.screen({
      url: api.url,
      as: bistro,
      path: '/settings?view=profile',
      mayFail: REFUSED,
    });
    const { page } = screen;
    const ask = async (email: string): Promise<void> => {
      await page.getByLabel('New e-mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(bistro.password);
      await page.getByRole('button', { name: 'Send the code' }).click();
    };
    await ask('nowhere');
    await page.locator('input[name=email][aria-invalid=true]').waitFor();
    await ask('olga@example.com');
    await screen.sees('A code is on its way to olga@example.com');
    await screen.picture('address-code', { fullPage: true });
    await screen.expectAccessible();
    await screen.expectNarrow();
    await page.getByLabel('Code from the mail').fill(await codeOf('olga@example.com'));
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    // The notice of the next change goes to the address of now.
    await screen.sees('a notice to olga@example.com');
    await ask('olga.next@example.com');
    await screen.sees('A code is on its way to olga.next@example.com');
    await page.goto(`${api.url}/console/confirm-email#token=${await codeOf('olga.next@example.com')}`);
    await page.getByRole('heading', { name: 'Confirm your new address' }).waitFor();
    assert.equal(new URL(page.url()).hash, '');
    await screen.picture('address-door');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await screen.sees('The address is confirmed');
    const login = { email: 'olga.next@example.com', password: bistro.password };
    expectStatus(200, await api.post('/v1/auth/login', login));
    await screen.close();
  });

  test('is refused in the language of the page', async () => {
    const screen = await browser.screen({
      url: api.url,
      as: { ...bistro, email: 'olga.next@example.com' },
      path: '/settings?view=profile',
      language: 'de',
      mayFail: REFUSED,
    });
    const { page } = screen;
    const ask = async (email: string, password: string): Promise<void> => {
      await page.getByLabel('Neue E-Mail-Adresse').fill(email);
      await page.getByLabel('Passwort', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Code senden' }).click();
    };
    await ask('nirgends', bistro.password);
    await screen.sees('Geben Sie eine E-Mail-Adresse ein.');
    await ask('olga.last@example.com', 'falsch');
    await screen.sees('Das ist nicht Ihr jetziges Passwort.');
    // A refusal that concerns no field, and says all.
    const { email } = await api.restaurant();
    const [proven] = await api.context.account.ofAddress(email);
    const { token } = await api.context.account.reset(proven!);
    const set = { token, password: 'the password of somebody else' };
    expectStatus(204, await api.post('/v1/auth/reset-password', set));
    await ask(email, bistro.password);
    await screen.sees('Ein anderes Konto hat diese E-Mail-Adresse.');
    assert.doesNotMatch(await page.getByRole('main').innerText(), /Another account/);
    await screen.picture('address-refused-de', { fullPage: true });
    await screen.expectAccessible();
    await screen.close();
  });
});
