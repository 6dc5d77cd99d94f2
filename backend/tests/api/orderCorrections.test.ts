/** Corrections of one order: comps, service charge, type, tax-exempt customers; and of settings. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

/** 20:00 in Berlin. */
const EVENING = new Date('2026-11-20T19:00:00Z');
const DAY = '2026-11-20';

describe('corrections of an order', () => {
  let api: TestApi;
  let now = EVENING;
  let token: string;
  let owner: string;
  let food: string;
  let wine: string;
  let box: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());
  beforeEach(async () => {
    now = EVENING;
    owner = (await api.restaurant()).token;
    token = await api.apiKey(owner);
    const [v7, v19, added] = [
      (await tax('7', true, { orderTypes: ['takeaway', 'delivery'] })).id,
      (await tax('19', true, { orderTypes: ['dine_in'] })).id,
      (await tax('8.875', false)).id,
    ];
    food = (await api.item(token, { name: 'Food', price: 5_000, taxIds: [v7, v19] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 5_000, taxIds: [(await tax('20', true)).id] })).id;
    box = (await api.item(token, { name: 'Box', price: 1_000, taxIds: [added] })).id;
  });

  const { get, post, patch, tax, refused, pay, complete, issued } = new Factories(() => ({ api, token }));
  const day = (date = DAY): Promise<Json> => get(`/v1/business-days/${date}`);
  const ratesOf = (taxes: Json[]) => Object.fromEntries(taxes.map(({ rate, amount }) => [rate, amount]));
  const place = (ids: string[], fields: object = {}, quantity = 1): Promise<Json> =>
    api.order(
      token,
      ids.map((menuItemId) => ({ menuItemId, quantity })),
      fields,
    );

  test('a comped wine takes its own VAT away and leaves that of the food', async () => {
    const { id, lines } = await place([food, wine]);
    const path = `/v1/orders/${id}/lines/${lines[1].id}`;
    await refused(422, `${path}/comp`);
    const body = { reason: 'corked', allowedBy: 'Marta' };
    const comped = await post(`${path}/comp`, body, 200);
    assert.deepEqual([comped.total, ratesOf(comped.taxes)], [5_000, { 7: 327, 20: 0 }]);
    const [, line] = comped.lines;
    assert.deepEqual([line.comp.reason, line.comp.allowedBy, line.comp.at], ['corked', 'Marta', EVENING.toISOString()]);
    assert.match(line.comp.by, /^api_key:/);
    assert.deepEqual([line.grossAmount, line.amount, line.taxAmount], [5_000, 0, 0]);
    await refused(409, `${path}/comp`, body);
    const { data } = await get(`/v1/orders/${id}/history`);
    assert.ok(data.some(({ action }: Json) => action === 'order.line_comped'));
    const charged = expectStatus(200, await api.patch(path, { discounts: [] }, { token }));
    assert.deepEqual([charged.total, charged.lines[1].comp], [10_000, null]);
  });

  test('a dry run answers what a change would make of the order, and changes nothing', async () => {
    const counted = await api.item(token, { name: 'Cake', price: 900, availability: { remaining: 5 } });
    const { id, lines } = await place([wine, counted.id], {}, 2);
    const { body: stored, headers } = await api.get(`/v1/orders/${id}`, { token });
    const [first, cakes] = lines.map((line: Json) => `/v1/orders/${id}/lines/${line.id}`);
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    const changes: [path: string, ask: (path: string) => Promise<Json>][] = [
      [`/v1/orders/${id}`, (path) => api.patch(path, { discounts: [{ percent: '10' }] }, { token, headers: ifMatch })],
      [first, (path) => api.patch(path, { discounts: [{ amount: 500 }] }, { token })],
      [`${first}/comp`, (path) => api.post(path, { reason: 'corked', quantity: 1 }, { token })],
      [cakes, (path) => api.delete(path, undefined, { token })],
    ];
    for (const [path, ask] of changes) {
      const asked = await ask(`${path}?dryRun=true`);
      expectStatus(200, asked);
      assert.equal(asked.headers.get('etag'), headers.get('etag'));
      assert.ok(asked.body.total < stored.total && asked.body.dueTotal === asked.body.total, path);
      assert.deepEqual((await api.get(`/v1/orders/${id}`, { token })).body, stored);
    }
    assert.equal((await get(`/v1/menu-items/${counted.id}`)).availability.remaining, 3);
    assert.equal((await get(`/v1/orders/${id}/history`)).data.length, 1);
    await refused(422, `${first}/comp?dryRun=true`, { reason: 'corked', quantity: 3 });
    const [rehearsed, done] = [await changes[3]?.[1](`${cakes}?dryRun=true`), await changes[3]?.[1](cakes)];
    assert.deepEqual(rehearsed?.body.total, done?.body.total);
  });

  test('one unit of several is comped as a line of its own, and stock is as before', async () => {
    const { id, lines } = await place([wine], {}, 3);
    const path = `/v1/orders/${id}/lines/${lines[0].id}/comp`;
    assert.equal((await refused(422, path, { reason: 'x', quantity: 4 })).errors[0].pointer, '/quantity');
    const { total, lines: after } = await post(path, { reason: 'corked', quantity: 1 }, 200);
    assert.equal(total, 10_000);
    assert.deepEqual(
      after.map(({ quantity, amount, comp }: Json) => [quantity, amount, comp?.reason ?? null]),
      [
        [2, 10_000, null],
        [1, 0, 'corked'],
      ],
    );
    const { discountTotal, revenue, units } = await day();
    assert.deepEqual([discountTotal, revenue, units], [5_000, 10_000, 3]);
  });

  test('a line on the bill takes a discount, with the VAT of its own rate', async () => {
    const { id, lines } = await place([food, wine]);
    const path = `/v1/orders/${id}/lines/${lines[1].id}`;
    const { taxes } = expectStatus(200, await api.patch(path, { discounts: [{ percent: '50' }] }, { token }));
    assert.deepEqual(ratesOf(taxes), { 7: 327, 20: 417 });
  });

  test('staff may not give a dish for nothing', async () => {
    const scopes = ['orders:read', 'orders:write'];
    const { secret } = expectStatus(201, await api.post('/v1/api-keys', { name: 'till', scopes }, { token: owner }));
    const { id, lines } = await place([wine]);
    const path = `/v1/orders/${id}/lines/${lines[0].id}/comp`;
    expectProblem(403, await api.post(path, { reason: 'x' }, { token: secret }));
    expectProblem(403, await api.post(`/v1/orders/${id}/write-off`, { reason: 'x' }, { token: secret }));
  });

  test('the service charge of one order is waived, and its tax with it', async () => {
    const taxIds = [(await tax('19', true, { name: 'On charge' })).id];
    await patch('/v1/restaurant', { serviceCharge: { rate: '10', orderTypes: ['takeaway'], taxIds } });
    const { id, serviceChargeTotal, total } = await place([wine]);
    assert.deepEqual([serviceChargeTotal, total], [500, 5_500]);
    const waived = await patch(`/v1/orders/${id}`, { serviceCharge: null });
    assert.deepEqual([waived.serviceChargeTotal, waived.total, waived.serviceCharge], [0, 5_000, null]);
    assert.deepEqual(ratesOf(waived.taxes), { 20: 833 });
    assert.equal((await get(`/v1/orders/${id}`)).serviceCharge, null);
  });

  test('another type brings its taxes, its service charge and the totals of both', async () => {
    await patch('/v1/restaurant', { serviceCharge: { rate: '10', orderTypes: ['dine_in'], taxIds: [] } });
    const { id, taxes, total } = await place([food, box], { type: 'dine_in' });
    assert.deepEqual([ratesOf(taxes), total], [{ 19: 798, 8.875: 89 }, 6_000 + 89 + 600]);
    const away = await patch(`/v1/orders/${id}`, { type: 'takeaway' });
    assert.deepEqual(
      [away.type, ratesOf(away.taxes), away.total, away.serviceCharge],
      ['takeaway', { 7: 327, 8.875: 89 }, 6_089, null],
    );
    assert.equal((await get(`/v1/orders?type=takeaway`)).data[0].id, id);
    assert.deepEqual(ratesOf((await day()).taxes), { 7: 327, 8.875: 89 });
    expectStatus(204, await api.delete(`/v1/menu-items/${food}`, undefined, { token }));
    const headers = { 'if-match': `"${away.version}"` };
    const problem = expectProblem(409, await api.patch(`/v1/orders/${id}`, { type: 'dine_in' }, { token, headers }));
    assert.match(problem.detail, /"Food" is no longer on the menu/);
  });

  test('a tax-exempt customer pays net prices, with reason and certificate on the order and its papers', async () => {
    const taxExemption = { reason: 'Embassy', certificate: 'D-4711' };
    const { id, total, taxes, taxTotal, lines } = await place([wine, box], { taxExemption });
    assert.deepEqual([total, taxTotal], [4_167 + 1_000, 0]);
    assert.deepEqual(
      taxes.map(({ rate, base, amount }: Json) => [rate, base, amount]),
      [
        ['0', 4_167, 0],
        ['0', 1_000, 0],
      ],
    );
    assert.deepEqual([lines[0].amount, lines[0].taxes[0].rate, lines[0].taxes[0].exemptRate], [4_167, '0', '20']);
    const taxed = await patch(`/v1/orders/${id}`, { taxExemption: null });
    assert.deepEqual([taxed.total, ratesOf(taxed.taxes)], [6_089, { 20: 833, 8.875: 89 }]);
    const exempt = await patch(`/v1/orders/${id}`, { taxExemption });
    assert.deepEqual([exempt.total, exempt.taxExemption], [total, taxExemption]);
    const payment = await pay(id, 'card', total);
    await complete(id);
    const { parts, taxes: refunded } = await post(`/v1/payments/${payment.id}/refunds`, {
      lines: [{ lineId: lines[1].id }],
      reason: 'x',
    });
    assert.deepEqual([parts.goods, parts.tax, refunded[0].base], [1_000, 0, 1_000]);
    const paper = await issued({ type: 'invoice', orderId: id });
    assert.deepEqual([paper.total, paper.taxTotal, paper.details.taxExemption], [4_167, 0, taxExemption]);
    const { text } = await api.get(`/v1/documents/${paper.id}.txt`, { token });
    assert.match(text, /Tax exempt +Embassy \(D-4711\)/);
    const figures = await day();
    assert.equal(figures.balance.salesKept, figures.balance.moneyKept);
    assert.equal(figures.taxTotal, 0);
  });

  test('each tax of a tax-exempt customer has the reason as its VAT category, and gets its own back', async () => {
    await patch('/v1/restaurant', { country: 'DE', vatId: 'DE123456789' });
    const ids = [
      (await tax('19', true, { vatCategory: 'S' })).id,
      (await tax('0', true, { vatCategory: 'O', exemptionReason: 'No sale' })).id,
    ];
    const [cake, deposit] = await Promise.all(
      ids.map(
        async (taxId, index) => (await api.item(token, { name: `Item ${index}`, price: 1_190, taxIds: [taxId] })).id,
      ),
    );
    const vatOf = ({ lines, taxes }: Json): Json[] => [
      ...lines.map((line: Json) => line.taxes[0].vat),
      ...taxes.map(({ vat }: Json) => vat),
    ];
    const [own, none] = [{ category: 'S' }, { category: 'O', reason: 'No sale' }];
    const taxed = await place([cake!, deposit!]);
    assert.deepEqual(vatOf(taxed), [own, none, own, none]);
    const exempt = { category: 'E', reason: 'Embassy (D-4711)' };
    const taxExemption = { reason: 'Embassy', certificate: 'D-4711' };
    const free = await patch(`/v1/orders/${taxed.id}`, { taxExemption });
    assert.deepEqual(vatOf(free), [exempt, none, exempt, none]);
    assert.deepEqual(free.total, 1_000 + 1_190);
    assert.deepEqual(vatOf(await patch(`/v1/orders/${taxed.id}`, { taxExemption: null })), [own, none, own, none]);

    await patch('/v1/restaurant', { serviceCharge: { rate: '10', taxIds: [ids[0]], orderTypes: [] } });
    const { id } = await place([cake!, wine], { taxExemption });
    const paper = await issued({ type: 'invoice', orderId: id, customer: { name: 'Embassy', country: 'DE' } });
    const { text } = await api.get(`/v1/documents/${paper.id}.txt`, { token });
    assert.equal(text.split('Embassy (D-4711)').length - 1, 1);
    const note = await post(`/v1/documents/${paper.id}/credit?issue=true`, { reason: 'late' });
    for (const one of [paper, note]) {
      const read = readInvoice((await api.get(`/v1/documents/${one.id}.xml`, { token })).text);
      assert.deepEqual(brokenRules(read), []);
      assert.deepEqual(
        read.taxes.map(({ category, rate, reason }) => [category, Number(rate), reason]),
        [['E', 0, 'Embassy (D-4711)']],
      );
    }
  });

  test('a cut-off hour or a time zone does not move the present onto a closed day', async () => {
    now = new Date('2026-11-21T09:00:00Z');
    await post(`/v1/business-days/${DAY}/close`, {});
    const { version } = await get('/v1/restaurant');
    const change = (fields: object) =>
      api.patch('/v1/restaurant', fields, { token, headers: { 'if-match': `"${version}"` } });
    for (const [fields, pointer] of [
      [{ businessDayCutoffHour: 12 }, '/businessDayCutoffHour'],
      [{ timezone: 'America/Los_Angeles' }, '/timezone'],
    ] as const) {
      const problem = expectProblem(409, await change(fields));
      assert.deepEqual([problem.code, problem.errors[0].pointer], ['business_day_closed', pointer]);
      assert.match(problem.detail, /2026-11-20.* 2026-11-21 \d\d:00/);
    }
    await place([wine]);
    now = new Date('2026-11-21T12:00:00Z');
    expectStatus(200, await change({ businessDayCutoffHour: 12 }));
    await place([wine]);
  });

  test('a pre-order that is completed on a day that was closed early counts on the next one', async () => {
    const { id } = await place([wine], { scheduledFor: '2026-12-24T12:00:00.000Z' });
    const { id: soon } = await place([wine], { scheduledFor: '2026-11-21T12:00:00.000Z' });
    const frozen = await post(`/v1/business-days/${DAY}/close`, { acceptEarly: true });
    for (const one of [id, soon]) assert.equal((await complete(one)).businessDate, '2026-11-21');
    assert.deepEqual(await day(), frozen);
    assert.equal((await day('2026-11-21')).orders, 2);
    // Reopened before its time, it goes back to its day.
    assert.equal((await post(`/v1/orders/${id}/reopen`, {}, 200)).businessDate, '2026-12-24');
  });
});
