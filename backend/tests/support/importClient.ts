/** Imports over HTTP, and what they leave behind. */
import assert from 'node:assert/strict';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, type TestApi } from './api.js';

/** The layout of a plain file: one line for each order line, prices by unit. */
export const PLAIN = {
  source: 'till',
  orderId: 'order',
  time: { column: 'time', format: 'iso' },
  item: 'item',
  quantity: 'qty',
  unitPrice: 'price',
};
/** The layout of the real orders of a chain. */
export const CHIPOTLE = {
  source: 'chipotle',
  orderId: 'order_id',
  time: { fixed: '2015-02-01T12:00:00' },
  item: 'item_name',
  choices: { column: 'choice_description', shape: 'brackets' },
  quantity: 'quantity',
  linePrice: 'item_price',
};
export const HEADINGS = 'order,time,item,qty,price';

export interface SendOptions {
  dryRun?: boolean;
  /** `orders`, if absent. */
  kind?: string;
  name?: string;
  headers?: Record<string, string>;
}

/** A plain file of these rows. */
export function csv(...rows: string[]): string {
  return `${[HEADINGS, ...rows].join('\n')}\n`;
}

/** By their text, for what comes in no order. */
export function sorted<T>(things: T[]): T[] {
  return [...things].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

export class ImportClient {
  readonly #api: TestApi;

  constructor(api: TestApi) {
    this.#api = api;
  }

  /** @param mapping as JSON text, or a value to be sent as such. */
  send(token: string, content: string | Uint8Array, mapping: unknown, options: SendOptions = {}): Promise<Answer> {
    const form = new FormData();
    form.set('file', new Blob([content]), options.name ?? 'orders.csv');
    form.set('mapping', typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
    if (options.kind !== undefined) form.set('kind', options.kind);
    if (options.dryRun !== undefined) form.set('dryRun', String(options.dryRun));
    const headers = options.headers && { headers: options.headers };
    return this.#api.post('/v1/imports', undefined, { token, raw: form, ...headers });
  }

  /** Sends a file and expects that it is imported to its end. */
  async run(
    token: string,
    content: string | Uint8Array,
    mapping: object = PLAIN,
    options: SendOptions = {},
  ): Promise<Json> {
    const result = expectStatus(201, await this.send(token, content, mapping, options));
    assert.equal(result.status, 'completed', result.failure);
    return result;
  }

  /** All orders with their lines, by the number they had on the other till. */
  async ordersByKey(token: string): Promise<Map<string, Json>> {
    const orders = await this.list(token, '/v1/orders');
    return new Map(orders.map((order) => [order.externalId, order]));
  }

  /** Everything of a list, page by page. */
  async list(token: string, path: string): Promise<Json[]> {
    const all: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = `?limit=100${cursor && `&cursor=${cursor}`}`;
      const page: Json = expectStatus(200, await this.#api.get(path + query, { token }));
      all.push(...page.data);
      cursor = page.nextCursor;
    }
    return all;
  }

  async sales(token: string, date: string): Promise<Json> {
    const path = `/v1/reports/sales?from=${date}&to=${date}&groupBy=item`;
    return expectStatus(200, await this.#api.get(path, { token }));
  }

  /** Looks behind the API, as the owner of the database. */
  rows(text: string, values: unknown[]): Promise<Json[]> {
    return withClient(this.#api.database.ownerUrl, async (client) => (await client.query(text, values)).rows);
  }
}
