/** Allergens, diets and languages of the menu. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { migrate } from '../../src/config/migrate.js';
import { allergenOf } from '../../src/domain/menu/dietary.js';
import { ALLERGEN_NAMES, ALLERGENS, DIET_TAG_NAMES, DIET_TAGS } from '../../src/domain/menu/dietaryNames.js';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { createOldDatabase, MIGRATIONS } from '../support/database.js';
import { Factories } from '../support/factories.js';
import { sharedData } from '../support/sharedData.js';

const canteen = sharedData('canteen-menu-allergens/mensa-arcisstr.json');
const canteenLabels = sharedData('canteen-menu-allergens/labels.json');
/** Labels of the canteen that name one of the fourteen, and those that only belong to one. */
const NAMED = {
  gluten: ['Gluten', 'Getreide', 'Weizen', 'Roggen', 'Gerste', 'Hafer', 'Dinkel'],
  nuts: ['Schalenfrüchte', 'Mandeln', 'Haselnüsse', 'Walnüsse', 'Cashewnüsse', 'Pekanüsse', 'Pistazien'],
  milk: ['Milch', 'Laktose'],
  sulphites: ['Schwefeldioxid', 'Sulfite'],
};

describe('allergens, diets and languages of the menu', () => {
  let api: TestApi;
  let token: string;
  const { get, post, patch, refused } = new Factories(() => ({ api, token }));
  before(async () => {
    api = await startApi();
    ({ token } = await api.restaurant());
  });
  after(() => api.close());

  const dishes = async (query: string): Promise<string[]> => {
    const { categories } = await get(`/v1/menu${query}`);
    return categories.flatMap((one: Json) => one.items.map(({ name }: Json) => name)).sort();
  };

  test('sorts what clients send into codes and texts, and loses nothing', async () => {
    const { id, ...made } = await api.item(token, {
      allergens: ['Milch', 'CÉLERI', 'eggs', 'Weizen', 'E 120', 'A', '7'],
      dietTags: ['vegetarian', 'vegetarian'],
    });
    assert.deepEqual(made['allergens'], ['gluten', 'eggs', 'milk', 'celery'], 'in the order of the law');
    assert.deepEqual(made['otherAllergens'], ['Weizen', 'E 120', 'A', '7'], 'letters have no meaning of their own');
    assert.deepEqual(made['dietTags'], ['vegetarian']);
    const steps: [Json, string[], string[]][] = [
      [{ name: 'Other' }, ['gluten', 'eggs', 'milk', 'celery'], ['Weizen', 'E 120', 'A', '7']],
      [{ allergens: ['milk', 'gluten'] }, ['gluten', 'milk'], ['Weizen', 'E 120', 'A', '7']],
      [{ allergens: ['milk'] }, ['milk'], ['E 120', 'A', '7']],
      [{ allergens: ['fish', 'traces'] }, ['fish'], ['traces']],
      [{ otherAllergens: ['Senf', 'B12'] }, ['fish', 'mustard'], ['B12']],
      [{ allergens: [], otherAllergens: [] }, [], []],
    ];
    for (const [sent, allergens, otherAllergens] of steps) {
      if (sent['allergens']?.includes('fish')) await patch(`/v1/menu-items/${id}`, { dietTags: [] });
      const changed = await patch(`/v1/menu-items/${id}`, sent);
      assert.deepEqual([changed.allergens, changed.otherAllergens], [allergens, otherAllergens], JSON.stringify(sent));
      const read = await get(`/v1/menu-items/${id}`);
      assert.deepEqual([read.allergens, read.otherAllergens], [allergens, otherAllergens]);
    }
    const body = { name: 'Odd', price: 1, categoryId: made['categoryId'] };
    for (const fields of [
      { dietTags: ['nut_free', 'vegan'], allergens: ['Mandeln'] },
      { dietTags: ['gluten_free'], allergens: ['rye'] },
      { dietTags: ['paleo'] },
    ])
      assert.equal((await refused(422, '/v1/menu-items', { ...body, ...fields })).errors[0].pointer, '/dietTags/0');
  });

  test('shows guests only what they may eat', async () => {
    ({ token } = await api.restaurant());
    const categoryId = (await api.category(token)).id;
    const make = (name: string, fields: object) => api.item(token, { name, categoryId, ...fields });
    const pie = await make('Pie', { allergens: ['gluten', 'milk'], dietTags: ['vegetarian'] });
    const salad = await make('Salad', { dietTags: ['vegan', 'gluten_free'] });
    await make('Stew', { allergens: ['celery'], otherAllergens: ['see the board'] });
    await make('Bread', { allergens: ['wheat'], dietTags: ['vegan'] });
    await make('Lunch', { parts: [pie, salad].map(({ id }) => ({ menuItemId: id })) });
    const expected: [string, string[]][] = [
      ['', ['Bread', 'Lunch', 'Pie', 'Salad', 'Stew']],
      ['?withoutAllergens=milk', ['Bread', 'Salad']],
      ['?withoutAllergens=gluten,milk', ['Salad']],
      ['?withoutAllergens=celery', ['Bread', 'Lunch', 'Pie', 'Salad']],
      ['?diet=vegetarian', ['Bread', 'Pie', 'Salad']],
      ['?diet=vegan,gluten_free', ['Salad']],
      ['?diet=vegan&withoutAllergens=gluten', ['Salad']],
      ['?diet=halal', []],
    ];
    for (const [query, names] of expected)
      for (let time = 0; time < 2; time += 1) assert.deepEqual(await dishes(query), names, query);
    for (const query of ['withoutAllergens=water', 'diet=', 'language=german%20', 'language=d'])
      await api.get(`/v1/menu?${query}`, { token }).then(({ status }) => assert.equal(status, 422, query));
  });

  test('names the fourteen allergens and all diets in each printed language', async () => {
    for (const language of PRINT_LANGUAGES) {
      const { allergens, dietTags } = await get(`/v1/menu/labels?language=${language}`);
      assert.deepEqual([allergens.length, dietTags.length], [14, DIET_TAGS.length]);
      for (const { code, name } of allergens) {
        assert.ok(name.length > 0 && name === ALLERGEN_NAMES[code as 'milk'][language], `${code} ${language}`);
        assert.equal(allergenOf(name.toUpperCase()), code, 'and reads its own names');
      }
      assert.equal(new Set(dietTags.map(({ name }: Json) => name)).size, DIET_TAGS.length, language);
    }
    for (const tag of DIET_TAGS) assert.deepEqual(Object.keys(DIET_TAG_NAMES[tag]), [...PRINT_LANGUAGES].slice());
  });

  test('understands the labels of a real canteen', { skip: canteen.skip }, async () => {
    const labels = JSON.parse(await readFile(canteenLabels.file, 'utf8'));
    const german = new Map<string, string>(labels.map(({ enum_name, text }: Json) => [enum_name, text.DE]));
    assert.equal(german.size, 53);
    for (const [allergen, words] of Object.entries(NAMED))
      for (const word of words) assert.equal(allergenOf(word), allergen, word);
    assert.deepEqual(new Set([...german.values()].flatMap((word) => allergenOf(word) ?? [])), new Set(ALLERGENS));
    const { weeks } = JSON.parse(await readFile(canteen.file, 'utf8'));
    const entries: Json[] = weeks.flatMap(({ days }: Json) => days.flatMap((day: Json) => day.dishes));
    assert.equal(entries.length, 129);
    const byName = new Map(entries.map((dish) => [dish.name, dish]));
    assert.equal(byName.size, 97);
    ({ token } = await api.restaurant());
    const categoryId = (await api.category(token)).id;
    const tags = (one: Json): string[] =>
      ['vegan', 'vegetarian'].filter((tag) => one.labels.includes(tag.toUpperCase()));
    for (const dish of byName.values()) {
      const allergens = dish.labels.map((code: string) => german.get(code));
      const made = await api.item(token, {
        name: dish.name.slice(0, 200),
        categoryId,
        allergens,
        dietTags: tags(dish),
      });
      const words = allergens.filter((word: string) => allergenOf(word) === undefined);
      assert.ok(
        words.every((word: string) => made['otherAllergens'].includes(word)),
        dish.name,
      );
    }
    const expected = [...byName.values()].filter(({ labels }) => labels.includes('VEGAN')).map(({ name }) => name);
    assert.deepEqual(new Set(await dishes('?diet=vegan')), new Set(expected));
    const withMilk = [...byName.values()].filter(({ labels }) => labels.includes('MILK') || labels.includes('LACTOSE'));
    const menu = await get('/v1/menu');
    const shown = menu.categories[0].items.filter((one: Json) => one.allergens.includes('milk'));
    assert.equal(shown.length, withMilk.length);
  });

  test('answers in a language where it is translated, and orders keep the names of the restaurant', async () => {
    ({ token } = await api.restaurant());
    const category = await api.category(token, { name: 'Food', translations: { de: { name: 'Essen' } } });
    const modifiers = [{ name: 'Cheese', translations: { de: { name: 'Käse' } } }, { name: 'Egg' }];
    const group = await post('/v1/modifier-groups', {
      name: 'Extras',
      translations: { de: { name: 'Zutaten' } },
      modifiers,
    });
    const item = await api.item(token, {
      name: 'Soup',
      description: 'hot',
      categoryId: category.id,
      modifierGroupIds: [group.id],
      translations: { de: { name: 'Suppe' }, pt: { description: 'quente' }, 'zh-Hant': { name: '湯' } },
      variants: [
        { name: 'Small', price: 300, translations: { de: { name: 'Klein' } } },
        { name: 'Large', price: 500 },
      ],
    });
    const seen = async (language: string) => {
      const menu = await get(`/v1/menu?language=${language}`);
      const [{ name, items }] = menu.categories;
      const [one] = items;
      const names = (list: Json[]): string[] => list.map((part) => part.name);
      const [{ name: extras, modifiers: choices }] = one.modifierGroups;
      return [menu.language, name, one.name, one.description, ...names(one.variants), extras, ...names(choices)];
    };
    const plain = ['Food', 'Soup', 'hot', 'Small', 'Large', 'Extras', 'Cheese', 'Egg'];
    for (let time = 0; time < 2; time += 1) {
      for (const language of ['de', 'DE-at'])
        assert.deepEqual(await seen(language), [
          'de',
          'Essen',
          'Suppe',
          'hot',
          'Klein',
          'Large',
          'Zutaten',
          'Käse',
          'Egg',
        ]);
      assert.deepEqual(await seen('pt-BR'), ['pt', 'Food', 'Soup', 'quente', ...plain.slice(3)]);
      assert.deepEqual((await seen('zh-TW')).slice(0, 3), ['zh-Hant', 'Food', '湯']);
      for (const language of ['fr', 'xx', 'zh']) assert.deepEqual(await seen(language), [null, ...plain]);
    }
    // A client that knows no translations sends the lists without them.
    const variants = item['variants'].map(({ id, name, price }: Json) => ({ id, name, price: price + 1 }));
    await patch(`/v1/menu-items/${item['id']}`, { variants });
    const [{ id, name }] = group.modifiers;
    await patch(`/v1/modifier-groups/${group.id}`, { modifiers: [{ id, name }] });
    assert.deepEqual(await seen('de'), ['de', 'Essen', 'Suppe', 'hot', 'Klein', 'Large', 'Zutaten', 'Käse']);
    const line = { menuItemId: item['id'], variantId: variants[0].id, quantity: 1 };
    const order = await post('/v1/orders', { type: 'takeaway', lines: [line] });
    assert.deepEqual([order.lines[0].name, order.lines[0].variantName ?? 'Small'], ['Soup', 'Small']);
    const body = { name: 'Odd', price: 1, categoryId: category.id };
    for (const translations of [
      { tlh: { name: 'Qapla' } },
      { de: { title: 'x' } },
      { de: { description: 'x'.repeat(2001) } },
    ])
      await refused(422, '/v1/menu-items', { ...body, translations });
    const cleared = await patch(`/v1/menu-items/${item['id']}`, { translations: {} });
    assert.deepEqual(cleared.translations, {});
  });

  test('the free text of before becomes codes where it is known, and stays where it is not', async () => {
    const old = await createOldDatabase('0122');
    try {
      const owner = <T extends object>(text: string, values: unknown[] = []) =>
        withClient(old.ownerUrl, async (client) => (await client.query<T>(text, values)).rows);
      const id = '01940000-0000-7000-8000-000000000001';
      await owner(
        `with r as (
           insert into restaurants (id, name, currency, timezone, business_day_cutoff_hour, created_at, updated_at)
           values ($1, 'before', 'EUR', 'UTC', 4, now(), now()) returning id
         ), c as (
           insert into categories (restaurant_id, id, name, created_at, updated_at) select id, id, 'Food', now(), now() from r returning id
         )
         insert into menu_items (restaurant_id, id, category_id, name, price, allergens, created_at, updated_at)
         select c.id, c.id, c.id, 'Soup', 1, array[' Milch', 'none', 'Weizen', 'EGG', 'milk'], now(), now() from c`,
        [id],
      );
      const [before] = await owner<{ menu_version: string }>('select menu_version from restaurants');
      await migrate(old.ownerUrl, MIGRATIONS);
      const items = await owner('select allergens, other_allergens from menu_items');
      assert.deepEqual(items, [{ allergens: ['gluten', 'eggs', 'milk'], other_allergens: ['none', 'Weizen'] }]);
      const [after] = await owner<{ menu_version: string }>('select menu_version from restaurants');
      assert.notDeepEqual(after, before, 'menus in memory are read again');
      // A process of the version before still writes.
      await owner(`update menu_items set allergens = array['fish', 'Milch', 'none']`);
      const later = await owner('select allergens, other_allergens from menu_items');
      assert.deepEqual(later, [{ allergens: ['fish'], other_allergens: ['none', 'Weizen', 'Milch'] }]);
    } finally {
      await old.drop();
    }
  });
});
