/** A real menu of 255 items, posted through the API and ordered from. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { parseDecimal } from '../../src/domain/number/money.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { sharedData } from '../support/sharedData.js';

interface SourceItem {
  name: string;
  price: number;
  description?: string;
  allergens?: string[];
  additives?: string[];
  onlyAsSupplement?: boolean;
}

interface SourceCategory {
  category: string;
  availableAt?: { day: string; from: string; to: string }[];
  supplementedBy?: { reference: { category: string; item: string } }[];
  items: SourceItem[];
}

const { file, skip } = sharedData('menu-asia-restaurant/menu.json');
const FRIDAY_NOON = '2026-11-20T11:00:00Z';

describe('a real menu', { skip }, () => {
  let api: TestApi;
  let token: string;
  let source: SourceCategory[];
  let now = new Date(FRIDAY_NOON);
  before(async () => {
    api = await startApi({ clock: () => now });
    token = await api.apiKey((await api.restaurant()).token);
    const parsed: { cafeData: { menu: SourceCategory[] } } = JSON.parse(await readFile(file, 'utf8'));
    source = parsed.cafeData.menu;
    for (const [position, category] of source.entries()) await post(category, position);
  });
  after(() => api.close());

  async function post(category: SourceCategory, position: number): Promise<void> {
    const schedules =
      category.availableAt?.map(({ day, from, to }) => ({ days: [day.slice(0, 3).toLowerCase()], from, to })) ?? [];
    const { id: categoryId } = await api.category(token, { name: category.category, position, schedules });
    const starters = category.supplementedBy?.map(({ reference }) => ({ name: reference.item, price: 0 }));
    const group = starters
      ? expectStatus(
          201,
          await api.post(
            '/v1/modifier-groups',
            { name: 'Starter', minSelections: 1, maxSelections: 1, modifiers: starters },
            { token },
          ),
        )
      : undefined;
    for (const [place, item] of category.items.entries()) {
      await api.item(token, {
        categoryId,
        name: item.name,
        price: parseDecimal(String(item.price), 2),
        ...(item.description ? { description: item.description } : {}),
        allergens: item.allergens ?? [],
        position: place,
        isAvailable: !item.onlyAsSupplement,
        modifierGroupIds: group && !item.onlyAsSupplement ? [group.id] : [],
      });
    }
  }

  test('comes back whole in one answer', async () => {
    const menu = expectStatus(200, await api.get('/v1/menu', { token }));
    const items: Json[] = menu.categories.flatMap((category: Json) => category.items);
    assert.equal(menu.categories.length, 24);
    assert.equal(items.length, 255);
    assert.equal(
      items.reduce((sum, item) => sum + item.price, 0),
      182_480,
    );
    assert.equal(items.filter((item) => item.allergens.length + item.otherAllergens.length > 0).length, 162);
    assert.deepEqual(
      menu.categories.map((category: Json) => category.name),
      source.map((category) => category.category),
    );
  });

  test('serves lunch with its starter at lunch hours only', async () => {
    const lunchCategory = source.find((category) => category.supplementedBy);
    const find = async () => {
      const menu = expectStatus(200, await api.get('/v1/menu', { token }));
      return menu.categories
        .find((category: Json) => category.name === lunchCategory?.category)
        .items.find((item: Json) => item.modifierGroups.length > 0);
    };
    const lunch = await find();
    assert.equal(lunch.isAvailable, true);
    const [soup, rolls] = lunch.modifierGroups[0].modifiers;
    const place = (modifiers: Json[]) =>
      api.post('/v1/orders', { type: 'dine_in', lines: [{ menuItemId: lunch.id, quantity: 1, modifiers }] }, { token });
    expectStatus(422, await place([]));
    expectStatus(422, await place([{ modifierId: soup.id }, { modifierId: rolls.id }]));
    assert.equal(expectStatus(201, await place([{ modifierId: rolls.id }])).total, lunch.price);
    now = new Date('2026-11-20T13:30:00Z'); // 14:30 in Berlin
    assert.equal((await find()).unavailableReason, 'outside_schedule');
    expectStatus(409, await place([{ modifierId: soup.id }]));
    now = new Date(FRIDAY_NOON);
  });
});
