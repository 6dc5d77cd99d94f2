import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planShards } from '../support/shard.js';

test('every test file belongs to exactly one shard, the same one each time', () => {
  const shards = planShards([]);
  const files = shards.flat();
  assert.equal(new Set(files).size, files.length);
  assert.ok(files.includes('platform/shards.test.js'));
  assert.ok(shards.every((shard) => shard.length > 0));
  assert.deepEqual(planShards([]), shards);
});

test('words choose the test files whose path holds one of them', () => {
  assert.deepEqual(planShards(['platform/shards']).flat(), ['platform/shards.test.js']);
  assert.deepEqual(planShards(['no such file']).flat(), []);
});
