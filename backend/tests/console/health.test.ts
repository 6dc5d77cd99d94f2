/** The health of the server in a real browser: for its operators, and for nobody else. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startApi, type TestApi } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';

const TOKEN = 'a-token-for-the-operators';
/** A browser says so itself when a call is refused or finds nobody. */
const REFUSED = /Failed to load resource/;

describe('the health of the server in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let closed: TestApi;
  before(async () => {
    api = await startApi({ operationsToken: TOKEN });
    closed = await startApi({ operationsToken: null, database: api.database });
  });
  after(async () => {
    await browser.close();
    await closed.close();
    await api.close();
  });

  test('the token of the operators opens figures that go on by themselves, and is kept nowhere', async () => {
    const owner = await api.restaurant();
    // A session of a restaurant changes nothing.
    const screen = await browser.screen({ url: api.url, as: owner, path: '/health', mayFail: REFUSED });
    const { page } = screen;
    const field = page.getByLabel('Token of the operators');
    await field.fill(owner.token);
    await page.keyboard.press('Enter');
    await screen.sees('Only operators of the server may read this.');
    await screen.expectAccessible();
    await field.fill(TOKEN);
    await page.keyboard.press('Enter');
    await screen.sees('Not used');
    await screen.sees(/The database answers in [0-9.,]+ ms/);
    await screen.sees(/^Slowest: [A-Za-z]/);
    await screen.sees(/^Slowest statement: [a-z]+[.]/);
    await screen.expectAccessible();
    await screen.expectNarrow();
    const rows = page.locator('figure').filter({ hasText: 'The database answers' }).locator('tbody tr');
    await page.getByRole('button', { name: 'As a table' }).first().click();
    await rows.nth(1).waitFor();
    assert.ok((await page.getByRole('row', { name: /openai.*In order/ }).count()) === 1);
    await page.getByRole('button', { name: 'As a picture' }).click();
    await screen.picture('health', { fullPage: true });
    assert.doesNotMatch(await screen.run('JSON.stringify({ ...localStorage, ...sessionStorage })'), /a-token-for/);
    await page.reload();
    await field.waitFor();
    await screen.close();
  });

  test('a server that goes away is told with the time, and its last figures stay', async () => {
    const screen = await browser.screen({
      url: api.url,
      path: '/health',
      mayFail: REFUSED,
      language: 'ar',
      theme: 'dark',
      viewport: { width: 390, height: 844 },
    });
    const { page } = screen;
    await page.getByLabel('رمز المشغّلين').fill(TOKEN);
    await page.keyboard.press('Enter');
    await screen.sees('غير مستخدم');
    await screen.context.setOffline(true);
    await screen.sees('لا جواب منذ');
    await screen.sees('غير مستخدم');
    await screen.picture('health-phone', { fullPage: true });
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.context.setOffline(false);
    await page.getByText('لا جواب منذ').waitFor({ state: 'detached' });
    await screen.close();
  });

  test('a server without a token says what to do, and asks for none', async () => {
    const screen = await browser.screen({ url: closed.url, path: '/health', mayFail: REFUSED });
    await screen.sees('This server has no OPERATIONS_TOKEN');
    assert.equal(await screen.page.getByRole('textbox').count(), 0);
    await screen.expectAccessible();
    await screen.close();
  });
});
