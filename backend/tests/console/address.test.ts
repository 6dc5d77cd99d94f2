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
});
