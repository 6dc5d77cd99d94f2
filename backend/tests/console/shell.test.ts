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
    await page.getByRole('heading', { level: 1, name: 'Documents' }).waitFor();
    await screen.picture('navigation');
    await screen.expectAccessible();
    assert.ok((await linksOf(screen)).includes('Sales'));
    await money.focus();
    await page.keyboard.press('Enter');
    assert.equal(await money.getAttribute('aria-expanded'), 'false');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Documents' }).waitFor();
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
    await screen.page.keyboard.press('Control+k');
    await screen.page.getByRole('option', { name: 'Start a stock count' }).waitFor();
    const offered = await screen.page.getByRole('option').allInnerTexts();
    assert.ok(
      offered.some((one) => one.startsWith('Kitchen')),
      offered.join(),
    );
    for (const hidden of ['Sales', 'Close the day', 'New supplier', 'New menu item'])
      assert.ok(!offered.some((one) => one.startsWith(hidden)), hidden);
    await screen.close();
  });

  test('the palette finds screens, actions and things by keys alone, and gives the focus back', async () => {
    const dish = await api.item(bistro.token, { name: 'Crème brûlée', price: 750 });
    const order = await api.order(bistro.token, [{ menuItemId: dish.id, quantity: 1 }]);
    const supplier = expectStatus(201, await api.post('/v1/suppliers', { name: 'Dairy Dahl' }, bistro));
    const receipt = expectStatus(
      201,
      await api.post('/v1/documents?issue=true', { type: 'receipt', orderId: order.id }, bistro),
    );
    const screen = await open('/orders');
    const { page } = screen;
    const { keyboard } = page;
    const field = page.getByRole('combobox', { name: 'Screen, action, or what to find' });
    const chosen = page.locator('[role=option][aria-selected=true]');
    /** @param wanted what the first choice has to say before it is taken. */
    const find = async (text: string, wanted: RegExp): Promise<void> => {
      await keyboard.press('Control+k');
      await field.fill(text);
      await page.getByRole('option').filter({ hasText: wanted }).first().waitFor();
      while (!wanted.test(await chosen.innerText())) await keyboard.press('ArrowDown');
      // A screen reader follows this, while the focus stays in the field.
      assert.equal(await field.getAttribute('aria-activedescendant'), await chosen.getAttribute('id'));
      await keyboard.press('Enter');
      await field.waitFor({ state: 'detached' });
    };

    await page.locator('#orders-search').focus();
    await keyboard.press('Control+k');
    await field.waitFor();
    await keyboard.press('ArrowUp');
    assert.match(await chosen.innerText(), /Keyboard/);
    await screen.expectAccessible();
    await keyboard.press('Escape');
    assert.equal(await screen.run('document.activeElement.id'), 'orders-search');

    await find('docu', /^Documents/);
    await page.getByRole('heading', { level: 1, name: 'Documents' }).waitFor();
    await find(order.number.slice(-4), new RegExp(order.number));
    await page.getByRole('heading', { level: 1, name: new RegExp(order.number) }).waitFor();
    await find('brûlée', /Crème/);
    await page.getByRole('dialog', { name: 'Crème brûlée' }).waitFor();
    await keyboard.press('Escape');
    await find('dahl', /Dairy Dahl/);
    await page.getByRole('dialog', { name: supplier.name }).waitFor();
    await keyboard.press('Escape');
    await find(receipt.number.toLowerCase(), new RegExp(receipt.number));
    await page.getByRole('dialog', { name: new RegExp(receipt.number) }).waitFor();
    await keyboard.press('Escape');
    await find('new menu', /New menu item/);
    await page.getByRole('dialog', { name: 'New item' }).waitFor();
    await keyboard.press('Escape');
    assert.equal(new URL(page.url()).search, '?view=items');

    await keyboard.press('Control+k');
    await field.fill('zzzz');
    await screen.sees('Nothing was found.');
    await field.fill('da');
    await page.getByRole('option').filter({ hasText: 'Dairy Dahl' }).waitFor();
    await screen.picture('palette');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.close();
  });

  test('keys go to screens, search, and show themselves', async () => {
    const screen = await open('/documents', { theme: 'dark' });
    const { page } = screen;
    const { keyboard } = page;
    await page.getByRole('heading', { level: 1, name: 'Documents' }).waitFor();
    await keyboard.press('/');
    await page.getByRole('combobox', { name: 'Screen, action, or what to find' }).waitFor();
    await screen.picture('palette-dark');
    await screen.expectAccessible();
    await keyboard.press('Escape');
    await keyboard.type('gi');
    await page.getByRole('heading', { level: 1, name: 'Stock' }).waitFor();
    await keyboard.press('/');
    assert.equal(await screen.run('document.activeElement.id'), 'stock-search');
    await page.getByRole('heading', { level: 1 }).click();
    await keyboard.press('Escape');
    await screen.run('document.activeElement.blur()');
    await keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Go to or find anything').waitFor();
    await screen.expectAccessible();
    await screen.close();
  });

  test('a word of success is over the open dialog, can be pressed there, and outlives it', async () => {
    const dish = await api.item(bistro.token, { name: 'Toast', price: 500 });
    const order = await api.order(bistro.token, [{ menuItemId: dish.id, quantity: 1 }]);
    const screen = await open(`/orders?order=${order.id}`);
    const { page } = screen;
    const toast = page.locator('.toast');
    const sheet = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await toast.getByText('Accepted').waitFor();
    await screen.picture('toast');
    await screen.expectAccessible();
    // A press fails where something else is in front of the button.
    await toast.getByRole('button', { name: 'Close' }).click();
    await toast.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await toast.getByText('Preparing').waitFor();
    await sheet.getByRole('button', { name: 'Close' }).first().click();
    await sheet.waitFor({ state: 'detached' });
    await toast.getByRole('button', { name: 'Close' }).click();
    await toast.waitFor({ state: 'detached' });
    await screen.close();
  });

  test('a view keeps filters under a name for its person, opens with the list, and is a link', async () => {
    const screen = await open('/orders?status=placed&sort=placedAt');
    const { page } = screen;
    await screen.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Save as a view' }).click();
    await page.getByLabel('Name of the view').fill('New, oldest first');
    await page.getByLabel('The list opens with this view').check();
    await screen.expectAccessible();
    await page.keyboard.press('Enter');
    const chip = page.getByRole('button', { name: 'New, oldest first', exact: true });
    await chip.waitFor();
    assert.equal(await chip.getAttribute('aria-pressed'), 'true');
    await page.getByRole('button', { name: 'All', exact: true }).click();
    assert.equal(new URL(page.url()).search, '');
    await screen.picture('views');
    await screen.expectAccessible();
    await screen.expectNarrow();

    const elsewhere = await open('/orders', { theme: 'dark' });
    await elsewhere.page.waitForURL(/[?]status=placed&sort=placedAt$/);
    await elsewhere.page.getByRole('button', { name: 'Change the views' }).click();
    await elsewhere.page.getByLabel('Name of the view').fill('Oldest');
    await elsewhere.page.getByRole('button', { name: 'Rename' }).click();
    await elsewhere.sees('The view is now called Oldest');
    await elsewhere.page.getByLabel('The list opens with this view').click();
    await elsewhere.picture('views-manage');
    await elsewhere.expectAccessible();
    await elsewhere.close();

    await page.reload();
    await page.getByRole('button', { name: 'Oldest', exact: true }).waitFor();
    assert.equal(new URL(page.url()).search, '');
    await page.getByRole('button', { name: 'Change the views' }).click();
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await screen.sees('The link is copied');
    const link = await screen.run<string>('navigator.clipboard.readText()');
    assert.equal(link, `${api.url}/console/orders?status=placed&sort=placedAt`);
    await page.getByRole('button', { name: 'Delete the view Oldest' }).click();
    await screen.sees('No views are left.');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Delete the view Oldest' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Oldest', exact: true }).click();
    await page.waitForURL(/[?]status=placed&sort=placedAt$/);
    await screen.close();
  });

  test('documents, stock and supplier invoices have views, each its own', async () => {
    const screen = await open('/documents?type=receipt');
    const { page } = screen;
    const places = ['/documents?type=receipt', '/stock?show=low', '/supplier-invoices?status=review'];
    for (const place of places) {
      await page.goto(`${api.url}/console${place}`);
      await page.getByRole('button', { name: 'Save as a view' }).click();
      await page.getByLabel('Name of the view').fill(place);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: place, exact: true }).waitFor();
      assert.equal(await page.locator('.views__choice').count(), 2);
    }
    const { data } = expectStatus(200, await api.get('/v1/me/preferences', bistro));
    const keys = data.map(({ key }: { key: string }) => key);
    for (const list of ['documents', 'stock', 'supplierInvoices']) assert.ok(keys.includes(`views.${list}`));
    await screen.close();
  });
});
