/**
 * Events of the restaurant, as they happen. One tab of the browser reads the stream of events for
 * all of them, because a browser opens only six connections to a server. A tab that hears nothing
 * says so: a screen that is silently old is the worst fault.
 */
import type { EventType } from '../../../client/src/api.js';
import { ServioError } from '../../../client/src/client.js';
import { client, noticeRefusal, sessionState } from './session.js';
import { store } from './store.js';
import { inTurn, tabChannel } from './tabs.js';

export interface LiveState {
  /** `polling`: there is no stream, but the server answers when it is asked. */
  link: 'starting' | 'live' | 'reconnecting' | 'polling';
  /** When the server was heard last, in milliseconds since 1970. */
  heardAt: number;
}

/** `resync`: events may be missing, so all data is loaded again. */
export type LiveNews = { types: EventType[] } | 'resync';
type Told = { state: LiveState } | { news: LiveNews } | 'hello';

/** The server writes at least every 15 seconds. */
export const SILENCE_MS = 20_000;
const POLL_MS = 5_000;
const MOST_POLLED = 100;

export const live = store<LiveState>({ link: 'starting', heardAt: Date.now() });
const listeners = new Set<(news: LiveNews) => void>();
let isLeader = false;
let position: number | undefined;

const tell = tabChannel<Told>('live', (told) => {
  if (told === 'hello') {
    if (isLeader) tell({ state: live.get() });
  } else if ('state' in told) live.set(told.state);
  else for (const listener of listeners) listener(told.news);
});

/** @returns a function that ends the listening. */
export function onNews(listener: (news: LiveNews) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Starts to listen, in this tab or by the one that does already. @returns ends it. */
export function startLive(): () => void {
  const ending = new AbortController();
  tell('hello');
  inTurn('live', () => lead(ending.signal), ending.signal).catch(() => undefined);
  return () => ending.abort();
}

/** Called when an answer of the server has arrived by another way. */
export function heard(): void {
  const { link } = live.get();
  if (link !== 'live' || Date.now() - live.get().heardAt > 1_000) say({ link, heardAt: Date.now() });
}

async function lead(signal: AbortSignal): Promise<void> {
  isLeader = true;
  position = undefined;
  // Another tab may have led before: what happened since then is not known here.
  spread('resync');
  const poll = setInterval(() => void look(signal), POLL_MS);
  try {
    while (!signal.aborted) await readStream(signal);
  } finally {
    clearInterval(poll);
    isLeader = false;
  }
}

/** Ends a stream that is silent or lost, so that the next one begins at once. */
let again = new AbortController();

async function readStream(signal: AbortSignal): Promise<void> {
  again = new AbortController();
  const ended = AbortSignal.any([signal, again.signal]);
  try {
    const events = client.events({
      signal: ended,
      ...(position === undefined ? {} : { after: position }),
      onState: (state) => (state === 'heard' ? say({ link: 'live', heardAt: Date.now() }) : lose()),
    });
    for await (const event of events) {
      if (event.type === 'position' || event.type === 'reset') {
        position = event.position;
        spread('resync');
      } else {
        position = event.position;
        spread({ types: [event.type] });
      }
    }
  } catch (error) {
    lose();
    noticeRefusal(error);
    // The session is over: wait for the next one, or for the end.
    if (error instanceof ServioError) await untilSession(ended);
    if (!signal.aborted) await pause(500);
  }
}

function lose(): void {
  const { link, heardAt } = live.get();
  if (link === 'live') say({ link: 'reconnecting', heardAt });
}

/** Asks for events while there is no stream; the first answer also opens the stream again. */
async function look(signal: AbortSignal): Promise<void> {
  const { link, heardAt } = live.get();
  const isSilent = Date.now() - heardAt > SILENCE_MS;
  if ((link === 'live' && !isSilent) || sessionState.get() !== 'in') return;
  if (link === 'live') lose();
  try {
    const query = position === undefined ? { limit: 1 } : { after: position, limit: MOST_POLLED };
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(POLL_MS)]);
    const { data } = await client.call('listEvents', { query }, { signal: inTime });
    // The stream has come meanwhile, and knows more.
    if (live.get().link === 'live' && !isSilent) return;
    const isComplete = position !== undefined && data.nextAfter >= data.latest;
    position = data.latest;
    say({ link: 'polling', heardAt: Date.now() });
    if (!isComplete) spread('resync');
    else if (data.data.length > 0) spread({ types: data.data.map(({ type }) => type) });
    if (link === 'reconnecting' || isSilent) again.abort();
  } catch (error) {
    if (live.get().link === 'polling') say({ link: 'reconnecting', heardAt });
    noticeRefusal(error);
  }
}

function say(state: LiveState): void {
  live.set(state);
  if (isLeader) tell({ state });
}

function spread(news: LiveNews): void {
  for (const listener of listeners) listener(news);
  tell({ news });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function untilSession(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (sessionState.get() === 'in' || signal.aborted) {
        unfollow();
        resolve();
      }
    };
    const unfollow = sessionState.follow(check);
    signal.addEventListener('abort', check, { once: true });
    check();
  });
}
