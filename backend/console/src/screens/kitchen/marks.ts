/** Marks that cooks put on lines, and those that changes of an order leave. */
import { rememberedStore, store } from '../../app/store.js';
import type { Ticket } from './tickets.js';

/** Most marks that are remembered: some hundred tickets. */
const MOST = 2_000;

/** Lines that are done, by their ids. */
export const ticks = rememberedStore<readonly string[]>('kitchen.ticks', (value) =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [],
);

/** Voided lines that somebody has seen. */
export const dismissed = store<ReadonlySet<string>>(new Set());
/** Lines that were added or changed after the ticket was first shown. */
export const changed = store<ReadonlySet<string>>(new Set());
/** Tickets that were ready and are shown again. */
export const recalled = store<ReadonlySet<string>>(new Set());

const seen = new Map<string, Map<string, string>>();

export function tick(lineId: string): void {
  const all = ticks.get();
  ticks.set(all.includes(lineId) ? all.filter((one) => one !== lineId) : [...all, lineId].slice(-MOST));
  dropFrom(changed, [lineId]);
}

/** Compares tickets with what was shown before. @returns tickets that are new. */
export function noteChanges(tickets: readonly Ticket[]): Ticket[] {
  const isFirst = seen.size === 0;
  const news: Ticket[] = [];
  const differing: string[] = [];
  for (const ticket of tickets) {
    const before = seen.get(ticket.id);
    if (before === undefined) news.push(ticket);
    else
      differing.push(...ticket.lines.filter(({ id, signature }) => before.get(id) !== signature).map(({ id }) => id));
    seen.set(ticket.id, new Map(ticket.lines.map(({ id, signature }) => [id, signature])));
  }
  const here = new Set(tickets.map(({ id }) => id));
  for (const id of seen.keys()) if (!here.has(id)) seen.delete(id);
  if (differing.length > 0) changed.set(new Set([...changed.get(), ...differing]));
  return isFirst ? [] : news;
}

export function addTo(marks: typeof dismissed, ids: readonly string[]): void {
  marks.set(new Set([...marks.get(), ...ids]));
}

export function dropFrom(marks: typeof dismissed, ids: readonly string[]): void {
  const rest = [...marks.get()].filter((one) => !ids.includes(one));
  if (rest.length < marks.get().size) marks.set(new Set(rest));
}
