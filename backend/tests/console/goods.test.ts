/** Goods that come in, in a real browser: what is ordered, delivered at the door and invoiced. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { Factories } from '../support/factories.js';

const PHONE = { width: 390, height: 844 };
/** A browser says so itself when a call is refused. */
const REFUSED = /Failed to load resource/;
/** A photo of six lines and their sum. */
const RECEIPT = fileURLToPath(new URL('../../../backend/tests/samples/german-receipt.heic', import.meta.url));

describe('goods in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('need a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let restaurant: TestRestaurant;
  let dairy: Json;
  let milk: Json;
  let butter: Json;
  const { get, post, ingredient, quantityOf } = new Factories(() => ({ api, token: restaurant.token }));
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    restaurant = await api.restaurant({ timezone: 'Europe/Berlin' });
    dairy = await post('/v1/suppliers', { name: 'Dairy Weber', phone: '+49 30 1234', minimumOrder: 20_000 });
    const units = [{ unit: 'crate', numerator: 12 }];
    milk = await ingredient({ name: 'Milk', unit: 'l', units, reorderPoint: '12', parLevel: '96' });
    butter = await ingredient({ name: 'Butter', unit: 'kg', reorderPoint: '2', parLevel: '10' });
    await ingredient({ name: 'Saffron', unit: 'g', reorderPoint: '5', parLevel: '20' });
    for (const [item, fields] of [
      [milk, { packUnit: 'crate', articleNumber: 'M-12', lastPrice: 1080 }],
      [butter, { lastPrice: 790, articleNumber: 'B-1' }],
    ])
      await post('/v1/supplier-items', {
        supplierId: dairy.id,
        inventoryItemId: item.id,
        isPreferred: true,
        ...fields,
      });
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  const open = (path: string, more: object = {}): Promise<TestScreen> =>
    browser.screen({ url: api.url, as: restaurant, path, ...more });
  const press = (screen: TestScreen, name: string): Promise<void> =>
    screen.page.getByRole('button', { name, exact: true }).click();
  async function expectFine(screen: TestScreen): Promise<void> {
    await screen.expectAccessible();
    await screen.expectNarrow();
  }

  test('what runs low is drafted, changed by keys and sent', async () => {
    const screen = await open('/purchasing');
    const { page } = screen;
    await screen.sees('No purchase orders');
    await expectFine(screen);
    await press(screen, 'Draft what runs low');
    await press(screen, 'Make drafts');
    await screen.sees('One draft was made');
    await screen.sees('No supplier offers it');
    await screen.picture('purchasing-proposals');
    await screen.expectAccessible();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /Dairy Weber/ }).focus();
    await expectFine(screen);
    await screen.picture('purchasing');
    await page.keyboard.press('Enter');
    await screen.sees('below the minimum order');
    await page.getByRole('group', { name: 'Quantity of Butter' }).getByRole('button', { name: 'One more' }).click();
    await page.getByRole('textbox', { name: 'Quantity of Milk' }).fill('8,5');
    await press(screen, 'Save');
    await screen.sees('The draft is saved');
    await press(screen, 'Mark as sent');
    await screen.sees(/Sent as/);
    await expectFine(screen);
    await screen.picture('purchase-order');
    const { data } = await get('/v1/purchase-orders');
    assert.equal(data[0].status, 'sent');
    assert.deepEqual(data[0].lines.map(({ name, quantity }: Json) => [name, quantity]).sort(), [
      ['Butter', '11'],
      ['Milk', '8.5'],
    ]);
    await screen.close();
  });

  /** A person of the kitchen: receives, and sees neither suppliers nor invoices. */
  async function cook(): Promise<{ email: string; password: string }> {
    const [email, password] = ['cook@example.com', 'a sentence to remember'];
    const { invitation } = await post('/v1/members', { email, role: 'kitchen', name: 'Nadia' });
    const { token } = invitation;
    await post('/v1/auth/accept-invitation', { token, password, name: 'Nadia' }, 200);
    return { email, password };
  }

  test('a cook receives a delivery at the door with a phone, interrupted and resumed', async () => {
    const lines = [
      { inventoryItemId: milk.id, quantity: 4, unit: 'crate' },
      { inventoryItemId: butter.id, quantity: 5 },
    ];
    const { id } = await post('/v1/purchase-orders', { supplierId: dairy.id, lines });
    await post(`/v1/purchase-orders/${id}/send`, {}, 200);
    const before = await quantityOf(butter.id);
    const screen = await open(`/purchasing/${id}/receive`, { viewport: PHONE, mayFail: REFUSED, as: await cook() });
    const { page } = screen;
    const milkLine = page.getByRole('listitem').filter({ hasText: 'Milk' });
    await milkLine.getByRole('button', { name: 'One less' }).click();
    await screen.sees('1 crate missing');
    await page.reload();
    await screen.sees('What was entered before is still here');
    await screen.sees('1 crate missing');
    await milkLine.getByRole('button', { name: /Other price/ }).click();
    await page.getByLabel('Price charged for one crate').fill('11,20');
    await screen.sees('€0.40 dearer');
    await page.getByRole('textbox', { name: 'Delivered quantity of Butter' }).fill('50');
    await expectFine(screen);
    await screen.picture('receiving-phone', { fullPage: true });
    await press(screen, 'Book 2 lines');
    await screen.sees('Much more than ordered');
    await screen.sees('Butter: 50 kg instead of 5');
    await screen.picture('receiving-excess');
    await screen.expectAccessible();
    await press(screen, 'Count again');
    assert.equal(await quantityOf(butter.id), before, 'nothing is booked yet');
    const [{ id: lineId }] = (await get(`/v1/purchase-orders/${id}`)).lines;
    await page.getByRole('textbox', { name: 'Delivered quantity of Butter' }).fill('5');
    await post(`/v1/purchase-orders/${id}/receive`, { lines: [{ lineId, quantity: 1 }] });
    // An event tells the screen, which then books nothing.
    await screen.sees('This order changed since you began');
    assert.equal(await page.getByRole('button', { name: 'Book 2 lines' }).count(), 0);
    await screen.picture('receiving-changed');
    await press(screen, 'Start again');
    await screen.sees('Open: 3 crate');
    await milkLine.getByRole('button', { name: 'One less' }).click();
    await page.getByLabel('Price charged for one crate').fill('11,20');
    await page.getByLabel('Number of the delivery note').fill('LS-77');
    await press(screen, 'Book 2 lines');
    await screen.sees(/Booked as/);
    await screen.sees('€0.80 dearer');
    await expectFine(screen);
    await screen.picture('receiving-booked');
    const { data } = await get(`/v1/goods-receipts?purchaseOrderId=${id}`);
    assert.deepEqual(
      data.map((one: Json) => [one.reference, one.priceDifference, one.lines.map(({ quantity }: Json) => quantity)]),
      [
        ['LS-77', 80, ['2', '5']],
        [null, 0, ['1']],
      ],
    );
    assert.equal((await get(`/v1/purchase-orders/${id}`)).status, 'partly_received');
    await page.goto(`${api.url}/console/purchasing/${id}`);
    await screen.sees('1 crate open');
    assert.equal(await page.getByRole('button', { name: 'Close the order' }).count(), 0, 'no right of a cook');
    await screen.close();
    const office = await open(`/purchasing/${id}`);
    await press(office, 'Close the order');
    await office.page.getByLabel('Reason').fill('sold out there');
    await office.page.getByRole('dialog').getByRole('button', { name: 'Close the order' }).click();
    await office.sees('Closed short');
    await office.picture('purchase-order-closed', { fullPage: true });
    await office.close();
  });

  test('suppliers are kept, also from right to left and in the dark', async () => {
    const screen = await open('/purchasing?view=suppliers', { language: 'ar', theme: 'dark' });
    const { page } = screen;
    await press(screen, 'إضافة مورد');
    await page.getByLabel('الاسم', { exact: true }).fill('Bakery Süd');
    await page.getByLabel('مدة التوريد بالأيام').fill('2');
    await press(screen, 'حفظ');
    await page.getByRole('row', { name: /Bakery Süd/ }).waitFor();
    await expectFine(screen);
    await screen.picture('suppliers-ar-dark');
    await page.getByRole('row', { name: /Dairy Weber/ }).click();
    await screen.sees('M-12');
    await screen.expectAccessible();
    await screen.picture('supplier-ar-dark');
    const { data } = await get('/v1/suppliers?q=Bakery');
    assert.deepEqual([data[0].leadTimeDays, data[0].minimumOrder], [2, null]);
    await screen.close();
  });

  test('an invoice is photographed, read, corrected beside its picture, and posted', async () => {
    const screen = await open('/supplier-invoices', { mayFail: REFUSED });
    const { page } = screen;
    await screen.sees('No invoices here');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(screen, 'Choose files')]);
    await chooser.setFiles(RECEIPT);
    await screen.sees('The paper is uploaded');
    await page.getByRole('row', { name: /german-receipt.heic.*Waiting to be read/ }).waitFor();
    await api.context.supplierInvoices.readWaiting();
    await page.getByRole('row', { name: /german-receipt.heic.*To be checked/ }).waitFor();
    await expectFine(screen);
    await screen.picture('invoices');
    await page.getByRole('row', { name: /german-receipt.heic/ }).click();
    await page.getByRole('img', { name: /german-receipt/ }).waitFor();
    const line = page.getByRole('listitem').filter({ hasText: 'No item yet' }).first().getByRole('button');
    await line.focus();
    await page.locator('.supplier-invoice__box[data-marked]').waitFor();
    await expectFine(screen);
    await screen.picture('invoice');
    await press(screen, 'Approve');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await screen.sees('Its currency is missing.');
    await screen.sees(/^Line 1, .*choose its item/);
    await screen.expectAccessible();
    await screen.picture('invoice-approve');
    await page.keyboard.press('Escape');
    await line.click();
    await page.getByLabel('Item of the store room').selectOption({ label: 'Milk (l)' });
    await page.getByLabel('Stock units in one invoiced unit').fill('1');
    await screen.expectAccessible();
    await press(screen, 'Save');
    await screen.sees('Milk · 1 l');
    await press(screen, 'Correct');
    await page.getByLabel('Supplier', { exact: true }).selectOption({ label: 'Dairy Weber' });
    await page.getByLabel('Number', { exact: true }).fill('R-1');
    await page.getByLabel('Currency').fill('EUR');
    await screen.expectAccessible();
    await press(screen, 'Save');
    await page.getByRole('heading', { name: 'Dairy Weber R-1' }).waitFor();
    await press(screen, 'Approve');
    await page.getByText(/without an item/).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await press(screen, 'Post into stock');
    await screen.sees('The goods are in stock');
    await expectFine(screen);
    const [document] = (await get('/v1/supplier-invoices')).data;
    assert.deepEqual([document.status, document.number, document.supplier.id], ['posted', 'R-1', dairy.id]);
    await screen.close();
    for (const more of [{ viewport: PHONE }, { language: 'ar', theme: 'dark' }] as const) {
      const other = await open(`/supplier-invoices/${document.id}`, more);
      await other.page.getByRole('img').first().waitFor();
      await expectFine(other);
      await other.picture(`invoice-${'viewport' in more ? 'phone' : 'ar-dark'}`, { fullPage: true });
      await other.close();
    }
  });
});
