/** X and Z reports over HTTP: what a day comes to, its close, and what is refused from then on. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { SALES_FIELDS } from '../support/salesFields.js';
import { csv, ImportClient } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';

/** 20:00 of 20 November in Berlin, and times after it. */
const EVENING = new Date('2026-11-20T19:00:00Z');
/** 2:00 in the night, before the cut-off hour. */
const NIGHT = new Date('2026-11-21T01:00:00Z');
const NEXT_NOON = new Date('2026-11-21T11:00:00Z');
const DAY = '2026-11-20';

describe('business days', () => {
  let api: TestApi;
  let now = EVENING;
  let client: ImportClient;
  let token: string;

  before(async () => {
    api = await startApi({ clock: () => now });
    client = new ImportClient(api);
  });
  beforeEach(async () => {
    now = EVENING;
    const restaurant = await api.restaurant();
    token = await api.apiKey(restaurant.token);
  });
  after(() => api.close());

  const { get, post, tax, recipe, ingredient, quantityOf, pay, actOnOrder, complete } = new Factories(() => ({
    api,
    token,
  }));
  const day = (date = DAY): Promise<Json> => get(`/v1/business-days/${date}`);
  const closing = (body: object = {}, date = DAY, headers: Record<string, string> = {}): Promise<Answer> =>
    api.post(`/v1/business-days/${date}/close`, body, { token, headers });
  const closed = async (body: object = {}, date = DAY): Promise<Json> => expectStatus(201, await closing(body, date));
  const dish = async (price: number, fields: object = {}): Promise<string> =>
    (await api.item(token, { price, ...fields })).id;
  const order = (menuItemId: string, quantity: number, fields: object = {}): Promise<Json> =>
    api.order(token, [{ menuItemId, quantity }], fields);
  const expectClosed = (answer: Answer): void => {
    const problem = expectProblem(409, answer);
    assert.equal(problem.code, 'business_day_closed');
    assert.match(problem.detail, /refund or a credit note/);
  };

  /**
   * Three finished orders, one of them placed at night, and one cancelled order. Together they use
   * every feature that a day counts.
   */
  async function trade(): Promise<{ soup: string; cash: Json; card: Json; cashPayment: Json }> {
    const [reduced, standard] = [(await tax('7', true)).id, (await tax('19', false)).id];
    const soup = await dish(1_070, { taxIds: [reduced] });
    const wine = await dish(1_000, { taxIds: [standard] });
    // 2 x 10.70 with 7 % inside: 1.40 tax on 20.00. Less 10 %: 19.26 with 1.26 inside, on 18.00.
    const cash = await order(soup, 2, { discounts: [{ name: 'Friends', percent: '10' }] });
    const cashPayment = await pay(cash.id, 'cash', 2_000, 50);
    await complete(cash.id);
    // 3 x 10.00 and 19 % on top: 5.70. One more is taken back.
    const card = await order(wine, 3);
    const withMore = await post(`/v1/orders/${card.id}/lines`, { menuItemId: wine, quantity: 1 });
    const line = withMore.lines.at(-1).id;
    expectStatus(200, await api.delete(`/v1/orders/${card.id}/lines/${line}`, { reason: 'cork' }, { token }));
    await pay(card.id, 'card', 3_570, 430);
    await complete(card.id);
    const lost = await order(wine, 1);
    await actOnOrder(lost.id, 'cancel', { reason: 'gone' });
    now = NIGHT;
    const late = await order(soup, 1);
    assert.equal(late.businessDate, DAY);
    await pay(late.id, 'cash', 1_070);
    await complete(late.id);
    await post(`/v1/payments/${cashPayment.id}/refunds`, { amount: 300, reason: 'cold' });
    return { soup, cash, card, cashPayment };
  }

  test('the figures of a day are exact, and the night before the cut-off hour is in them', async () => {
    await trade();
    const figures = await day();
    assert.deepEqual(
      [figures.status, figures.orders, figures.units, figures.grossSales, figures.discountTotal, figures.revenue],
      ['open', 3, 6, 2_140 + 3_000 + 1_070, 214, 5_996],
    );
    // 1.26 + 0.70 inside, 5.70 on top; tips 0.50 + 4.30.
    assert.deepEqual(
      figures.taxes.map(({ rate, inclusive, base, amount }: Json) => [rate, inclusive, base, amount]),
      [
        ['19', false, 3_000, 570],
        ['7', true, 1_800 + 1_000, 196],
      ],
    );
    assert.deepEqual([figures.taxTotal, figures.taxIncludedTotal, figures.tipTotal], [766, 196, 480]);
    assert.equal(figures.total, 5_996 + 570 + 480);
    assert.deepEqual(figures.payments, [
      { method: 'card', count: 1, amount: 3_570, tip: 430, change: 0 },
      { method: 'cash', count: 2, amount: 1_926 + 1_070, tip: 50, change: 74 },
    ]);
    assert.deepEqual(figures.refunds, [{ method: 'cash', count: 1, amount: 300 }]);
    assert.equal(figures.refundTotal, 300);
    // 3.00 of 19.26: in proportion 18.00 net and 1.26 tax; the tip stays.
    assert.deepEqual(
      figures.refundTaxes.map(({ rate, inclusive, base, amount }: Json) => [rate, inclusive, base, amount]),
      [['7', true, 280, 20]],
    );
    assert.deepEqual(figures.cash, { expected: 2_996 + 50 - 300, counted: null, difference: null });
    assert.deepEqual(figures.cancelledOrders, { count: 1, total: 1_190 });
    assert.deepEqual(figures.voidedLines, { count: 1, units: 1, amount: 1_000 });
    assert.deepEqual(figures.unfinishedOrders, { count: 0, open: 0, unsettled: 0, dueTotal: 0, orders: [] });
    assert.deepEqual(figures.balance, { salesKept: 6_746, moneyKept: 6_746, dueTotal: 0, otherDays: 0 });
    const report = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}`);
    for (const field of SALES_FIELDS) assert.equal(figures[field], report[field], field);
  });

  test('a close freezes the figures in a numbered document that holds in its chain', async () => {
    await trade();
    const open = await day();
    now = NEXT_NOON;
    const answer = await closed({ notes: 'Rain all day.', countedCash: 2_700 });
    assert.deepEqual([answer.status, answer.number, answer.notes], ['closed', 'Z-2026-11-0001', 'Rain all day.']);
    assert.deepEqual(answer.cash, { expected: 2_746, counted: 2_700, difference: -46 });
    assert.deepEqual(await day(), answer);
    const { status: _s, documentId: _d, number: _n, closedAt: _c, closedBy: _b, notes: _o, ...report } = answer;
    for (const [field, value] of Object.entries(report))
      if (field !== 'cash') assert.deepEqual(value, open[field], field);
    const document = await get(`/v1/documents/${answer.documentId}`);
    assert.deepEqual([document.type, document.status, document.total], ['day_close', 'issued', answer.total]);
    assert.deepEqual(document.details.dayClose, report);
    const audit = await get(`/v1/document-series/${document.seriesId}/audit`);
    assert.deepEqual([audit.count, audit.clean, audit.chainIntact], [1, true, true]);
    const log = await get(`/v1/audit-log?limit=100`);
    assert.ok(log.data.some((entry: Json) => entry.action === 'business_day.closed'));
  });

  test('the close prints all that its day comes to', async () => {
    const { soup } = await trade();
    await order(soup, 1);
    now = NEXT_NOON;
    const { documentId } = await closed({ countedCash: 2_700, acceptOpenOrders: true, notes: 'Rain all day.' });
    const path = `/v1/documents/${documentId}`;
    const { text } = await api.get(`${path}.txt`, { token });
    const [head = '', ...sections] = text.split(/^-{42}\n/m);
    assert.match(head, /Day close \(Z report\) Z-2026-11-0001\nDate +20 Nov 2026\n$/);
    const rows = sections.map((section) => section.replaceAll(/ {2,}/g, '  ').split('\n').slice(0, -1));
    assert.deepEqual(rows, [
      ['Subtotal  72.80', 'Discount  -2.14', 'Tax 19 19%  5.70', 'Tip  4.80', 'TOTAL  €81.16', 'Refund  -3.00'],
      ['Card (1)  40.00', 'Cash (2)  30.46', 'Refund: Cash (1)  -3.00'],
      ['Cash expected  27.46', 'Cash counted  27.00', 'Cash difference  -0.46'],
      [
        'Orders  4',
        'Items sold  7',
        'Cancelled orders (1)  11.90',
        'Voided lines (1)  10.00',
        'Unfinished orders (1): To pay  10.70',
      ],
      ['Sales kept  78.16', 'Money kept  67.46', 'To pay  10.70', 'Money of other days  0.00'],
      [
        'Tax 19 19%  5.70',
        '  Taxable amount 30.00',
        'Included: Tax 7 7%  2.66',
        '  Taxable amount 38.00',
        'Refund: Tax 7 7%  -0.20',
        '  Taxable amount -2.80',
        '',
        'Rain all day.',
      ],
    ]);
  });

  test('a day without trade closes as well, in any order, and closed days are listed newest first', async () => {
    now = NEXT_NOON;
    assert.equal((await closed({}, '2026-11-19')).number, 'Z-2026-11-0001');
    assert.equal((await closed({}, DAY)).number, 'Z-2026-11-0002');
    assert.equal((await closed({}, '2026-11-18')).total, 0);
    const first = await get('/v1/business-days?limit=2');
    assert.deepEqual(
      first.data.map(({ date }: Json) => date),
      [DAY, '2026-11-19'],
    );
    const second = await get(`/v1/business-days?limit=2&cursor=${first.nextCursor}`);
    assert.deepEqual([second.data[0].date, second.data.length, second.nextCursor], ['2026-11-18', 1, null]);
  });

  test('days that are over, were traded on and are not closed wait for their close, newest first', async () => {
    const soup = await dish(1_000);
    const waiting = async (query = ''): Promise<Json> => get(`/v1/business-days?status=open${query}`);
    const dates = async () => (await waiting()).data.map(({ date }: Json) => date);
    const first = await order(soup, 1);
    now = NIGHT;
    assert.deepEqual(await dates(), [], 'the night is of the day before');
    now = NEXT_NOON;
    const [yesterday] = (await waiting()).data;
    assert.deepEqual(yesterday, await day());
    assert.deepEqual([yesterday.status, yesterday.orders, yesterday.unfinishedOrders.open], ['open', 1, 1]);
    // On the 21st only money comes in, on the 22nd it goes back, the 23rd is quiet.
    const payment = await pay(first.id, 'card', 1_000);
    now = new Date('2026-11-22T11:00:00Z');
    await post(`/v1/payments/${payment.id}/refunds`, { amount: 1_000, reason: 'gone' });
    now = new Date('2026-11-24T11:00:00Z');
    await order(soup, 1);
    assert.deepEqual(await dates(), ['2026-11-22', '2026-11-21', DAY]);
    const page = await waiting('&limit=2');
    const rest = await waiting(`&limit=2&cursor=${page.nextCursor}`);
    assert.deepEqual([page.data.length, rest.data.map(({ date }: Json) => date), rest.nextCursor], [2, [DAY], null]);
    expectProblem(422, await api.get(`/v1/business-days?cursor=${page.nextCursor}`, { token }));
    await closed({}, '2026-11-21');
    assert.deepEqual(await dates(), ['2026-11-22', DAY]);
    expectProblem(422, await api.get('/v1/business-days?status=late', { token }));
  });

  test('the preview of an order is refused as the order is on a day that was closed early', async () => {
    const body = { type: 'takeaway', lines: [{ menuItemId: await dish(500), quantity: 1 }] };
    const ask = (path: string) => api.post(path, body, { token });
    expectStatus(200, await ask('/v1/orders/preview'));
    await closed({ acceptEarly: true });
    const [asked, placed] = [await ask('/v1/orders/preview'), await ask('/v1/orders')];
    expectClosed(asked);
    assert.equal(asked.body.detail, expectProblem(409, placed).detail);
    now = NEXT_NOON;
    expectStatus(200, await ask('/v1/orders/preview'));
  });

  test('a day closes once, and the same key gets the same answer', async () => {
    now = NEXT_NOON;
    const key = { 'idempotency-key': 'close-the-20th' };
    const first = expectStatus(201, await closing({}, DAY, key));
    const again = await closing({}, DAY, key);
    assert.deepEqual([expectStatus(201, again), again.headers.get('idempotent-replayed')], [first, 'true']);
    const other = expectProblem(409, await closing());
    assert.equal(other.code, 'business_day_closed');
    assert.match(other.detail, /Z-2026-11-0001/);
  });

  test('a day to come is refused, and one that is not over unless that is meant', async () => {
    now = NIGHT;
    expectProblem(422, await closing({}, '2026-11-21'));
    assert.equal(expectProblem(409, await closing()).code, 'invalid_state');
    await closed({ acceptEarly: true });
    const soup = await dish(1_000);
    expectClosed(
      await api.post('/v1/orders', { type: 'takeaway', lines: [{ menuItemId: soup, quantity: 1 }] }, { token }),
    );
    now = NEXT_NOON;
    assert.equal((await order(soup, 1)).number, 'ORD-2026-11-0001');
  });

  test('the day is that of the restaurant’s clock and its cut-off hour', async () => {
    const settings = await api.get('/v1/restaurant', { token });
    const options = { token, headers: { 'if-match': settings.headers.get('etag') ?? '' } };
    const changed = { timezone: 'America/New_York', businessDayCutoffHour: 6 };
    expectStatus(200, await api.patch('/v1/restaurant', changed, options));
    // 5:59 in New York.
    now = new Date('2026-11-21T10:59:00Z');
    expectProblem(409, await closing());
    now = new Date('2026-11-21T11:00:00Z');
    await closed();
  });

  test('what is no date is 422, everywhere', async () => {
    for (const date of ['2026-02-30', 'today', '20261120', '0000-01-01', '2026-11-20T00:00:00Z']) {
      expectProblem(422, await api.get(`/v1/business-days/${date}`, { token }));
      expectProblem(422, await closing({}, date));
    }
    expectProblem(422, await closing({ countedCash: -1_000_000_000_000_001 }));
    expectProblem(422, await closing({ countedCash: 0.5 }));
    expectProblem(422, await closing({ force: true }));
  });

  test('open orders keep a day from closing unless they are accepted, and are listed', async () => {
    const soup = await dish(1_000);
    const open = await order(soup, 2);
    const unpaid = await order(soup, 1);
    await complete(unpaid.id);
    now = NEXT_NOON;
    assert.match(expectProblem(409, await closing()).detail, /still open: 1\./);
    const { unfinishedOrders } = await closed({ acceptOpenOrders: true });
    assert.deepEqual([unfinishedOrders.count, unfinishedOrders.open, unfinishedOrders.dueTotal], [2, 1, 3_000]);
    assert.deepEqual(
      unfinishedOrders.orders.map(({ id, dueTotal }: Json) => [id, dueTotal]),
      [
        [open.id, 2_000],
        [unpaid.id, 1_000],
      ],
    );
    // Both can still be settled, on the day that is open now.
    await pay(open.id, 'card', 2_000);
    await complete(open.id);
    await pay(unpaid.id, 'cash', 1_000);
    assert.equal((await day('2026-11-21')).payments.length, 2);
  });

  test('nothing moves the figures of a closed day: late writes are refused, refunds count today', async () => {
    const { soup, cash, card, cashPayment } = await trade();
    now = NIGHT;
    const open = await order(soup, 2);
    now = NEXT_NOON;
    const frozen = await closed({ acceptOpenOrders: true });
    const path = `/v1/orders/${open.id}`;
    const [line] = open.lines;
    const whole = { token, headers: { 'if-match': '"1"' } };
    const late = [
      await api.patch(path, { notes: 'late' }, whole),
      await api.patch(path, { tip: 100 }, whole),
      await api.patch(path, { discounts: [{ name: 'x', amount: 1 }] }, whole),
      await api.post(`${path}/lines`, { menuItemId: soup, quantity: 1 }, { token }),
      await api.patch(`${path}/lines/${line.id}`, { quantity: 1 }, { token }),
      await api.delete(`${path}/lines/${line.id}`, {}, { token }),
      await api.post(`${path}/lines/${line.id}/comp`, { reason: 'late' }, { token }),
      // A dry run is refused as its change is.
      await api.patch(`${path}?dryRun=true`, { tip: 100 }, whole),
      await api.patch(`${path}/lines/${line.id}?dryRun=true`, { quantity: 1 }, { token }),
      await api.delete(`${path}/lines/${line.id}?dryRun=true`, {}, { token }),
      await api.post(`${path}/lines/${line.id}/comp?dryRun=true`, { reason: 'late' }, { token }),
      await api.post(`${path}/cancel`, { reason: 'late' }, { token }),
      await api.post(`${path}/payments`, { method: 'card', amount: 1_000, tip: 1 }, { token }),
      await api.post(`/v1/orders/${card.id}/reopen`, {}, { token }),
    ];
    for (const answer of late) expectClosed(answer);
    assert.deepEqual(await get(path), open);
    await post(`/v1/payments/${cashPayment.id}/refunds`, { amount: 100, reason: 'cold' });
    const receipt = await post('/v1/documents?issue=true', { type: 'receipt', orderId: cash.id });
    await post(`/v1/documents/${receipt.id}/credit?issue=true`, { reason: 'cold' });
    assert.deepEqual(await day(), frozen);
    assert.equal((await day('2026-11-21')).refundTotal, 100 + receipt.total);
    const report = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}`);
    for (const field of ['orders', 'units', 'revenue', 'taxTotal', 'tipTotal', 'total', 'refundTotal'])
      assert.equal(report[field], frozen[field], field);
  });

  test('a drawer from which more was given back than it took is counted below zero', async () => {
    const sold = await order(await dish(1_000), 1);
    const payment = await pay(sold.id, 'cash', 1_000);
    await complete(sold.id);
    now = NEXT_NOON;
    await post(`/v1/payments/${payment.id}/refunds`, { amount: 700, reason: 'cold' });
    const { cash } = await closed({ acceptEarly: true, countedCash: -701 }, '2026-11-21');
    assert.deepEqual(cash, { expected: -700, counted: -701, difference: -1 });
  });

  test('a tip on an order that a close left open is given back once the order is complete', async () => {
    const left = await order(await dish(1_000), 1);
    const payment = await pay(left.id, 'card', 1_000, 50);
    now = NEXT_NOON;
    const frozen = await closed({ acceptOpenOrders: true });
    const refund = () => api.post(`/v1/payments/${payment.id}/refunds`, { amount: 1_050, reason: 'gone' }, { token });
    const refused = await refund();
    expectClosed(refused);
    assert.match(refused.body.detail, /complete the order/);
    await complete(left.id);
    assert.deepEqual(expectStatus(201, await refund()).parts.tip, 50);
    assert.equal((await day('2026-11-21')).refundTotal, 1_050);
    assert.deepEqual(await day(), frozen);
  });

  test('money is refused on a closed day, also for an order of another', async () => {
    const soup = await dish(1_000);
    const open = await order(soup, 2);
    const payment = await pay(open.id, 'card', 500);
    now = NEXT_NOON;
    await closed({ acceptEarly: true }, '2026-11-21');
    expectClosed(await api.post(`/v1/orders/${open.id}/payments`, { method: 'card', amount: 500 }, { token }));
    expectClosed(await api.post(`/v1/payments/${payment.id}/refunds`, { amount: 100, reason: 'x' }, { token }));
    await actOnOrder(open.id, 'accept');
  });

  test('the close is neither voided nor credited nor written by hand', async () => {
    now = NEXT_NOON;
    const { documentId } = await closed();
    expectProblem(409, await api.post(`/v1/documents/${documentId}/void`, { reason: 'wrong' }, { token }));
    expectProblem(409, await api.post(`/v1/documents/${documentId}/credit`, { reason: 'wrong' }, { token }));
    const lines = [{ description: 'x', quantity: 1, unitPrice: 1 }];
    expectProblem(422, await api.post('/v1/documents', { type: 'day_close', lines }, { token }));
  });

  test('closing takes a right of its own', async () => {
    now = NEXT_NOON;
    const scopes = ['reports:read', 'documents:write', 'documents:correct'];
    const { secret } = await post('/v1/api-keys', { name: 'reader', scopes });
    expectProblem(403, await api.post(`/v1/business-days/${DAY}/close`, {}, { token: secret }));
    expectStatus(200, await api.get(`/v1/business-days/${DAY}`, { token: secret }));
  });

  test('an import leaves out orders of closed days and says so, and repeats itself without a fault', async () => {
    now = NEXT_NOON;
    const file = csv(
      'A,2026-11-19T20:00:00,Tea,1,3',
      'B,2026-11-20T20:00:00,Tea,1,3',
      'B,2026-11-20T20:01:00,Cake,1,4',
    );
    await closed();
    const first = await client.run(token, file);
    assert.deepEqual(
      [first.status, first.ordersCreated, first.ordersSkipped, first.faultyRows],
      ['completed', 1, 0, 2],
    );
    assert.deepEqual(
      first.errors.map(({ line, reason }: Json) => [line, reason]),
      [[3, 'order "B" is on 2026-11-20, a business day that is closed']],
    );
    await closed({}, '2026-11-19');
    const again = await client.run(token, file);
    assert.deepEqual(
      [again.status, again.ordersCreated, again.ordersSkipped, again.faultyRows],
      ['completed', 0, 1, 2],
    );
  });

  test('an import does not complete an order that stands on a closed day, whatever day its rows now say', async () => {
    now = NEXT_NOON;
    const cake = 'A,2026-11-20T20:01:00,Cake';
    const faulty = await client.run(token, csv('A,2026-11-20T20:00:00,Tea,1,3', `${cake},none,4`));
    assert.deepEqual([faulty.ordersCreated, faulty.faultyRows], [1, 1]);
    const frozen = await closed();
    const mended = await client.run(token, csv('A,2026-11-19T20:00:00,Tea,1,3', `${cake},1,4`));
    assert.deepEqual([mended.status, mended.ordersCompleted, mended.faultyRows], ['completed', 0, 2]);
    assert.match(mended.errors[0].reason, /on 2026-11-20, a business day that is closed/);
    assert.deepEqual(await day(), frozen);
  });

  test('stock is still taken for orders of a closed day', async () => {
    const soup = await dish(1_000);
    await order(soup, 3);
    const item = { name: 'Stock cube', unit: 'piece', openingQuantity: '10' };
    const { id } = await ingredient(item);
    await recipe({ menuItemId: soup, lines: [{ inventoryItemId: id, quantity: '2' }] });
    now = NEXT_NOON;
    const frozen = await closed({ acceptOpenOrders: true });
    assert.equal((await post('/v1/stock/depletions', { from: DAY, to: DAY }, 200)).ordersDepleted, 1);
    assert.equal(await quantityOf(id), '4');
    assert.deepEqual(await day(), frozen);
  });
});
