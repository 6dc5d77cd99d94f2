/** Servio over HTTP on a database of its own, with every answer held against /openapi.json. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp, describeApi } from '../../src/app.js';
import type { DemoSettings, DocumentSettings } from '../../src/config/env.js';
import type { OutsideParties } from '../../src/config/outsideParties.js';
import { createLogger, type Logger } from '../../src/config/logger.js';
import { createHttpServer } from '../../src/process/serving/httpServer.js';
import { type Context, createContext } from '../../src/context.js';
import type { Clock } from '../../src/utils/clock.js';
import { type Answer, ContractCheck, type Json } from './contract.js';
import { textOf } from './streamReader.js';
import type { Resolve } from '../../src/services/httpClient/egress.js';
import { checkEvents } from './eventContract.js';
import { createTestDatabase, TEST_SECRET, type TestDatabase } from './database.js';

export type { Answer, Json } from './contract.js';

export interface RequestOptions {
  token?: string;
  headers?: Record<string, string>;
  /** Sent as it is, instead of JSON. */
  raw?: string | Uint8Array | FormData;
}

/** A registered restaurant with its owner's token. */
export interface TestRestaurant {
  id: string;
  token: string;
  refreshToken: string;
  userId: string;
  email: string;
  password: string;
}

export class TestApi {
  readonly url: string;
  readonly context: Context;
  readonly database: TestDatabase;
  /** Types whose events the test writes itself, past the API. */
  madeUpEvents: readonly string[] | 'all' = [];
  readonly #server: Server;
  readonly #contract: ContractCheck;

  constructor(server: Server, context: Context, database: TestDatabase, contract: ContractCheck) {
    // A TCP server's address is never a string.
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#server = server;
    this.context = context;
    this.database = database;
    this.#contract = contract;
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.request('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    return this.request('POST', path, body, options);
  }

  patch(path: string, body: unknown, options: RequestOptions = {}): Promise<Answer> {
    return this.request('PATCH', path, body, options);
  }

  delete(path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    return this.request('DELETE', path, body, options);
  }

  async request(method: string, path: string, body: unknown, options: RequestOptions): Promise<Answer> {
    const headers = new Headers(options.headers);
    if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
    if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const payload = options.raw ?? (body === undefined ? null : JSON.stringify(body));
    const response = await fetch(this.url + path, {
      method,
      headers,
      body: payload as NonNullable<RequestInit['body']> | null,
    });
    const text = await textOf(response);
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
    this.#contract.check(method, path, answer);
    return answer;
  }

  /** Registers a restaurant of its own for one test. */
  async restaurant(fields: { currency?: string; timezone?: string } = {}): Promise<TestRestaurant> {
    const email = `owner-${randomUUID()}@example.com`;
    const password = 'a long enough password';
    const { body, status, text } = await this.post('/v1/auth/register', {
      email,
      password,
      name: 'Olga Owner',
      restaurantName: 'Test Bistro',
      currency: fields.currency ?? 'EUR',
      timezone: fields.timezone ?? 'Europe/Berlin',
    });
    assert.equal(status, 201, text);
    return {
      id: body.restaurant.id,
      token: body.accessToken,
      refreshToken: body.refreshToken,
      userId: body.user.id,
      email,
      password,
    };
  }

  /**
   * An API key with every scope an owner can give. Unlike an access token it stays valid when the
   * clock jumps.
   */
  async apiKey(token: string): Promise<string> {
    const scopes = expectStatus(200, await this.get('/v1/me', { token })).scopes;
    return expectStatus(201, await this.post('/v1/api-keys', { name: 'till', scopes }, { token })).secret;
  }

  /** A category to put items in. */
  async category(token: string, fields: object = {}): Promise<Json> {
    return expectStatus(201, await this.post('/v1/categories', { name: 'Food', ...fields }, { token }));
  }

  /** A menu item in a category of its own unless one is given. */
  async item(token: string, fields: Record<string, unknown> = {}): Promise<Json> {
    const categoryId = fields['categoryId'] ?? (await this.category(token)).id;
    return expectStatus(
      201,
      await this.post('/v1/menu-items', { name: 'Soup', price: 1000, ...fields, categoryId }, { token }),
    );
  }

  /** An order of one item, or of the lines given. */
  async order(token: string, lines: object[], fields: object = {}): Promise<Json> {
    return expectStatus(201, await this.post('/v1/orders', { type: 'takeaway', lines, ...fields }, { token }));
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    await this.context.close();
    try {
      if (this.madeUpEvents !== 'all') await checkEvents(this.#contract, this.database.ownerUrl, this.madeUpEvents);
    } finally {
      await this.database.drop();
    }
  }
}

/**
 * Starts Servio in this process.
 * @param options.clock what time it is, for tests that say so.
 * @param options.database of another instance, to be shared with it; that one drops it.
 * @param options.log where its lines go, for tests that read them.
 */
export async function startApi(
  options: {
    clock?: Clock;
    demoSessions?: DemoSettings;
    outside?: OutsideParties;
    database?: TestDatabase;
    documents?: DocumentSettings;
    log?: Logger;
    rateLimitMultiplier?: number;
    codesDeadAfterMs?: number;
    redisUrl?: string;
    /** The server asks for it, as in production; null: as in production without one. */
    operationsToken?: string | null;
    trustProxyHops?: number;
    egressAllowlist?: readonly string[];
    publicUrl?: string;
    resolve?: Resolve;
  } = {},
): Promise<TestApi> {
  const database = options.database ?? (await createTestDatabase());
  const context = createContext({
    appUrl: database.appUrl,
    secret: TEST_SECRET,
    redisUrl: options.redisUrl,
    demoSessions: options.demoSessions,
    egressAllowlist: options.egressAllowlist,
    publicUrl: options.publicUrl,
    resolve: options.resolve ?? resolvePublicly,
    outside: options.outside,
    codesDeadAfterMs: options.codesDeadAfterMs,
    documents: options.documents,
    log: options.log ?? createLogger('silent'),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const server = createHttpServer(
    createApp(context, {
      version: 'test',
      description: (description ??= describeApi(context, 'test')),
      trustProxyHops: options.trustProxyHops ?? 0,
      rateLimitMultiplier: options.rateLimitMultiplier ?? 10_000,
      production: options.operationsToken !== undefined,
      operationsToken: options.operationsToken ?? undefined,
    }),
    { connectionsPerAddress: Infinity },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const contract = await ContractCheck.load(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return new TestApi(
    server,
    context,
    options.database ? { ...database, drop: async () => undefined } : database,
    contract,
  );
}

/** Made once in a process, as the build makes it for the program. */
let description: string | undefined;

/** Tests ask no name server: each name is found at a public address, which nothing calls. */
const resolvePublicly: Resolve = (_name, done) => done(null, [{ address: '93.184.216.34', family: 4 }]);

/** The body of an answer that must have this status. */
export function expectStatus(status: number, answer: Answer): Json {
  assert.equal(answer.status, status, answer.text);
  return answer.body;
}
