/**
 * Everything that a request schema accepts, the answer schemas can express. The tests send bodies
 * at the bounds of every write and then call every read. `TestApi` checks each answer against
 * /openapi.json. No answer here may be a server error, and no read may be refused for data that was
 * accepted before.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { inlined } from '../support/description.js';
import { BoundaryBodies } from '../support/boundaryBody.js';

const RUNS = Number(process.env['BOUND_RUNS'] ?? 160);
const ROUNDS = 2;
const DAY = '2026-11-10';
/**
 * Left out here. Accounts, keys, files, the assistant and messages have tests of their own.
 * Endpoints about the server as a whole have no body of a restaurant.
 */
const LEFT_OUT = /^\/v1\/(?:auth|members|api-keys|demo-sessions|imports|me|assistant|messages)\b/;
/** The field that names a resource, by the collection that holds it. */
const FIELDS: Record<string, string> = {
  'menu-items': 'menuItemId',
  categories: 'categoryId',
  'modifier-groups': 'modifierGroupId',
  taxes: 'taxId',
  orders: 'orderId',
  payments: 'paymentId',
  'inventory-items': 'inventoryItemId',
  recipes: 'recipeId',
  'stock-locations': 'locationId',
  suppliers: 'supplierId',
  'supplier-items': 'supplierItemId',
  'purchase-orders': 'purchaseOrderId',
  'goods-receipts': 'goodsReceiptId',
  documents: 'documentId',
  'document-series': 'seriesId',
};
/** Fields that name the same resource otherwise. */
const ALIASES: Record<string, string> = {
  taxIds: 'taxId',
  modifierGroupIds: 'modifierGroupId',
  inventoryItemIds: 'inventoryItemId',
  outputItemId: 'inventoryItemId',
  fromLocationId: 'locationId',
  toLocationId: 'locationId',
};

describe('bounds of what comes in imply those of what goes out', () => {
  let api: TestApi;
  let token: string;
  let document: Json;
  let writes: { method: string; path: string; schema: Json }[];
  let reads: { path: string; query: string }[];
  /** Ids by field. */
  let known: Map<string, string[]>;
  let random: () => number = Math.random;
  let bodies: BoundaryBodies;

  before(async () => {
    api = await startApi({ clock: () => new Date(`${DAY}T12:00:00Z`) });
    document = inlined(expectStatus(200, await api.get('/openapi.json')));
    const operations = Object.entries<Json>(document.paths)
      .filter(([path]) => !LEFT_OUT.test(path))
      .flatMap(([path, methods]) => Object.entries<Json>(methods).map(([method, one]) => ({ method, path, ...one })));
    writes = operations.flatMap(({ method, path, requestBody }) => {
      const schema = requestBody?.content['application/json']?.schema;
      return schema ? [{ method: method.toUpperCase(), path, schema }] : [];
    });
    reads = operations
      .filter(({ method, responses }) => method === 'get' && responses['200']?.content?.['application/json'])
      .map(({ path, parameters = [] }) => ({
        path,
        query: parameters.some((one: Json) => one.name === 'from') ? `?from=${DAY}&to=${DAY}` : '',
      }));
    assert.ok(writes.length > 40 && reads.length > 30, `${writes.length} writes, ${reads.length} reads`);
  });
  after(() => api.close());

  const resolve = (schema: Json): Json => {
    const name = /^#\/components\/schemas\/(.+)$/.exec(schema?.$ref ?? '')?.[1];
    return name === undefined ? schema : resolve(document.components.schemas[name]);
  };
  /** The kinds of value that a schema takes, null left out. */
  const kindsOf = (schema: Json): Json[] => {
    const found = resolve(schema);
    const ways = found.anyOf ?? found.oneOf;
    if (ways) return ways.flatMap(kindsOf);
    const types: string[] = Array.isArray(found.type) ? found.type : [found.type];
    return types.filter((type) => type !== 'null').map((type) => ({ ...found, type }));
  };

  /** Fields that stand under one name in what is sent and in what is answered. */
  function pairsOf(sent: Json, told: Json, where: string): { where: string; sent: Json[]; told: Json[] }[] {
    const [from, to] = [kindsOf(sent), kindsOf(told)];
    const [items, toldItems] = [from[0]?.items, to[0]?.items];
    if (items && toldItems) return pairsOf(items, toldItems, `${where}/*`);
    const [fields, toldFields] = [from[0]?.properties, to[0]?.properties];
    if (!fields || !toldFields) return [{ where, sent: from, told: to }];
    return Object.keys(fields)
      .filter((name) => name in toldFields)
      .flatMap((name) => pairsOf(fields[name], toldFields[name], `${where}/${name}`));
  }

  const idFor = (field: string): string | undefined => {
    const ids = known.get(ALIASES[field] ?? field) ?? [];
    return ids[Math.floor(random() * ids.length)];
  };
  const collectionOf = (path: string): string => path.split('/')[2] ?? '';

  /** The path with ids of what it names; undefined while there is none. */
  function filled(path: string): string | undefined {
    const owner = FIELDS[collectionOf(path)];
    let isKnown = true;
    const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = name === 'date' ? DAY : idFor(name === 'id' ? (owner ?? name) : name);
      isKnown &&= value !== undefined;
      return value ?? '';
    });
    return isKnown ? target : undefined;
  }

  function learn(path: string, body: Json): void {
    const note = (field: string | undefined, id: unknown): void => {
      if (field === undefined || typeof id !== 'string') return;
      known.set(field, [...(known.get(field) ?? []), id]);
    };
    note(path.endsWith('/payments') ? 'paymentId' : FIELDS[collectionOf(path)], body?.id);
    note('goodsReceiptId', body?.goodsReceipt?.id);
    for (const line of body?.lines ?? []) note('lineId', line?.id);
    for (const modifier of body?.modifiers ?? []) note('modifierId', modifier?.id);
    for (const variant of body?.variants ?? []) note('variantId', variant?.id);
  }

  async function send({ method, path, schema }: (typeof writes)[number]): Promise<Answer | undefined> {
    const target = filled(path);
    const body = bodies.value(schema);
    if (target === undefined || body === undefined) return undefined;
    const headers: Record<string, string> = {};
    if (method === 'PATCH') {
      const etag = (await api.get(target, { token })).headers.get('etag');
      if (etag !== null) headers['if-match'] = etag;
    }
    const answer = await api.request(method, target, body, { token, headers });
    assert.ok(answer.status < 500, `${method} ${path} ${JSON.stringify(body)}: ${answer.text}`);
    if (answer.status === 201) learn(path, answer.body);
    return answer;
  }

  async function readAll(): Promise<void> {
    for (const { path, query } of reads) {
      const target = filled(path);
      if (target === undefined) continue;
      const answer = await api.get(target + query, { token });
      assert.ok([200, 404].includes(answer.status), `GET ${target}${query}: ${answer.text}`);
    }
  }

  test('field by field: no answer is narrower than what is sent under its name', () => {
    const compared: string[] = [];
    const narrower: string[] = [];
    for (const { method, path, schema } of writes) {
      const { responses } = document.paths[path][method.toLowerCase()];
      const answer = (responses['201'] ?? responses['200'])?.content?.['application/json']?.schema;
      if (answer === undefined) continue;
      for (const { where, sent, told } of pairsOf(schema, answer, `${method} ${path}`)) {
        compared.push(where);
        // Free text is sorted into codes and other texts.
        if (where.endsWith('/allergens/*')) continue;
        if (isNarrower(sent, told)) narrower.push(`${where}: ${JSON.stringify(sent)} into ${JSON.stringify(told)}`);
      }
    }
    assert.ok(compared.length > 100, `only ${compared.length} fields were compared`);
    assert.deepEqual(narrower, []);
  });

  test('after writes at their bounds every read answers', async () => {
    let taken = 0;
    const one = fc.record({ seed: fc.integer() });
    await fc.assert(
      fc.asyncProperty(one, async ({ seed }) => {
        token = await api.apiKey((await api.restaurant({ currency: 'IDR' })).token);
        known = new Map();
        random = randomOf(seed);
        bodies = new BoundaryBodies(document, { random, idFor });
        // Each kind of thing once, so that there is something to name.
        for (const write of writes.filter(({ method, path }) => method === 'POST' && !path.includes('{')))
          for (let attempt = 0; attempt < 3; attempt += 1) if ((await send(write))?.status === 201) taken += 1;
        for (let step = 0; step < RUNS / ROUNDS; step += 1) {
          const write = writes[Math.floor(random() * writes.length)];
          const answer = write && (await send(write));
          if (answer && answer.status < 300) taken += 1;
        }
        await readAll();
      }),
      { numRuns: ROUNDS, endOnFailure: true },
    );
    assert.ok(taken > RUNS / 8, `only ${taken} writes were taken`);
  });
});

/**
 * Whether a request allows a value that the answer does not. A number that may also be sent as text
 * is returned as text.
 */
function isNarrower(sent: readonly Json[], told: readonly Json[]): boolean {
  const asText = sent.filter(({ type }) => type === 'string');
  const judged = asText.length > 0 ? asText : sent;
  return judged.some((one) => !told.some((other) => isWithin(one, other)));
}

function isWithin(one: Json, other: Json): boolean {
  const [least, most] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  if (one.type !== other.type) return false;
  if (other.enum) return (one.enum ?? [undefined]).every((value?: string) => other.enum.includes(value));
  if (one.type !== 'string')
    return (one.minimum ?? least) >= (other.minimum ?? least) && (one.maximum ?? most) <= (other.maximum ?? most);
  // The check of an address comes behind its trimming, where no schema of what is sent shows it.
  if (other.format === 'email') return true;
  if (other.pattern !== undefined && one.pattern !== other.pattern) return false;
  return (one.maxLength ?? Infinity) <= (other.maxLength ?? Infinity) || one.pattern !== undefined;
}

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
