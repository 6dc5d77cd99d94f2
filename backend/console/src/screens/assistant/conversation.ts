/** The conversation of this tab: it stays while the person looks at other screens. */
import type { AssistantAnswer, AssistantProposal, AssistantSource } from '../../../../client/src/api.js';
import { ServioError } from '../../../../client/src/client.js';
import { refresh } from '../../app/queries.js';
import { client, sessionState } from '../../app/session.js';
import { store } from '../../app/store.js';

export interface AskedTurn {
  id: number;
  question: string;
  text: string;
  proposals: readonly AssistantProposal[];
  sources: readonly AssistantSource[];
  /** How many looks into the data it took so far. */
  looks: number;
  state: 'growing' | 'done' | 'failed';
  failure?: Error;
}

interface Conversation {
  id: string | undefined;
  turns: readonly AskedTurn[];
}

const EMPTY: Conversation = { id: undefined, turns: [] };
export const conversation = store<Conversation>(EMPTY);
let current: AbortController | undefined;

sessionState.follow(() => {
  // The next person must not see what this one asked.
  if (sessionState.get() === 'out') forget();
});

/** Begins anew. The old conversation is kept by the server for a month. */
export function forget(): void {
  current?.abort();
  conversation.set(EMPTY);
}

/** Goes on with an earlier conversation. @throws ServioError when it is gone. */
export async function resume(id: string): Promise<void> {
  const { data } = await client.call('getAssistantConversation', { id });
  current?.abort();
  const turns = data.turns.map(
    ({ question, answer, sources }, place): AskedTurn => ({
      id: place,
      question,
      text: answer,
      sources,
      // They are over after ten minutes.
      proposals: [],
      looks: 0,
      state: 'done',
    }),
  );
  conversation.set({ id, turns });
}

/** Ends the answer that grows; what came of it stays. */
export function stop(): void {
  current?.abort();
}

/** Asks, and lets the answer grow. Failures are in the turn. */
export async function ask(question: string): Promise<void> {
  const { id: conversationId, turns } = conversation.get();
  const id = turns.length;
  current = new AbortController();
  const { signal } = current;
  const begun = { id, question, text: '', proposals: [], sources: [], looks: 0, state: 'growing' } as const;
  conversation.set({ id: conversationId, turns: [...turns, begun] });
  try {
    const body = { text: question, ...(conversationId === undefined ? {} : { conversationId }) };
    for await (const { event, data } of client.ask(body, { signal })) take(id, event, data);
    change(id, (turn) => (turn.state === 'growing' ? { ...turn, state: 'failed' } : turn));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    change(id, (turn) => ({ ...turn, state: 'failed', ...(signal.aborted ? {} : { failure: error }) }));
  }
}

/** The server writes events as its description says. */
function take(id: number, event: string, data: unknown): void {
  if (event === 'token') {
    const { text } = data as { text: string };
    change(id, (turn) => ({ ...turn, text: turn.text + text }));
  } else if (event === 'tool') change(id, (turn) => ({ ...turn, looks: turn.looks + 1 }));
  else if (event === 'done') end(id, data as AssistantAnswer);
  else if (event === 'error') {
    const { code, detail, retryAfterSeconds } = data as { code: string; detail: string; retryAfterSeconds?: number };
    const problem = { type: 'about:blank', title: detail, status: 503, detail, code, requestId: '' };
    throw new ServioError(problem, retryAfterSeconds);
  }
}

function end(id: number, { conversationId, text, proposals, sources }: AssistantAnswer): void {
  change(id, (turn) => ({ ...turn, text, proposals, sources, state: 'done' }));
  conversation.set({ ...conversation.get(), id: conversationId });
  void refresh(['listAssistantConversations']);
}

function change(id: number, by: (turn: AskedTurn) => AskedTurn): void {
  const known = conversation.get();
  conversation.set({ ...known, turns: known.turns.map((turn) => (turn.id === id ? by(turn) : turn)) });
}
