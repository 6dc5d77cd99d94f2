/** A page of the feed as bytes of a stream, shared by all readers of a restaurant. */
import { visibleTypes } from '../../domain/event/audience.js';
import type { Scope } from '../../domain/people/roles.js';
import type { EventType } from '../../domain/shared/events.js';
import type { FeedEvent } from '../../repositories/event/EventFeed.js';
import { Recent } from '../../utils/recent.js';

/** Types that a reader sees. Readers with the same choice share one object. */
export type Filter = ReadonlySet<EventType>;

/** What one reader gets of a page. */
interface Part {
  bytes: Buffer;
  events: number;
}

/** Far more choices than roles, keys and screens make. */
const MAX_FILTERS = 500;
const filters = new Recent<string, Filter>(MAX_FILTERS);

/** @param wanted a choice of the caller; absent: all that it may see. */
export function filterOf(scopes: ReadonlySet<Scope>, wanted?: readonly EventType[]): Filter {
  const types = visibleTypes(scopes, wanted).sort();
  const key = types.join();
  const known = filters.get(key);
  if (known) return known;
  const filter = new Set(types);
  filters.set(key, filter);
  return filter;
}

export class Page {
  /** The events follow this position without a gap, up to `upTo`. */
  readonly after: number;
  readonly upTo: number;
  /** Characters of all messages. */
  readonly size: number;
  readonly #messages: readonly { type: EventType; text: string }[];
  readonly #parts = new Map<Filter, Part>();

  /** @param events dense and in order; at least one. */
  constructor(after: number, events: readonly FeedEvent[]) {
    this.after = after;
    this.upTo = after + events.length;
    this.#messages = events.map((event) => ({ type: event.type, text: messageOf(event) }));
    this.size = this.#messages.reduce((sum, { text }) => sum + text.length, 0);
  }

  has(types: ReadonlySet<EventType>): boolean {
    return this.#messages.some(({ type }) => types.has(type));
  }

  /** @param from a position of the page, or the one before it. */
  partFor(filter: Filter, from: number): Part {
    if (from > this.after) return this.#make(filter, from);
    let part = this.#parts.get(filter);
    if (!part) this.#parts.set(filter, (part = this.#make(filter, from)));
    return part;
  }

  #make(filter: Filter, from: number): Part {
    const seen = this.#messages.slice(from - this.after).filter(({ type }) => filter.has(type));
    let text = seen.map((message) => message.text).join('');
    // Events that a reader may not see move its position too. Otherwise it would return to the same
    // place for ever.
    if (seen.at(-1) !== this.#messages.at(-1)) text += `:\nid: ${this.upTo}\n\n`;
    return { bytes: Buffer.from(text), events: seen.length };
  }
}

function messageOf(event: FeedEvent): string {
  return `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
