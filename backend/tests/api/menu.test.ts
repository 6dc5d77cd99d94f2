import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi } from '../support/api.js';

describe('menu', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi();
    token = (await api.restaurant()).token;
  });
  after(() => api.close());

  test('resolves categories, variants, modifiers and taxes in one answer', async () => {
    const tax = expectStatus(
      201,
      await api.post('/v1/taxes', { name: 'VAT', rate: '8.875', inclusive: false }, { token }),
    );
    const group = expectStatus(
      201,
      await api.post(
        '/v1/modifier-groups',
        { name: 'Milk', minSelections: 0, maxSelections: 1, modifiers: [{ name: 'Oat', price: 50 }] },
        { token },
      ),
    );
    const item = await api.item(token, {
      name: 'Coffee',
      taxIds: [tax.id],
      modifierGroupIds: [group.id],
      variants: [{ name: 'Large', price: 400 }],
      allergens: ['milk'],
    });
    const menu = expectStatus(200, await api.get('/v1/menu', { token }));
    const found = menu.categories
      .flatMap((category: { items: { id: string }[] }) => category.items)
      .find((one: { id: string }) => one.id === item.id);
    assert.equal(found.variants[0].price, 400);
    assert.equal(found.modifierGroups[0].modifiers[0].name, 'Oat');
    assert.deepEqual(found.taxes, [{ taxId: tax.id, name: 'VAT', rate: '8.875', inclusive: false }]);
  });
});
