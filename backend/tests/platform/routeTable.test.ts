import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../../src/routes/support/endpoint.js';
import { RouteTable } from '../../src/routes/support/routeTable.js';

const PATHS = [
  '/v1/stock',
  '/v1/stock/low',
  '/v1/stock/{id}',
  '/v1/stock/{id}/lines/{lineId}',
  '/v1/stock/low/lines',
  '/v1/documents/{id}',
  '/v1/documents/{id}.pdf',
  '/v1/documents/{id}.zip.pdf',
];
// Only these fields are read.
const spec = (path: string, method = 'get') => ({ method, path }) as Endpoint;
const table = new RouteTable([...PATHS.map((path) => spec(path)), spec('/v1/stock/{id}', 'patch')]);

for (const [path, pattern, values] of [
  ['/v1/stock', '/v1/stock', []],
  ['/v1/stock/low', '/v1/stock/low', []],
  ['/v1/stock/x', '/v1/stock/{id}', ['x']],
  ['/v1/stock/low/lines', '/v1/stock/low/lines', []],
  ['/v1/stock/low/lines/7', '/v1/stock/{id}/lines/{lineId}', ['low', '7']],
  ['/v1/documents/a.pdf', '/v1/documents/{id}.pdf', ['a']],
  ['/v1/documents/a.zip.pdf', '/v1/documents/{id}.zip.pdf', ['a']],
  ['/v1/documents/a.txt', '/v1/documents/{id}', ['a.txt']],
  ['/v1/documents/.pdf', '/v1/documents/{id}', ['.pdf']],
  ['/v1/stock/%2f', '/v1/stock/{id}', ['%2f']],
] as const)
  test(`a route table finds ${path}`, () => {
    const found = table.find(path);
    assert.equal(found?.byMethod.get('GET')?.path, pattern);
    assert.deepEqual(found?.values, values);
  });

for (const path of [
  '',
  '/',
  'v1/stock',
  '/v1/stock/',
  '/v1/Stock',
  '/v1/stock/x/lines/',
  '/v1/stock//lines/7',
  '//v1/stock',
])
  test(`a route table finds nothing at ${JSON.stringify(path)}`, () => assert.equal(table.find(path), undefined));

test('a route table has all methods of a path, and no method twice', () => {
  assert.deepEqual([...(table.find('/v1/stock/x')?.byMethod.keys() ?? [])], ['GET', 'PATCH']);
  assert.throws(() => new RouteTable([spec('/a/{id}'), spec('/a/{id}')]), /declared twice/);
});
