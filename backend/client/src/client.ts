/** Calls the Servio API: with the session, the repetitions and the types that it needs. */
import { OPERATIONS, type Events, type Operations } from './api.js';
import { refusalOf } from './problem.js';
import { type GrownEvent, grownOf, readEvents, type StreamPosition, type StreamState } from './stream.js';

export { ServioError } from './problem.js';
export type { GrownEvent, StreamPosition, StreamState } from './stream.js';

export type OperationName = keyof Operations;
type Takes<Name extends OperationName> = Operations[Name]['takes'];
type Answers<Name extends OperationName> = Operations[Name]['answers'];
/** The operations that answer a page of a list, and what the page has. */
type ItemOf<Name extends OperationName> =
  Answers<Name> extends { data: Array<infer Item>; nextCursor: string | null } ? Item : never;

type Parameters = Record<string, string | number | boolean | undefined>;

export interface Session {
  accessToken: string;
  /** Absent for an API key, and in a browser, where it is in a cookie. */
  refreshToken?: string | undefined;
}

export interface ClientOptions {
  /**
   * Where Servio is, for example `https://till.example.com`. In a browser: empty for the own
   * origin.
   */
  baseUrl: string;
  /** An API key, or the tokens of a login. */
  session?: Session | undefined;
  /** `cookie`: the refresh token is in the browser's cookie (`?cookie=true` at the login). */
  refreshBy?: 'token' | 'cookie';
  /** Called with each new session, so that it can be kept. */
  onSession?: (session: Session) => void;
  /** Longest time to repeat one call, in milliseconds. Default: 60,000. */
  patienceMs?: number;
  fetch?: typeof fetch;
}

export interface CallOptions {
  /** One for each press of a button: calls with the same key take effect once. Made if absent. */
  key?: string | undefined;
  /** Media type of the answer, for example `application/pdf`. */
  accept?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface Answer<Data> {
  data: Data;
  status: number;
  /** For `ifMatch`. */
  etag: string | undefined;
  /** The answer of an earlier call with the same key. */
  isReplayed: boolean;
}

/** Answers that change their mind by themselves. */
const PASSING = new Set([429, 503]);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const MOST_KNOWN = 200;

export class ServioClient {
  readonly #options: ClientOptions;
  readonly #fetch: typeof fetch;
  #session: Session | undefined;
  #refreshing: Promise<boolean> | undefined;
  /** Last answers with an ETag, by their address: a 304 stands for them. */
  readonly #known = new Map<string, Answer<unknown>>();

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#session = options.session;
    this.#fetch = options.fetch ?? fetch.bind(globalThis);
  }

  /** Uses these tokens from now on. */
  use(session: Session): void {
    this.#session = session;
    this.#known.clear();
    this.#options.onSession?.(session);
  }

  /**
   * Calls an operation. Repeats it, with its key, while the connection fails or the server asks to
   * wait.
   * @throws ServioError for a refusal; TypeError when no answer came in time.
   */
  async call<Name extends OperationName>(
    name: Name,
    takes: Takes<Name>,
    options: CallOptions = {},
  ): Promise<Answer<Answers<Name>>> {
    const [method, , isKeyed] = OPERATIONS[name] as readonly [string, string, string?];
    const { body, ifMatch, query, ...path } = takes as Record<string, unknown>;
    const url = this.urlOf(name, path as Parameters, query as Parameters | undefined);
    const headers = new Headers({ accept: options.accept ?? '*/*' });
    const isForm = body instanceof FormData;
    if (body !== undefined && !isForm) headers.set('content-type', 'application/json');
    if (typeof ifMatch === 'string') headers.set('if-match', ifMatch);
    if (isKeyed) headers.set('idempotency-key', options.key ?? crypto.randomUUID());
    const known = method === 'GET' ? this.#known.get(`${headers.get('accept')} ${url}`) : undefined;
    if (known?.etag) headers.set('if-none-match', known.etag);
    const sent = { method, headers, ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }) };
    const response = await this.#patiently(url, sent, method === 'GET' || isKeyed !== undefined, options.signal);
    if (response.status === 304 && known) return known as Answer<Answers<Name>>;
    if (!response.ok) throw await refusalOf(response);
    const answer = {
      data: await dataOf(response),
      status: response.status,
      etag: response.headers.get('etag') ?? undefined,
      isReplayed: response.headers.get('idempotent-replayed') === 'true',
    };
    if (method === 'GET' && answer.etag) this.#keep(`${headers.get('accept')} ${url}`, answer);
    // The server answers as its description says; `npm test` of Servio holds it to that.
    return answer as Answer<Answers<Name>>;
  }

  /** All entries of a list, page by page as they are taken. */
  async *each<Name extends OperationName>(name: Name, takes: Takes<Name>): AsyncGenerator<ItemOf<Name>> {
    let cursor: string | null | undefined;
    do {
      const { query } = takes as { query?: object };
      const { data } = await this.call(name, { ...takes, query: { ...query, ...(cursor ? { cursor } : {}) } });
      const page = data as unknown as { data: ItemOf<Name>[]; nextCursor: string | null };
      yield* page.data;
      cursor = page.nextCursor;
    } while (cursor);
  }

  /**
   * Events as they happen, without end: a lost stream continues after the last event. `position`
   * and `reset` come first, or when events are lost: load your data then. `onState` tells when the
   * stream was heard or lost, so that a screen can say how old its data is.
   */
  events(
    query: {
      types?: readonly (keyof Events)[];
      after?: number;
      signal?: AbortSignal;
      onState?: (state: StreamState) => void;
    } = {},
  ): AsyncGenerator<Events[keyof Events] | StreamPosition> {
    return readEvents((after) => this.#openStream(after, query), query);
  }

  /**
   * Asks the assistant, and gives its answer in events while it grows: `token`, `tool`, `proposal`,
   * and `done` or `error` at the end.
   * @throws ServioError for a refusal before the first event.
   */
  async *ask(
    body: Takes<'askAssistant'>['body'],
    { key, signal }: Pick<CallOptions, 'key' | 'signal'> = {},
  ): AsyncGenerator<GrownEvent> {
    const headers = {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'idempotency-key': key ?? crypto.randomUUID(),
    };
    const sent = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await this.#authorized(this.urlOf('askAssistant', {}), sent, signal);
    if (!response.ok || !response.body) throw await refusalOf(response);
    yield* grownOf(response.body);
  }

  /** The address of an operation, for example for a link. */
  urlOf(name: OperationName, path: Parameters, query: Parameters = {}): string {
    const values = new Map(Object.entries(path).map(([field, value]) => [field, encodeURIComponent(String(value))]));
    const filled = OPERATIONS[name][1].replaceAll(/\{(\w+)\}/g, (_, field: string) => values.get(field) ?? '');
    const sent = Object.entries(query).flatMap(([field, value]): [string, string][] =>
      value === undefined ? [] : [[field, String(value)]],
    );
    const text = new URLSearchParams(sent).toString();
    return `${this.#options.baseUrl}${filled}${text && `?${text}`}`;
  }

  #openStream(after: number | undefined, { types, signal }: { types?: readonly string[]; signal?: AbortSignal }) {
    const headers = new Headers(after === undefined ? {} : { 'last-event-id': String(after) });
    return this.#authorized(this.urlOf('streamEvents', {}, { types: types?.join(',') }), { headers }, signal);
  }

  async #patiently(url: string, sent: RequestInit, mayRepeat: boolean, signal?: AbortSignal): Promise<Response> {
    const until = Date.now() + (this.#options.patienceMs ?? 60_000);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const response = await this.#authorized(url, sent, signal).catch((error: unknown) => {
        if (signal?.aborted || !mayRepeat || Date.now() + pauseMs > until) throw error;
        return undefined;
      });
      const asked = Number(response?.headers.get('retry-after') ?? Number.NaN) * 1_000;
      // 409 with Retry-After: the first call with this key still runs.
      const isPassing = response && (PASSING.has(response.status) || (response.status === 409 && asked >= 0));
      const waitMs = Number.isNaN(asked) ? pauseMs * (0.5 + Math.random()) : asked;
      if (response && !(isPassing && Date.now() + waitMs <= until)) return response;
      await response?.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      signal?.throwIfAborted();
    }
  }

  /** One call with the session's token; a second one if the first had an expired one. */
  async #authorized(url: string, sent: RequestInit, signal?: AbortSignal): Promise<Response> {
    const token = this.#session?.accessToken;
    const headers = new Headers(sent.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const response = await this.#fetch(url, { ...sent, headers, signal: signal ?? null });
    if (response.status !== 401 || token === undefined || !(await this.#refresh(token))) return response;
    await response.body?.cancel();
    headers.set('authorization', `Bearer ${this.#session?.accessToken}`);
    return this.#fetch(url, { ...sent, headers, signal: signal ?? null });
  }

  /**
   * @returns whether there is a newer token than the expired one. All callers share one refresh.
   */
  #refresh(expired: string): Promise<boolean> {
    if (this.#session?.accessToken !== expired) return Promise.resolve(this.#session !== undefined);
    this.#refreshing ??= this.#renew().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #renew(): Promise<boolean> {
    const refreshToken = this.#session?.refreshToken;
    const byCookie = this.#options.refreshBy === 'cookie';
    if (refreshToken === undefined && !byCookie) return false;
    // The key makes a repeated refresh the same one, should its answer be lost.
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const body = JSON.stringify(byCookie ? {} : { refreshToken });
    const url = `${this.#options.baseUrl}/v1/auth/refresh${byCookie ? '?cookie=true' : ''}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await this.#fetch(url, { method: 'POST', headers, body });
        if (response.ok) this.use((await response.json()) as Session);
        return response.ok;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  #keep(address: string, answer: Answer<unknown>): void {
    this.#known.delete(address);
    this.#known.set(address, answer);
    for (const oldest of this.#known.keys()) if (this.#known.size > MOST_KNOWN) this.#known.delete(oldest);
  }
}

async function dataOf(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status === 204) return undefined;
  if (type.startsWith('application/json')) return response.json();
  return /^text\/|xml/.test(type) ? response.text() : new Uint8Array(await response.arrayBuffer());
}
