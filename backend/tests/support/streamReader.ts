/**
 * A reader of server-sent events (HTML standard, 9.2.6) that notes what it got, can be cut and
 * continues where it was.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from './contract.js';

export interface StreamMessage {
  id: string;
  event: string;
  data: Json;
  /** When it came, on the wall clock. */
  atMs: number;
}

export interface StreamOptions {
  token?: string | undefined;
  headers?: Record<string, string>;
  query?: string;
}

const LIMIT_MS = 20_000;

export class StreamReader {
  /** Where it connects, each time. */
  urls: string[];
  readonly messages: StreamMessage[] = [];
  /** The last position, also one that came without a message. */
  lastId: string | undefined;
  retryMs: number | undefined;
  comments = 0;
  connections = 0;
  readonly #options: StreamOptions;
  #request: http.ClientRequest | undefined;
  #response: http.IncomingMessage | undefined;
  #isStaying = false;

  constructor(url: string | string[], options: StreamOptions = {}) {
    this.urls = [url].flat();
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#response !== undefined;
  }

  get headers(): http.IncomingHttpHeaders {
    return this.#response?.headers ?? {};
  }

  /** Messages of events, without those that only tell a position. */
  get events(): StreamMessage[] {
    return this.messages.filter(({ event }) => event !== 'position' && event !== 'reset');
  }

  /** Connects once. @returns the status of the answer; 0 when there was none. */
  async connect(): Promise<number> {
    const url = this.urls[this.connections % this.urls.length] ?? '';
    this.connections += 1;
    const { token, headers, query = '' } = this.#options;
    const request = http.get(`${url}/v1/events/stream${query}`, {
      agent: false,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(this.lastId === undefined ? {} : { 'last-event-id': this.lastId }),
        ...headers,
      },
    });
    this.#request = request;
    request.on('error', () => undefined);
    const response = await new Promise<http.IncomingMessage | undefined>((resolve) => {
      request.once('response', resolve);
      request.once('close', () => resolve(undefined));
    });
    if (response?.statusCode !== 200) {
      response?.resume();
      return response?.statusCode ?? 0;
    }
    this.#read(response);
    return 200;
  }

  /** Connects again and again, as a browser does, until it is closed. */
  stay(pauseMs = 20): void {
    this.#isStaying = true;
    void (async () => {
      while (this.#isStaying) {
        if (!this.isOpen) await this.connect();
        await sleep(pauseMs);
      }
    })();
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#request?.destroy();
    this.#response = undefined;
  }

  close(): void {
    this.#isStaying = false;
    this.cut();
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  async until(what: string, isSo: (reader: this) => boolean, limitMs = LIMIT_MS): Promise<void> {
    const until = performance.now() + limitMs;
    while (!isSo(this)) {
      assert.ok(performance.now() < until, `${what}: not within ${limitMs} ms; last id ${this.lastId}`);
      await sleep(5);
    }
  }

  #read(response: http.IncomingMessage): void {
    this.#response = response;
    let rest = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      // Of a connection that was cut, nothing more counts.
      if (this.#response !== response) return;
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    });
    const end = (): void => {
      if (this.#response === response) this.#response = undefined;
    };
    response.on('close', end).on('error', end);
  }

  #take(block: string): void {
    let [event, data] = ['message', ''];
    for (const line of block.split('\n')) {
      const [name = '', value = ''] = line.split(/: ?(.*)/s);
      if (name === '') this.comments += 1;
      else if (name === 'id') this.lastId = value;
      else if (name === 'event') event = value;
      else if (name === 'data') data += value;
      else if (name === 'retry') this.retryMs = Number(value);
    }
    if (data === '') return;
    this.messages.push({ id: this.lastId ?? '', event, data: JSON.parse(data), atMs: Date.now() });
  }
}

/**
 * The text of an answer. A stream does not end by itself: its first messages are enough, then it is
 * cut.
 */
export async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    // The first message only tells when to return.
    if (text.split('\n\n').length > 2) break;
  }
  return text;
}
