/**
 * The bill of an order in a real browser: lines that are voided, given or lowered, deposits,
 * vouchers and drawers. What a step would do is seen before it is done.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { TestBrowser, type TestScreen } from '../support/browser.js';
import { makePool } from '../support/codes.js';
import { Factories } from '../support/factories.js';

describe('the bill of an order in the console', async () => {
  const browser = await TestBrowser.open();
  if (typeof browser === 'string') {
    test('needs a Chromium', { skip: browser });
    return;
  }
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  let house: TestRestaurant;
  let dish: Json;
  let wine: Json;
  const { get, post, pay, complete, actOnOrder } = new Factories(() => ({ api, token: house.token }));
  before(async () => {
    api = await startApi();
    stopRelay = keepRelayingEvents(api.context);
    house = await api.restaurant({ currency: 'EUR', timezone: 'Europe/Berlin' });
    dish = await api.item(house.token, { name: 'Soup', price: 900 });
    wine = await api.item(house.token, { name: 'Wine', price: 3_000 });
  });
  after(async () => {
    await browser.close();
    await stopRelay();
    await api.close();
  });

  const place = (fields: object = {}): Promise<Json> => {
    const lines = [
      { menuItemId: dish.id, quantity: 3 },
      { menuItemId: wine.id, quantity: 1 },
    ];
    return api.order(house.token, lines, { type: 'dine_in', table: '5', ...fields });
  };
  const button = (screen: TestScreen, name: string) => screen.page.getByRole('button', { name, exact: true });
  const inDialog = (screen: TestScreen, name: string) =>
    screen.page.getByRole('dialog').getByRole('button', { name, exact: true });
  const shown = (screen: TestScreen, text: string) =>
    screen.page.locator('.order__rehearsal strong').getByText(text, { exact: true }).waitFor();

  test('a line is lowered, one unit of it given and another line voided, each seen before', async () => {
    const { id } = await place();
    await actOnOrder(id, 'accept');
    const screen = await browser.screen({ url: api.url, as: house, path: `/orders/${id}` });
    await button(screen, 'Change Soup').click();
    await screen.page.getByLabel('Per cent').last().fill('10');
    await shown(screen, '€54.30');
    await screen.expectAccessible();
    await screen.picture('bill-discount');
    await screen.expectNarrow();
    await inDialog(screen, 'Save').click();
    await screen.sees('Discount saved');
    assert.deepEqual([(await get(`/v1/orders/${id}`)).total], [5_430]);

    await button(screen, 'Change Wine').click();
    await screen.page.getByText('On the house', { exact: true }).click();
    await shown(screen, '€24.30');
    await screen.page.getByRole('textbox', { name: 'Reason' }).fill('corked');
    await screen.page.getByLabel('Allowed by').fill('Marta');
    await inDialog(screen, 'On the house').click();
    await screen.sees('On the house: corked');

    await button(screen, 'Change Soup').click();
    await screen.page.getByText('Void', { exact: true }).click();
    await shown(screen, '€0.00');
    await inDialog(screen, 'Void').click();
    // The kitchen has it: the browser asks for the reason.
    assert.equal(await screen.page.locator('textarea:invalid').isVisible(), true);
    await screen.page.getByRole('textbox', { name: 'Reason' }).fill('dropped');
    await inDialog(screen, 'Void').click();
    await screen.sees('Voided: dropped');
    await screen.expectAccessible();
    const { lines, total } = await get(`/v1/orders/${id}`);
    assert.deepEqual([total, lines[0].voidReason, lines[1].comp.allowedBy], [0, 'dropped', 'Marta']);
    await screen.close();
  });

  test('staff give no line for nothing; a manager gives all of it, or writes off what is not paid', async () => {
    const [all, unpaid] = [await place(), await place()];
    const staff = { email: 'mika@example.com', password: 'another long password' };
    const { invitation } = await post('/v1/members', { email: staff.email, name: 'Mika', role: 'staff' });
    const joined = { token: invitation.token, password: staff.password };
    expectStatus(200, await api.post('/v1/auth/accept-invitation', joined));
    const waiter = await browser.screen({ url: api.url, as: staff, path: `/orders/${all.id}` });
    await button(waiter, 'Change Wine').click();
    await waiter.page.getByRole('dialog').getByText('Void', { exact: true }).first().waitFor();
    assert.equal(await waiter.page.getByText('On the house').count(), 0);
    await waiter.close();

    const screen = await browser.screen({ url: api.url, as: house, path: `/orders/${all.id}`, theme: 'dark' });
    await button(screen, 'All on the house').click();
    await screen.page.getByRole('textbox', { name: 'Reason' }).fill('birthday');
    await screen.expectAccessible();
    await inDialog(screen, 'All on the house').click();
    await screen.sees('The order is on the house');
    const given = await get(`/v1/orders/${all.id}`);
    assert.deepEqual([given.total, given.lines.map((line: Json) => line.comp.reason)], [0, ['birthday', 'birthday']]);

    await complete(unpaid.id);
    await screen.page.goto(`${api.url}/console/orders/${unpaid.id}`);
    await button(screen, 'Write off').click();
    await screen.page.getByRole('textbox', { name: 'Reason' }).fill('left');
    await inDialog(screen, 'Write off').click();
    await screen.sees('€57.00 written off');
    assert.equal((await get(`/v1/orders/${unpaid.id}`)).dueTotal, 0);
    await screen.close();
  });

  test('a deposit goes into the chosen drawer, pays a part, and is kept when nobody comes', async () => {
    const { id } = await place();
    const [bar, hall] = [await post('/v1/drawers', { name: 'Bar' }), await post('/v1/drawers', { name: 'Hall' })];
    for (const drawer of [bar, hall]) await post(`/v1/drawers/${drawer.id}/shifts`, { openingFloat: 0 });
    const screen = await browser.screen({ url: api.url, as: house, path: `/orders/${id}`, language: 'de' });
    await button(screen, 'Zahlung annehmen').click();
    await screen.page.getByLabel('Kasse').selectOption('Hall');
    await screen.page.getByLabel('Eine Anzahlung, vor dem Essen').check();
    await screen.page.getByLabel('Bar gegeben').fill('20');
    await screen.expectAccessible();
    await screen.picture('bill-deposit');
    await inDialog(screen, 'Zahlung buchen').click();
    await button(screen, 'Fertig').click();
    const [payment] = (await get(`/v1/orders/${id}/payments`)).payments;
    const { data: shifts } = await get(`/v1/shifts?drawerId=${hall.id}`);
    assert.deepEqual([payment.amount, payment.prepaid.kind, payment.shiftId], [2_000, 'deposit', shifts[0].id]);
    await button(screen, 'Anzahlung behalten').click();
    await screen.page.getByRole('dialog').getByText('20,00 €').waitFor();
    await screen.page.getByText('Schadenersatz ohne Steuer').click();
    await screen.page.getByLabel('Grund').fill('nicht gekommen');
    await inDialog(screen, 'Anzahlung behalten').click();
    await screen.sees('20,00 € behalten');
    const kept = await get(`/v1/orders/${id}`);
    assert.deepEqual([kept.status, kept.dueTotal, kept.refundedSaleTotal], ['cancelled', 0, -2_000]);
    await screen.close();
    for (const { id: shift } of (await get('/v1/shifts?status=open')).data)
      await post(`/v1/shifts/${shift}/close`, { countedCash: 0 }, 200);
  });

  test('money for an order of a later day is a deposit, unless the person says otherwise', async () => {
    const later = new Date(Date.now() + 3 * 86_400_000).toISOString();
    const { id } = await place({ scheduledFor: later });
    const screen = await browser.screen({ url: api.url, as: house, path: `/orders/${id}`, theme: 'dark' });
    await button(screen, 'Take payment').click();
    const box = screen.page.getByLabel('A deposit, before the meal');
    assert.equal(await box.isChecked(), true);
    await screen.page.getByLabel('Cash given').fill('20');
    await screen.expectAccessible();
    await inDialog(screen, 'Book payment').click();
    await screen.page.getByRole('dialog').getByText('A deposit, before the meal').waitFor();
    await screen.expectAccessible();
    await screen.picture('bill-deposit-by-default');
    await screen.expectNarrow();
    await button(screen, 'Next payment').click();
    await box.uncheck();
    await screen.page.getByLabel('Cash given').fill('10');
    await inDialog(screen, 'Book payment').click();
    await button(screen, 'Done').click();
    await screen.page.getByText('Deposit, Cash').waitFor();
    const { payments } = await get(`/v1/orders/${id}/payments`);
    assert.deepEqual(
      payments.map(({ amount, prepaid }: Json) => [amount, prepaid?.kind]),
      [
        [2_000, 'deposit'],
        [1_000, undefined],
      ],
    );
    await screen.close();
  });

  test('vouchers are handed out once they are paid, and one of them pays another order', async () => {
    const pool = await makePool(api, house, { kind: 'voucher' });
    const gift = await api.item(house.token, { name: 'Gift', price: 2_500, voucherPoolId: pool.id });
    const sale = await api.order(house.token, [{ menuItemId: gift.id, quantity: 1 }], { type: 'takeaway' });
    await pay(sale.id, 'card', 2_500);
    const screen = await browser.screen({ url: api.url, as: house, path: `/orders/${sale.id}` });
    await button(screen, 'Change Gift').click();
    await screen.page.getByText('Hand out vouchers', { exact: true }).first().click();
    await inDialog(screen, 'Hand out vouchers').click();
    const code = await screen.page.locator('.order__code').innerText();
    await screen.expectAccessible();
    await button(screen, 'Done').click();

    const { id } = await place({ table: '6' });
    await screen.page.goto(`${api.url}/console/orders/${id}`);
    await button(screen, 'Take payment').click();
    await screen.page.getByText('Voucher', { exact: true }).click();
    await screen.page.getByLabel('Code of the voucher').fill(code);
    await button(screen, 'Check the voucher').click();
    await screen.sees('€25.00 left · valid');
    await screen.expectAccessible();
    await inDialog(screen, 'Book payment').click();
    await button(screen, 'Done').click();
    assert.equal((await get(`/v1/orders/${id}`)).dueTotal, 3_200);
    await screen.close();
  });
});
