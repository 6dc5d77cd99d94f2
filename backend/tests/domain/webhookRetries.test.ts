import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterFailure } from '../../src/domain/webhook/retries.js';

const HOUR_MS = 3_600_000;
const failed = (fields: Partial<Parameters<typeof retryAfterFailure>[0]> = {}) =>
  retryAfterFailure({ attempts: 1, failuresInRow: 1, retryAfterMs: undefined, chance: 0, ...fields });

test('a delivery is tried ten times within 75 h 35 min', () => {
  const delays = Array.from({ length: 10 }, (_, index) => failed({ attempts: index + 1 }).againMs);
  assert.equal(delays[9], null);
  const totalMs = delays.slice(0, 9).reduce<number>((sum, delay) => sum + (delay ?? 0), 0);
  assert.equal(totalMs, 75 * HOUR_MS + 35 * 60_000 + 5_000);
});

test('each delay is up to a tenth longer or shorter', () => {
  assert.deepEqual(
    [-1_000, 0, 1_000].map((chance) => failed({ attempts: 2, chance }).againMs),
    [270_000, 300_000, 330_000],
  );
});

test('Retry-After is obeyed up to a day, and holds the whole endpoint', () => {
  assert.deepEqual(failed({ retryAfterMs: HOUR_MS }), { againMs: HOUR_MS, restMs: HOUR_MS });
  assert.deepEqual(failed({ retryAfterMs: 900 * HOUR_MS }).restMs, 24 * HOUR_MS);
  assert.deepEqual(failed({ attempts: 10, retryAfterMs: HOUR_MS }), { againMs: null, restMs: HOUR_MS });
  assert.equal(failed({ retryAfterMs: 0 }).againMs, 5_000, 'never sooner than the schedule');
});

test('an endpoint rests from the fifth failure in a row, for a minute at most', () => {
  const rests = [1, 4, 5, 6, 10, 11, 500].map((failuresInRow) => failed({ failuresInRow }).restMs);
  assert.deepEqual(rests, [0, 0, 1_000, 2_000, 32_000, 60_000, 60_000]);
});
