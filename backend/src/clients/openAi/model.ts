/** A language model as the assistant sees it, whatever the server's protocol. */

export interface ModelToolCall {
  id: string;
  name: string;
  /** As the model wrote them: usually JSON. */
  arguments: string;
}

export type ModelMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls: readonly ModelToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

export interface ModelTool {
  name: string;
  description: string;
  /** JSON schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ModelRequest {
  messages: readonly ModelMessage[];
  tools: readonly ModelTool[];
  maxOutputTokens: number;
  /** Gets each piece of text as it arrives. Afterwards the call is not repeated. */
  onText?: ((piece: string) => void) | undefined;
  /** Aborts when the caller has gone. */
  signal?: AbortSignal | undefined;
}

export interface ModelUsage {
  input: number;
  output: number;
  /** The server did not report it. */
  isEstimated: boolean;
}

export interface ModelReply {
  text: string;
  toolCalls: ModelToolCall[];
  usage: ModelUsage;
}

export interface StreamOptions {
  signal: AbortSignal;
  onText: (piece: string) => void;
  /** Called with each sign of life. */
  hear: () => void;
}

/** Gathers the pieces of one reply and keeps it within its limits. */
export class ReplyBuilder {
  readonly #onText: (piece: string) => void;
  readonly #calls = new Map<number, ModelToolCall>();
  #text = '';
  #chars = 0;

  constructor(onText: (piece: string) => void) {
    this.#onText = onText;
  }

  addText(piece: string): void {
    if (piece === '') return;
    this.#count(piece);
    this.#text += piece;
    this.#onText(piece);
  }

  addToCall(
    index: number,
    piece: { id?: string | undefined; name?: string | undefined; arguments?: string | undefined },
  ): void {
    const known = this.#calls.get(index) ?? { id: '', name: '', arguments: '' };
    this.#count(`${piece.name ?? ''}${piece.arguments ?? ''}`);
    this.#calls.set(index, {
      id: piece.id ?? known.id,
      name: known.name + (piece.name ?? ''),
      arguments: known.arguments + (piece.arguments ?? ''),
    });
    if (this.#calls.size > MAX_CALLS) throw tooMuch();
  }

  /** @param usage as the server reported it. */
  finish(request: ModelRequest, usage: { input: number; output: number } | undefined): ModelReply {
    return {
      text: this.#text,
      toolCalls: [...this.#calls.entries()]
        .sort(([a], [b]) => a - b)
        // Some servers give calls no id.
        .map(([index, call]) => ({ ...call, id: call.id || `call_${index}` })),
      usage: usage
        ? { ...usage, isEstimated: false }
        : { input: estimatedTokens(request), output: tokensOf(this.#chars), isEstimated: true },
    };
  }

  #count(piece: string): void {
    this.#chars += piece.length;
    if (this.#chars > MAX_CHARS) throw tooMuch();
  }
}

const MAX_CHARS = 60_000;
const MAX_CALLS = 16;
/** A token of English has about four characters; of other languages fewer. */
const CHARS_PER_TOKEN = 3;

/** Estimated tokens of a request, rather too many than too few. */
export function estimatedTokens({ messages, tools }: Pick<ModelRequest, 'messages' | 'tools'>): number {
  return tokensOf(JSON.stringify(messages).length + JSON.stringify(tools).length);
}

/** The stream ended before its end: nothing of it may be used. */
export function cutStream(): Error {
  return Object.assign(new Error('the stream of the model ended in the middle'), { code: 'UND_ERR_SOCKET' });
}

function tooMuch(): Error {
  return Object.assign(new Error('the model answers without end'), { status: 502 });
}

function tokensOf(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}
