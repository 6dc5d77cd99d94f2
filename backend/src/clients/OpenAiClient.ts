/**
 * A language model behind the protocols of OpenAI. Calls go through `safeOpenAICall`; the SDK's own
 * retries and time limits are off. A call keeps its place in the policy until its stream has ended.
 * The SDK is loaded at the first call.
 */
import type OpenAI from 'openai';
import { AppError } from '../domain/shared/errors.js';
import { safeOpenAICall } from '../utils/resilience.js';
import { causesOf, isTransient } from '../utils/resilience/classify.js';
import type { RunOptions } from '../utils/resilience/policies.js';
import { currentSignal, onAnyAbort } from '../utils/resilience/signalScope.js';
import { streamChat } from './openAi/chat.js';
import { type ModelReply, type ModelRequest, type ModelUsage } from './openAi/model.js';
import { Patience, type PatienceLimits } from './openAi/patience.js';
import { streamResponse } from './openAi/responses.js';

const LIMITS = { firstMs: 10_000, silenceMs: 10_000, wholeMs: 60_000 };
/** Longer than any limit of ours, so that the SDK never acts first. */
const SDK_TIMEOUT_MS = 10 * 60_000;

export interface OpenAiSettings {
  apiKey: string;
  /** Ends before `/chat/completions`: `https://api.openai.com/v1`. */
  baseUrl: string;
  model: string;
  api: 'chat' | 'responses';
}

/** One call of the model, with its repetition. */
export interface ModelCall {
  model: string;
  outcome: 'ok' | 'failed';
  durationMs: number;
  usage?: ModelUsage;
}

interface Options extends OpenAiSettings {
  /** Over HttpClientService, which limits sockets and hosts. */
  fetch: typeof fetch;
  /** Called after each call. Must not throw. */
  onCall: (call: ModelCall) => void;
  limits?: PatienceLimits & { wholeMs: number };
  /** Default: the policy of OpenAI. */
  run?: <T>(work: (signal: AbortSignal) => Promise<T>, options: RunOptions) => Promise<T>;
}

export class OpenAiClient {
  readonly model: string;
  readonly #options: Options;
  #loading: Promise<OpenAI> | undefined;

  constructor(options: Options) {
    this.model = options.model;
    this.#options = options;
  }

  /**
   * One reply of the model. It is asked twice at most, and only while no text was handed on.
   * @throws AppError dependency_unavailable, overloaded; the reason of the caller's signal.
   */
  async reply(request: ModelRequest): Promise<ModelReply> {
    const { limits = LIMITS, run = safeOpenAICall, onCall } = this.#options;
    const startedAt = performance.now();
    const patience = new Patience(limits);
    const forget = onAnyAbort([request.signal, currentSignal()], (reason) => patience.leave(reason));
    const told = (outcome: 'ok' | 'failed', usage?: ModelUsage): void =>
      onCall({ model: this.model, outcome, durationMs: performance.now() - startedAt, ...(usage ? { usage } : {}) });
    let hasSpoken = false;
    const onText = (piece: string): void => {
      hasSpoken = true;
      request.onText?.(piece);
    };
    try {
      const reply = await run((signal) => this.#ask(request, { signal, onText, patience }), {
        signal: patience.signal,
        timeoutMs: limits.wholeMs,
        deadlineMs: limits.wholeMs,
        mayRepeat: () => !hasSpoken,
      });
      told('ok', reply.usage);
      return reply;
    } catch (error) {
      told('failed');
      throw request.signal?.aborted ? error : await asAppError(error);
    } finally {
      patience.stop();
      forget();
    }
  }

  async #ask(
    request: ModelRequest,
    { signal, onText, patience }: { signal: AbortSignal; onText: (piece: string) => void; patience: Patience },
  ): Promise<ModelReply> {
    const sdk = await (this.#loading ??= load(this.#options));
    patience.begin();
    const stream = this.#options.api === 'chat' ? streamChat : streamResponse;
    try {
      return await stream(sdk, this.model, request, { signal, onText, hear: () => patience.hear() });
    } catch (error) {
      // The SDK hides the reason of an abort.
      throw signal.aborted ? signal.reason : error;
    }
  }
}

async function load({ apiKey, baseUrl, fetch }: Options): Promise<OpenAI> {
  const { default: Sdk } = await import('openai');
  return new Sdk({
    apiKey,
    baseURL: baseUrl,
    fetch,
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    // Nothing of the environment is sent along.
    organization: null,
    project: null,
  });
}

/**
 * A refusal of the server, such as a wrong key or an unknown model, is for the operator to mend.
 */
async function asAppError(error: unknown): Promise<unknown> {
  const known = causesOf(error).find((one) => one instanceof AppError);
  if (known) return known;
  const { APIError } = await import('openai');
  const status = error instanceof APIError ? error.status : undefined;
  const what = status === undefined ? 'could not be asked' : `refused the question with status ${status}`;
  return new AppError(
    'dependency_unavailable',
    `The language model ${what}. The operator can run "npm run servio -- assistant check".`,
    { cause: error, retryAfterSeconds: isTransient(error) ? 1 : 60 },
  );
}
