/** The list of menu items by its filters, against a slow reference. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const NAMES = ['Crème brûlée', 'Ice cream 100%', 'CREAM_soup', 'Steak'];
const STATIONS = ['Grill', 'bar', null];

describe('the list of menu items', () => {
  let api: TestApi;
  let token: string;
  const categories: string[] = [];
  const items: Json[] = [];

  before(async () => {
    api = await startApi();
    ({ token } = await api.restaurant());
    for (const name of ['Food', 'Drinks']) categories.push((await api.category(token, { name })).id);
    for (const [index, name] of NAMES.entries())
      for (const [at, station] of STATIONS.entries()) {
        const fields = { name: `${name} ${at}`, station, categoryId: categories[(index + at) % 2] };
        items.push(await api.item(token, { ...fields, isAvailable: (index + at) % 3 > 0 }));
      }
    const other = await api.restaurant();
    await api.item(other.token, { name: 'Cream of another', station: 'Grill' });
  });
  after(() => api.close());

  async function all(query: Record<string, string>): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const parameters = new URLSearchParams({ ...query, limit: '2', ...(cursor === '' ? {} : { cursor }) });
      const page = expectStatus(200, await api.get(`/v1/menu-items?${parameters.toString()}`, { token }));
      found.push(...page.data.map(({ name }: Json) => name));
      cursor = page.nextCursor;
    }
    return found;
  }

  test('gives by any filters the items of a slow search, page by page', async () => {
    let matches = 0;
    for (const q of ['', 'cream', 'CRÈME', '0%', 'm_s', 'nothing'])
      for (const station of ['', 'GRILL', 'bar', 'oven'])
        for (const categoryId of ['', ...categories])
          for (const isAvailable of ['', 'true', 'false']) {
            const sent = Object.entries({ q, station, categoryId, isAvailable }).filter(([, value]) => value !== '');
            const expected = items
              .filter((item) => item.name.toLowerCase().includes(q.toLowerCase()))
              .filter((item) => station === '' || item.station?.toLowerCase() === station.toLowerCase())
              .filter((item) => categoryId === '' || item.categoryId === categoryId)
              .filter((item) => isAvailable === '' || String(item.isAvailable) === isAvailable)
              .map(({ name }) => name);
            assert.deepEqual(await all(Object.fromEntries(sent)), expected, JSON.stringify(sent));
            matches += expected.length;
          }
    assert.ok(matches > 100, `only ${matches} matched`);
  });

  test('refuses filters that it does not know, and a cursor of others', async () => {
    for (const query of ['q=', 'categoryId=food', 'isAvailable=yes', 'station=', 'price=3'])
      expectProblem(422, await api.get(`/v1/menu-items?${query}`, { token }), query);
    const first = expectStatus(200, await api.get('/v1/menu-items?limit=1&station=bar', { token }));
    for (const query of ['station=grill', 'q=bar', ''])
      expectProblem(422, await api.get(`/v1/menu-items?limit=1&${query}&cursor=${first.nextCursor}`, { token }), query);
  });
});
