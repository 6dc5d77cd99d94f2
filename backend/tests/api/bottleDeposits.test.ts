/** Deposits of bottles and glasses: charged with the drink, and returned as a line below zero. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';

describe('deposits of bottles', () => {
  let api: TestApi;
  let token: string;
  let deposit: string;
  let cola: string;
  let soup: string;
  let vat19: string;

  before(async () => {
    api = await startApi({ clock: () => new Date(`${DAY}T19:00:00Z`) });
  });
  after(() => api.close());
  beforeEach(async () => {
    token = await api.apiKey((await api.restaurant()).token);
    vat19 = (await tax('19', true)).id;
    const taxIds = [(await tax('7', true)).id];
    deposit = (await api.item(token, { name: 'Bottle', price: 25, taxIds: [vat19], isDeposit: true })).id;
    cola = (await api.item(token, { name: 'Cola', price: 300, taxIds: [vat19], depositItemId: deposit })).id;
    soup = (await api.item(token, { name: 'Soup', price: 1_000, taxIds })).id;
  });

  const { get, post, patch, tax, pay, complete, refused, issued } = new Factories(() => ({ api, token }));
  const order = (lines: [string, number][], fields: object = {}): Promise<Json> =>
    api.order(
      token,
      lines.map(([menuItemId, quantity]) => ({ menuItemId, quantity })),
      fields,
    );
  const change = (id: string, lineId: string, body: object) =>
    api.patch(`/v1/orders/${id}/lines/${lineId}`, body, { token });
  const drop = (id: string, lineId: string) =>
    api.delete(`/v1/orders/${id}/lines/${lineId}`, { reason: 'mistake' }, { token });
  const ratesOf = (taxes: Json[]) => Object.fromEntries(taxes.map(({ rate, amount }) => [rate, amount]));
  const linesOf = ({ lines }: Json) =>
    lines
      .filter(({ voidedAt }: Json) => voidedAt === null)
      .map(({ kind, quantity, amount }: Json) => [kind, quantity, amount]);

  test('a drink brings its deposit along, on a line of its own and without discount or service charge', async () => {
    await patch('/v1/restaurant', { serviceCharge: { rate: '10', taxIds: [], orderTypes: ['dine_in'] } });
    const made = await order([[cola, 2]], { type: 'dine_in', discounts: [{ percent: '50' }] });
    assert.deepEqual(linesOf(made), [
      ['item', 2, 300],
      ['deposit', 2, 50],
    ]);
    assert.equal(made.lines[1].parentLineId, made.lines[0].id);
    assert.deepEqual([made.serviceChargeTotal, made.total], [30, 380]);
    // 350 x 19/119
    assert.deepEqual(ratesOf(made.taxes), { 19: 56 });
    const fixed = await order([[cola, 1]], { discounts: [{ amount: 10_000 }] });
    assert.deepEqual([fixed.discountTotal, fixed.total], [300, 25]);
    const shown = (await get('/v1/menu')).categories.flatMap(({ items }: Json) => items);
    assert.deepEqual(shown.find(({ id }: Json) => id === cola).deposit, {
      menuItemId: deposit,
      name: 'Bottle',
      price: 25,
    });
  });

  test('the deposit follows the quantity of its drink, and leaves the order with it or alone', async () => {
    const made = await order([[cola, 1]]);
    const [drink, bottle] = made.lines;
    const more = expectStatus(200, await change(made.id, drink.id, { quantity: 3 }));
    assert.deepEqual([more.total, more.lines[1].quantity], [975, 3]);
    const own = expectProblem(409, await change(made.id, bottle.id, { quantity: 1 }));
    assert.match(own.detail, /belongs to "Cola"/);
    const without = expectStatus(200, await drop(made.id, bottle.id));
    assert.equal(without.total, 900);
    // A voided deposit does not come back with a larger quantity.
    assert.equal(expectStatus(200, await change(made.id, drink.id, { quantity: 4 })).total, 1_200);
    const other = await order([
      [cola, 2],
      [soup, 1],
    ]);
    assert.equal(expectStatus(200, await drop(other.id, other.lines[0].id)).total, 1_000);
  });

  test('an order has at most 1,000 lines, also by lines that are added to it one by one', async () => {
    const made = await order(Array.from({ length: 500 }, () => [cola, 2]));
    assert.equal(made.lines.length, 1_000);
    const added = await refused(422, `/v1/orders/${made.id}/lines`, { menuItemId: soup, quantity: 1 });
    assert.match(added.detail, /at most 1000 lines/);
    const comp = `/v1/orders/${made.id}/lines/${made.lines[0].id}/comp`;
    await refused(422, comp, { reason: 'corked', quantity: 1 });
    assert.equal((await post(comp, { reason: 'corked' }, 200)).lines.length, 1_000);
  });

  test('returned bottles lower the bill and its taxes, but never below zero', async () => {
    const made = await order([
      [soup, 1],
      [deposit, -6],
    ]);
    assert.deepEqual(linesOf(made), [
      ['item', 1, 1_000],
      ['deposit', -6, -150],
    ]);
    assert.deepEqual([made.subtotal, made.total, made.taxTotal], [850, 850, 65 - 24]);
    assert.deepEqual(ratesOf(made.taxes), { 7: 65, 19: -24 });
    const many = await refused(422, '/v1/orders', {
      type: 'takeaway',
      lines: [
        { menuItemId: soup, quantity: 1 },
        { menuItemId: deposit, quantity: -41 },
      ],
    });
    assert.match(many.detail, /exceed the rest of the bill by 0\.25 EUR/);
    const left = expectProblem(422, await drop(made.id, made.lines[0].id));
    assert.match(left.detail, /returned deposits exceed/);
    const cheaper = expectProblem(422, await change(made.id, made.lines[0].id, { discounts: [{ percent: '90' }] }));
    assert.match(cheaper.detail, /by 0\.50 EUR/);
    assert.equal(expectStatus(200, await change(made.id, made.lines[1].id, { quantity: -4 })).total, 900);
    expectProblem(422, await change(made.id, made.lines[1].id, { quantity: 4 }));
    assert.equal(expectStatus(200, await drop(made.id, made.lines[1].id)).total, 1_000);
    const zero = await order([
      [cola, 1],
      [deposit, -13],
    ]);
    assert.deepEqual([zero.total, zero.dueTotal, zero.paymentStatus], [0, 0, 'paid']);
    assert.equal((await complete(zero.id)).unsettled, false);
  });

  test('a closed day adds up with returned bottles, and its papers agree with it', async () => {
    const made = await order([
      [soup, 1],
      [cola, 1],
      [deposit, -20],
    ]);
    await pay(made.id, 'cash', 825);
    await complete(made.id);
    const report = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}&groupBy=item`);
    assert.deepEqual(
      report.data.map(({ label, units, revenue }: Json) => [label, units, revenue]),
      [
        ['Soup', 1, 1_000],
        ['Cola', 1, 300],
        ['Bottle', -19, -475],
      ],
    );
    const shown = await get(`/v1/orders/${made.id}/receipt`);
    assert.deepEqual([shown.total, shown.lines.at(-1).quantity, shown.lines.at(-1).amount], [825, -20, -500]);
    const printed = await api.get(`/v1/orders/${made.id}/receipt`, { token, headers: { accept: 'text/plain' } });
    assert.match(printed.text, /-20.*-5\.00/s);
    const closed = await post(`/v1/business-days/${DAY}/close`, { acceptEarly: true });
    const { dayClose } = closed.details ?? closed;
    const day = dayClose ?? (await get(`/v1/business-days/${DAY}`));
    // 300 + 25 at 19/119, less 500 at 19/119: each side is rounded by itself.
    assert.deepEqual(ratesOf(day.taxes), { 7: 65, 19: 52 - 80 });
    const { salesKept, moneyKept, dueTotal, otherDays } = day.balance;
    assert.deepEqual([salesKept, moneyKept, dueTotal, otherDays], [825, 825, 0, 0]);
  });

  test('refunds take from what was sold: the deposit by its own line, a returned one never', async () => {
    const made = await order([
      [soup, 1],
      [cola, 2],
      [deposit, -10],
    ]);
    const payment = await pay(made.id, 'card', 1_400);
    await complete(made.id);
    const refund = (body: object) =>
      api.post(`/v1/payments/${payment.id}/refunds`, { reason: 'x', ...body }, { token });
    const back = expectProblem(409, await refund({ lines: [{ lineId: made.lines[3].id }] }));
    assert.match(back.detail, /was returned by the guest/);
    const bottle = expectStatus(201, await refund({ lines: [{ lineId: made.lines[2].id, quantity: 1 }] }));
    assert.deepEqual([bottle.amount, ratesOf(bottle.taxes)], [25, { 19: 4 }]);
    const soupBack = expectStatus(201, await refund({ lines: [{ lineId: made.lines[0].id }] }));
    assert.deepEqual([soupBack.amount, ratesOf(soupBack.taxes)], [1_000, { 7: 65 }]);
    const rest = expectStatus(201, await refund({ amount: 375 }));
    assert.equal(rest.amount, 375);
    const { refundedSaleTotal, dueTotal, paymentStatus } = await get(`/v1/orders/${made.id}`);
    assert.deepEqual([refundedSaleTotal, dueTotal, paymentStatus], [1_400, 0, 'refunded']);
    const { balance } = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual([balance.salesKept, balance.moneyKept], [0, 0]);
  });

  test('a refund does not exceed a sale that returned bottles have lowered', async () => {
    const made = await order([
      [soup, 1],
      [cola, 2],
      [deposit, -10],
    ]);
    const payment = await pay(made.id, 'card', 1_400);
    const lowered = expectStatus(200, await drop(made.id, made.lines[1].id));
    assert.deepEqual([lowered.total, lowered.dueTotal], [750, -650]);
    await complete(made.id);
    const all = { reason: 'x', lines: [{ lineId: made.lines[0].id }] };
    const tooMuch = expectProblem(409, await api.post(`/v1/payments/${payment.id}/refunds`, all, { token }));
    assert.match(tooMuch.detail, /Only 7\.50 EUR of this sale/);
    expectStatus(201, await api.post(`/v1/payments/${payment.id}/refunds`, { reason: 'x', amount: 650 }, { token }));
    assert.equal((await get(`/v1/orders/${made.id}`)).dueTotal, 0);
  });

  test('an invoice has returned bottles as a negative quantity, and credit notes take them back with the rest', async () => {
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    const made = await order([
      [soup, 1],
      [cola, 1],
      [deposit, -6],
    ]);
    const paper = await issued({ type: 'invoice', orderId: made.id, customer: { name: 'Firma', country: 'DE' } });
    assert.equal(paper.total, 1_175);
    const read = async ({ id }: Json) => {
      const files = await Promise.all(
        ['ubl', 'cii'].map(async (syntax) =>
          readInvoice((await api.get(`/v1/documents/${id}.xml?syntax=${syntax}`, { token })).text),
        ),
      );
      for (const file of files) assert.deepEqual(brokenRules(file), []);
      assert.equal(files[0]!.totals.gross, files[1]!.totals.gross);
      return files[0]!;
    };
    const file = await read(paper);
    const { quantity, price, net } = file.lines.at(-1)!;
    assert.deepEqual([quantity, net, file.totals.gross], ['-6', '-1.26', '11.75']);
    assert.match(price ?? '', /^0\.21/);
    const printed = await api.get(`/v1/documents/${paper.id}.txt`, { token });
    assert.match(printed.text, /-1\.50/);
    const credit = (body: object) =>
      api.post(`/v1/documents/${paper.id}/credit?issue=true`, { reason: 'x', ...body }, { token });
    const alone = expectProblem(422, await credit({ lines: [{ position: 4, quantity: '6' }] }));
    assert.match(alone.detail, /together with the other lines/);
    expectProblem(422, await credit({ lines: [1, 2, 3].map((position) => ({ position, quantity: '1' })) }));
    const part = expectStatus(
      201,
      await credit({
        lines: [
          { position: 2, quantity: '1' },
          { position: 4, quantity: '2' },
        ],
      }),
    );
    assert.equal(part.total, 250);
    await read(part);
    const locked = await api.delete(`/v1/orders/${made.id}/lines/${made.lines[0].id}`, { reason: 'x' }, { token });
    expectProblem(409, locked);
    const rest = expectStatus(201, await credit({}));
    assert.equal(rest.total, 925);
    await read(rest);
    const { dueTotal, refundedSaleTotal } = await get(`/v1/orders/${made.id}`);
    assert.deepEqual([dueTotal, refundedSaleTotal], [0, 1_175]);
    const { refundTaxes, taxes } = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual([ratesOf(refundTaxes)['7'], ratesOf(taxes)['7']], [65, 65]);
  });

  test('credited in one go, bottles and food leave the day’s taxes exactly', async () => {
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    const made = await order([
      [soup, 1],
      [deposit, -6],
    ]);
    const paper = await issued({ type: 'invoice', orderId: made.id, customer: { name: 'Firma', country: 'DE' } });
    await post(`/v1/documents/${paper.id}/credit?issue=true`, { reason: 'x' });
    const { refundTaxes, taxes, balance } = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual(ratesOf(refundTaxes), ratesOf(taxes));
    assert.equal(balance.salesKept, 0);
  });

  test('a deposit cannot be discounted or comped, and only deposits can be returned', async () => {
    const lines = [{ menuItemId: deposit, quantity: 1, discounts: [{ percent: '10' }] }];
    assert.match((await refused(422, '/v1/orders', { type: 'takeaway', lines })).detail, /is a deposit/);
    const back = { type: 'takeaway', lines: [{ menuItemId: soup, quantity: -1 }] };
    assert.match((await refused(422, '/v1/orders', back)).detail, /Soup is no deposit/);
    await refused(422, '/v1/orders', { type: 'takeaway', lines: [{ menuItemId: deposit, quantity: 0 }] });
    const made = await order([[cola, 1]]);
    expectProblem(422, await change(made.id, made.lines[1].id, { discounts: [{ amount: 5 }] }));
    await refused(409, `/v1/orders/${made.id}/lines/${made.lines[1].id}/comp`, { reason: 'nice guest' });
    const comped = await post(`/v1/orders/${made.id}/lines/${made.lines[0].id}/comp`, { reason: 'nice guest' }, 200);
    assert.equal(comped.total, 25);
  });

  test('a deposit in use stays one, and items refuse what is none', async () => {
    const inUse = await api.delete(`/v1/menu-items/${deposit}`, undefined, { token });
    assert.equal(expectProblem(409, inUse).code, 'in_use');
    const { version } = await get(`/v1/menu-items/${deposit}`);
    const headers = { 'if-match': `"${version}"` };
    const no = await api.patch(`/v1/menu-items/${deposit}`, { isDeposit: false }, { token, headers });
    assert.equal(expectProblem(409, no).errors[0].pointer, '/isDeposit');
    const { categoryId } = await get(`/v1/menu-items/${soup}`);
    const item = { name: 'X', price: 1, categoryId };
    await refused(404, '/v1/menu-items', { ...item, depositItemId: soup });
    await refused(422, '/v1/menu-items', { ...item, isDeposit: true, depositItemId: deposit });
    await refused(422, '/v1/menu-items', { ...item, isDeposit: true, variants: [{ name: 'Small', price: 1 }] });
    await patch(`/v1/menu-items/${cola}`, { depositItemId: null });
    assert.equal((await order([[cola, 1]])).total, 300);
    expectStatus(204, await api.delete(`/v1/menu-items/${deposit}`, undefined, { token }));
  });

  test('a preview and another order type know the deposit too', async () => {
    const away = (await tax('0', true, { orderTypes: ['takeaway'] })).id;
    await patch(`/v1/menu-items/${deposit}`, { taxIds: [vat19, away] });
    const lines = [{ menuItemId: cola, quantity: 1 }];
    const preview = await post('/v1/orders/preview', { type: 'takeaway', lines }, 200);
    assert.deepEqual([preview.lines.length, preview.total], [2, 325]);
    const made = await api.order(token, lines, { type: 'dine_in' });
    const headers = { 'if-match': '"1"' };
    const moved = expectStatus(200, await api.patch(`/v1/orders/${made.id}`, { type: 'takeaway' }, { token, headers }));
    assert.deepEqual([moved.total, moved.lines[1].taxes.length], [325, 2]);
  });

  test('a tax-exempt customer pays net deposits and gets net deposits back', async () => {
    const taxExemption = { reason: 'Embassy', certificate: '12' };
    const made = await order(
      [
        [soup, 1],
        [cola, 1],
        [deposit, -4],
      ],
      { taxExemption },
    );
    // 1000/1.07, 325/1.19 and -100/1.19, each rounded by itself.
    assert.deepEqual([made.taxTotal, made.total], [0, 935 + 273 - 84]);
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    const paper = await issued({ type: 'invoice', orderId: made.id, customer: { name: 'Firma', country: 'DE' } });
    const { description, quantity, amount } = paper.lines.at(-1);
    assert.deepEqual([paper.total, description, quantity, amount], [made.total, '4 x Bottle', '-1', -84]);
    for (const syntax of ['ubl', 'cii']) {
      const { text } = await api.get(`/v1/documents/${paper.id}.xml?syntax=${syntax}`, { token });
      assert.deepEqual(brokenRules(readInvoice(text)), []);
    }
    await post(`/v1/documents/${paper.id}/credit`, { reason: 'x', applyToOrder: true });
    assert.equal((await get(`/v1/orders/${made.id}`)).total, 0);
  });
});
