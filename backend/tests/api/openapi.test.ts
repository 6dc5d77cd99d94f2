/** The API's own description, and the page that shows it without the internet. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readDescription, readVersion } from '../../src/routes/docs.js';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { inlined } from '../support/description.js';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

describe('the description of the API', () => {
  let api: TestApi;
  /** As it is served. */
  let served: Json;
  /** Without references to parameters, headers and answers. */
  let document: Json;
  let operations: { where: string; path: string; method: string; operation: Json }[];

  before(async () => {
    api = await startApi();
    served = (await api.get('/openapi.json')).body;
    document = inlined(served);
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

  /** Parts of all operations as they are served. */
  const operationParts = (partsOf: (operation: Json) => Json[]): Json[] =>
    Object.values<Json>(served.paths).flatMap((methods) => Object.values<Json>(methods).flatMap(partsOf));

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
    assert.deepEqual({ ...built, info: { ...built.info, version: 'test' } }, served);
    assert.equal(built.info.version, await readVersion());
  });

  test('holds no reference that leads nowhere, and no component that nothing refers to', () => {
    const references = new Set<string>();
    walk(served, (node) => {
      const named = typeof node.$ref === 'string' ? [node.$ref] : [];
      for (const reference of [...named, ...Object.values<string>(node.discriminator?.mapping ?? {})]) {
        references.add(reference);
        const target = reference
          .replace(/^#\//, '')
          .split('/')
          .reduce((found: Json, part: string) => found?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], served);
        assert.ok(target, reference);
      }
    });
    assert.ok(references.size > 20);
    const { securitySchemes: _, ...kinds } = served.components;
    for (const [kind, components] of Object.entries<Json>(kinds))
      for (const name of Object.keys(components))
        assert.ok(references.has(`#/components/${kind}/${name}`), `${kind}/${name} is referred to nowhere`);
  });

  test('writes what operations share only once, so that it stays small', () => {
    for (const [kind, parts] of Object.entries<Json>({
      headers: operationParts((operation) =>
        Object.values<Json>(operation.responses).flatMap((one) => Object.values(one.headers ?? {})),
      ),
      parameters: operationParts((operation) => operation.parameters ?? []),
      responses: operationParts((operation) => Object.values(operation.responses)),
    })) {
      const repeated = parts
        .map((one: Json) => JSON.stringify(one))
        .filter(
          (text: string, index: number, all: string[]) => !text.startsWith('{"$ref"') && all.indexOf(text) !== index,
        );
      assert.deepEqual(repeated, [], kind);
    }
    const size = JSON.stringify(served).length / operations.length;
    assert.ok(size < 4_000, `${Math.round(size)} characters for each operation`);
  });

  test('names each object and each list of values, and writes null in one way', () => {
    const faults: string[] = [];
    const check = (schema: Json, where: string, isComponent: boolean, isPart: boolean): void => {
      if (!isComponent && !isPart && schema.properties) faults.push(`${where} has no name`);
      if (!isComponent && schema.enum?.filter((one: unknown) => one !== null).length > 1)
        faults.push(`${where} lists its values in place`);
      const choices: Json[] = schema.anyOf ?? schema.oneOf ?? [];
      const others = choices.filter((one) => one.type !== 'null');
      if (others.length < choices.length && others.length === 1 && !others[0].$ref)
        faults.push(`${where} could name null among its types`);
      if (choices.some((one) => one.anyOf ?? one.oneOf)) faults.push(`${where} has a choice within a choice`);
      if (schema.enum?.includes('true')) faults.push(`${where} is a boolean as text`);
      if (schema.format === 'uuid' && schema.pattern) faults.push(`${where} says twice that it is an id`);
      if (Math.abs(schema.minimum ?? 0) === Number.MAX_SAFE_INTEGER || schema.maximum === Number.MAX_SAFE_INTEGER)
        faults.push(`${where} has the bounds of every number`);
      for (const [name, field] of Object.entries<Json>(schema.properties ?? {}))
        check(field, `${where}.${name}`, false, false);
      if (schema.items) check(schema.items, `${where}[]`, false, false);
      for (const one of choices) check(one, where, false, false);
      for (const one of schema.allOf ?? []) check(one, where, false, true);
    };
    for (const [name, schema] of Object.entries<Json>(served.components.schemas)) check(schema, name, true, false);
    for (const { where, operation } of operations) {
      for (const { schema, name } of operation.parameters ?? []) check(schema, `${where}?${name}`, false, false);
      for (const { content = {} } of [operation.requestBody ?? {}, ...Object.values<Json>(operation.responses)])
        for (const media of Object.values<Json>(content)) check(media.schema, where, false, false);
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(served.components.schemas.OrderStatus.enum.slice(0, 2), ['placed', 'accepted']);
  });

  test('leaves answers open to fields of later versions, and tells choices apart by a field', () => {
    const open = (schema: Json): Json => served.components.schemas[schema.$ref.split('/').at(-1)];
    for (const name of ['Order', 'OrderLine', 'OrderTax', 'Customer', 'Problem', 'MenuItemList'])
      assert.equal(served.components.schemas[name].additionalProperties, undefined, name);
    const { oneOf, discriminator } = served.components.schemas.ImportInput;
    assert.equal(discriminator.propertyName, 'kind');
    assert.deepEqual(
      Object.values(discriminator.mapping),
      oneOf.map((one: Json) => one.$ref),
    );
    for (const [kind, $ref] of Object.entries(discriminator.mapping))
      assert.equal(open({ $ref }).properties.kind.const, kind);
  });

  test('describes each operation, tag and parameter, and shows an example of what is sent and answered', () => {
    for (const { name, description } of served.tags) assert.ok(description, name);
    for (const { where, operation } of operations) {
      assert.ok(operation.description, where);
      for (const { name, description, example } of operation.parameters ?? [])
        assert.ok(description && example !== undefined, `${where}: ${name}`);
      for (const { content = {} } of [operation.requestBody ?? {}, ...Object.values<Json>(operation.responses)])
        for (const [type, { examples }] of Object.entries<Json>(content))
          if (type.endsWith('json')) assert.ok(examples?.default, `${where} ${type}`);
    }
  });

  test('shows requests that are accepted as they are, but for the ids in them', async () => {
    const { token } = await api.restaurant();
    const key = await api.apiKey(token);
    const refused: string[] = [];
    for (const { where, path, method, operation } of operations) {
      const shown = operation.requestBody?.content['application/json']?.examples.default;
      if (!shown) continue;
      const { value } = served.components.examples[shown.$ref.split('/').at(-1)];
      const target = path.replaceAll(
        /\{(\w+)\}/g,
        (_, name: string) =>
          ({ date: '2026-11-10', position: '1', key: 'orders.view' })[name] ?? '019ab3f0-6c1e-7d42-9b58-2f6a1c0d4e77',
      );
      const headers: Record<string, string> = method === 'patch' ? { 'if-match': '"1"' } : {};
      const answer = await api.request(method.toUpperCase(), target, value, { token: key, headers });
      // A refusal of the body as a whole, or of one of its fields.
      if (answer.body?.code === 'invalid_request')
        refused.push(`${where}: ${answer.body.detail} ${JSON.stringify(value)}`);
    }
    assert.deepEqual(refused, []);
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
    for (const name of ['placeOrder', 'addOrderLine', 'listOrders', 'downloadDocumentPdf', 'acceptOrder'])
      assert.ok(names.includes(name), names.join(' '));
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
          path === '/v1/links/{token}' ||
          path === '/v1/devices/pairings' ||
          path === '/v1/devices/pairings/collect' ||
          path.startsWith('/v1/twilio/') ||
          path.startsWith('/v1/pictures/') ||
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
      // Callers who open a demo, ask for a code or forgot a password prove nothing; mails are told
      // apart by their bytes.
      const isKeyless =
        /^POST \/v1\/(?:demo-sessions|devices\/pairings|auth\/forgot-password|inbound\/mail\/\{token\})$/.test(where);
      assert.equal(key !== undefined, method !== 'get' && !isKeyless, where);
      const version = headers.find((one) => one.name === 'If-Match');
      assert.equal('428' in operation.responses, version?.required === true, where);
      // Its body has the versions of many things.
      const hasVersions = where === 'POST /v1/menu/bulk-changes';
      assert.equal('412' in operation.responses, version !== undefined || hasVersions, where);
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

  test('promises files as bytes', () => {
    for (const { where, operation } of operations)
      for (const [type, { schema }] of Object.entries<Json>(operation.responses['200']?.content ?? {}))
        if (/pdf$|^image/.test(type)) assert.deepEqual(schema, { type: 'string', format: 'binary' }, where);
  });

  test('is shown by a page whose files all come from here', async () => {
    const page = await fetch(`${api.url}/docs`);
    const html = await page.text();
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /upgrade-insecure-requests/);
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    // The empty icon keeps browsers from asking for one.
    const files = links.filter((link) => link !== 'data:,');
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
