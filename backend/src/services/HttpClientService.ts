/**
 * The only way to call other servers: one undici Agent with a limited number of kept connections, a
 * check of each address at connection time, a limit for the size of answers, and a time limit for
 * every call. It never repeats a call: only the policy does (undici's own retry interceptor is not
 * used).
 *
 * `fetch` and Agent come from the same undici. The fetch built into Node 20 is an older one. It is
 * loaded at the first call: many servers never call anybody, and it takes 5 MB.
 */
import type * as undiciTypes from 'undici';
import type { Agent, buildConnector, Client, fetch as undiciFetch, FormData as UndiciFormData, Pool } from 'undici';
import { AppError } from '../domain/shared/errors.js';
import { attemptOnce } from '../utils/resilience/attempt.js';
import { causesOf } from '../utils/resilience/classify.js';
import { currentSignal, isTimeLimit } from '../utils/resilience/signalScope.js';
import { sleep, systemTime } from '../utils/resilience/time.js';
import { Egress, type Resolve } from './httpClient/egress.js';
import {
  type HttpRequest,
  type HttpRequestOptions,
  HttpResponse,
  HttpStatusError,
  type OutsideCall,
} from './httpClient/messages.js';

const SOCKETS_PER_ORIGIN = 50;
const IDLE_KEPT_PER_ORIGIN = 10;
/**
 * Shorter than servers usually keep an idle connection, so that we rarely write to one that is
 * being closed.
 */
const IDLE_KEPT_MS = 20_000;
const IDLE_REST_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;
const SILENCE_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CLOSE_GRACE_MS = 5_000;
const CLOSE_POLL_MS = 20;
const MAX_RESPONSE_BYTES = 10 * 1024 * 1024;
/** For answers that SDKs read through `fetchAs`, before decompression. */
const MAX_WIRE_BYTES = 64 * 1024 * 1024;
const IDEMPOTENT_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

type Undici = typeof undiciTypes;
type UndiciInit = NonNullable<Parameters<typeof undiciFetch>[1]>;
type UndiciResponse = Awaited<ReturnType<typeof undiciFetch>>;

export interface HttpClientOptions {
  /**
   * `host:port` entries that may be called although they are not public: fakes in tests, a file
   * store in the same network.
   */
  allowedHosts: readonly string[];
  /** Nothing but the allowed hosts may be called: for a client with a host of its own setting. */
  onlyAllowedHosts?: boolean;
  /** The addresses come from users: see `EgressRules`. */
  fromUsers?: { ownHosts: readonly string[] };
  /** Default 50. */
  socketsPerOrigin?: number;
  /** Called after each call. Must not throw. */
  onCall: (call: OutsideCall) => void;
  /** Default: the resolver of the system. */
  resolve?: Resolve;
}

export class HttpClientService {
  readonly #egress: Egress;
  readonly #socketsPerOrigin: number;
  readonly #onCall: (call: OutsideCall) => void;
  #opening: Promise<{ undici: Undici; agent: Agent }> | undefined;
  #isClosed = false;

  constructor(options: HttpClientOptions) {
    this.#onCall = options.onCall;
    const { allowedHosts: allowed, onlyAllowedHosts: onlyAllowed, fromUsers, resolve } = options;
    const rules = { allowed, ...(onlyAllowed ? { onlyAllowed } : {}), ...(fromUsers ? { fromUsers } : {}) };
    this.#egress = new Egress(rules, resolve);
    this.#socketsPerOrigin = options.socketsPerOrigin ?? SOCKETS_PER_ORIGIN;
  }

  /**
   * A `fetch` over our connections, for an SDK. It follows redirects only when the SDK asks for it.
   * Set the SDK's time limit too, and switch off its retries.
   * @param endpoint fixed name for the metrics, e.g. `openai`.
   */
  fetchAs(endpoint: string): typeof fetch {
    const call = (input: Parameters<typeof undiciFetch>[0], init: UndiciInit = {}): Promise<UndiciResponse> =>
      this.#timed(endpoint, async () => {
        const { undici, agent } = await this.#open();
        const sent: UndiciInit = { redirect: 'manual', ...init, dispatcher: agent };
        if (init.body instanceof FormData) sent.body = adopted(init.body, new undici.FormData());
        return undici.fetch(input, sent);
      });
    // The two types differ only in class names, not in anything that an SDK uses.
    return call as unknown as typeof fetch;
  }

  /**
   * Sends a request and reads the whole answer. Without a policy, there is one attempt and any
   * status is an answer.
   * @param endpoint fixed name for the metrics, e.g. `webhooks.deliver`.
   * @throws AppError forbidden for an address that is not public; dependency_unavailable when there
   *   is no answer, when it is too large and, under a policy, for 429 or 5xx (`cause`:
   *   HttpStatusError); the signal's reason when it aborts.
   */
  async request(
    endpoint: string,
    url: string | URL,
    init: HttpRequest = {},
    options: HttpRequestOptions = {},
  ): Promise<HttpResponse> {
    const target = assertHttp(url);
    const { policy, maxResponseBytes = MAX_RESPONSE_BYTES, cutsResponse = false } = options;
    const outer = init.signal ?? currentSignal() ?? new AbortController().signal;
    const once = (signal: AbortSignal): Promise<HttpResponse> =>
      this.#timed(endpoint, async () => {
        const { undici, agent } = await this.#open();
        const { method = 'GET', headers, body, redirect = 'manual' } = init;
        const sent: UndiciInit = { method, redirect, signal, dispatcher: agent };
        sent.headers = { 'user-agent': 'servio', ...headers };
        if (body !== undefined) sent.body = body;
        const response = await undici.fetch(target, sent);
        return cutsResponse ? readStart(response, maxResponseBytes) : readWhole(endpoint, response, maxResponseBytes);
      });
    try {
      if (!policy) {
        const timeoutMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS;
        const limits = { name: endpoint, timeoutMs, outer, stragglers: new Set<never>(), time: systemTime };
        return await attemptOnce(once, limits);
      }
      const checked = async (signal: AbortSignal): Promise<HttpResponse> => {
        const response = await once(signal);
        if (response.status === 429 || response.status >= 500) throw new HttpStatusError(endpoint, response);
        return response;
      };
      const idempotent = options.idempotent ?? isIdempotent(init);
      return await policy.run(checked, { signal: outer, deadlineMs: options.deadlineMs, idempotent });
    } catch (error) {
      throw outer.aborted && error === outer.reason ? error : toAppError(endpoint, error);
    }
  }

  /** Lets running calls finish for a while, then ends them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#opening) return;
    const { agent } = await this.#opening;
    // The agent's own `close` is not used: it waits without a limit, and `destroy` cannot cut it
    // short.
    const endsAt = performance.now() + CLOSE_GRACE_MS;
    while (running(agent) > 0 && performance.now() < endsAt) await sleep(CLOSE_POLL_MS, undefined);
    await agent.destroy();
  }

  /** @throws Error for a first call after the close; later ones meet a destroyed agent. */
  async #open(): Promise<{ undici: Undici; agent: Agent }> {
    if (this.#isClosed && !this.#opening) throw new Error('the client is closed');
    this.#opening ??= import('undici').then((undici) => ({
      undici,
      agent: makeAgent(undici, this.#egress, this.#socketsPerOrigin),
    }));
    return this.#opening;
  }

  async #timed<T extends { status: number }>(endpoint: string, call: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const tell = (outcome: OutsideCall['outcome']): void =>
      this.#onCall({ endpoint, outcome, durationMs: performance.now() - startedAt });
    try {
      const response = await call();
      // A status is between 100 and 599.
      tell(`${Math.floor(response.status / 100)}xx` as OutsideCall['outcome']);
      return response;
    } catch (error) {
      const blocked = causesOf(error).some((one) => one instanceof AppError && one.code === 'forbidden');
      if (blocked) tell('blocked');
      else tell(causesOf(error).some(isTimeLimit) ? 'timeout' : 'failed');
      throw error;
    }
  }
}

function running(agent: Agent): number {
  return Object.values(agent.stats).reduce((sum, one) => sum + one.running + one.pending, 0);
}

function makeAgent(undici: Undici, egress: Egress, socketsPerOrigin: number): Agent {
  const anywhere = undici.buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  const publicOnly = undici.buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: egress.lookup });
  const connect: buildConnector.connector = (target, callback) => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    try {
      egress.assertMayCall(target.hostname, port);
    } catch (error) {
      // It throws AppErrors only.
      return callback(error as AppError, null);
    }
    return egress.isAllowed(target.hostname, port) ? anywhere(target, callback) : publicOnly(target, callback);
  };
  return new undici.Agent({
    connections: socketsPerOrigin,
    pipelining: 1,
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
    maxResponseSize: MAX_WIRE_BYTES,
    connect,
    factory: (origin, options) => new undici.Pool(origin, Object.assign({}, options, { factory: keepFew(undici) })),
  });
}

/**
 * undici does not limit idle connections. A pool uses its first free client, so the first ten are
 * the busy ones. They keep an idle connection; the others close it at once.
 */
function keepFew(undici: Undici): NonNullable<Pool.Options['factory']> {
  const keepers = new Set<Client>();
  return (origin, options) => {
    const keeps = keepers.size < IDLE_KEPT_PER_ORIGIN;
    const idleMs = keeps ? IDLE_KEPT_MS : IDLE_REST_MS;
    const client = new undici.Client(origin, { ...options, keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs });
    if (keeps) {
      keepers.add(client);
      // The pool drops a client that could not connect.
      client.on('connectionError', () => keepers.delete(client));
    }
    return client;
  };
}

/**
 * SDKs build forms with the FormData of Node. undici does not recognise it and would send it as
 * "[object FormData]".
 */
function adopted(theirs: FormData, ours: UndiciFormData): UndiciFormData {
  for (const [name, value] of theirs) {
    if (typeof value === 'string') ours.append(name, value);
    else ours.append(name, value, value.name);
  }
  return ours;
}

function assertHttp(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '') return parsed;
  throw new AppError(
    'invalid_request',
    'An address must begin with http:// or https:// and must not contain credentials.',
  );
}

async function readWhole(endpoint: string, response: UndiciResponse, maxBytes: number): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream and with it the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new AppError('dependency_unavailable', `The answer of ${endpoint} is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return new HttpResponse(response.status, response.headers, Buffer.concat(chunks));
}

async function readStart(response: UndiciResponse, maxBytes: number): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    chunks.push(chunk);
    if (bytes >= maxBytes) break;
  }
  return new HttpResponse(response.status, response.headers, Buffer.concat(chunks).subarray(0, maxBytes));
}

function isIdempotent({ method = 'GET', headers = {} }: HttpRequest): boolean {
  const keyed = Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key');
  return keyed || IDEMPOTENT_METHODS.has(method.toUpperCase());
}

function toAppError(endpoint: string, error: unknown): AppError {
  const known = causesOf(error).find((one) => one instanceof AppError);
  if (known) return known;
  return new AppError('dependency_unavailable', `${endpoint} could not be reached. Try again shortly.`, {
    cause: error,
    retryAfterSeconds: 1,
  });
}
