/**
 * The store room in a real browser: the sheet of an item, waste, moves, batches, and purchase
 * orders by hand.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { type ScreenOptions, TestBrowser, type TestScreen } from '../support/browser.js';
import { Factories } from '../support/factories.js';

const REFUSED = /Failed to load resource/;

describe('the store room in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let house: TestRestaurant;
  let flour: Json;
  let dough: Json;
  const { get, post, patch, ingredient, recipe, supplier, quantityOf, ledgerOf } = new Factories(() => ({
    api,
    token: house.token,
  }));
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    house = await api.restaurant({ currency: 'EUR', timezone: 'Europe/Berlin' });
    const kitchen = await post('/v1/stock-locations', { name: 'Kitchen' });
    await post('/v1/stock-locations', { name: 'Cellar' });
    const units = [{ unit: 'sack', numerator: 25 }];
    const fields = { locationId: kitchen.id, openingQuantity: '40', unitCost: '80', units };
    flour = await ingredient({ name: 'Flour', ...fields });
    dough = await ingredient({ name: 'Dough', locationId: kitchen.id });
    const lines = [{ inventoryItemId: flour.id, quantity: '6', unit: 'kg' }];
    await recipe({ name: 'Dough', outputItemId: dough.id, yield: '10', yieldUnit: 'kg', lines });
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  const open = (path: string, options: Partial<ScreenOptions> = {}): Promise<TestScreen> =>
    browser.screen({ url: api.url, as: house, path, ...options });
  const button = (screen: TestScreen, name: string) => screen.page.getByRole('button', { name, exact: true });
  const dialog = (screen: TestScreen, name: string) => screen.page.getByRole('dialog', { name, exact: true });

  test('an item is wasted, moved and given its levels, and its sheet shows each movement', async () => {
    const screen = await open('/stock', { mayFail: REFUSED });
    await screen.page.getByRole('row', { name: /Flour/ }).click();
    const sheet = dialog(screen, 'Flour');
    await sheet.getByText('Correction').or(sheet.getByText('Delivery')).first().waitFor();
    await button(screen, 'Waste').first().click();
    const waste = dialog(screen, 'Waste: Flour');
    await waste.getByLabel('Quantity').fill('none');
    await waste.getByRole('button', { name: 'Waste' }).click();
    await waste.locator('.field__error, .notice').first().waitFor();
    await waste.getByLabel('Quantity').fill('2,5');
    await waste.getByLabel('Why').selectOption('Expired');
    await screen.expectAccessible();
    await waste.getByRole('button', { name: 'Waste' }).click();
    await screen.sees('Flour taken from stock, €2.00');
    await sheet.getByText('37.5 kg').waitFor();
    await button(screen, 'Move').click();
    const move = dialog(screen, 'Move Flour');
    await move.getByLabel('Quantity').fill('1');
    await move.getByLabel('Unit').selectOption('sack');
    await move.getByLabel('To').selectOption('Cellar');
    await move.getByRole('button', { name: 'Move' }).click();
    await screen.sees('Flour moved to Cellar');
    await sheet.getByText('+25').waitFor();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('stock-item');
    const moved = (await ledgerOf(flour.id)).slice(0, 3).map(({ kind, quantity }) => `${kind} ${quantity}`);
    assert.deepEqual(moved.toSorted(), ['transfer -25', 'transfer 25', 'waste -2.5']);
    await screen.page.getByRole('tab', { name: 'Levels' }).click();
    await screen.page.getByLabel('Reorder at (kg)').fill('50');
    await screen.page.getByLabel('Usual stock (kg)').fill('20');
    await button(screen, 'Save').click();
    await screen.page.locator('.field__error').first().waitFor();
    await screen.page.getByLabel('Usual stock (kg)').fill('75');
    await patch(`/v1/inventory-items/${flour.id}`, { reorderPoint: '45' });
    await button(screen, 'Save').click();
    const conflict = dialog(screen, 'Somebody else changed this');
    await conflict.getByRole('cell', { name: '45' }).waitFor();
    await conflict.getByRole('button', { name: 'Save mine' }).click();
    await screen.page.getByText('Saved', { exact: true }).waitFor();
    const { reorderPoint, parLevel, isLow } = await get(`/v1/inventory-items/${flour.id}`);
    assert.deepEqual([reorderPoint, parLevel, isLow], ['50', '75', true]);
    await screen.close();
  });

  test('a batch takes its ingredients and says what they were', async () => {
    const screen = await open('/stock', { language: 'ar', theme: 'dark' });
    await button(screen, 'تحضير دفعة').click();
    await screen.page.getByLabel('الكمية المحضّرة (kg)').fill('5');
    await screen.expectAccessible();
    await button(screen, 'تسجيل الدفعة').click();
    await screen.page.getByRole('dialog').getByText('Flour').waitFor();
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('stock-batch-ar');
    assert.deepEqual([await quantityOf(dough.id), await quantityOf(flour.id)], ['5', '34.5']);
    await screen.close();
  });

  test('a purchase order is made by hand, gets a line, is sent, and shows a dearer price', async () => {
    const mill = await supplier({ name: 'Mill' });
    const offer = { supplierId: mill.id, inventoryItemId: flour.id, packUnit: 'sack', lastPrice: 2_000 };
    await post('/v1/supplier-items', offer);
    const screen = await open('/purchasing');
    await button(screen, 'New order').click();
    await screen.page.getByLabel('Supplier').selectOption('Mill');
    await screen.page.getByLabel('Item').selectOption('Flour ★');
    assert.equal(await screen.page.getByLabel('Price').inputValue(), '20.00');
    await screen.page.getByLabel('Quantity').fill('3');
    await screen.expectAccessible();
    await screen.expectNarrow();
    await screen.picture('purchase-new');
    await button(screen, 'Make the draft').click();
    await screen.sees('€60.00');
    await button(screen, 'Add lines').click();
    await screen.page.getByLabel('Item').selectOption('Dough');
    await screen.page.getByRole('dialog').getByRole('button', { name: 'Add lines' }).click();
    await screen.page.getByRole('listitem').filter({ hasText: 'Dough' }).waitFor();
    await button(screen, 'Mark as sent').click();
    await screen.sees(/Sent as/);
    const { data } = await get('/v1/purchase-orders');
    const [order] = data;
    assert.deepEqual(
      order.lines.map((line: Json) => [line.name, line.quantity, line.unit, line.unitPrice]),
      [
        ['Flour', '3', 'sack', 2_000],
        ['Dough', '1', 'kg', null],
      ],
    );
    const lines = [{ lineId: order.lines[0].id, quantity: 2, unitPrice: 2_150 }];
    await post(`/v1/purchase-orders/${order.id}/receive`, { lines });
    await screen.sees('Flour: €21.50 instead of €20.00 for one sack');
    await screen.expectAccessible();
    await screen.close();
  });
});
