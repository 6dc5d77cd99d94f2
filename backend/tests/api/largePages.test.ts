/**
 * Lists of large records: a page ends before it is too large for one answer, and no record is lost
 * or repeated.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';

/** A page of the largest things, one of which may end beyond what a page holds. */
const MOST_BYTES = 2_500_000;
/** The sizes are those in the database, where the same row is shorter or longer than its JSON. */
const ENOUGH_BYTES = 250_000;
const LINES = 500;
const CHOICES = 12;

describe('pages of large things', () => {
  let api: TestApi;
  let token: string;

  before(async () => {
    api = await startApi();
    ({ token } = await api.restaurant());
  });
  after(() => api.close());

  const { post, supplier, ingredient, recipe } = new Factories(() => ({ api, token }));

  /** All pages of a list. */
  async function walk(path: string, limit: number): Promise<{ pages: Json[][]; bytes: number[] }> {
    const pages: Json[][] = [];
    const bytes: number[] = [];
    for (let cursor = ''; ; ) {
      const sign = path.includes('?') ? '&' : '?';
      const answer = await api.get(`${path}${sign}limit=${limit}${cursor}`, { token });
      const { data, nextCursor } = expectStatus(200, answer);
      pages.push(data);
      bytes.push(Buffer.byteLength(answer.text));
      if (nextCursor === null) return { pages, bytes };
      cursor = `&cursor=${nextCursor}`;
    }
  }

  /**
   * Asserts that the list in the largest pages equals the list one by one, and that its pages ended
   * early.
   */
  async function assertBounded(path: string, expected: { ids: string[]; keyOf?: (thing: Json) => string }) {
    const { ids, keyOf = (thing: Json) => thing.id } = expected;
    const { pages, bytes } = await walk(path, 100);
    assert.deepEqual(pages.flat().map(keyOf), ids);
    assert.ok(ids.length <= 100, 'without the bound all of them are one page');
    assert.ok(pages.length > 1, `one page of ${bytes[0]} bytes`);
    assert.ok(Math.max(...bytes) < MOST_BYTES, `a page of ${Math.max(...bytes)} bytes`);
    assert.deepEqual((await walk(path, 1)).pages.flat(), pages.flat());
    // No page ends while there is much room: two that follow each other are more than one holds.
    for (let at = 1; at < pages.length; at += 1)
      assert.ok((bytes[at - 1] ?? 0) + (bytes[at] ?? 0) > ENOUGH_BYTES, `${bytes[at - 1]} and ${bytes[at]} bytes`);
    return pages;
  }

  test('orders of 500 lines with twelve modifiers, and small ones among them', async () => {
    const names = Array.from({ length: CHOICES }, (_, index) => ({ name: `Topping ${index} ${'x'.repeat(20)}` }));
    const group = await post('/v1/modifier-groups', { name: 'Toppings', maxSelections: CHOICES, modifiers: names });
    const item = await api.item(token, { modifierGroupIds: [group.id] });
    const modifiers = group.modifiers.map(({ id }: Json) => ({ modifierId: id }));
    const line = { menuItemId: item.id, quantity: 1, modifiers };
    const large = Array.from({ length: LINES }, () => line);
    const ids: string[] = [];
    for (const lines of [[line], large, [line], large, large, [line]]) ids.unshift((await api.order(token, lines)).id);
    const pages = await assertBounded('/v1/orders', { ids });
    assert.deepEqual(
      pages.flat().map(({ lines }) => lines.length),
      [1, LINES, LINES, 1, LINES, 1],
    );
    await assertBounded('/v1/orders?status=placed', { ids });
    await assertBounded('/v1/orders?type=takeaway', { ids });
    await assertLogBounded();
    const first = ids[1] ?? '';
    for (let count = 0; count < 3; count += 1)
      expectStatus(200, await api.patch(`/v1/orders/${first}`, { tip: count + 1 }, await matching(first)));
    const story = await walk(`/v1/orders/${first}/history`, 2);
    assert.deepEqual(
      story.pages.map((page) => page.map(({ action }) => action)),
      [
        ['order.placed', 'order.changed'],
        ['order.changed', 'order.changed'],
      ],
    );
  });

  async function matching(id: string) {
    const { version } = expectStatus(200, await api.get(`/v1/orders/${id}`, { token }));
    return { token, headers: { 'if-match': `"${version}"` } };
  }

  /** Whatever the log holds by now, one by one and in pages. */
  async function assertLogBounded() {
    const { pages } = await walk('/v1/audit-log', 100);
    assert.deepEqual((await walk('/v1/audit-log', 7)).pages.flat(), pages.flat());
  }

  test('documents of 500 lines', async () => {
    const lines = Array.from({ length: LINES }, (_, index) => ({
      description: `${index} ${'Dinner '.repeat(60)}`,
      quantity: '1',
      unitPrice: 1000,
    }));
    const ids: string[] = [];
    for (const few of [true, false, false, false, true, false, true])
      ids.unshift(
        (await post('/v1/documents?issue=true', { type: 'invoice', lines: few ? lines.slice(0, 1) : lines })).id,
      );
    await assertBounded('/v1/documents', { ids });
    await assertBounded('/v1/documents?type=invoice&status=issued', { ids });
    const [{ seriesId }] = expectStatus(200, await api.get('/v1/documents?limit=1', { token })).data;
    await assertBounded(`/v1/documents?seriesId=${seriesId}`, { ids });
  });

  test('purchase orders and goods receipts of 500 lines', async () => {
    const { id: supplierId } = await supplier();
    const item = await ingredient({ name: `Flour ${'f'.repeat(150)}` });
    const line = { inventoryItemId: item.id, quantity: '1', unitPrice: 100 };
    const orders: string[] = [];
    const receipts: string[] = [];
    for (const count of [LINES, LINES, 1, LINES, LINES, 1, LINES, LINES]) {
      const lines = Array.from({ length: count }, () => line);
      orders.unshift((await post('/v1/purchase-orders', { supplierId, lines })).id);
      receipts.unshift((await post('/v1/goods-receipts', { supplierId, lines })).id);
    }
    await assertBounded('/v1/purchase-orders', { ids: orders });
    await assertBounded(`/v1/purchase-orders?supplierId=${supplierId}`, { ids: orders });
    await assertBounded('/v1/goods-receipts', { ids: receipts });
    await assertBounded(`/v1/goods-receipts?supplierId=${supplierId}`, { ids: receipts });
  });

  test('recipes of a hundred lines', async () => {
    const item = await ingredient({ name: 'Salt' });
    const lines = Array.from({ length: 100 }, () => ({ inventoryItemId: item.id, quantity: '0.001' }));
    const ids: string[] = [];
    for (let index = 0; index < 30; index += 1)
      ids.push((await recipe({ name: `Sauce ${index}`, yieldUnit: 'kg', lines })).id);
    await assertBounded('/v1/recipes', { ids });
  });

  test('modifier groups of 200 modifiers, and items of fifty variants', async () => {
    const other = await api.restaurant();
    ({ token } = other);
    const name = 'n'.repeat(90);
    const modifiers = Array.from({ length: 200 }, (_, index) => ({ name: `${name}${index}` }));
    const variants = Array.from({ length: 50 }, (_, index) => ({ name: `${name}${index}`, price: 100 }));
    const groups: string[] = [];
    const items: string[] = [];
    const { id: categoryId } = await api.category(token);
    for (let index = 0; index < 16; index += 1)
      groups.push((await post('/v1/modifier-groups', { name: `Group ${index}`, modifiers })).id);
    for (let index = 0; index < 50; index += 1) items.push((await api.item(token, { categoryId, variants })).id);
    await assertBounded('/v1/modifier-groups', { ids: groups });
    await assertBounded('/v1/menu-items', { ids: items });
    // Their entries in the audit log are as large.
    const { pages, bytes } = await walk('/v1/audit-log', 100);
    assert.ok(pages.length > 1 && Math.max(...bytes) < MOST_BYTES, bytes.join());
    assert.deepEqual((await walk('/v1/audit-log', 5)).pages.flat(), pages.flat());
  });
});
