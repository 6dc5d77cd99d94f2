/**
 * The process that asks a system for orders or for its catalogue: takes PeerWork as JSON, prints
 * PeerDone as JSON. Each caller sends its next request when the one before is answered.
 */
import { randomUUID } from 'node:crypto';

/** What a system needs to be asked, as its seed has printed it. */
export interface PeerSeed {
  variantIds: string[];
  [field: string]: unknown;
}

export interface PeerWork {
  system: 'servio' | 'vendure' | 'medusa';
  work: 'order' | 'catalogue';
  url: string;
  seed: PeerSeed;
  callers: number;
  seconds: number;
}

export interface PeerDone {
  done: number;
  perSecond: number;
  /** Requests of one order. */
  requests: number;
}

type Headers = Record<string, string>;
/** A part of a system's answer. */
type Answered = Record<string, unknown>;

const { system, work, url, seed, callers, seconds } = JSON.parse(process.argv[2] ?? '{}') as PeerWork; // Written by peers.ts.
const JSON_TYPE = { 'content-type': 'application/json' };
let requests = 0;
let turn = 0;

async function call(
  method: string,
  path: string,
  headers: Headers,
  body?: object,
): Promise<{ answer: Answered; headers: globalThis.Headers }> {
  requests += 1;
  const sent = { ...JSON_TYPE, ...headers };
  const response = await fetch(url + path, { method, headers: sent, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return { answer: JSON.parse(text) as Answered, headers: response.headers };
}

/** Two items, one of the first and two of the second. */
function pick(): [first: string, second: string] {
  const { variantIds } = seed;
  turn += 1;
  const half = variantIds.length >> 1;
  return [variantIds[turn % half]!, variantIds[half + ((turn * 7) % half)]!];
}

const servio = {
  headers: { authorization: `Bearer ${String(seed['token'])}` },
  async order() {
    const [a, b] = pick();
    const lines = [
      { menuItemId: a, quantity: 1 },
      { menuItemId: b, quantity: 2 },
    ];
    const { answer } = await call('POST', '/v1/orders', this.headers, { type: 'takeaway', lines });
    if ((answer['lines'] as unknown[]).length !== 2) throw new Error('an order lacks a line');
  },
  async catalogue() {
    await call('GET', '/v1/menu', this.headers);
  },
};

const RESULT = '__typename ... on Order { state } ... on ErrorResult { errorCode message }';
const vendure = {
  async order() {
    const [a, b] = pick();
    let headers: Headers = {};
    const change = async (text: string, variables: object): Promise<Answered> => {
      const asked = await call('POST', '/shop-api', headers, { query: text, variables });
      const token = asked.headers.get('vendure-auth-token');
      if (token) headers = { authorization: `Bearer ${token}` };
      const { data, errors } = asked.answer as { data?: { r: Answered }; errors?: unknown };
      if (!data || errors || data.r['errorCode']) throw new Error(JSON.stringify(asked.answer).slice(0, 300));
      return data.r;
    };
    const add = `mutation($v: ID!, $q: Int!) { r: addItemToOrder(productVariantId: $v, quantity: $q) { ${RESULT} } }`;
    await change(add, { v: a, q: 1 });
    await change(add, { v: b, q: 2 });
    const guest = { firstName: 'A', lastName: 'B', emailAddress: `${randomUUID()}@example.com` };
    await change(`mutation($i: CreateCustomerInput!) { r: setCustomerForOrder(input: $i) { ${RESULT} } }`, {
      i: guest,
    });
    const address = {
      fullName: 'A B',
      streetLine1: 'Street 1',
      city: 'Berlin',
      countryCode: 'DE',
      postalCode: '10115',
    };
    await change(`mutation($i: CreateAddressInput!) { r: setOrderShippingAddress(input: $i) { ${RESULT} } }`, {
      i: address,
    });
    const shipping = { s: [seed['shippingMethodId']] };
    await change(`mutation($s: [ID!]!) { r: setOrderShippingMethod(shippingMethodId: $s) { ${RESULT} } }`, shipping);
    const next = { s: 'ArrangingPayment' };
    await change(`mutation($s: String!) { r: transitionOrderToState(state: $s) { ${RESULT} } }`, next);
    const payment = { i: { method: 'dummy', metadata: {} } };
    const paid = await change(`mutation($i: PaymentInput!) { r: addPaymentToOrder(input: $i) { ${RESULT} } }`, payment);
    if (paid['state'] !== 'PaymentSettled') throw new Error(`an order ended as ${String(paid['state'])}`);
  },
  async catalogue() {
    const fields =
      'productName slug description sku priceWithTax { ... on PriceRange { min } ... on SinglePrice { value } }';
    const query = `{ search(input: { take: 32, groupByProduct: true }) { items { ${fields} } } }`;
    const { answer } = await call('POST', '/shop-api', {}, { query });
    const { data } = answer as { data?: { search: { items: unknown[] } } };
    if (data?.search.items.length !== 32) throw new Error('the search found another number of items');
  },
};

const medusa = {
  headers: { 'x-publishable-api-key': String(seed['publishableKey']) },
  async order() {
    const [a, b] = pick();
    const post = async (path: string, body: object) => (await call('POST', path, this.headers, body)).answer;
    const idOf = (part: unknown) => String((part as Answered)['id']);
    const cart = idOf(
      (await post('/store/carts', { region_id: seed['regionId'], email: `${randomUUID()}@example.com` }))['cart'],
    );
    await post(`/store/carts/${cart}/line-items`, { variant_id: a, quantity: 1 });
    await post(`/store/carts/${cart}/line-items`, { variant_id: b, quantity: 2 });
    const place = { address_1: 'Street 1', city: 'Berlin', country_code: 'de', postal_code: '10115' };
    await post(`/store/carts/${cart}`, { shipping_address: { first_name: 'A', last_name: 'B', ...place } });
    await post(`/store/carts/${cart}/shipping-methods`, { option_id: seed['shippingOptionId'] });
    const payment = idOf((await post('/store/payment-collections', { cart_id: cart }))['payment_collection']);
    await post(`/store/payment-collections/${payment}/payment-sessions`, { provider_id: 'pp_system_default' });
    const { type, order } = (await post(`/store/carts/${cart}/complete`, {})) as {
      type?: string;
      order?: { items: unknown[] };
    };
    if (type !== 'order' || order?.items.length !== 2) throw new Error('a cart became no order of two lines');
  },
  async catalogue() {
    const { answer } = await call(
      'GET',
      `/store/products?limit=32&region_id=${String(seed['regionId'])}`,
      this.headers,
    );
    if ((answer['products'] as unknown[]).length !== 32) throw new Error('the list has another number of items');
  },
};

const asked = { servio, vendure, medusa }[system];
const endAt = performance.now() + seconds * 1000;
const startedAt = performance.now();
let done = 0;
await Promise.all(
  Array.from({ length: callers }, async () => {
    while (performance.now() < endAt) {
      await asked[work]();
      done += 1;
    }
  }),
);
const result: PeerDone = {
  done,
  perSecond: (done / (performance.now() - startedAt)) * 1000,
  requests: requests / done,
};
console.log(JSON.stringify(result));
