/** Many parts of the menu changed by one call: prices, availability, order. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';
import { digestRows } from '../support/rows.js';

describe('the menu in bulk', () => {
  let api: TestApi;
  let token: string;
  let restaurantId: string;
  const { get, post, refused } = new Factories(() => ({ api, token }));
  before(async () => {
    api = await startApi();
    ({ token, id: restaurantId } = await api.restaurant());
  });
  after(() => api.close());

  const change = (body: object): Promise<Json> => post('/v1/menu/bulk-changes', body, 200);
  const order = (body: object): Promise<Json> => post('/v1/menu/order', body, 200);
  const stored = () => digestRows(api.database.ownerUrl, restaurantId);

  async function kitchen() {
    const food = await api.category(token, { name: 'Food' });
    const soup = await api.item(token, { name: 'Soup', price: 650, categoryId: food.id });
    const free = await api.item(token, { name: 'Bread', price: 0, categoryId: food.id });
    const variants = [
      { name: 'Small', price: 900 },
      { name: 'Large', price: 1_210 },
    ];
    const pizza = await api.item(token, { name: 'Pizza', categoryId: food.id, variants });
    const drinks = await api.category(token, { name: 'Drinks' });
    const cola = await api.item(token, { name: 'Cola', price: 300, categoryId: drinks.id });
    const modifiers = [{ name: 'Cheese', price: 110 }, { name: 'Basil' }];
    const group = await post('/v1/modifier-groups', { name: 'Extras', maxSelections: 3, modifiers });
    return { food, drinks, soup, free, pizza, cola, group };
  }

  test('a dry run shows each price before and after and stores nothing; the call then does just that', async () => {
    const { food, soup, free, pizza, cola, group } = await kitchen();
    const body = {
      select: { categoryIds: [food.id], modifierIds: [group.modifiers[0].id], exceptMenuItemIds: [cola.id] },
      price: { byPercent: '3.5', rounding: { step: 10 } },
    };
    const unchanged = await stored();
    const options = { token, headers: { 'idempotency-key': `press-${soup.id}` } };
    const shown = expectStatus(200, await api.post('/v1/menu/bulk-changes', { ...body, dryRun: true }, options));
    assert.deepEqual(await stored(), unchanged);
    const [small, large] = pizza.variants;
    assert.deepEqual(
      shown.changes.map((one: Json) => [one.kind, one.id, one.parentId, one.before.price, one.after.price]),
      [
        ['menu_item', soup.id, null, 650, 670],
        ['variant', small.id, pizza.id, 900, 930],
        ['variant', large.id, pizza.id, 1_210, 1_250],
      ],
      'the bread is free, and 113.85 is 110 again',
    );
    assert.equal(shown.unchanged, 2);
    assert.deepEqual(shown.versions, { [soup.id]: 1, [pizza.id]: 1 });

    // The dry run left the key for the change.
    const versioned = { ...body, versions: shown.versions };
    const done = expectStatus(200, await api.post('/v1/menu/bulk-changes', versioned, options));
    assert.deepEqual([done.changes, done.dryRun], [shown.changes, false]);
    assert.deepEqual(done.versions, { [soup.id]: 2, [pizza.id]: 2 });
    const now = await get(`/v1/menu-items/${pizza.id}`);
    assert.deepEqual([now.version, now.variants.map(({ price }: Json) => price)], [2, [930, 1_250]]);
    assert.equal((await get(`/v1/menu-items/${free.id}`)).version, 1);
    const shownOnMenu = (await get('/v1/menu')).categories.flatMap((one: Json) => one.items);
    assert.equal(shownOnMenu.find((one: Json) => one.id === soup.id).price, 670);
    const { data } = await get(`/v1/audit-log?subjectId=${soup.id}`);
    assert.deepEqual([data[0].action, data[0].changes], ['menu_item.changed', { price: { from: 650, to: 670 } }]);
    assert.deepEqual((await change({ ...body, price: { byPercent: '0' } })).versions, {});
  });

  test('86 takes items and modifiers off with one call, and brings them back', async () => {
    const { drinks, soup, cola, group } = await kitchen();
    const until = '2099-01-01T00:00:00.000Z';
    const gone = await change({
      select: { menuItemIds: [soup.id], categoryIds: [drinks.id] },
      availability: { isAvailable: false, until },
    });
    assert.deepEqual(new Set(gone.changes.map((one: Json) => one.id)), new Set([soup.id, cola.id]));
    const off = await get(`/v1/menu-items/${cola.id}`);
    assert.deepEqual([off.isAvailable, off.availability], [false, { until, remaining: null }]);
    const select = { menuItemIds: [soup.id, cola.id], modifierGroupIds: [group.id] };
    const extras = await change({ select, availability: { isAvailable: false } });
    assert.equal(extras.changes.length, 4, 'the end of the items is open now');
    const events = await get(`/v1/audit-log?subjectId=${cola.id}&action=menu_item.availability_changed`);
    assert.equal(events.data.length, 2);
    await change({ select, availability: { isAvailable: true }, price: { by: 20 } });
    const back = await get(`/v1/modifier-groups/${group.id}`);
    assert.deepEqual(
      back.modifiers.map((one: Json) => [one.price, one.isAvailable]),
      [
        [130, true],
        [20, true],
      ],
    );
    await change({ select: { menuItemIds: [soup.id] }, availability: { isAvailable: true, remaining: 4 } });
    assert.equal((await get(`/v1/menu-items/${soup.id}`)).availability.remaining, 4);
  });

  test('everything that is wrong is named, and nothing is changed', async () => {
    const { food, soup, pizza, cola, group } = await kitchen();
    const half = { menuItemId: soup.id, quantity: 1, price: 300 };
    const other = { menuItemId: cola.id, quantity: 1, price: 200 };
    const set = await api.item(token, { name: 'Lunch', price: 500, parts: [half, other] });
    const unchanged = await stored();
    const bulk = '/v1/menu/bulk-changes';
    const nobody = randomUUID();
    const unknown = await refused(404, bulk, {
      select: {
        menuItemIds: [soup.id, nobody],
        variantIds: [nobody],
        categoryIds: [nobody],
        modifierGroupIds: [nobody],
      },
      price: { by: 1 },
    });
    assert.deepEqual(unknown.errors.map(({ pointer }: Json) => pointer).sort(), [
      '/select/categoryIds/0',
      '/select/menuItemIds/1',
      '/select/modifierGroupIds/0',
      '/select/variantIds/0',
    ]);
    const below = await refused(422, bulk, {
      select: { categoryIds: [food.id], modifierGroupIds: [group.id], menuItemIds: [set.id] },
      price: { by: -660 },
    });
    assert.deepEqual(
      below.errors.map(({ pointer, message }: Json) => [pointer, message.split(' ', 1)[0]]),
      [
        ['/select/categoryIds/0', '"Soup"'],
        ['/select/categoryIds/0', '"Bread"'],
        ['/select/menuItemIds/0', '"Lunch"'],
        ['/select/modifierGroupIds/0', '"Extras,'],
        ['/select/modifierGroupIds/0', '"Extras,'],
      ],
    );
    const shares = await refused(422, bulk, { select: { menuItemIds: [set.id] }, price: { by: 10 } });
    assert.match(shares.errors[0].message, /"Lunch": The shares of the parts come to 500/);
    const sizes = await refused(422, bulk, { select: { menuItemIds: [pizza.id] }, price: { set: 1000 } });
    assert.match(sizes.errors[0].message, /variantIds/);
    const some = { variantIds: [pizza.variants[0].id] };
    await refused(422, bulk, { select: some, availability: { isAvailable: false } });
    const counted = { select: { modifierGroupIds: [group.id] }, availability: { isAvailable: true, remaining: 3 } };
    assert.equal((await refused(422, bulk, counted)).errors[0].pointer, '/availability');
    for (const price of [undefined, {}, { by: 1, set: 1 }, { byPercent: '-100.01' }, { byPercent: '1e3' }, { by: 0.5 }])
      await refused(422, bulk, { select: { menuItemIds: [soup.id] }, price });
    const ending = { by: 1, rounding: { step: 10, ending: 10 } };
    const misfit = await refused(422, bulk, { select: { menuItemIds: [soup.id] }, price: ending });
    assert.equal(misfit.errors[0].pointer, '/price/rounding/ending');
    for (const select of [{}, { exceptMenuItemIds: [soup.id] }, { menuItemIds: [] }])
      await refused(422, bulk, { select, price: { by: 1 } });

    const body = { select: { menuItemIds: [soup.id] }, price: { by: 1 } };
    for (const versions of [{}, { [soup.id]: 2 }, { [cola.id]: 1 }, { [soup.id]: 1, [cola.id]: 1 }])
      assert.equal((await refused(412, bulk, { ...body, versions })).code, 'version_mismatch');
    const scopes = ['menu:read', 'availability:write'];
    const cook = (await post('/v1/api-keys', { name: 'cook', scopes })).secret;
    expectProblem(403, await api.post(bulk, body, { token: cook }));
    const other2 = await api.restaurant();
    expectProblem(404, await api.post(bulk, body, { token: other2.token }));
    assert.deepEqual((await stored())['menu_items'], unchanged['menu_items']);
    expectStatus(
      200,
      await api.post(bulk, { select: body.select, availability: { isAvailable: false } }, { token: cook }),
    );
  });

  test('puts categories, items, variants, groups and modifiers in order with one call', async () => {
    ({ token, id: restaurantId } = await api.restaurant());
    const { food, drinks, soup, free, pizza, group } = await kitchen();
    const second = await post('/v1/modifier-groups', { name: 'Sauces', modifiers: [{ name: 'Hot' }] });
    await new Factories(() => ({ api, token })).patch(`/v1/menu-items/${pizza.id}`, {
      modifierGroupIds: [group.id, second.id],
    });
    const reversed = <T>(list: T[]): T[] => [...list].reverse();
    const idsOf = (list: Json[]): string[] => list.map(({ id }) => id);
    const wanted = {
      categoryIds: [drinks.id, food.id],
      menuItems: [{ categoryId: food.id, menuItemIds: [pizza.id, soup.id, free.id] }],
      variants: [{ menuItemId: pizza.id, variantIds: reversed(idsOf(pizza.variants)) }],
      modifierGroups: [{ menuItemId: pizza.id, modifierGroupIds: [second.id, group.id] }],
      modifiers: [{ modifierGroupId: group.id, modifierIds: reversed(idsOf(group.modifiers)) }],
    };
    const { versions } = await order(wanted);
    // Places are counted from zero, where the pizza has been: it changes for its variants.
    assert.equal(Object.keys(versions).length, 5);
    const { categories } = await get('/v1/menu');
    assert.deepEqual(idsOf(categories), wanted.categoryIds);
    assert.deepEqual(idsOf(categories[1].items), wanted.menuItems[0]?.menuItemIds);
    const [shown] = categories[1].items;
    assert.deepEqual(idsOf(shown.variants), wanted.variants[0]?.variantIds);
    assert.deepEqual(idsOf(shown.modifierGroups), [second.id, group.id]);
    assert.deepEqual(idsOf(shown.modifierGroups[1].modifiers), wanted.modifiers[0]?.modifierIds);
    assert.deepEqual(await order(wanted), { versions: {} }, 'everything has its place');
    const trail = await get(`/v1/audit-log?subjectId=${food.id}`);
    assert.deepEqual(trail.data[0].changes, { position: { from: 0, to: 1 } });

    const nobody = randomUUID();
    const wrong: [number, object, string[]][] = [
      [422, { categoryIds: [food.id] }, ['/categoryIds']],
      [422, { categoryIds: [food.id, drinks.id, food.id] }, ['/categoryIds/2']],
      [404, { categoryIds: [food.id, drinks.id, nobody] }, ['/categoryIds/2']],
      [404, { variants: [{ menuItemId: nobody, variantIds: [] }] }, ['/variants/0/menuItemId']],
      [422, { menuItems: [{ categoryId: food.id, menuItemIds: [soup.id] }] }, ['/menuItems/0/menuItemIds']],
      [404, { modifiers: [{ modifierGroupId: nobody, modifierIds: [] }] }, ['/modifiers/0/modifierGroupId']],
    ];
    const unchanged = (await stored())['menu_items'];
    for (const [status, body, pointers] of wrong) {
      const problem = await refused(status, '/v1/menu/order', { ...wanted, ...body });
      assert.deepEqual(
        problem.errors.map(({ pointer }: Json) => pointer),
        pointers,
        JSON.stringify(body),
      );
    }
    for (const body of [{}, { categoryIds: [] }]) await refused(422, '/v1/menu/order', body);
    assert.deepEqual((await stored())['menu_items'], unchanged);
  });
});
