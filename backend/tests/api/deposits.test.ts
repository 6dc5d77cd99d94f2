/** Deposits before the meal: their taxes, their papers, and what becomes of them. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { type ReadInvoice, readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';

const TODAY = '2026-11-20';
const MEAL = '2026-11-22';
const EVENING = new Date(`${TODAY}T18:00:00Z`);
const DINNER = new Date(`${MEAL}T18:30:00Z`);

describe('deposits', () => {
  let api: TestApi;
  let now = EVENING;
  let token: string;
  let steak: string;
  let wine: string;
  const rules = new OfficialRules();

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());
  beforeEach(async () => {
    now = EVENING;
    const owner = (await api.restaurant()).token;
    const { version } = (await api.get('/v1/restaurant', { token: owner })).body;
    const settings = { vatId: 'DE123456789', country: 'DE' };
    const headers = { 'if-match': `"${version}"` };
    expectStatus(200, await api.patch('/v1/restaurant', settings, { token: owner, headers }));
    token = await api.apiKey(owner);
    steak = (await api.item(token, { name: 'Steak', price: 3_000, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 7_000, taxIds: [(await tax('19', true)).id] })).id;
  });

  const { get, post, tax, pay, complete, issued, refused, actOnOrder } = new Factories(() => ({ api, token }));
  const day = (date: string): Promise<Json> => get(`/v1/business-days/${date}`);
  const read = (id: string): Promise<Json> => get(`/v1/orders/${id}`);
  const deposit = (orderId: string, amount: number, fields: object = {}): Promise<Json> =>
    post(`/v1/orders/${orderId}/payments`, { method: 'card', amount, deposit: true, ...fields });
  const depositPaper = (paymentId: string, fields: object = {}): Promise<Json> =>
    issued({ type: 'deposit', paymentId, customer: { name: 'Ada', country: 'DE' }, ...fields });
  const invoice = (orderId: string, type = 'invoice'): Promise<Json> =>
    issued({ type, orderId, customer: { name: 'Ada', country: 'DE' } });
  const credited = (id: string, fields: object = {}): Promise<Json> =>
    post(`/v1/documents/${id}/credit?issue=true`, { reason: 'late', ...fields });
  const refund = (paymentId: string, amount: number): Promise<Json> =>
    post(`/v1/payments/${paymentId}/refunds`, { amount, reason: 'ill' });
  const keep = (id: string, taxed: boolean): Promise<Json> =>
    post(`/v1/orders/${id}/keep-deposit`, { reason: 'did not come', taxed }, 200);
  const close = (date: string): Promise<Answer> =>
    api.post(`/v1/business-days/${date}/close`, { acceptEarly: true, acceptOpenOrders: true }, { token });
  /** 100.00: 30.00 at 7 %, 70.00 at 19 %. */
  const banquet = (): Promise<Json> =>
    post('/v1/orders', {
      type: 'takeaway',
      lines: [steak, wine].map((menuItemId) => ({ menuItemId, quantity: 1 })),
      scheduledFor: DINNER.toISOString(),
    });
  const textOf = async (id: string): Promise<string> =>
    (await api.get(`/v1/documents/${id}.txt?language=de`, { token })).text;
  const amounts = (taxes: Json[]): [string, number][] => taxes.map(({ rate, amount }) => [rate, amount]);

  /** VAT of a day as a tax return adds it up, by rate. */
  function vatOf({ taxes, refundTaxes }: Json): Record<string, number> {
    const sums: Record<string, number> = {};
    const add = (rows: Json[], sign: number) => {
      for (const { rate, amount } of rows) sums[rate] = (sums[rate] ?? 0) + sign * amount;
    };
    add(taxes, 1);
    add(refundTaxes, -1);
    return sums;
  }

  async function balanced(date: string): Promise<Json> {
    const figures = await day(date);
    const { salesKept, moneyKept, dueTotal, otherDays } = figures.balance;
    assert.equal(salesKept, moneyKept + dueTotal + otherDays, date);
    assert.equal(salesKept, figures.total - figures.refundTotal);
    return figures;
  }

  /** Both files of a document, which say the same and break no rule. */
  async function filesOf(id: string): Promise<ReadInvoice> {
    const [ubl, cii] = await Promise.all(
      ['ubl', 'cii'].map(async (syntax) => (await api.get(`/v1/documents/${id}.xml?syntax=${syntax}`, { token })).text),
    );
    const [one, other] = [readInvoice(ubl!), readInvoice(cii!)];
    assert.deepEqual(brokenRules(one), []);
    const filled = {
      ...one.totals,
      allowances: one.totals.allowances ?? '0.00',
      charges: one.totals.charges ?? '0.00',
    };
    assert.deepEqual({ ...one, totals: filled }, other);
    rules.add(`${id} UBL`, ubl!);
    rules.add(`${id} CII`, cii!);
    return one;
  }

  test('are taxed on the day on which they come, and deducted on the day of the meal', async () => {
    const { id } = await banquet();
    const payment = await deposit(id, 4_000);
    assert.deepEqual(payment.prepaid.amount, 4_000);
    const today = await balanced(TODAY);
    assert.deepEqual(today.deposits.taken, { count: 1, amount: 4_000 });
    // 12.00 at 7 %, 28.00 at 19 %.
    assert.deepEqual(amounts(today.deposits.taxes), [
      ['19', 447],
      ['7', 79],
    ]);
    assert.deepEqual(today.taxes, today.deposits.taxes);
    assert.deepEqual([today.total, today.balance.moneyKept, today.balance.otherDays], [0, 4_000, -4_000]);
    expectStatus(201, await close(TODAY));
    now = DINNER;
    await pay(id, 'cash', 6_000);
    await complete(id);
    const meal = await balanced(MEAL);
    assert.deepEqual([meal.deposits.taken.count, meal.deposits.deducted], [0, { count: 1, amount: 4_000 }]);
    assert.deepEqual(vatOf(meal), { 7: 196 - 79, 19: 1_118 - 447 });
    assert.equal((await read(id)).paymentStatus, 'paid');
    const closed = expectStatus(201, await close(MEAL));
    assert.deepEqual([closed.deposits, closed.taxes], [meal.deposits, meal.taxes]);
    // The document of the close has the taxes of the sales, which add up to its total of them.
    const { dayClose } = (await get(`/v1/documents/${closed.documentId}`)).details;
    assert.deepEqual(amounts(dayClose.taxes), [
      ['19', 1_118],
      ['7', 196],
    ]);
    assert.deepEqual(amounts(closed.taxes), [
      ['19', 1_118 - 447],
      ['7', 196 - 79],
    ]);
    const { data: days } = await get('/v1/business-days');
    assert.deepEqual(
      days.map((one: Json) => amounts(one.taxes)),
      [amounts(closed.taxes), amounts(today.taxes)],
    );
    assert.match(await textOf(closed.documentId), /Anzahlungen verrechnet \(1\) +40,00/);
  });

  test('have a document of their own, which the invoice deducts: its files state the rest of each tax', async () => {
    const { id } = await banquet();
    const first = await depositPaper((await deposit(id, 5_000)).id);
    assert.match(first.number, /^DEP-2026-11-0001$/);
    assert.deepEqual([first.total, first.taxTotal, first.orderId], [5_000, 657, id]);
    const file = await filesOf(first.id);
    assert.deepEqual([file.typeCode, file.taxDate, file.supplyDate], ['386', TODAY, undefined]);
    assert.deepEqual([file.totals.gross, file.totals.paid, file.totals.payable], ['50.00', '50.00', '0.00']);
    assert.match(await textOf(first.id), /Anzahlungsrechnung[\s\S]*Vereinnahmt am/i);
    now = DINNER;
    const second = await depositPaper((await deposit(id, 1_000, { method: 'cash' })).id);
    await complete(id);
    const paper = await invoice(id);
    assert.deepEqual([paper.total, paper.taxTotal], [10_000, 1_314]);
    assert.deepEqual(
      paper.details.deposits.map((one: Json) => [one.number, one.date, one.amount]),
      [
        [first.number, TODAY, 5_000],
        [second.number, MEAL, 1_000],
      ],
    );
    const rest = await filesOf(paper.id);
    assert.equal(rest.original, first.number);
    const ubl = (await api.get(`/v1/documents/${paper.id}.xml`, { token })).text;
    assert.match(ubl, new RegExp(`<cac:BillingReference>.*<cbc:ID>${second.number}</cbc:ID>`, 's'));
    assert.deepEqual(
      rest.lines.map(({ quantity }) => quantity),
      ['1', '1', '-1', '-1', '-1', '-1'],
    );
    assert.equal(rest.lines[2]?.name, `Deposit ${first.number}`);
    const stated = [first, second].reduce((sum, { taxTotal }) => sum + taxTotal, 0);
    assert.equal(rest.totals.tax, ((1_314 - stated) / 100).toFixed(2));
    assert.deepEqual([rest.totals.paid, rest.totals.payable], [undefined, '40.00']);
    const text = await textOf(paper.id);
    assert.match(text, new RegExp(`Anzahlung ${first.number} +50,00`));
    assert.match(text, new RegExp(`Anzahlung ${first.number}: Tax 19`));
    assert.match(text, /Zu zahlen +40,00/);
  });

  test('that prepay everything leave no tax to the invoice', async () => {
    const { id } = await banquet();
    for (const amount of [3_333, 3_333, 3_334]) await depositPaper((await deposit(id, amount)).id);
    now = DINNER;
    await complete(id);
    const rest = await filesOf((await invoice(id)).id);
    assert.deepEqual([rest.totals.tax, rest.totals.gross, rest.totals.payable], ['0.00', '0.00', '0.00']);
    assert.deepEqual(vatOf(await balanced(MEAL)), { 7: 0, 19: 0 });
  });

  test('without a document are payments of the invoice, which states all of the tax', async () => {
    const { id } = await banquet();
    await deposit(id, 4_000);
    now = DINNER;
    await complete(id);
    const paper = await invoice(id);
    assert.equal(paper.details.deposits, undefined);
    const file = await filesOf(paper.id);
    assert.deepEqual([file.totals.tax, file.totals.paid, file.totals.payable], ['13.14', '40.00', '60.00']);
  });

  test('are refused after the meal, beyond the bill and of a closed day', async () => {
    const { id } = await banquet();
    const path = `/v1/orders/${id}/payments`;
    const body = { method: 'card', amount: 1_000, deposit: true };
    assert.equal((await refused(409, path, { ...body, amount: 10_001 })).code, 'amount_exceeds_due');
    now = DINNER;
    await complete(id);
    assert.match((await refused(409, path, body)).detail, /completed/);
    const other = await api.order(token, [{ menuItemId: steak, quantity: 1 }]);
    expectStatus(201, await close(MEAL));
    now = new Date(DINNER.getTime() + 24 * 3_600_000);
    assert.equal((await refused(409, `/v1/orders/${other.id}/payments`, body)).code, 'business_day_closed');
    await pay(other.id, 'card', 1_000);
    const plain = (await pay(other.id, 'card', 500)).id;
    assert.match((await refused(409, '/v1/documents', { type: 'deposit', paymentId: plain })).detail, /no deposit/);
    assert.equal((await refused(422, '/v1/documents', { type: 'deposit', orderId: id })).errors[0].pointer, '/type');
  });

  test('go back with their taxes once their document is credited, and the order is then cancelled', async () => {
    const { id } = await banquet();
    const payment = await deposit(id, 4_000);
    const paper = await depositPaper(payment.id);
    const back = `/v1/payments/${payment.id}/refunds`;
    const problem = await refused(409, back, { amount: 4_000, reason: 'ill' });
    assert.match(problem.detail, new RegExp(`${paper.number}.*/credit`));
    assert.equal(
      (await refused(422, `/v1/documents/${paper.id}/credit`, { reason: 'x', lines: [{ position: 1, quantity: '1' }] }))
        .errors[0].pointer,
      '/lines',
    );
    const note = await credited(paper.id);
    assert.deepEqual([note.total, (await read(id)).dueTotal], [4_000, 6_000]);
    assert.equal((await filesOf(note.id)).typeCode, '381');
    now = new Date(EVENING.getTime() + 24 * 3_600_000);
    const part = await refund(payment.id, 1_000);
    assert.equal(part.prepaid.amount, 1_000);
    // The rest may have a document again, which replaces the credited one.
    const again = await depositPaper(payment.id);
    assert.deepEqual([again.total, again.details.replaces.number], [3_000, paper.number]);
    await credited(again.id);
    await refund(payment.id, 3_000);
    const next = await balanced('2026-11-21');
    assert.deepEqual(next.deposits.released, { count: 2, amount: 4_000 });
    assert.deepEqual(amounts(next.deposits.taxes), [
      ['19', -447],
      ['7', -79],
    ]);
    await actOnOrder(id, 'cancel', { reason: 'ill' });
    assert.deepEqual(vatOf(await balanced(MEAL)), {});
    assert.equal((await refused(409, `/v1/documents/${note.id}/void`, { reason: 'x' })).code, 'invalid_state');
  });

  test('are kept of an order that is cancelled, as a sale with their taxes or as damages without', async () => {
    for (const taxed of [true, false]) {
      now = EVENING;
      const { id } = await banquet();
      const payment = await deposit(id, 4_000);
      const paper = await depositPaper(payment.id);
      const before = await day('2026-11-21');
      now = new Date(EVENING.getTime() + 24 * 3_600_000);
      assert.equal((await refused(409, `/v1/orders/${id}/cancel`, { reason: 'x' })).code, 'order_has_payments');
      if (!taxed) {
        const body = { reason: 'x', taxed };
        assert.equal((await refused(409, `/v1/orders/${id}/keep-deposit`, body)).code, 'order_has_documents');
        await credited(paper.id);
      }
      const order = await keep(id, taxed);
      assert.deepEqual(
        [order.status, order.dueTotal, order.refundedSaleTotal, order.paymentStatus],
        ['cancelled', 0, -4_000, 'paid'],
      );
      const next = await balanced('2026-11-21');
      assert.equal(next.balance.salesKept - before.balance.salesKept, 4_000);
      assert.deepEqual(next.corrections.at(-1).kind, 'deposit_kept');
      const vat = vatOf(next);
      for (const rate of ['7', '19']) {
        const all = { 7: 79, 19: 447 }[rate] ?? 0;
        assert.equal((vat[rate] ?? 0) - (vatOf(before)[rate] ?? 0), taxed ? 0 : -all, `${rate} ${taxed}`);
      }
      await balanced(MEAL);
      await refused(409, `/v1/orders/${id}/keep-deposit`, { reason: 'x', taxed });
      // A kind restaurant gives half of it back later.
      now = DINNER;
      assert.equal(
        (await refused(409, `/v1/payments/${payment.id}/refunds`, { amount: 4_001, reason: 'x' })).code,
        'refund_exceeds_payment',
      );
      const given = await refund(payment.id, 2_000);
      assert.deepEqual([given.parts.unsettled, given.parts.tax, given.prepaid], [0, taxed ? 263 : 0, null]);
      assert.deepEqual([(await read(id)).refundedSaleTotal, (await read(id)).dueTotal], [-2_000, 0]);
      await balanced(MEAL);
      await refund(payment.id, 2_000);
      const last = await balanced(MEAL);
      if (taxed) assert.deepEqual(vatOf(last), { 7: -79, 19: -447 });
    }
  });

  test('are kept alone: other money goes back first', async () => {
    const { id } = await banquet();
    const path = `/v1/orders/${id}/keep-deposit`;
    assert.match((await refused(409, path, { reason: 'x', taxed: true })).detail, /no deposit/);
    await deposit(id, 4_000);
    const other = await deposit(id, 1_000, { deposit: false });
    assert.equal((await refused(409, path, { reason: 'x', taxed: true })).code, 'order_has_payments');
    await refund(other.id, 1_000);
    await keep(id, true);
  });

  test('that an invoice deducts are credited with it, and its replacement states all of the tax', async () => {
    const { id } = await banquet();
    const paper = await depositPaper((await deposit(id, 4_000)).id);
    now = DINNER;
    await complete(id);
    const first = await invoice(id);
    for (const path of [`/v1/documents/${paper.id}/void`, `/v1/documents/${paper.id}/credit?issue=true`])
      assert.match((await refused(409, path, { reason: 'x' })).detail, new RegExp(first.number));
    await post(`/v1/documents/${first.id}/void`, { reason: 'typo' }, 200);
    const second = await invoice(id);
    assert.deepEqual(
      second.details.deposits.map(({ number }: Json) => number),
      [paper.number],
    );
    await credited(second.id);
    const third = await invoice(id);
    assert.deepEqual([third.details.replaces.number, third.details.deposits], [second.number, undefined]);
    const file = await filesOf(third.id);
    assert.deepEqual([file.totals.tax, file.totals.paid, file.totals.payable], ['13.14', '40.00', '60.00']);
  });

  test('and a close of their order’s day at the same moment: the figures of the day stay', async () => {
    for (let round = 0; round < 6; round += 1) {
      now = new Date(DINNER.getTime() + round * 24 * 3_600_000);
      const date = now.toISOString().slice(0, 10);
      const order = await api.order(token, [{ menuItemId: steak, quantity: 1 }]);
      const body = { method: 'card', amount: 1_000, deposit: true };
      const [paid, closed] = await Promise.all([
        api.post(`/v1/orders/${order.id}/payments`, body, { token }),
        close(date),
      ]);
      assert.equal(closed.status, 201, closed.text);
      assert.ok(paid.status === 201 || paid.body.code === 'business_day_closed', paid.text);
      assert.equal(closed.body.deposits.deducted.count, paid.status === 201 ? 1 : 0);
    }
  });

  test('and the invoice at the same moment: the tax is stated once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id } = await banquet();
      const payment = await deposit(id, 4_000);
      const [paper, final] = await Promise.all([
        api.post('/v1/documents?issue=true', { type: 'deposit', paymentId: payment.id }, { token }),
        api.post('/v1/documents?issue=true', { type: 'invoice', orderId: id }, { token }),
      ]);
      assert.ok([201, 409].includes(paper.status) && [201, 409].includes(final.status));
      assert.ok(paper.status === 201 || final.status === 201);
      if (paper.status === 201 && final.status === 201)
        assert.deepEqual(
          final.body.details.deposits.map(({ number }: Json) => number),
          [paper.body.number],
        );
    }
  });

  test('have files that the official rules accept', async (t) => {
    if (withoutRules !== undefined) return t.skip(withoutRules);
    assert.ok(rules.size >= 12, `${String(rules.size)} files`);
    assert.deepEqual(await rules.broken(), []);
  });
});
