/** Documents that are made from stock counts. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { readPdf } from '../support/pdfText.js';
import { expectProblem } from '../support/problem.js';
import { StockRoom } from '../support/stockRoom.js';

describe('documents of stock counts', () => {
  let api: TestApi;
  let room: StockRoom;
  let now = Date.parse('2026-03-02T02:55:00.000Z');
  before(async () => {
    api = await startApi({ clock: () => new Date(now) });
  });
  after(() => api.close());
  beforeEach(async () => {
    now = Date.parse('2026-03-02T02:55:00.000Z');
    room = await StockRoom.open(api);
  });

  const committed = async (): Promise<Json> => {
    const flour = await room.item({ name: 'Flour', openingQuantity: '10', unitCost: '99.5' });
    const salt = await room.item({ name: 'Salt', unit: 'g', openingQuantity: '900', unitCost: '0.095' });
    const yeast = await room.item({ name: 'Yeast', openingQuantity: '2', unitCost: '10' });
    await room.item({ name: 'Zest', openingQuantity: '1', unitCost: '10' });
    const { id } = await room.post('/v1/stock/counts', {});
    const lines = [
      { inventoryItemId: flour.id, quantity: '9.15' },
      { inventoryItemId: salt.id, quantity: '1000' },
      { inventoryItemId: yeast.id, quantity: '0' },
    ];
    await room.post(`/v1/stock/counts/${id}/lines`, { lines }, 200);
    return room.post(`/v1/stock/counts/${id}/commit`, {}, 200);
  };

  test('a committed count becomes a document of what was counted, each line at its average cost rounded once', async () => {
    const count = await committed();
    now += 600_000;
    const made = await room.post('/v1/documents?issue=true', { type: 'stock_count', stockCountId: count.id });
    assert.deepEqual(
      made.lines.map((line: Json) => [line.description, line.quantity, line.unit, line.unitCost, line.amount]),
      [
        // 910.425 and 95; what nobody counted is left out.
        ['Flour', '9.15', 'kg', '99.5', 910],
        ['Salt', '1000', 'g', '0.095', 95],
        ['Yeast', '0', 'kg', '10', 0],
      ],
    );
    assert.deepEqual([made.total, made.taxes, made.customer, made.status], [1_005, [], null, 'issued']);
    // Booked at 3:55, which still belongs to the first of March, and issued at 4:05.
    assert.equal(made.businessDate, '2026-03-02');
    assert.deepEqual(made.details, { stockCount: { stockCountId: count.id, date: '2026-03-01' } });
    const audit = await room.get(`/v1/document-series/${made.seriesId}/audit`);
    assert.deepEqual([audit.clean, audit.count], [true, 1]);
    const { text } = await api.get(`/v1/documents/${made.id}.txt`, { token: room.token });
    assert.match(text, /Stock count CNT[\s\S]*^Date +1 Mar 2026$[\s\S]*^1,000 g × Salt +0\.95$/m);
    const headers = { authorization: `Bearer ${room.token}` };
    const answer = await fetch(`${api.url}/v1/documents/${made.id}.pdf`, { headers });
    const texts = readPdf(new Uint8Array(await answer.arrayBuffer())).pages.flatMap((page) => page.texts);
    for (const shown of ['0.995', '0.00095', '0.10']) assert.ok(texts.includes(shown), texts.join(' | '));
  });

  test('a count that was not committed becomes no document, and the answer says what to do', async () => {
    const salt = await room.item({ name: 'Salt', openingQuantity: '5' });
    const { id } = await room.post('/v1/stock/counts', { lines: [{ inventoryItemId: salt.id, quantity: '4' }] });
    const body = { type: 'stock_count', stockCountId: id };
    assert.match((await room.refused(409, '/v1/documents', body)).detail, /open\. Commit it/);
    await room.post(`/v1/stock/counts/${id}/cancel`, {}, 200);
    assert.match((await room.refused(409, '/v1/documents', body)).detail, /cancelled/);
  });

  test('of one count there is one live document of one type, however many ask at once, and its lines cannot be written', async () => {
    const { id } = await committed();
    const body = { type: 'stock_count', stockCountId: id };
    const ask = () => api.post('/v1/documents?issue=true', body, { token: room.token });
    const answers = await Promise.all(Array.from({ length: 6 }, ask));
    assert.deepEqual(
      answers.map(({ status }) => status).sort((one, other) => one - other),
      [201, 409, 409, 409, 409, 409],
    );
    assert.equal((await room.refused(409, '/v1/documents', body)).errors[0].pointer, '/stockCountId');
    const first = answers.find(({ status }) => status === 201)?.body;
    await room.post(`/v1/documents/${first.id}/void`, { reason: 'torn' }, 200);
    const { id: second } = await room.post('/v1/documents', body);
    const lines = [{ description: 'Tea', quantity: '1', unitPrice: 1 }];
    const options = { token: room.token, headers: { 'if-match': '"1"' } };
    expectProblem(409, await api.patch(`/v1/documents/${second}`, { lines }, options));
    assert.equal((await room.refused(422, '/v1/documents', { ...body, type: 'invoice' })).errors[0].pointer, '/type');
    await room.refused(422, '/v1/documents', { ...body, lines });
    const stranger = await api.restaurant();
    for (const [stockCountId, token] of [
      [id, stranger.token],
      [randomUUID(), room.token],
    ] as const) {
      const problem = expectProblem(404, await api.post('/v1/documents', { ...body, stockCountId }, { token }));
      assert.equal(problem.errors[0].pointer, '/stockCountId');
    }
  });
});
