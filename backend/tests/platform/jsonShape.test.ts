/**
 * How much of a body is checked: none of an oversized body, and of an invalid one no more than its
 * answer reports.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { AppError } from '../../src/domain/shared/errors.js';
import { boundLists } from '../../src/middleware/boundedLists.js';
import { checkShape } from '../../src/middleware/jsonShape.js';
import { MAX_FAULTS, validateBody } from '../../src/middleware/validate.js';

const fieldsOf = (count: number) => `{${Array.from({ length: count }, (_, index) => `"f${index}":1`).join(',')}}`;
const listOf = (entry: string, count: number) => `[${Array<string>(count).fill(entry).join(',')}]`;
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** @returns the code and message of the refusal, if there is one. */
function refusalOf(work: () => unknown): [code: string, message: string] | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return [error.code, error.message];
  }
}

const shape = (text: string) => refusalOf(() => checkShape(Buffer.from(text)))?.[0];

describe('the shape of a JSON text', () => {
  test('is bounded in values, fields of an object, bytes of a name and depth', () => {
    for (const [fits, tooMuch, code] of [
      [listOf('1', 19_999), listOf('1', 20_001), 'payload_too_large'],
      [listOf('{}', 9_999), listOf('{}', 10_001), 'payload_too_large'],
      [listOf('[]', 9_999), `{"lines":${listOf('[]', 10_001)}}`, 'payload_too_large'],
      [fieldsOf(200), fieldsOf(201), 'payload_too_large'],
      [listOf(fieldsOf(90), 200), `[1,{"a":${fieldsOf(201)}}]`, 'payload_too_large'],
      [`{"${'x'.repeat(200)}":1}`, `{"${'x'.repeat(201)}":1}`, 'payload_too_large'],
      [nested(32), nested(33), 'invalid_request'],
      [nested(32), nested(400_000), 'invalid_request'],
      [nested(32), '['.repeat(33), 'malformed_request'],
      [nested(32), '['.repeat(900_000), 'malformed_request'],
    ] as const) {
      assert.equal(shape(fits), undefined, fits.slice(0, 50));
      assert.equal(shape(tooMuch), code, tooMuch.slice(0, 50));
    }
  });

  test('is not what stands inside of texts, whatever they escape', () => {
    const text = ',[{:"\\'.repeat(20_000);
    for (const value of [text, `${text}"`, '\\', '"', '\\"', `\\${text}`])
      assert.equal(shape(JSON.stringify({ a: value, b: [value] })), undefined);
    assert.equal(shape(`${JSON.stringify([text])}${listOf('1', 20_001)}`), 'payload_too_large');
  });

  test('is left to the parser where it is broken', () => {
    for (const text of ['', '"', '"\\', '}', ']]]]', '{"a":', '::::', '{"a"', ']'.repeat(100_000)])
      assert.equal(shape(text), undefined, text.slice(0, 20));
  });
});

describe('lists in a body', () => {
  let looks = 0;
  const entry = z.unknown().refine((value) => {
    looks += 1;
    return value === 'good';
  }, 'Bad.');
  const inner = z.strictObject({ entries: z.array(entry).max(500) });
  const body = z
    .strictObject({ groups: z.array(inner.nullable().optional()).min(1, 'None.').max(500).default([]) })
    .refine(({ groups }) => groups.every((group) => Array.isArray(group?.entries)), 'Odd.');
  boundLists(body, MAX_FAULTS);

  function lookAt(value: unknown): { looks: number; refusal: AppError | undefined } {
    looks = 0;
    try {
      validateBody(body, value);
      return { looks, refusal: undefined };
    } catch (error) {
      assert.ok(error instanceof AppError, String(error));
      return { looks, refusal: error };
    }
  }

  test('that are good are read whole', () => {
    const good = { groups: Array.from({ length: 500 }, () => ({ entries: Array<string>(30).fill('good') })) };
    assert.deepEqual(lookAt(good), { looks: 15_000, refusal: undefined });
  });

  test('that are too long are not looked into, nor is what is said about the whole', () => {
    for (const [value, pointer] of [
      [{ groups: Array<null>(501).fill(null) }, '/groups'],
      [{ groups: [{ entries: Array<string>(10_000).fill('good') }] }, '/groups/0/entries'],
    ] as const) {
      const { looks: count, refusal } = lookAt(value);
      assert.equal(count, 0);
      assert.deepEqual(refusal?.errors, [
        { pointer, message: 'Give at most 500 entries.', rule: 'max_entries', params: { limit: '500' } },
      ]);
    }
  });

  test('that are bad are looked at as far as faults are told, twenty', () => {
    const bad = { groups: Array.from({ length: 500 }, () => ({ entries: Array<string>(30).fill('bad') })) };
    const { looks: count, refusal } = lookAt(bad);
    assert.equal(count, 20);
    assert.equal(refusal?.errors?.length, 20);
    assert.match(refusal.message, /^\/groups\/0\/entries\/0: Bad\. \(and at least 19 more\)$/);
  });

  test('that have no bound are no part of an API', () => {
    assert.throws(() => boundLists(z.strictObject({ any: z.array(z.string()).optional() }), 20), /maximum/);
  });
});

test('of texts that cannot be stored, as of fields that are not known, twenty are told', () => {
  const fields = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index}`, 'a\u0000']));
  const known = z.strictObject({ a: z.int().optional() });
  for (const value of [fields, Object.fromEntries(Object.keys(fields).map((name) => [name, 1]))]) {
    assert.throws(
      () => validateBody(known, value),
      (error) => error instanceof AppError && error.errors?.length === 20 && /at least 19 more/.test(error.message),
    );
  }
});

test('what would be stored otherwise than it was sent is refused, also where any value is taken', () => {
  const any = z.strictObject({ value: z.record(z.string(), z.unknown()) });
  for (const [json, pointer] of [
    ['{"value":{"list":[1e308,1e400]}}', '/value/list/1'],
    ['{"value":{"low":-1e400}}', '/value/low'],
    ['{"value":{"in":{"__proto__":{"x":1}}}}', '/value/in/__proto__'],
  ]) {
    assert.throws(
      () => validateBody(any, JSON.parse(json ?? '')),
      (error) => error instanceof AppError && error.errors?.length === 1 && error.errors[0]?.pointer === pointer,
      json,
    );
  }
  const usual = { value: { constructor: 1, toString: 'a', number: 1e308 } };
  assert.deepEqual(validateBody(any, usual), usual);
});
