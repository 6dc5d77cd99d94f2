/** What is around all screens, in a real browser: the ways through the console. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';

const PHONE = { width: 390, height: 844 };

describe('the shell of the console', async () => {
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

  const open = (path: string, more: object = {}): Promise<TestScreen> =>
    browser.screen({ url: api.url, as: bistro, path, ...more });
  const linksOf = (screen: TestScreen): Promise<string[]> =>
    screen.page.getByRole('navigation').getByRole('link').allInnerTexts();

  test('screens are in groups that close, stay closed, and still show the screen that is open', async () => {
    const screen = await open('/documents');
    const { page } = screen;
    const money = page.getByRole('button', { name: 'Money and papers' });
    await money.waitFor();
    await screen.picture('navigation');
    await screen.expectAccessible();
    assert.ok((await linksOf(screen)).includes('Sales'));
    await money.focus();
    await page.keyboard.press('Enter');
    assert.equal(await money.getAttribute('aria-expanded'), 'false');
    await page.reload();
    await money.waitFor();
    const links = await linksOf(screen);
    assert.ok(links.includes('Documents') && !links.includes('Sales') && links.includes('Orders'), links.join());
    assert.equal(await page.getByRole('link', { name: 'Documents', exact: true }).getAttribute('aria-current'), 'page');
    await money.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await screen.run('document.activeElement.innerText'), 'People and settings');
    await page.keyboard.press('End');
    assert.equal(await screen.run('document.activeElement.innerText'), 'Background work');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Background work' }).waitFor();
    assert.ok(!(await linksOf(screen)).includes('Documents'));
    await screen.expectAccessible();
    await screen.close();
  });

  test('on a phone the groups are in a sheet, from the right in Arabic', async () => {
    const screen = await open('/orders', { viewport: PHONE, language: 'ar', theme: 'dark' });
    const { page } = screen;
    await page.getByRole('button', { name: 'التنقل' }).click();
    await page.getByRole('button', { name: 'المال والمستندات' }).waitFor();
    await screen.picture('navigation-phone');
    await screen.expectAccessible();
    await page.getByRole('link', { name: 'المستندات', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: 'المستندات' }).waitFor();
    await screen.expectNarrow();
    await screen.close();
  });

  test('a cook has few screens, which need no groups', async () => {
    const [email, password] = [`cook-${bistro.id}@example.com`, 'a long enough password'];
    const { invitation } = expectStatus(
      201,
      await api.post('/v1/members', { email, role: 'kitchen', name: 'Nadia' }, bistro),
    );
    expectStatus(200, await api.post('/v1/auth/accept-invitation', { token: invitation.token, password }));
    const screen = await open('/orders', { as: { email, password } });
    await screen.page.getByRole('heading', { level: 1 }).waitFor();
    const links = await linksOf(screen);
    assert.ok(links.includes('Kitchen') && links.includes('Stock') && !links.includes('Sales'), links.join());
    assert.equal(await screen.page.getByRole('navigation').getByRole('button').count(), 0);
    await screen.expectAccessible();
    await screen.close();
  });
});
