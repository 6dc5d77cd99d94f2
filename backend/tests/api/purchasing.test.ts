/** Buying: suppliers, orders to them, and what comes of those. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

describe('purchasing', () => {
  let api: TestApi;
  let token: string;
  let serial = 0;
  before(async () => {
    api = await startApi();
    ({ token } = await api.restaurant());
  });
  after(() => api.close());

  const unique = (name: string): string => {
    serial += 1;
    return `${name} ${serial}`;
  };
  const { get, post, refused, ...make } = new Factories(() => ({ api, token }));
  const ingredient = (fields: Json): Promise<Json> => make.ingredient({ ...fields, name: unique(fields.name) });
  const supplier = (fields: Json = {}): Promise<Json> =>
    make.supplier({ ...fields, name: unique(fields.name ?? 'Metro') });
  const sells = (by: Json, item: Json, fields: Json = {}): Promise<Json> =>
    post('/v1/supplier-items', { supplierId: by.id, inventoryItemId: item.id, ...fields });
  const draft = (by: Json, lines: Json[], fields: Json = {}): Promise<Json> =>
    post('/v1/purchase-orders', { supplierId: by.id, lines, ...fields });
  const sent = async (by: Json, lines: Json[]): Promise<Json> =>
    post(`/v1/purchase-orders/${(await draft(by, lines)).id}/send`, {}, 200);
  const itemNow = (item: Json): Promise<Json> => get(`/v1/inventory-items/${item.id}`);
  const ledgerOf = (item: Json): Promise<Json[]> => make.ledgerOf(item.id);
  const pointersOf = (problem: Json): string[] => (problem.errors ?? []).map((error: Json) => error.pointer);

  /** Asserts that the ledger's own numbers add up to the quantity shown. */
  async function assertLedgerAddsUp(): Promise<void> {
    await withClient(api.database.ownerUrl, async (owner) => {
      const { rows } = await owner.query(`
        select i.name from inventory_items i
        where i.current_quantity <> coalesce((
          select sum(m.quantity) from stock_movements m where m.restaurant_id = i.restaurant_id and m.inventory_item_id = i.id), 0)`);
      assert.deepEqual(rows, []);
    });
  }

  test('a supplier sells items in packs at a price, and is told apart by name', async () => {
    const dairy = await supplier({
      name: 'Dairy',
      email: 'orders@example.com',
      phone: '+49 30 1234',
      leadTimeDays: 2,
      minimumOrder: 15_000,
    });
    assert.deepEqual([dairy.currency, dairy.minimumOrder, dairy.notes], ['EUR', 15_000, null]);
    assert.deepEqual(pointersOf(await refused(409, '/v1/suppliers', { name: dairy.name.toUpperCase() })), ['/name']);
    const milk = await ingredient({ name: 'Milk', unit: 'l', units: [{ unit: 'crate', numerator: 12 }] });
    const entry = await sells(dairy, milk, { packUnit: 'crate', articleNumber: 'M-12', lastPrice: 1080 });
    assert.deepEqual(
      [entry.supplierName, entry.inventoryItemName, entry.orderMultiple, entry.isPreferred],
      [dairy.name, milk.name, 1, false],
    );
    assert.ok(entry.lastPriceAt);
    assert.equal((await sells(dairy, milk)).packUnit, 'l', 'its stock unit if none is named');
    const again = { supplierId: dairy.id, inventoryItemId: milk.id, packUnit: 'crate' };
    assert.deepEqual(pointersOf(await refused(409, '/v1/supplier-items', again)), ['/packUnit']);
    for (const [status, pointer, fields] of [
      [422, '/packUnit', { packUnit: 'barrel' }],
      [422, '/lastPrice', { lastPrice: 10.5 }],
      [422, '/lastPrice', { lastPrice: -1 }],
      [422, '/orderMultiple', { orderMultiple: 0 }],
      [404, '/supplierId', { supplierId: randomUUID() }],
      [404, '/inventoryItemId', { inventoryItemId: randomUUID() }],
    ] as const)
      assert.deepEqual(pointersOf(await refused(status, '/v1/supplier-items', { ...again, ...fields })), [pointer]);
    const first = await get(`/v1/suppliers/${dairy.id}/items?limit=1`);
    assert.equal(first.data[0].id, entry.id);
    const rest = await get(`/v1/suppliers/${dairy.id}/items?limit=1&cursor=${first.nextCursor}`);
    assert.deepEqual([rest.data[0].packUnit, rest.nextCursor], ['l', null]);
    expectProblem(404, await api.get(`/v1/suppliers/${randomUUID()}/items`, { token }));
    expectProblem(404, await api.get(`/v1/inventory-items/${randomUUID()}/suppliers`, { token }));
  });

  test('an item has one preferred supplier: who is made it takes that from the other', async () => {
    const [one, other] = [await supplier(), await supplier()];
    const rice = await ingredient({ name: 'Rice' });
    const mine = await sells(one, rice, { isPreferred: true });
    const theirs = await sells(other, rice);
    const path = `/v1/supplier-items/${theirs.id}`;
    expectStatus(200, await api.patch(path, { isPreferred: true }, { token, headers: { 'if-match': '"1"' } }));
    const { data } = await get(`/v1/inventory-items/${rice.id}/suppliers`);
    assert.deepEqual(
      data.map((entry: Json) => [entry.id, entry.isPreferred, entry.version]),
      [
        [mine.id, false, 2],
        [theirs.id, true, 2],
      ],
    );
  });

  test('a draft is edited, sent and frozen; its number is drawn when it is sent, without a gap', async () => {
    const butcher = await supplier({ name: 'Butcher', leadTimeDays: 1, minimumOrder: 20_000 });
    const beef = await ingredient({ name: 'Beef', units: [{ unit: 'box', numerator: 5 }] });
    await sells(butcher, beef, { packUnit: 'box', lastPrice: 6250, articleNumber: 'B-5' });
    const order = await draft(butcher, [{ inventoryItemId: beef.id, quantity: '2' }]);
    assert.deepEqual([order.status, order.number, order.total, order.isBelowMinimum], ['draft', null, 12_500, true]);
    assert.ok(Date.parse(order.expectedAt) > Date.parse(order.createdAt));
    const [line] = order.lines;
    assert.deepEqual(
      [line.unit, line.unitPrice, line.amount, line.articleNumber, line.receivedQuantity],
      ['box', 6250, 12_500, 'B-5', '0'],
    );
    const path = `/v1/purchase-orders/${order.id}`;
    const lines = [
      { inventoryItemId: beef.id, quantity: '3' },
      { inventoryItemId: beef.id, quantity: '0.333', unit: 'kg', unitPrice: 1301 },
      { inventoryItemId: beef.id, quantity: '1', unit: 'lb', unitPrice: null },
    ];
    expectProblem(428, await api.patch(path, { lines }, { token }));
    const edited = expectStatus(200, await api.patch(path, { lines }, { token, headers: { 'if-match': '"1"' } }));
    // 0.333 x 13.01 = 4.33233
    assert.deepEqual(
      edited.lines.map((one: Json) => one.amount),
      [18_750, 433, null],
    );
    assert.deepEqual([edited.total, edited.isBelowMinimum, edited.version], [19_183, true, 2]);
    expectProblem(412, await api.patch(path, { notes: 'x' }, { token, headers: { 'if-match': '"1"' } }));
    assert.deepEqual(await get(path), edited);

    const frozen = await post(`${path}/send`, {}, 200);
    assert.match(frozen.number, /^PO-\d{4}-\d{2}-\d{4,}$/);
    expectProblem(409, await api.patch(path, { notes: 'x' }, { token, headers: { 'if-match': '"3"' } }));
    await refused(409, `${path}/send`, {});
    const next = await sent(butcher, [{ inventoryItemId: beef.id, quantity: '1' }]);
    const counterOf = ({ number }: Json) => Number(number.split('-')[3]);
    assert.equal(counterOf(next), counterOf(frozen) + 1);
    assert.deepEqual(
      (await get(`/v1/purchase-orders?number=${next.number}`)).data.map((one: Json) => one.id),
      [next.id],
    );
    const open = (await get(`/v1/purchase-orders?status=sent&supplierId=${butcher.id}&limit=1`)).data;
    assert.deepEqual(
      open.map((one: Json) => one.id),
      [next.id],
    );
    const cancelled = await post(`${path}/cancel`, { reason: 'Too late' }, 200);
    assert.deepEqual([cancelled.status, cancelled.closeReason], ['cancelled', 'Too late']);
    const receive = { lines: [{ lineId: cancelled.lines[0].id, quantity: '1' }] };
    assert.equal((await refused(409, `${path}/receive`, receive)).code, 'invalid_state');
    for (const action of ['send', 'cancel', 'close']) await refused(409, `${path}/${action}`, {});
    const problem = await api.delete(`/v1/suppliers/${butcher.id}`, undefined, { token });
    assert.equal(expectProblem(409, problem).code, 'in_use');
    expectProblem(409, await api.delete(`/v1/inventory-items/${beef.id}`, undefined, { token }));
    await post(`/v1/purchase-orders/${next.id}/cancel`, {}, 200);
    assert.equal((await api.delete(`/v1/suppliers/${butcher.id}`, undefined, { token })).status, 204);
    assert.deepEqual((await get(`/v1/inventory-items/${beef.id}/suppliers`)).data, []);
    assert.equal((await get(path)).supplierName, butcher.name);
    const headers = { 'if-match': `"${cancelled.version}"` };
    const late = expectProblem(409, await api.patch(path, { notes: 'x' }, { token, headers }));
    assert.deepEqual([late.code, /no action is possible/.test(late.detail ?? '')], ['invalid_state', true]);
  });

  test('an order comes in three parts: prices differ, the average is weighed by hand, and the ledger has each once', async () => {
    const bakery = await supplier({ name: 'Bakery' });
    const flour = await ingredient({
      name: 'Flour',
      units: [{ unit: 'sack', numerator: 25 }],
      openingQuantity: '50',
      unitCost: '80',
    });
    await sells(bakery, flour, { packUnit: 'sack', lastPrice: 2000 });
    const order = await sent(bakery, [{ inventoryItemId: flour.id, quantity: '10' }]);
    const [{ id: lineId }] = order.lines;
    const receive = `/v1/purchase-orders/${order.id}/receive`;

    const first = await post(receive, { lines: [{ lineId, quantity: '4' }], reference: 'LS-1' });
    assert.deepEqual([first.purchaseOrder.status, first.purchaseOrder.version], ['partly_received', 3]);
    assert.deepEqual([first.goodsReceipt.total, first.goodsReceipt.priceDifference], [8000, 0]);
    const [came] = first.goodsReceipt.lines;
    assert.deepEqual([came.stockQuantity, came.unitCost, came.excessQuantity], ['100', '80', '0']);
    assert.deepEqual(await get(`/v1/goods-receipts/${first.goodsReceipt.id}`), first.goodsReceipt);

    // 150 kg at 80, and 75 kg at 2150 / 25 = 86: (12000 + 6450) / 225 = 82
    const second = await post(receive, { lines: [{ lineId, quantity: '3', unitPrice: 2150 }] });
    const [dearer] = second.goodsReceipt.lines;
    assert.deepEqual([dearer.expectedUnitPrice, dearer.priceDifference, dearer.unitCost], [2000, 450, '86']);
    assert.deepEqual([(await itemNow(flour)).unitCost, (await itemNow(flour)).currentQuantity], ['82', '225']);

    // 225 kg at 82, and 75 kg at 1999 / 25 = 79.96: (18450 + 5997) / 300 = 81.49
    const third = await post(receive, { lines: [{ lineId, quantity: '3', unitPrice: 1999 }] });
    assert.equal(third.goodsReceipt.priceDifference, -3);
    assert.equal(third.purchaseOrder.status, 'received');
    assert.ok(third.purchaseOrder.closedAt);
    assert.deepEqual([(await itemNow(flour)).unitCost, (await itemNow(flour)).currentQuantity], ['81.49', '300']);
    assert.equal((await get(`/v1/suppliers/${bakery.id}/items`)).data[0].lastPrice, 1999);
    const receipts = [first, second, third].map(({ goodsReceipt }) => goodsReceipt.id);
    assert.deepEqual(
      (await ledgerOf(flour)).slice(0, 3).map(({ kind, quantity, source }) => [kind, quantity, source.kind, source.id]),
      [
        ['receipt', '75', 'goods_receipt', receipts[2]],
        ['receipt', '75', 'goods_receipt', receipts[1]],
        ['receipt', '100', 'goods_receipt', receipts[0]],
      ],
    );
    assert.equal((await ledgerOf(flour))[2]?.reason, 'LS-1');
    for (const filter of [`purchaseOrderId=${order.id}`, `supplierId=${bakery.id}`])
      assert.deepEqual(
        (await get(`/v1/goods-receipts?${filter}`)).data.map((one: Json) => one.id),
        receipts.toReversed(),
      );
    assert.equal((await refused(409, receive, { lines: [{ lineId, quantity: '1' }] })).code, 'invalid_state');
    await assertLedgerAddsUp();
  });

  test('a case of 12, a crate of 24 and kilograms of an item in grams come in exactly', async () => {
    const cellar = await post('/v1/stock-locations', { name: unique('Cellar') });
    const drinks = await supplier({ name: 'Drinks' });
    const units = [
      { unit: 'case', numerator: 12 },
      { unit: 'crate', numerator: 24 },
    ];
    const cola = await ingredient({ name: 'Cola', unit: 'bottle', units });
    const saffron = await ingredient({ name: 'Saffron', unit: 'g' });
    const order = await sent(drinks, [
      { inventoryItemId: cola.id, quantity: '2', unit: 'crate', unitPrice: 1700 },
      { inventoryItemId: cola.id, quantity: '1', unit: 'case', unitPrice: 1000 },
      { inventoryItemId: saffron.id, quantity: '0.05', unit: 'kg', unitPrice: 250_000 },
      { inventoryItemId: cola.id, quantity: '3', unitPrice: null },
    ]);
    const [crates, cases, spice, loose] = order.lines.map((line: Json) => line.id);
    const receive = `/v1/purchase-orders/${order.id}/receive`;
    const lines = [
      { lineId: crates, quantity: '1' },
      { lineId: crates, quantity: '1', locationId: cellar.id },
      { lineId: cases, quantity: '1' },
      { lineId: spice, quantity: '0.05' },
      { lineId: loose, quantity: '3' },
    ];
    const unpriced = await refused(422, receive, { lines });
    assert.deepEqual(pointersOf(unpriced), ['/lines/4/unitPrice']);
    assert.deepEqual(await ledgerOf(cola), []);
    const priced = lines.map((line) => (line.lineId === loose ? { ...line, unitPrice: 90 } : line));
    const { goodsReceipt, purchaseOrder } = await post(receive, { lines: priced });
    assert.equal(purchaseOrder.status, 'received');
    assert.deepEqual(
      goodsReceipt.lines.map((line: Json) => [line.stockQuantity, line.unitCost, line.locationId]),
      [
        ['24', '70.833333', null],
        ['24', '70.833333', cellar.id],
        ['12', '83.333333', null],
        ['50', '250', null],
        ['3', '90', null],
      ],
    );
    assert.deepEqual([goodsReceipt.total, goodsReceipt.lines[4].priceDifference], [17_170, null]);
    assert.equal((await itemNow(cola)).currentQuantity, '63');
    assert.deepEqual(new Set((await ledgerOf(cola)).map((movement) => movement.quantity)), new Set(['12', '24', '3']));
    const { unitCost, currentQuantity } = await itemNow(saffron);
    assert.deepEqual([unitCost, currentQuantity], ['250', '50']);
    const reversed = await post(`/v1/goods-receipts/${goodsReceipt.id}/reverse`, { reason: 'Wrong address' }, 200);
    assert.equal(reversed.status, 'reversed');
    assert.deepEqual([(await itemNow(cola)).currentQuantity, (await itemNow(saffron)).currentQuantity], ['0', '0']);
    await assertLedgerAddsUp();
  });

  test('a tenth more than ordered passes and is shown; more needs a word', async () => {
    const butcher = await supplier();
    const veal = await ingredient({ name: 'Veal' });
    const order = await sent(butcher, [{ inventoryItemId: veal.id, quantity: '10', unitPrice: 2000 }]);
    const [{ id: lineId }] = order.lines;
    const receive = `/v1/purchase-orders/${order.id}/receive`;
    await post(receive, { lines: [{ lineId, quantity: '6' }] });
    const problem = await refused(409, receive, { lines: [{ lineId, quantity: '5.000001' }] });
    assert.equal(problem.code, 'exceeds_ordered');
    assert.deepEqual(pointersOf(problem), ['/lines/0/quantity']);
    assert.match(problem.detail, /^4 kg of Veal \d+ are still open, but 5\.000001 were delivered/);
    // Also when it is split over two lines.
    const split = {
      lines: [
        { lineId, quantity: '3' },
        { lineId, quantity: '3' },
      ],
    };
    assert.deepEqual(pointersOf(await refused(409, receive, split)), ['/lines/1/quantity']);
    const { goodsReceipt, purchaseOrder } = await post(receive, { lines: [{ lineId, quantity: '5' }] });
    assert.deepEqual([goodsReceipt.hasExcess, goodsReceipt.lines[0].excessQuantity], [true, '1']);
    assert.deepEqual([purchaseOrder.status, purchaseOrder.lines[0].receivedQuantity], ['received', '11']);
    const other = await sent(butcher, [{ inventoryItemId: veal.id, quantity: '10', unitPrice: 2000 }]);
    const much = { lines: [{ lineId: other.lines[0].id, quantity: '25' }], acceptExcess: true };
    const accepted = await post(`/v1/purchase-orders/${other.id}/receive`, much);
    assert.equal(accepted.goodsReceipt.lines[0].excessQuantity, '15');
    assert.equal((await itemNow(veal)).currentQuantity, '36');
  });

  test('an order of which the rest will not come is closed, and a receipt that is reversed opens it again', async () => {
    const farm = await supplier();
    const egg = await ingredient({
      name: 'Egg',
      unit: 'piece',
      policy: 'forbid',
      openingQuantity: '12',
      unitCost: '20',
    });
    const order = await sent(farm, [{ inventoryItemId: egg.id, quantity: '5', unit: 'dozen', unitPrice: 312 }]);
    const path = `/v1/purchase-orders/${order.id}`;
    await refused(409, `${path}/close`, {});
    const lines = [{ lineId: order.lines[0].id, quantity: '2' }];
    const { goodsReceipt } = await post(`${path}/receive`, { lines });
    await refused(409, `${path}/cancel`, {});
    // 12 at 20, and 24 at 26: 864 / 36
    assert.equal((await itemNow(egg)).unitCost, '24');
    const closed = await post(`${path}/close`, { reason: 'Hens are ill' }, 200);
    assert.deepEqual([closed.status, closed.isClosedShort, closed.closeReason], ['received', true, 'Hens are ill']);
    await refused(409, `${path}/receive`, { lines });

    const reverse = `/v1/goods-receipts/${goodsReceipt.id}/reverse`;
    await refused(422, reverse, {});
    await post(reverse, { reason: 'Not ours' }, 200);
    assert.equal((await refused(409, reverse, { reason: 'Not ours' })).code, 'invalid_state');
    const now = await itemNow(egg);
    assert.deepEqual([now.currentQuantity, now.unitCost], ['12', '20'], 'as if it had never come');
    const reopened = await get(path);
    assert.deepEqual(
      [reopened.status, reopened.isClosedShort, reopened.closedAt, reopened.lines[0].receivedQuantity],
      ['sent', false, null, '0'],
    );
    const [takenBack] = await ledgerOf(egg);
    assert.deepEqual([takenBack?.quantity, takenBack?.unitCost, takenBack?.reason], ['-24', '26', 'Not ours']);

    // Used stock cannot be returned where stock must not fall below zero.
    const again = await post(`${path}/receive`, { lines });
    const broken = { inventoryItemId: egg.id, kind: 'waste', quantity: '22', reason: 'Dropped' };
    await post('/v1/stock/movements', broken);
    const problem = await refused(409, `/v1/goods-receipts/${again.goodsReceipt.id}/reverse`, { reason: 'Not ours' });
    assert.equal(problem.code, 'insufficient_stock');
    assert.match(problem.detail, /cannot be reversed\. .*24 piece wanted, 14 piece left/);
    assert.equal((await get(`/v1/goods-receipts/${again.goodsReceipt.id}`)).status, 'posted');
    assert.equal((await get(path)).status, 'partly_received');
    await assertLedgerAddsUp();
  });

  test('a receipt that is taken back leaves a cost that something has really had', async () => {
    const mill = await supplier();
    const bring = async (item: Json, quantity: string, unitPrice: number): Promise<Json> =>
      post('/v1/goods-receipts', { supplierId: mill.id, lines: [{ inventoryItemId: item.id, quantity, unitPrice }] });
    const takeBack = ({ id }: Json): Promise<Json> =>
      post(`/v1/goods-receipts/${id}/reverse`, { reason: 'Mistyped' }, 200);
    const waste = (item: Json, quantity: string): Promise<Json> =>
      post('/v1/stock/movements', { inventoryItemId: item.id, kind: 'waste', quantity, reason: 'Used' });
    const stateOf = async (item: Json): Promise<string[]> => {
      const { currentQuantity, unitCost } = await itemNow(item);
      return [currentQuantity, unitCost];
    };
    const rye = await ingredient({ name: 'Rye' });
    await takeBack(await bring(rye, '10', 9999));
    assert.deepEqual(await stateOf(rye), ['0', '0'], 'nothing else ever came: the cost is unknown again');

    await bring(rye, '4', 90);
    await bring(rye, '10', 100);
    await waste(rye, '14');
    const [typo, other] = [await bring(rye, '10', 9999), await bring(rye, '10', 5000)];
    await takeBack(other);
    await takeBack(typo);
    assert.deepEqual(await stateOf(rye), ['0', '100'], 'nothing is left: what it cost last');

    await bring(rye, '10', 100);
    const cheap = await bring(rye, '10', 1);
    await waste(rye, '9.999');
    await takeBack(cheap);
    assert.deepEqual(await stateOf(rye), ['0.001', '100'], 'next to nothing is left');

    const spelt = await ingredient({ name: 'Spelt', openingQuantity: '10', unitCost: '80' });
    await bring(spelt, '10', 100);
    const dear = await bring(spelt, '20', 1000);
    await waste(spelt, '5');
    await takeBack(dear);
    assert.deepEqual(await stateOf(spelt), ['15', '100'], 'more value went back than was left');
    await bring(spelt, '15', 90);
    await takeBack(await bring(spelt, '10', 55));
    assert.deepEqual(await stateOf(spelt), ['30', '95'], 'else as if it had never come');

    const found = await ingredient({ name: 'Found', unitCost: '80' });
    await post('/v1/stock/movements', {
      inventoryItemId: found.id,
      kind: 'correction',
      quantity: '5',
      reason: 'Found',
    });
    await takeBack(await bring(found, '5', 90));
    assert.deepEqual(await stateOf(found), ['5', '80']);
    await assertLedgerAddsUp();
  });

  test('a receipt is taken back from where it stands by now, and says so when that is elsewhere', async () => {
    const [cellar, bar] = [
      await post('/v1/stock-locations', { name: unique('Cellar') }),
      await post('/v1/stock-locations', { name: unique('Bar') }),
    ];
    const cave = await supplier();
    const wine = await ingredient({ name: 'Wine', unit: 'bottle', locationId: cellar.id });
    const port = await ingredient({ name: 'Port', unit: 'bottle', locationId: cellar.id, policy: 'forbid' });
    const lines = [wine, port].map(({ id }) => ({ inventoryItemId: id, quantity: '12', unitPrice: 900 }));
    const receipt = await post('/v1/goods-receipts', { supplierId: cave.id, lines });
    const carried = [wine, port].map(({ id }) => ({ inventoryItemId: id, quantity: '12' }));
    await post('/v1/stock/transfers', { fromLocationId: cellar.id, toLocationId: bar.id, lines: carried });
    const path = `/v1/goods-receipts/${receipt.id}/reverse`;
    const problem = await refused(409, path, { reason: 'Corked' });
    assert.deepEqual([problem.code, pointersOf(problem)], ['insufficient_stock', ['/takeFrom']]);
    const { detail } = problem;
    for (const { name } of [wine, port])
      assert.ok(detail.includes(`${name}: 12 bottle missing here, but 12 bottle at ${bar.name}.`), detail);
    const atBar = (item: Json): Json => ({ inventoryItemId: item.id, locationId: bar.id });
    const stranger = await ingredient({ name: 'Stranger' });
    for (const [pointer, takeFrom] of [
      ['/takeFrom/1/inventoryItemId', [atBar(wine), atBar(stranger)]],
      ['/takeFrom/0/locationId', [{ ...atBar(wine), locationId: randomUUID() }]],
    ] as const)
      assert.deepEqual(pointersOf(await refused(404, path, { reason: 'Corked', takeFrom })), [pointer]);
    const twice = await refused(422, path, { reason: 'Corked', takeFrom: [atBar(wine), atBar(port), atBar(wine)] });
    assert.deepEqual(pointersOf(twice), ['/takeFrom/2/inventoryItemId']);
    await refused(409, path, { reason: 'Corked', takeFrom: [atBar(wine)] });
    await post(path, { reason: 'Corked', takeFrom: [atBar(wine), atBar(port)] }, 200);
    const { data } = await get('/v1/stock?limit=100');
    for (const item of [wine, port])
      assert.deepEqual(data.find((one: Json) => one.inventoryItemId === item.id).locations, []);
    assert.deepEqual((await get('/v1/stock/audit')).faults, []);
  });

  test('a delivery that nobody ordered comes in at the last price, or at the one that is given', async () => {
    const market = await supplier({ name: 'Market' });
    const tomato = await ingredient({ name: 'Tomato', units: [{ unit: 'box', numerator: 6 }] });
    const direct = (line: Json, fields: Json = {}) => ({
      supplierId: market.id,
      lines: [{ inventoryItemId: tomato.id, quantity: '2', ...line }],
      ...fields,
    });
    const path = '/v1/goods-receipts';
    assert.deepEqual(pointersOf(await refused(422, path, direct({}))), ['/lines/0/unitPrice']);
    const entry = await sells(market, tomato, { packUnit: 'box', lastPrice: 900 });
    const old = { receivedAt: '2026-01-05T08:00:00Z', reference: 'LS-7' };
    const receipt = await post(path, direct({ unitPrice: 1020 }, old));
    assert.deepEqual(
      [receipt.purchaseOrderId, receipt.receivedAt, receipt.total, receipt.priceDifference],
      [null, '2026-01-05T08:00:00.000Z', 2040, 240],
    );
    assert.deepEqual([receipt.lines[0].stockQuantity, receipt.lines[0].unitCost], ['12', '170']);
    const [movement] = await ledgerOf(tomato);
    assert.deepEqual([movement?.businessDate, movement?.quantity], ['2026-01-05', '12']);
    const priceNow = async () => (await get(`/v1/supplier-items/${entry.id}`)).lastPrice;
    assert.equal(await priceNow(), 900, 'a receipt booked late brings back no older price');
    await post(path, direct({ unitPrice: 950 }));
    assert.equal(await priceNow(), 950);
    const future = { receivedAt: '2999-01-01T00:00:00Z' };
    assert.deepEqual(pointersOf(await refused(422, path, direct({ unitPrice: 1 }, future))), ['/receivedAt']);
    assert.equal((await post(path, direct({ unit: 'g', quantity: '500', unitPrice: 0 }))).total, 0);
    await assertLedgerAddsUp();
  });

  test('proposals fill up to par in whole packs, say what they leave out, and order nothing twice', async () => {
    const mine = await api.restaurant();
    const call = { token: mine.token };
    const own = new Factories(() => ({ api, token: mine.token }));
    const [metro, farm] = [await own.supplier({ leadTimeDays: 3 }), await own.supplier({ name: 'Farm' })];
    const item = (name: string, fields: Json): Promise<Json> =>
      own.ingredient({ name, unit: 'piece', reorderPoint: '10', parLevel: '50', ...fields });
    const buys = (by: Json, what: Json, fields: Json = {}): Promise<Json> =>
      own.post('/v1/supplier-items', { supplierId: by.id, inventoryItemId: what.id, ...fields });
    const crate = { units: [{ unit: 'crate', numerator: 24 }] };
    const dozens = { units: [{ unit: 'case', numerator: 12 }] };
    const cola = await item('Cola', { ...crate, openingQuantity: '2' });
    await buys(metro, cola, { packUnit: 'crate', lastPrice: 1700 });
    const beer = await item('Beer', { ...dozens, openingQuantity: '9' });
    await buys(metro, beer, { packUnit: 'case', orderMultiple: 5, lastPrice: 900 });
    const flour = await item('Flour', { unit: 'g', reorderPoint: '1000', parLevel: '10500', openingQuantity: '250' });
    await buys(farm, flour, { packUnit: 'kg', isPreferred: true });
    await buys(metro, flour, { packUnit: 'kg', lastPrice: 80 });
    const full = await item('Full', { openingQuantity: '10' });
    await buys(metro, full);
    const parless = await item('Parless', { parLevel: null });
    await buys(metro, parless);
    const orphan = await item('Orphan', {});
    const torn = await item('Torn', {});
    for (const by of [metro, farm]) await buys(by, torn);

    const propose = (): Promise<Json> => own.post('/v1/purchase-orders/proposals', {});
    // Two at once: the later one counts the drafts of the earlier one.
    const both = await Promise.all([propose(), propose()]);
    const orders = both.flatMap((answer) => answer.orders);
    const linesTo = (by: Json) =>
      orders
        .filter((order: Json) => order.supplierId === by.id)
        .flatMap((order: Json) => order.lines.map((l: Json) => [l.inventoryItemId, l.quantity, l.unit, l.unitPrice]));
    // Cola: 48 missing are 2 crates. Beer: 41 missing are 4 cases, sold in fives. Flour: 10250 g
    // are 11 kg.
    assert.deepEqual(linesTo(metro), [
      [cola.id, '2', 'crate', 1700],
      [beer.id, '5', 'case', 900],
    ]);
    assert.deepEqual(linesTo(farm), [[flour.id, '11', 'kg', null]]);
    assert.equal(orders.length, 2);
    assert.ok(orders.every((order: Json) => order.status === 'draft' && order.number === null));
    const skippedIn = (answer: Json) =>
      Object.fromEntries(answer.skipped.map((one: Json) => [one.inventoryItemId, one.reason]));
    const left = {
      [parless.id]: 'no_par_level',
      [orphan.id]: 'no_supplier',
      [torn.id]: 'no_preferred_supplier',
    };
    const isFirst = ({ orders: drafted }: Json) => drafted.length > 0;
    assert.deepEqual(skippedIn(both.find(isFirst)), left);

    const toMetro = orders.find((order: Json) => order.supplierId === metro.id);
    expectStatus(200, await api.post(`/v1/purchase-orders/${toMetro.id}/send`, {}, call));
    const second = await propose();
    assert.deepEqual(second.orders, []);
    const waiting = { [cola.id]: 'enough_on_order', [beer.id]: 'enough_on_order', [flour.id]: 'enough_on_order' };
    assert.deepEqual(skippedIn(second), { ...left, ...waiting });

    // One of two crates came and the other will not. 26 are in stock, which is no longer low. Half
    // the beer is cancelled.
    const [colaLine] = toMetro.lines;
    const lines = [{ lineId: colaLine.id, quantity: '1' }];
    expectStatus(201, await api.post(`/v1/purchase-orders/${toMetro.id}/receive`, { lines }, call));
    expectStatus(200, await api.post(`/v1/purchase-orders/${toMetro.id}/close`, {}, call));
    const third = await propose();
    assert.deepEqual(
      third.orders.flatMap((order: Json) => order.lines.map((l: Json) => [l.name, l.quantity])),
      [['Beer', '5']],
    );
  });

  test('a receive that is repeated under its key is booked once', async () => {
    const fish = await supplier();
    const cod = await ingredient({ name: 'Cod' });
    const order = await sent(fish, [{ inventoryItemId: cod.id, quantity: '10', unitPrice: 1500 }]);
    const path = `/v1/purchase-orders/${order.id}/receive`;
    const body = { lines: [{ lineId: order.lines[0].id, quantity: '5' }] };
    const options = { token, headers: { 'idempotency-key': randomUUID() } };
    const first = expectStatus(201, await api.post(path, body, options));
    const again = await api.post(path, body, options);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(expectStatus(201, again), first);
    assert.equal((await itemNow(cod)).currentQuantity, '5');
    const changed = { lines: [{ lineId: order.lines[0].id, quantity: '4' }] };
    assert.equal(expectProblem(422, await api.post(path, changed, options)).code, 'idempotency_key_reused');
  });

  test('what cannot be ordered or received is refused at its place, and nothing is stored', async () => {
    const shop = await supplier();
    const salt = await ingredient({ name: 'Salt', units: [{ unit: 'pinch', numerator: 1, denominator: 3_000_000 }] });
    const order = await sent(shop, [{ inventoryItemId: salt.id, quantity: '1', unitPrice: 100 }]);
    const line = { inventoryItemId: salt.id, quantity: '1' };
    const came = { lineId: order.lines[0].id, quantity: '1' };
    const quantities = ['0', '-1', '1.0000001', '', 'a', '1e3', '1000000000000', 1.5, null, true];
    const receive = `/v1/purchase-orders/${order.id}/receive`;
    const drafts = '/v1/purchase-orders';
    const direct = '/v1/goods-receipts';
    for (const quantity of quantities) {
      const pointers = ['/lines/0/quantity'];
      const bodyOf = (one: object) => ({ supplierId: shop.id, lines: [{ ...one, quantity }] });
      assert.deepEqual(pointersOf(await refused(422, drafts, bodyOf(line))), pointers, String(quantity));
      assert.deepEqual(pointersOf(await refused(422, direct, bodyOf(line))), pointers, String(quantity));
      assert.deepEqual(pointersOf(await refused(422, receive, { lines: [{ ...came, quantity }] })), pointers);
    }
    const dust = { ...line, unit: 'pinch', unitPrice: 1 };
    for (const [status, path, body, pointer] of [
      [422, drafts, { supplierId: shop.id, lines: [dust] }, '/lines/0/quantity'],
      [422, direct, { supplierId: shop.id, lines: [dust] }, '/lines/0/quantity'],
      [422, drafts, { supplierId: shop.id, lines: [] }, '/lines'],
      [422, drafts, { supplierId: shop.id, lines: [{ ...line, unit: 'bushel' }] }, '/lines/0/unit'],
      [422, drafts, { supplierId: shop.id, lines: [{ ...line, unitPrice: 1.5 }] }, '/lines/0/unitPrice'],
      [
        422,
        direct,
        { supplierId: shop.id, lines: [{ ...line, unit: 'pinch', quantity: '3', unitPrice: 10 ** 11 }] },
        '/lines/0/unitPrice',
      ],
      [404, drafts, { supplierId: randomUUID(), lines: [line] }, '/supplierId'],
      [
        404,
        drafts,
        { supplierId: shop.id, lines: [line, { ...line, inventoryItemId: randomUUID() }] },
        '/lines/1/inventoryItemId',
      ],
      [404, direct, { supplierId: randomUUID(), lines: [line] }, '/supplierId'],
      [
        404,
        direct,
        { supplierId: shop.id, lines: [{ ...line, inventoryItemId: randomUUID() }] },
        '/lines/0/inventoryItemId',
      ],
      [404, receive, { lines: [came, { ...came, lineId: randomUUID() }] }, '/lines/1/lineId'],
      [404, receive, { lines: [{ ...came, locationId: randomUUID() }] }, '/lines/0/locationId'],
    ] as const)
      assert.deepEqual(pointersOf(await refused(status, path, body)), [pointer], `${path} ${JSON.stringify(body)}`);
    await refused(404, `/v1/purchase-orders/${randomUUID()}/receive`, { lines: [came] });
    await refused(404, `/v1/goods-receipts/${randomUUID()}/reverse`, { reason: 'x' });
    const huge = { supplierId: shop.id, lines: [{ ...line, quantity: '999999999999', unitPrice: 10 ** 11 }] };
    await refused(422, drafts, huge);
    assert.deepEqual(await ledgerOf(salt), []);
    assert.deepEqual(await get(`/v1/purchase-orders/${order.id}`), order);
  });

  test('every step is told to the event feed and the audit log', async () => {
    const baker = await supplier();
    const bun = await ingredient({ name: 'Bun', unit: 'piece' });
    const order = await sent(baker, [{ inventoryItemId: bun.id, quantity: '2', unitPrice: 50 }]);
    const lines = [{ lineId: order.lines[0].id, quantity: '1' }];
    const { goodsReceipt } = await post(`/v1/purchase-orders/${order.id}/receive`, { lines });
    await post(`/v1/goods-receipts/${goodsReceipt.id}/reverse`, { reason: 'Stale' }, 200);
    await post(`/v1/purchase-orders/${order.id}/cancel`, {}, 200);
    const told = await withClient(api.database.ownerUrl, async (owner) => {
      const text = `select e.type, a.action from events e join audit_log a on a.subject_id = e.subject_id and a.action = e.type
        where e.subject_id = any ($1) order by e.id`;
      return (await owner.query<{ type: string }>(text, [[order.id, goodsReceipt.id]])).rows.map((row) => row.type);
    });
    assert.deepEqual(told, [
      'purchase_order.created',
      'purchase_order.sent',
      'goods_receipt.posted',
      'purchase_order.received',
      'goods_receipt.reversed',
      'purchase_order.changed',
      'purchase_order.cancelled',
    ]);
  });

  test('staff may count what is there, and see neither suppliers nor prices', async () => {
    const key = await api.post(
      '/v1/api-keys',
      { name: 'kitchen', scopes: ['inventory:read', 'stock:write'] },
      { token },
    );
    const kitchen = { token: expectStatus(201, key).secret };
    for (const path of ['suppliers', 'supplier-items', 'purchase-orders', 'goods-receipts'])
      expectProblem(403, await api.get(`/v1/${path}`, kitchen));
  });

  test('staff and kitchen take in what was ordered, and neither order, nor see suppliers, nor take receipts back', async () => {
    const farm = await supplier();
    const leek = await ingredient({ name: 'Leek' });
    const { id, lines } = await sent(farm, [{ inventoryItemId: leek.id, quantity: '4', unitPrice: 100 }]);
    for (const role of ['staff', 'kitchen']) {
      const { invitation } = await post('/v1/members', { email: `${randomUUID()}@example.com`, name: 'Mia', role });
      const accepted = await api.post('/v1/auth/accept-invitation', {
        token: invitation.token,
        password: randomUUID(),
      });
      const member = { token: expectStatus(200, accepted).accessToken };
      const { data } = expectStatus(200, await api.get('/v1/purchase-orders', member));
      assert.ok(data.some((order: Json) => order.id === id));
      const body = { lines: [{ lineId: lines[0].id, quantity: '2' }] };
      const { goodsReceipt } = expectStatus(201, await api.post(`/v1/purchase-orders/${id}/receive`, body, member));
      for (const path of ['suppliers', 'supplier-items', 'goods-receipts'])
        expectProblem(403, await api.get(`/v1/${path}`, member));
      const reverse = `/v1/goods-receipts/${goodsReceipt.id}/reverse`;
      const refusal = expectProblem(403, await api.post(reverse, { reason: 'x' }, member));
      assert.match(refusal.detail ?? '', /"purchasing:write"/);
      expectProblem(403, await api.post('/v1/purchase-orders/proposals', {}, member));
    }
    assert.equal((await itemNow(leek)).currentQuantity, '4');
    const reader = await post('/v1/api-keys', { name: 'reader', scopes: ['purchasing:read'] });
    const body = { lines: [{ lineId: lines[0].id, quantity: '1' }] };
    const refusal = expectProblem(
      403,
      await api.post(`/v1/purchase-orders/${id}/receive`, body, { token: reader.secret }),
    );
    assert.match(refusal.detail ?? '', /"purchasing:write" or "purchasing:receive"/);
  });
});
