/** Uploads documents of suppliers and reads them, for tests of what becomes of them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expectStatus, type Json, type TestApi } from './api.js';
import { sharedData } from './sharedData.js';

const { file: DOCUMENTS, skip } = sharedData('supplier-documents');

export const DOCUMENTS_MISSING = skip;

export class InvoiceDesk {
  readonly #api: TestApi;
  readonly token: string;

  constructor(api: TestApi, token: string) {
    this.#api = api;
    this.token = token;
  }

  /** A file of the shared documents, such as `einvoice/x.xml`. */
  bytes(name: string): Buffer<ArrayBuffer> {
    return readFileSync(path.join(DOCUMENTS, name));
  }

  upload(files: Record<string, Uint8Array<ArrayBuffer> | string>, headers: Record<string, string> = {}) {
    const form = new FormData();
    for (const [name, content] of Object.entries(files)) form.append('files', new Blob([content]), name);
    return this.#api.post('/v1/supplier-invoices', undefined, { token: this.token, raw: form, headers });
  }

  /** Uploads one file and reads it. @returns the document as it is then. */
  async read(name: string, content: Uint8Array<ArrayBuffer> | string): Promise<Json> {
    const { data } = expectStatus(202, await this.upload({ [name]: content }));
    await this.#api.context.supplierInvoices.readWaiting();
    return this.get(data[0].id);
  }

  readShared(name: string): Promise<Json> {
    return this.read(path.basename(name), this.bytes(name));
  }

  async get(id: string): Promise<Json> {
    return expectStatus(200, await this.#api.get(`/v1/supplier-invoices/${id}`, { token: this.token }));
  }

  async act(id: string, action: string, body: object = {}, status = 200): Promise<Json> {
    const path = `/v1/supplier-invoices/${id}/${action}`;
    return expectStatus(status, await this.#api.post(path, body, { token: this.token }));
  }

  /** Changes a document or, with a position, a line, in its current version. */
  async change(id: string, body: object, position?: number, status = 200): Promise<Json> {
    const { version } = await this.get(id);
    const target = position === undefined ? '' : `/lines/${position}`;
    const headers = { 'if-match': `"${version}"` };
    return expectStatus(
      status,
      await this.#api.patch(`/v1/supplier-invoices/${id}${target}`, body, { token: this.token, headers }),
    );
  }

  /** Quantity and average cost of each inventory item, by name. */
  async stock(): Promise<Record<string, [string, string]>> {
    const { data } = expectStatus(200, await this.#api.get('/v1/inventory-items?limit=100', { token: this.token }));
    return Object.fromEntries(
      data.map(({ name, currentQuantity, unitCost }: Json) => [name, [currentQuantity, unitCost]]),
    );
  }
}
