/**
 * The session of this browser. The refresh token is in a cookie that no script can read; the access
 * token is in memory only. Tabs share both: one tab refreshes, and tells the others.
 */
import type { Me } from '../../../client/src/api.js';
import { ServioClient, ServioError, type Session } from '../../../client/src/client.js';
import type { Entry } from '../doors/entry.js';
import { KEPT_RECORDS } from './keptRecords.js';
import { hadSession, lastEmail } from './remembered.js';
import { rememberedStore, store } from './store.js';
import { inTurn, tabChannel } from './tabs.js';

/**
 * `over`: the session ended while the person worked. The page stays, with all that was typed.
 */
export type SessionState = 'starting' | 'in' | 'out' | 'over';
type Told = { session: Session; restaurantId: string | undefined } | 'out';

const REFRESH = '/v1/auth/refresh';
/** Calls of a screen fail soon, so that it can say so; the screen itself tries again. */
const PATIENCE_MS = 0;
const START_AGAIN_MS = 2_000;
/** Answers to a refresh without a valid cookie. */
const NO_SESSION = new Set([401, 422]);

export const sessionState = store<SessionState>('starting');

/** The last person here: the page starts with them, and without a connection, too. */
export const keptMe = rememberedStore<Me | undefined>('me', (value) =>
  // Only this page writes it.
  typeof value === 'object' && value !== null && 'restaurant' in value ? (value as Me) : undefined,
);

/** The restaurant that this tab shows. */
let shownId: string | undefined;
let newest: { session: Session; at: number } | undefined;
const tell = tabChannel<Told>('session', (told) => {
  if (told === 'out') end();
  else take(told.session, false, told.restaurantId);
});

export const client = new ServioClient({
  baseUrl: '',
  refreshBy: 'cookie',
  patienceMs: PATIENCE_MS,
  fetch: fetchInTurn,
  onSession: (session) => {
    if (newest?.session.accessToken !== session.accessToken) take(session, true, restaurantOf(session));
  },
});

/**
 * Continues the session of the cookie, if there is one. Without a connection, the page starts with
 * what the browser has kept, and the session follows.
 */
export async function startSession(): Promise<void> {
  if (!hadSession.get()) return sessionState.set('out');
  while (newest === undefined) {
    try {
      const { data } = await client.call('refresh', { query: { cookie: true }, body: {} });
      // Without a person it is what another tab has just got, and this one took it from there.
      if (Reflect.has(data, 'user')) enter(data);
      return;
    } catch (error) {
      if (error instanceof ServioError && NO_SESSION.has(error.problem.status)) return forget();
      sessionState.set('in');
    }
    await new Promise((resolve) => setTimeout(resolve, START_AGAIN_MS));
  }
}

/** Begins the session of an answer to a login. */
export function enter(entry: Entry): void {
  lastEmail.set(entry.user.email);
  const kept = keptMe.get();
  if (kept?.user?.id !== entry.user.id || kept.restaurant.id !== entry.restaurant.id) keptMe.set(undefined);
  // Tickets and drafts of another restaurant.
  if (kept && kept.restaurant.id !== entry.restaurant.id) indexedDB.deleteDatabase(KEPT_RECORDS);
  take({ accessToken: entry.accessToken }, true, entry.restaurant.id);
}

export async function leave(): Promise<void> {
  await client.call('logout', { query: { cookie: true } }).catch(() => undefined);
  forget();
  tell('out');
}

/** The next person at this browser finds nothing of this one. */
function forget(): void {
  hadSession.set(false);
  keptMe.set(undefined);
  indexedDB.deleteDatabase(KEPT_RECORDS);
  end();
}

function end(): void {
  newest = undefined;
  shownId = undefined;
  sessionState.set('out');
}

/** Called for each refusal: a 401 that no refresh could mend ends the session. */
export function noticeRefusal(error: unknown): void {
  const isOver = error instanceof ServioError && error.problem.status === 401;
  // Before the first token there is nothing that could end.
  if (isOver && newest && sessionState.get() === 'in') sessionState.set('over');
}

function take(session: Session, isOwn: boolean, restaurantId: string | undefined): void {
  const isElsewhere = shownId !== undefined && restaurantId !== undefined && restaurantId !== shownId;
  shownId = restaurantId ?? shownId;
  newest = { session, at: Date.now() };
  client.use(session);
  hadSession.set(true);
  sessionState.set('in');
  if (isOwn) tell({ session, restaurantId });
  // All that a page knows is of one restaurant: in another one, it begins anew.
  if (isElsewhere) location.assign('/console');
}

/** The answer to a refresh says which restaurant the session is of. */
function restaurantOf(session: Session & { restaurant?: { id: string } }): string | undefined {
  return session.restaurant?.id;
}

/**
 * A refresh waits for that of another tab, and then takes its result: a refresh token is for one
 * use.
 */
async function fetchInTurn(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  if (typeof input !== 'string' || !input.startsWith(REFRESH)) return fetch(input, init);
  const askedAt = Date.now();
  return inTurn('refresh', async () => {
    if (newest && newest.at > askedAt) return Response.json(newest.session);
    return fetch(input, init);
  });
}
