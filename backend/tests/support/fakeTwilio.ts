/** Twilio as a small HTTP server: takes texts, lists them, and fails as a test asks. */
import { createHmac, createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message.js';

export const TWILIO_SID = `AC${'1'.repeat(32)}`;
export const TWILIO_TOKEN = 'the secret of Twilio';
export const TWILIO_FROM = '+4930000000';

export interface TakenText {
  sid: string;
  to: string;
  body: string;
  statusCallback: string;
  at: Date;
}

/**
 * What happens to one text. `lost`: it is taken, but the connection breaks; `swallow`: it is taken,
 * but the answer never comes.
 */
export type TwilioBehaviour =
  | 'take'
  | 'lost'
  | 'swallow'
  | 'hang'
  | { status: number; code?: number; retryAfter?: number };

const createForm = z.strictObject({ To: z.string(), From: z.string(), Body: z.string(), StatusCallback: z.url() });
/** Does not compile when the SDK renames a field. */
const isOfSdk = (form: z.output<typeof createForm>) =>
  ({
    to: form.To,
    from: form.From,
    body: form.Body,
    statusCallback: form.StatusCallback,
  }) satisfies MessageListInstanceCreateOptions;

export class FakeTwilio {
  readonly url: string;
  readonly texts: TakenText[] = [];
  readonly faults: string[] = [];
  creates = 0;
  lists = 0;
  behave: (to: string, index: number) => TwilioBehaviour = () => 'take';
  isListAway = false;
  now: () => Date = () => new Date();
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    // A TCP server's address is never a string.
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<FakeTwilio> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fake = new FakeTwilio(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => fake.#answer(request, response, Buffer.concat(chunks).toString()));
    });
    return fake;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const url = new URL(request.url ?? '', this.url);
    const expected = `Basic ${Buffer.from(`${TWILIO_SID}:${TWILIO_TOKEN}`).toString('base64')}`;
    if (request.headers.authorization !== expected)
      return send(response, 401, { code: 20003, message: 'no', status: 401 });
    if (url.pathname !== `/2010-04-01/Accounts/${TWILIO_SID}/Messages.json`)
      return send(response, 404, { code: 20404, message: 'no', status: 404 });
    if (request.method === 'GET') return this.#list(response, url);
    this.creates += 1;
    const parsed = createForm.safeParse(Object.fromEntries(new URLSearchParams(body)));
    if (!parsed.success) {
      this.faults.push(parsed.error.message);
      return send(response, 400, { code: 21602, message: 'bad', status: 400 });
    }
    const { to, body: text, statusCallback } = isOfSdk(parsed.data);
    const behaviour = this.behave(to, this.creates - 1);
    if (typeof behaviour === 'object') {
      const { status, code = 20500, retryAfter } = behaviour;
      if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
      return send(response, status, { code, message: 'refused', status });
    }
    if (behaviour === 'hang') return;
    const taken = { sid: `SM${randomUUID().replaceAll('-', '')}`, to, body: text, statusCallback, at: this.now() };
    this.texts.push(taken);
    if (behaviour === 'swallow') return;
    if (behaviour === 'lost') response.socket?.destroy();
    else send(response, 201, describe(taken));
  }

  #list(response: ServerResponse, url: URL): void {
    this.lists += 1;
    if (this.isListAway) {
      response.socket?.destroy();
      return;
    }
    const to = url.searchParams.get('To');
    const messages = this.texts
      .filter((text) => text.to === to)
      .map(describe)
      .reverse();
    send(response, 200, { messages, page: 0, page_size: 50, uri: url.pathname, next_page_uri: null });
  }
}

function describe({ sid, to, body, at }: TakenText) {
  const date = at.toUTCString();
  return {
    sid,
    to,
    from: TWILIO_FROM,
    body,
    status: 'queued',
    date_created: date,
    date_sent: null,
    date_updated: date,
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Signs a form as Twilio does (https://www.twilio.com/docs/usage/security). */
export function signForm(url: string, form: Record<string, string>, token = TWILIO_TOKEN): string {
  const text = Object.keys(form)
    .sort()
    .reduce((sum, name) => sum + name + form[name], url);
  return createHmac('sha1', token).update(text).digest('base64');
}

/** Signs a JSON body: its digest is in the address. @returns the address and the signature. */
export function signJson(url: string, body: string): { url: string; signature: string } {
  const signed = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  return { url: signed, signature: createHmac('sha1', TWILIO_TOKEN).update(signed).digest('base64') };
}
