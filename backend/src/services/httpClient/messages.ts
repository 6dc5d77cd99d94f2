import type { Policy } from '../../utils/resilience/policies.js';

export interface HttpRequest {
  /** Default GET. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Whole, because it may be sent again. */
  body?: string | Uint8Array | URLSearchParams;
  /** Default `manual`: the answer is the redirect itself. */
  redirect?: 'manual' | 'follow';
  /** Default: that of the time limit around the running work. */
  signal?: AbortSignal;
}

export interface HttpRequestOptions {
  /** Repeats, limits and breaks. With it, 429 and 5xx are failures. */
  policy?: Policy;
  /** For everything, with a policy. Default: that of the policy. */
  deadlineMs?: number;
  /** Without a policy. Default 30 s. */
  timeoutMs?: number;
  /** Default 10 MB, after decompression. */
  maxResponseBytes?: number;
  /** Whether the policy may repeat it. Default: by the method, or when it carries an Idempotency-Key. */
  idempotent?: boolean;
}

/** A whole answer. */
export class HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: Buffer;

  constructor(status: number, headers: { get(name: string): string | null }, body: Buffer) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  text(): string {
    return this.body.toString('utf8');
  }

  /** @throws SyntaxError when it is not JSON. */
  json(): unknown {
    return JSON.parse(this.text());
  }
}

/** An answer of 429 or 5xx under a policy. */
export class HttpStatusError extends Error {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** The beginning of the body. */
  readonly excerpt: string;

  constructor(endpoint: string, response: HttpResponse) {
    super(`${endpoint} answered ${response.status}`);
    this.name = 'HttpStatusError';
    this.status = response.status;
    this.headers = response.headers;
    this.excerpt = response.body.subarray(0, 500).toString('utf8');
  }
}

/** One call, as it ended. `outcome` is a class of statuses or a reason without one. */
export interface OutsideCall {
  endpoint: string;
  outcome: '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'timeout' | 'blocked' | 'failed';
  durationMs: number;
}
