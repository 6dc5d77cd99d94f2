/** The API's own description, and the page that shows it without the internet. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readDescription, readVersion } from '../../src/routes/docs.js';
import { type Json, startApi, type TestApi } from '../support/api.js';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

describe('the description of the API', () => {
  let api: TestApi;
  let document: Json;
  let operations: { where: string; path: string; method: string; operation: Json }[];

  before(async () => {
    api = await startApi();
    document = (await api.get('/openapi.json')).body;
    operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, operation]) => ({
        where: `${method.toUpperCase()} ${path}`,
        path,
        method,
        operation,
      })),
    );
  });
  after(() => api.close());

  test('is an OpenAPI 3.1 document with the parts that one must have', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    for (const text of [document.info.title, document.info.version, document.info.description])
      assert.ok(typeof text === 'string' && text !== '');
    assert.deepEqual(document.components.securitySchemes.bearer.type, 'http');
    assert.ok(operations.length >= 40, `only ${operations.length} operations`);
    for (const { where, path, method } of operations) {
      assert.ok(METHODS.includes(method), where);
      assert.match(path, /^\/v1\/[a-z0-9{}/A-Z.-]+$/, where);
    }
  });

  test('is written by the build as the endpoints make it', async () => {
    const built = JSON.parse((await readDescription()) ?? 'null');
    assert.deepEqual({ ...built, info: { ...built.info, version: 'test' } }, document);
    assert.equal(built.info.version, await readVersion());
  });

  test('holds no reference that leads nowhere, and no component that nothing refers to', () => {
    const references = new Set<string>();
    walk(document, (node) => {
      if (typeof node.$ref !== 'string') return;
      references.add(node.$ref);
      const target = node.$ref
        .replace(/^#\//, '')
        .split('/')
        .reduce((found: Json, part: string) => found?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
      assert.ok(target, node.$ref);
    });
    assert.ok(references.size > 20);
    for (const name of Object.keys(document.components.schemas))
      assert.ok(references.has(`#/components/schemas/${name}`), `${name} is referred to nowhere`);
  });

  test('tells of the headers that answers really have', async () => {
    const { token } = await api.restaurant();
    const answer = await api.get('/v1/restaurant', { token });
    const { headers } = document.paths['/v1/restaurant'].get.responses['200'];
    assert.deepEqual(Object.keys(headers), ['ETag', 'RateLimit']);
    for (const name of Object.keys(headers)) assert.ok(answer.headers.has(name), name);
    const placed = document.paths['/v1/orders'].post.responses;
    assert.ok('Idempotent-Replayed' in placed['201'].headers && 'Retry-After' in placed['503'].headers);
    const refused = await api.post('/v1/orders', {}, { token });
    assert.deepEqual(Object.keys(placed['422'].headers), ['RateLimit']);
    assert.ok(refused.status === 422 && refused.headers.has('RateLimit'));
    assert.deepEqual(Object.keys(placed['409'].headers), ['RateLimit', 'Retry-After']);
  });

  test('gives each operation a name of its own, a summary, a tag and its security', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('getOrders') && names.includes('postOrdersIdLines'), names.join(' '));
    const tags = new Set(document.tags.map((tag: Json) => tag.name));
    for (const { where, operation } of operations) {
      assert.match(operation.operationId, /^[a-z]\w+$/, where);
      assert.ok(operation.summary, where);
      assert.ok(operation.tags.length === 1 && tags.has(operation.tags[0]), where);
      assert.ok(Array.isArray(operation.security), where);
    }
    const open = operations.filter(({ operation }) => operation.security.length === 0).map(({ path }) => path);
    assert.ok(open.includes('/v1/auth/login'));
    assert.ok(
      open.every(
        (path) =>
          path.startsWith('/v1/auth/') ||
          path === '/v1/demo-sessions' ||
          path.startsWith('/v1/twilio/') ||
          path === '/v1/inbound/mail/{token}',
      ),
      `open to everybody: ${open.join(' ')}`,
    );
  });

  test('declares every parameter of every path once, and none that the path does not have', () => {
    for (const { where, path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort(byText);
      const parameters: Json[] = operation.parameters ?? [];
      const declared = parameters.filter((one) => one.in === 'path');
      assert.deepEqual(declared.map((one) => one.name).sort(byText), inPath, where);
      assert.ok(
        declared.every((one) => one.required === true && one.schema),
        where,
      );
      const keys = parameters.map((one) => `${one.in} ${one.name}`);
      assert.equal(new Set(keys).size, keys.length, where);
    }
  });

  test('gives each operation a success and the refusals that can come, as problem+json', () => {
    for (const { where, path, method, operation } of operations) {
      const statuses = Object.keys(operation.responses);
      assert.ok(
        statuses.some((status) => /^2\d\d$/.test(status)),
        where,
      );
      const refusals = statuses.filter((status) => /^[45]\d\d$/.test(status));
      const needed = ['422', '429', '500', '503'];
      if (operation.security.length > 0) needed.push('401', '403');
      if (path.includes('{')) needed.push('404');
      if (method !== 'get') needed.push('400', '409', '415', '413');
      for (const status of needed) assert.ok(refusals.includes(status), `${where} does not tell of ${status}`);
      for (const status of refusals) {
        const { description, content } = operation.responses[status];
        assert.ok(description, where);
        assert.deepEqual(Object.keys(content), ['application/problem+json'], `${where} ${status}`);
        assert.deepEqual(content['application/problem+json'].schema, { $ref: '#/components/schemas/Problem' }, where);
      }
      assert.deepEqual(
        refusals.filter((status) => status.startsWith('5')),
        ['500', '503'],
        where,
      );
      assert.ok(!('Retry-After' in operation.responses['500'].headers), where);
    }
  });

  test('tells of Idempotency-Key on every write whose caller can be told from others, and of If-Match with 412 and 428 where it is demanded', () => {
    for (const { where, method, operation } of operations) {
      const headers: Json[] = (operation.parameters ?? []).filter((one: Json) => one.in === 'header');
      const key = headers.find((one) => one.name === 'Idempotency-Key');
      // Who opens a demo or forgot a password proves nothing; mails are told apart by their bytes.
      const isKeyless = /^POST \/v1\/(?:demo-sessions|auth\/forgot-password|inbound\/mail\/\{token\})$/.test(where);
      assert.equal(key !== undefined, method !== 'get' && !isKeyless, where);
      const version = headers.find((one) => one.name === 'If-Match');
      assert.equal('428' in operation.responses, version?.required === true, where);
      assert.equal('412' in operation.responses, version !== undefined, where);
    }
  });

  test('tells of If-None-Match where an answer can be 304', () => {
    for (const { where, operation } of operations) {
      const headers: Json[] = operation.parameters ?? [];
      assert.equal(
        headers.some((one) => one.name === 'If-None-Match'),
        '304' in operation.responses,
        where,
      );
    }
  });

  test('demands a body only where none is refused', () => {
    const isDemanded = (path: string) => document.paths[path].post.requestBody.required === true;
    for (const path of ['/v1/orders', '/v1/imports', '/v1/documents/{id}/void']) assert.ok(isDemanded(path), path);
    for (const path of ['/v1/orders/{id}/accept', '/v1/demo-sessions', '/v1/business-days/{date}/close'])
      assert.ok(!isDemanded(path), path);
  });

  test('describes bodies as closed: a field that is not known is not allowed', () => {
    for (const { where, operation } of operations) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (!schema) continue;
      const found = schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema;
      assert.equal(found.additionalProperties, false, where);
    }
  });

  test('is shown by a page whose files all come from here', async () => {
    const page = await fetch(`${api.url}/docs`);
    const html = await page.text();
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /upgrade-insecure-requests/);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.ok(files.length >= 3);
    assert.doesNotMatch(html, /https?:|<script>|\son\w+=/);
    for (const file of files) {
      assert.match(file, /^\/docs\//);
      const answer = await fetch(api.url + file);
      const text = await answer.text();
      assert.equal(answer.status, 200, file);
      const type = file.endsWith('.css') ? /^text\/css/ : /javascript/;
      assert.match(answer.headers.get('content-type') ?? '', type, file);
      assert.ok(text.length > 50, file);
      for (const [, url] of text.matchAll(/url\(\s*["']?([^"')]{0,200})/g))
        if (file.endsWith('.css')) assert.match(url ?? '', /^(?:data:|#)/, `${file} loads ${url}`);
      if (file.endsWith('start.js')) {
        assert.match(text, /url: '\/openapi\.json'/);
        assert.match(text, /validatorUrl: null/);
      }
    }
  });
});

function byText(a: string = '', b: string = ''): number {
  return a < b ? -1 : Number(a > b);
}

function walk(node: Json, visit: (node: Json) => void): void {
  if (typeof node !== 'object' || node === null) return;
  visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}
