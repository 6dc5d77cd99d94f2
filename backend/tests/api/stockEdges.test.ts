/** Where stock could be made to lie, or to stand in the way of everything else. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { StockRoom } from '../support/stockRoom.js';

describe('the edges of stock', () => {
  let api: TestApi;
  let room: StockRoom;
  before(async () => {
    api = await startApi();
    room = await StockRoom.open(api);
  });
  after(() => api.close());

  const send = (path: string, body: Json): Promise<Answer> => api.post(path, body, { token: room.token });
  const patch = (path: string, body: Json, version = 1): Promise<Answer> =>
    api.patch(path, body, { token: room.token, headers: { 'if-match': `"${version}"` } });
  const remove = (path: string): Promise<Answer> =>
    api.delete(path, undefined, { token: room.token, headers: { 'if-match': '"1"' } });
  const isOnMenu = async (dish: Json): Promise<boolean> => {
    const { categories } = await room.get('/v1/menu');
    return categories.flatMap((category: Json) => category.items).find((item: Json) => item.id === dish.id).isAvailable;
  };

  test('who asks for more than a quantity can be is told what is left', async () => {
    const salt = await room.item({ name: 'Salt', policy: 'forbid', openingQuantity: '1' });
    const line = { inventoryItemId: salt.id, quantity: '999999999999' };
    const waste = expectProblem(409, await send('/v1/stock/waste', { reason: 'spoiled', lines: [line, line] }));
    assert.match(waste.detail ?? '', /Salt: 1999999999998 kg wanted, 1 kg left/);
    const dish = await room.dish(salt.id, '999999999');
    const sold = { menuItemId: dish.id, quantity: 999 };
    const order = expectProblem(409, await send('/v1/orders', { type: 'takeaway', lines: [sold, sold] }));
    assert.equal(order.errors?.length, 2);
    assert.equal(await room.quantityOf(salt.id), '1');
  });

  test('a unit that would make a recipe take more than can be counted is refused, and other dishes go on', async () => {
    const units = (numerator: number): Json => ({ units: [{ unit: 'crate', numerator }] });
    const rice = await room.item({ name: 'Rice', ...units(2) });
    const dish = await api.item(room.token);
    const lines = [{ inventoryItemId: rice.id, quantity: '100000', unit: 'crate' }];
    await room.post('/v1/recipes', { menuItemId: dish.id, lines });
    const refused = expectProblem(422, await patch(`/v1/inventory-items/${rice.id}`, units(100_000_000_000)));
    assert.equal(refused.errors?.[0]?.pointer, '/units');
    await api.order(room.token, [{ menuItemId: (await api.item(room.token)).id, quantity: 1 }]);
    expectStatus(200, await patch(`/v1/inventory-items/${rice.id}`, units(3)));
  });

  test('a dish can be made while one of the variants can in which it is sold, with a recipe or without', async () => {
    const egg = await room.item({ name: 'Egg', unit: 'piece', policy: 'auto_86', openingQuantity: '2' });
    const variants = ['Small', 'Large'].map((name) => ({ name, price: 500 }));
    const dish = await api.item(room.token, { variants });
    const [small, large] = dish.variants;
    const recipe = (variant: Json, quantity: string): Promise<Json> =>
      room.post('/v1/recipes', {
        menuItemId: dish.id,
        variantId: variant.id,
        lines: [{ inventoryItemId: egg.id, quantity }],
      });
    await recipe(large, '3');
    assert.equal(await isOnMenu(dish), true, 'the small one takes nothing');
    await recipe(small, '1');
    assert.equal(await isOnMenu(dish), true, 'the small one can be made');
    const kept = expectStatus(200, await patch(`/v1/menu-items/${dish.id}`, { variants: [large] }));
    assert.equal(await isOnMenu(dish), false, 'the small one is sold no more');
    expectStatus(
      200,
      await patch(`/v1/menu-items/${dish.id}`, { variants: [large, { name: 'None', price: 1 }] }, kept.version),
    );
    assert.equal(await isOnMenu(dish), true, 'a variant came that takes nothing');
  });

  test('a movement by hand takes from a place only what stands there, when the policy forbids less than nothing', async () => {
    const [cellar, bar] = [await room.location('Cellar'), await room.location('Bar')];
    const gin = await room.item({ name: 'Gin', policy: 'forbid', locationId: cellar.id, openingQuantity: '10' });
    const taken = { inventoryItemId: gin.id, kind: 'waste', quantity: '5', reason: 'broken' };
    const refused = expectProblem(409, await send('/v1/stock/movements', { ...taken, locationId: bar.id }));
    assert.match(refused.detail ?? '', /Gin: 5 kg wanted, 0 kg left/);
    assert.deepEqual(await room.placesOf(gin.id), { [cellar.id]: '10' });
    await room.post('/v1/stock/movements', { ...taken, locationId: cellar.id });
    assert.deepEqual(await room.placesOf(gin.id), { [cellar.id]: '5' });
  });

  test('a part cannot be changed to take what its preparation gives', async () => {
    const [jus, bones] = [await room.item({ name: 'Jus' }), await room.item({ name: 'Bones' })];
    const lines = [{ inventoryItemId: bones.id, quantity: '1' }];
    const part = await room.post('/v1/recipes', { name: 'Broth', yieldUnit: 'kg', lines });
    const made = { name: 'Dark jus', yieldUnit: 'kg', outputItemId: jus.id };
    await room.post('/v1/recipes', { ...made, lines: [{ recipeId: part.id, quantity: '2' }] });
    const circle = { lines: [...lines, { inventoryItemId: jus.id, quantity: '1' }] };
    const refused = expectProblem(422, await patch(`/v1/recipes/${part.id}`, circle));
    assert.match(refused.errors?.[0]?.message ?? '', /"Dark jus" would contain itself/);
  });

  test('a unit in which suppliers are asked for an item stays until their orders are through', async () => {
    const units = [{ unit: 'crate', numerator: 24 }];
    const cola = await room.item({ name: 'Cola', unit: 'bottle', units });
    const { id: supplierId } = await room.post('/v1/suppliers', { name: 'Drinks' });
    const asked = { supplierId, lines: [{ inventoryItemId: cola.id, quantity: '1', unit: 'crate', unitPrice: 1700 }] };
    const [sent, draft] = [
      await room.post('/v1/purchase-orders', asked),
      await room.post('/v1/purchase-orders', asked),
    ];
    const { number } = await room.post(`/v1/purchase-orders/${sent.id}/send`, {}, 200);
    const path = `/v1/inventory-items/${cola.id}`;
    const refused = expectProblem(409, await patch(path, { units: [] }));
    assert.equal(refused.code, 'in_use');
    assert.ok(refused.detail?.includes(`: ${number} (crate), a draft to Drinks (crate).`), refused.detail);
    expectStatus(200, await patch(path, { units: [{ unit: 'crate', numerator: 20 }] }));
    for (const { id } of [sent, draft]) await room.post(`/v1/purchase-orders/${id}/cancel`, {}, 200);
    expectStatus(200, await patch(path, { units: [] }, 2));
  });

  test('a dish that could not be taken off the menu after a refused order stands in the log', async () => {
    const lines: { msg: string; err?: { message: string } }[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const broken = await startApi({ log });
    try {
      const shop = await StockRoom.open(broken);
      const leek = await shop.item({ name: 'Leek', policy: 'auto_86' });
      await withClient(broken.database.ownerUrl, (owner) =>
        owner.query(`
          create function fail() returns trigger language plpgsql as $$ begin raise exception 'the mark fails'; end $$;
          create trigger fail before update of is_out_of_stock on menu_items for each row execute function fail()`),
      );
      const soup = await shop.dish(leek.id, '1');
      lines.length = 0;
      const order = { type: 'takeaway', lines: [{ menuItemId: soup.id, quantity: 1 }] };
      const problem = expectProblem(409, await broken.post('/v1/orders', order, { token: shop.token }));
      assert.equal(problem.code, 'insufficient_stock');
      assert.deepEqual(
        lines.map(({ msg, err }) => [msg, err?.message]),
        [['could not check the availability of the dishes of a refused order', 'the mark fails']],
      );
    } finally {
      await broken.close();
    }
  });

  test('a location is not kept by what stood there of deleted items', async () => {
    const [shed, shelf] = [await room.location('Shed'), await room.location('Shelf')];
    const corks = await room.item({ name: 'Corks', locationId: shed.id });
    await room.post('/v1/stock/transfers', {
      fromLocationId: shed.id,
      toLocationId: shelf.id,
      lines: [{ inventoryItemId: corks.id, quantity: '1' }],
    });
    expectProblem(409, await remove(`/v1/stock-locations/${shelf.id}`));
    expectStatus(204, await remove(`/v1/inventory-items/${corks.id}`));
    expectStatus(204, await remove(`/v1/stock-locations/${shelf.id}`));
  });
});
