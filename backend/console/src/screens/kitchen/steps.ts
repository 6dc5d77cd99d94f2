/**
 * Steps of the kitchen: they are shown at once, kept in the browser, and sent as soon as the server
 * can be reached. Each has its own Idempotency-Key, so a step that is sent twice takes effect once.
 */
import { ServioError } from '../../../../client/src/client.js';
import type { OrderStatus, Problem } from '../../../../client/src/api.js';
import { client, noticeRefusal, sessionState } from '../../app/session.js';
import { store } from '../../app/store.js';
import { inTurn, tabChannel } from '../../app/tabs.js';
import { allRecords, dropRecord, keepRecords } from '../../app/keptRecords.js';

export type Action = 'acceptOrder' | 'startOrder' | 'markOrderReady' | 'completeOrder';

export interface Step {
  /** The Idempotency-Key. */
  key: string;
  orderId: string;
  action: Action;
  /** Before this time it can be taken back; milliseconds since 1970. */
  notBefore: number;
  /** Steps of one order are sent in this order. */
  rank: number;
  sentAt?: number;
}

/** In the order in which an order goes through them. */
const RANKS: readonly OrderStatus[] = ['placed', 'accepted', 'preparing', 'ready', 'completed'];
const ACTIONS: readonly Action[] = ['acceptOrder', 'startOrder', 'markOrderReady', 'completeOrder'];
const RETRY_MS = 2_000;
/** By then, the server's answer to the list of orders contains a step that was sent. */
const SHOWN_MS = 10_000;

export const steps = store<readonly Step[]>([]);
/** Why the server refused a step, for the screen to say. */
export const refusals = store<{ orderId: string; problem: Problem } | undefined>(undefined);

const tellTabs = tabChannel<'changed'>('kitchen', () => void load());
/** The writing of steps, one press after the other. */
let keeping = Promise.resolve();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Loads the steps that an earlier page left, and sends them. @returns ends the sending. */
export function startSteps(): () => void {
  void load();
  return () => clearTimeout(timer);
}

/**
 * Takes an order from a status to another one. The steps are shown when they are kept, so a reload
 * never loses what a cook has seen done. Of two quick presses, the second goes on from the first.
 * @param holdMs time in which `takeBack` can undo it.
 */
export function advance(orderId: string, from: OrderStatus, to: OrderStatus, holdMs = 0): Promise<void> {
  const notBefore = Date.now() + holdMs;
  keeping = keeping.then(async () => {
    const start = RANKS.indexOf(statusAfter(orderId, from, steps.get()));
    const made = ACTIONS.slice(start, RANKS.indexOf(to)).map((action, place): Step => {
      return { key: crypto.randomUUID(), orderId, action, notBefore, rank: start + place };
    });
    if (made.length === 0) return;
    const byKey = new Map(made.map((step) => [step.key, step]));
    await keepRecords('steps', byKey);
    // Another tab may have told of them meanwhile.
    steps.set([...steps.get().filter(({ key }) => !byKey.has(key)), ...made]);
    tellTabs('changed');
    schedule(0);
  });
  return keeping;
}

/** Undoes the steps of an order that are not sent yet. @returns whether there were some. */
export async function takeBack(orderId: string): Promise<boolean> {
  await keeping;
  const isMine = (step: Step): boolean => step.orderId === orderId && step.sentAt === undefined;
  const mine = steps.get().filter(isMine);
  steps.set(steps.get().filter((step) => !isMine(step)));
  for (const { key } of mine) await dropRecord('steps', key);
  tellTabs('changed');
  return mine.length > 0;
}

/** The status that an order has with the steps that are on their way. */
export function statusAfter(orderId: string, status: OrderStatus, pending: readonly Step[]): OrderStatus {
  const rank = pending
    .filter((step) => step.orderId === orderId)
    .reduce((most, step) => Math.max(most, step.rank + 1), RANKS.indexOf(status));
  return RANKS[rank] ?? status;
}

async function load(): Promise<void> {
  const kept = await allRecords<Step>('steps');
  if (!kept) return;
  const sent = steps.get().filter(({ sentAt }) => sentAt !== undefined && sentAt > Date.now() - SHOWN_MS);
  steps.set(
    [...sent.filter((one) => kept.every(({ key }) => key !== one.key)), ...kept].sort((a, b) => a.rank - b.rank),
  );
  schedule(0);
}

function schedule(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void inTurn('kitchen-steps', sendDue).catch(() => schedule(RETRY_MS)), ms);
}

/** Sends what is due, one after the other, in one tab at a time. */
async function sendDue(): Promise<void> {
  const blocked = new Set<string>();
  for (const step of steps.get().toSorted((a, b) => a.rank - b.rank)) {
    if (step.sentAt !== undefined || step.notBefore > Date.now() || blocked.has(step.orderId)) continue;
    if (!(await send(step))) blocked.add(step.orderId);
  }
  const now = Date.now();
  steps.set(steps.get().filter(({ sentAt }) => sentAt === undefined || sentAt > now - SHOWN_MS));
  const waiting = steps.get().filter(({ sentAt }) => sentAt === undefined);
  if (waiting.length === 0) return;
  const next = Math.min(...waiting.map(({ notBefore }) => notBefore));
  schedule(Math.max(blocked.size > 0 ? RETRY_MS : 50, next - now));
}

/** @returns whether the next step of the order may follow. */
async function send({ key, orderId, action }: Step): Promise<boolean> {
  if (sessionState.get() !== 'in') return false;
  try {
    await client.call(action, { id: orderId }, { key });
  } catch (error) {
    if (!(error instanceof ServioError) || error.problem.status >= 500 || error.problem.status === 429) return false;
    if (error.problem.status === 401) {
      noticeRefusal(error);
      return false;
    }
    // 409: somebody else has taken the order further; that is no news worth a message.
    if (error.problem.status !== 409) refusals.set({ orderId, problem: error.problem });
  }
  await dropRecord('steps', key);
  steps.set(steps.get().map((one) => (one.key === key ? { ...one, sentAt: Date.now() } : one)));
  tellTabs('changed');
  return true;
}
