/** Every type of event is described, and an event that is not as described is found. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVENT_TYPES } from '../../src/domain/shared/events.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { ContractCheck } from '../support/contract.js';

describe('the schemas of events', () => {
  let api: TestApi;
  let contract: ContractCheck;
  let placed: Json;

  before(async () => {
    api = await startApi();
    contract = await ContractCheck.load(api.url);
    const { token } = await api.restaurant();
    const item = await api.item(token);
    await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    await api.context.events.relay();
    [placed] = expectStatus(200, await api.get('/v1/events?types=order.placed', { token })).data;
  });
  after(() => api.close());

  test('are there for each type, each with its name', async () => {
    const { webhooks } = expectStatus(200, await api.get('/openapi.json'));
    assert.deepEqual(Object.keys(webhooks), [...EVENT_TYPES]);
    const names = new Set(Object.values<Json>(webhooks).map(({ post }) => post.operationId));
    assert.equal(names.size, EVENT_TYPES.length);
  });

  test('take an event as it is, and refuse fields that are missing, unknown or of another kind', () => {
    const { total, ...less } = placed.data;
    assert.equal(contract.faultOfEvent('order.placed', placed), undefined);
    for (const data of [less, { ...placed.data, tip: 1 }, { ...placed.data, total: String(total) }])
      assert.match(contract.faultOfEvent('order.placed', { ...placed, data }) ?? '', /^order\.placed: /);
    assert.match(contract.faultOfEvent('order.changed', placed) ?? '', /^order\.changed: /);
  });
});
