/**
 * Twilio's messages and signatures. Calls go over our HTTP client and through `safeTwilioCall`; the
 * SDK repeats nothing itself. The SDK is loaded with the first call, because it is large.
 */
import type TwilioSdk from 'twilio';
import { safeTwilioCall } from '../utils/resilience.js';
import { currentSignal } from '../utils/resilience/signalScope.js';
import { causesOf, isSurelyUndone, retryAfterSecondsOf } from '../utils/resilience/classify.js';

/** The HTTP client as this file needs it. */
export type SendRequest = (
  method: string,
  url: URL,
  request: { headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<{ status: number; body: string; headers: { get(name: string): string | null } }>;

interface Options {
  accountSid: string;
  authToken: string;
  from: string;
  /** Another address than Twilio's own, for tests and proxies. */
  baseUrl: string;
  send: SendRequest;
}

export interface Text {
  to: string;
  body: string;
  statusCallback: string;
}

/** `lost`: nobody knows whether it was sent. `notSent`: it surely was not. */
export type SendOutcome =
  | { kind: 'sent'; providerId: string; report: string }
  | { kind: 'refused'; code: number }
  | { kind: 'notSent'; retryAfterSeconds: number | undefined }
  | { kind: 'lost' };

/** A message in Twilio's list. */
export interface FoundText {
  providerId: string;
  report: string;
}

type Sdk = typeof TwilioSdk;
type Twilio = ReturnType<Sdk>;
/** The SDK's request, as far as it reaches our HTTP client. */
interface SdkRequest {
  method: string;
  uri: string;
  username?: string;
  password?: string;
  headers?: Record<string, string>;
  params?: Record<string, unknown>;
  data?: Record<string, unknown>;
}

const LOOK_AT = 100;
/** Clocks differ; a text is not looked for before this. */
const CLOCK_SKEW_MS = 5 * 60_000;

export class TwilioClient {
  readonly from: string;
  readonly #options: Options;
  #loading: Promise<{ sdk: Sdk; client: Twilio }> | undefined;

  constructor(options: Options) {
    this.from = options.from;
    this.#options = options;
  }

  /** Sends a text once. */
  async send({ to, body, statusCallback }: Text): Promise<SendOutcome> {
    const { client } = await this.#load();
    let wasHanded = false;
    try {
      const sent = await safeTwilioCall(() => {
        wasHanded = true;
        return client.messages.create({ to, body, from: this.from, statusCallback });
      });
      return { kind: 'sent', providerId: sent.sid, report: sent.status };
    } catch (error) {
      const code = codeOf(error);
      if (code === 20429 || !wasHanded || isSurelyUndone(error))
        return { kind: 'notSent', retryAfterSeconds: retryAfterSecondsOf(error) };
      return code === undefined ? { kind: 'lost' } : { kind: 'refused', code };
    }
  }

  /**
   * Looks for a text whose answer was lost.
   * @param reference at its end.
   * @throws when Twilio cannot be asked.
   */
  async find(to: string, reference: string, since: Date): Promise<FoundText | undefined> {
    const { client } = await this.#load();
    const listed = await safeTwilioCall(() => client.messages.list({ to, from: this.from, limit: LOOK_AT }), {
      idempotent: true,
    });
    const found = listed.find(
      ({ body, dateCreated }) => body.endsWith(reference) && dateCreated.getTime() >= since.getTime() - CLOCK_SKEW_MS,
    );
    return found && { providerId: found.sid, report: found.status };
  }

  /**
   * Whether Twilio signed a request to us.
   * @param url made of PUBLIC_URL, never of the Host header.
   * @param raw the body as it was sent.
   */
  async isSigned(url: string, signature: string | undefined, raw: string, isJson: boolean): Promise<boolean> {
    if (signature === undefined) return false;
    const { sdk } = await this.#load();
    const { authToken } = this.#options;
    if (isJson) return sdk.validateRequestWithBody(authToken, signature, url, raw);
    return sdk.validateRequest(authToken, signature, url, formOf(raw));
  }

  #load(): Promise<{ sdk: Sdk; client: Twilio }> {
    this.#loading ??= import('twilio').then((loaded) => {
      // A CommonJS module: Node puts it under `default`, which its types do not know.
      const { default: sdk } = loaded as unknown as { default: Sdk };
      const { accountSid, authToken } = this.#options;
      const httpClient = { request: (options: SdkRequest) => this.#request(options) };
      // The SDK calls nothing of its client but `request`.
      const client = sdk(accountSid, authToken, { httpClient: httpClient as never, autoRetry: false });
      return { sdk, client };
    });
    return this.#loading;
  }

  async #request({ method, uri, username, password, headers = {}, params, data }: SdkRequest) {
    // The SDK passes no signal on; the policy's is around this call.
    const signal = currentSignal() ?? new AbortController().signal;
    const { pathname, search } = new URL(uri);
    const url = new URL(this.#options.baseUrl + pathname + search);
    for (const [name, value] of fieldsOf(params ?? {})) url.searchParams.append(name, value);
    const sent = { ...headers };
    if (username !== undefined)
      sent['authorization'] = `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
    const hasBody = data !== undefined && method.toUpperCase() !== 'GET';
    if (hasBody) sent['content-type'] = 'application/x-www-form-urlencoded';
    const answer = await this.#options.send(method.toUpperCase(), url, {
      headers: sent,
      signal,
      ...(hasBody ? { body: new URLSearchParams(fieldsOf(data)).toString() } : {}),
    });
    // The SDK's own error forgets the headers, and with them Retry-After.
    if (answer.status === 429)
      throw Object.assign(new Error('Twilio takes no more for now'), {
        status: 429,
        code: 20429,
        headers: answer.headers,
      });
    return { statusCode: answer.status, body: jsonOf(answer.body), headers: {} };
  }
}

/** The error code of an answer of Twilio below 500. */
function codeOf(error: unknown): number | undefined {
  for (const one of causesOf(error)) {
    if (typeof one !== 'object' || one === null) continue;
    const { code, status } = one as { code?: unknown; status?: unknown };
    if (typeof status === 'number' && status >= 400 && status < 500) return typeof code === 'number' ? code : status;
  }
  return undefined;
}

function fieldsOf(values: Record<string, unknown>): [string, string][] {
  return Object.entries(values).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || value === null) return [];
    return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]);
  });
}

function formOf(raw: string): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(raw)) {
    const known = form[name];
    form[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return form;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
