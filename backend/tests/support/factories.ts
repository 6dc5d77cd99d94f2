/** Makes the things that tests need over HTTP, and asserts that the API accepted each of them. */
import { expectStatus, type Json, type TestApi } from './api.js';
import { expectProblem } from './problem.js';

/** The instance that is called and the token it is called with. */
export interface Caller {
  api: TestApi;
  token: string;
}

/** Its functions can be destructured: `const { post, tax } = new Factories(...)`. */
export class Factories {
  readonly #caller: () => Caller;

  /** @param caller read at each call, because a hook sets the instance and its token later. */
  constructor(caller: () => Caller) {
    this.#caller = caller;
  }

  readonly get = async (path: string): Promise<Json> => {
    const { api, token } = this.#caller();
    return expectStatus(200, await api.get(path, { token }));
  };

  readonly post = async (path: string, body: object = {}, status = 201): Promise<Json> => {
    const { api, token } = this.#caller();
    return expectStatus(status, await api.post(path, body, { token }));
  };

  /** Changes the newest version. */
  readonly patch = async (path: string, changes: object): Promise<Json> => {
    const { api, token } = this.#caller();
    const { version } = await this.get(path);
    const headers = { 'if-match': `"${version}"` };
    return expectStatus(200, await api.patch(path, changes, { token, headers }));
  };

  /** @returns the problem that refuses the request. */
  readonly refused = async (status: number, path: string, body: object = {}): Promise<Json> => {
    const { api, token } = this.#caller();
    return expectProblem(status, await api.post(path, body, { token }), path);
  };

  readonly tax = (rate: string, inclusive: boolean, fields: object = {}): Promise<Json> =>
    this.post('/v1/taxes', { name: `Tax ${rate}`, rate, inclusive, ...fields });

  /** An inventory item, in kilograms unless the fields name another unit. */
  readonly ingredient = (fields: Json): Promise<Json> => this.post('/v1/inventory-items', { unit: 'kg', ...fields });

  readonly recipe = (fields: Json): Promise<Json> => this.post('/v1/recipes', fields);

  readonly supplier = (fields: Json = {}): Promise<Json> => this.post('/v1/suppliers', { name: 'Metro', ...fields });

  readonly draft = (fields: Json): Promise<Json> => this.post('/v1/documents', fields);

  readonly issued = (fields: Json): Promise<Json> => this.post('/v1/documents?issue=true', fields);

  readonly pay = (orderId: string, method: string, amount: number, tip = 0): Promise<Json> =>
    this.post(`/v1/orders/${orderId}/payments`, { method, amount, tip });

  readonly actOnOrder = (orderId: string, action: string, body: object = {}): Promise<Json> =>
    this.post(`/v1/orders/${orderId}/${action}`, body, 200);

  /** Takes a new order through the kitchen to its end. */
  readonly complete = async (orderId: string): Promise<Json> => {
    for (const action of ['accept', 'start', 'ready']) await this.actOnOrder(orderId, action);
    return this.actOnOrder(orderId, 'complete');
  };

  readonly quantityOf = async (itemId: string): Promise<string> =>
    (await this.get(`/v1/inventory-items/${itemId}`)).currentQuantity;

  /** The movements of an inventory item, the newest first; at most `limit`. */
  readonly ledgerOf = async (itemId: string, limit = 100): Promise<Json[]> =>
    (await this.get(`/v1/stock/movements?inventoryItemId=${itemId}&limit=${limit}`)).data;
}
