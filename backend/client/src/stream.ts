/** Reads the stream of events, and opens it again where it was lost. */
import type { Events } from './api.js';
import { refusalOf, ServioError } from './problem.js';

/** The data that a reader has may be older than this position: load it now. */
export interface StreamPosition {
  type: 'position' | 'reset';
  position: number;
}

/** `heard`: bytes of the stream arrived, if only a heartbeat. `lost`: it is opened again soon. */
export type StreamState = 'heard' | 'lost';

interface Message {
  id: string | undefined;
  event: string | undefined;
  data: string | undefined;
  retry: string | undefined;
}

/** A part of an answer that grows. */
export interface GrownEvent {
  event: string;
  data: unknown;
}

/** The server writes at least a comment every 15 seconds. */
const SILENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 15_000;
const FINAL = new Set([400, 401, 403, 422]);

/**
 * @param open a stream after a position. It is opened again with the last one that was read.
 * @throws ServioError when the session is over.
 */
export async function* readEvents(
  open: (after: number | undefined) => Promise<Response>,
  { after, signal, onState }: { after?: number; signal?: AbortSignal; onState?: (state: StreamState) => void },
): AsyncGenerator<Events[keyof Events] | StreamPosition> {
  let position = after;
  let pauseMs = 1_000;
  while (!signal?.aborted) {
    try {
      const response = await open(position);
      // The session is over, or the call is wrong: no repetition helps.
      if (FINAL.has(response.status)) throw await refusalOf(response);
      if (response.ok && response.body)
        for await (const { id, event, data, retry } of messagesOf(response.body, () => onState?.('heard'))) {
          if (retry !== undefined) pauseMs = Number(retry);
          if (id !== undefined) position = Number(id);
          if (event === 'position' || event === 'reset') yield { type: event, position: position ?? 0 };
          // The server writes events as its description says.
          else if (data !== undefined) yield JSON.parse(data) as Events[keyof Events];
        }
      else await response.body?.cancel();
    } catch (error) {
      if (error instanceof ServioError || signal?.aborted) throw error;
    }
    onState?.('lost');
    await pause(pauseMs * (0.5 + Math.random()), signal);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

/**
 * The events of an answer that grows, such as that of the assistant.
 * @throws SyntaxError if it is no stream of JSON.
 */
export async function* grownOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<GrownEvent> {
  for await (const { event, data } of messagesOf(body, () => undefined))
    if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown };
}

async function* messagesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onHeard: () => void,
): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = ''; ; ) {
      const { done, value } = await withinSilence(reader.read());
      if (done) return;
      onHeard();
      const messages = (rest + value).split('\n\n');
      rest = messages.pop() ?? '';
      yield* messages.map(messageOf);
    }
  } finally {
    // Not awaited: a lost connection may never answer.
    reader.cancel().catch(() => undefined);
  }
}

function messageOf(text: string): Message {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  return { id: field('id'), event: field('event'), data: field('data'), retry: field('retry') };
}

/** Ends early when nobody waits for the stream any more. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });
}

function withinSilence<T>(read: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the stream is silent')), SILENCE_MS);
  });
  return Promise.race([read, silence]).finally(() => clearTimeout(timer));
}
