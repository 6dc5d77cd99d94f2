import type { Policy } from '../../utils/resilience/policies.js';

export interface HttpRequest {
  /** Default GET. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Never a stream, because it may be sent again. */
  body?: string | Uint8Array | URLSearchParams;
  /** Default `manual`: the redirect itself is the answer. */
  redirect?: 'manual' | 'follow';
  /** Default: the signal of the time limit around the running work. */
  signal?: AbortSignal;
}

export interface HttpRequestOptions {
  /**
   * Repeats and limits calls, and stops them while the server fails. With a policy, 429 and 5xx are
   * failures.
   */
  policy?: Policy;
  /** Time limit for all attempts, with a policy. Default: the policy's. */
  deadlineMs?: number;
  /** Time limit without a policy. Default 30 s. */
  timeoutMs?: number;
  /** Default 10 MB, after decompression. */
  maxResponseBytes?: number;
  /** Reads no more than that and answers what was read, instead of failing. */
  cutsResponse?: boolean;
  /**
   * Whether the policy may repeat the call. Default: decided by the method, or by an
   * Idempotency-Key.
   */
  idempotent?: boolean;
}

/** A completely read answer. */
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

/** An answer of 429 or 5xx to a call with a policy. */
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

/**
 * The result of one call. `outcome` is a class of statuses, or the reason why there is no status.
 */
export interface OutsideCall {
  endpoint: string;
  outcome: '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'timeout' | 'blocked' | 'failed';
  durationMs: number;
}
