import { localTime } from '../../domain/restaurant/localTime.js';
import { type MenuParts, type OrderType, type ResolvedCategory, resolveMenu } from '../../domain/menu/menu.js';
import { type StoredBody, storedBody } from '../../utils/storedBody.js';

const MINUTE_MS = 60_000;

/** The source of a resolved menu, frozen by the cache. */
export interface MenuSource {
  currency: string;
  timezone: string;
  parts: MenuParts;
}

export interface ResolvedMenu {
  currency: string;
  orderType: OrderType | null;
  categories: ResolvedCategory[];
}

/** An answer whose bytes are kept in memory and sent unchanged. */
export type RenderedMenu = StoredBody;

interface Rendering extends RenderedMenu {
  validUntilMs: number;
}

/** Resolves a menu for an instant. */
export function menuAt(source: MenuSource, instant: Date, orderType: OrderType | undefined): ResolvedMenu {
  const moment = { instant, local: localTime(instant, source.timezone) };
  return {
    currency: source.currency,
    orderType: orderType ?? null,
    categories: resolveMenu(source.parts, moment, orderType),
  };
}

/**
 * Rendered menus, kept as long as their source is in the cache: resolving and serialising 255 items
 * takes 1.5 ms, sending the bytes a twentieth of it. A menu with schedules, or with an item that is
 * sold out until a time, is rendered again when such a time can have passed.
 */
export class MenuRenderings {
  readonly #bySource = new WeakMap<MenuSource, Map<OrderType | undefined, Rendering>>();

  render(source: MenuSource, instant: Date, orderType: OrderType | undefined): RenderedMenu {
    let renderings = this.#bySource.get(source);
    if (!renderings) {
      renderings = new Map();
      this.#bySource.set(source, renderings);
    }
    const known = renderings.get(orderType);
    if (known && instant.getTime() < known.validUntilMs) return known;
    const made = Object.assign(rendered(menuAt(source, instant, orderType)), {
      validUntilMs: validUntil(source.parts, instant.getTime()),
    });
    renderings.set(orderType, made);
    return made;
  }
}

/** Serialises an answer. */
export function rendered(value: object): RenderedMenu {
  return storedBody(Buffer.from(JSON.stringify(value)));
}

/** Schedules are exact to the minute; the end of a sold-out period to the millisecond. */
function validUntil({ categories, items }: MenuParts, nowMs: number): number {
  const scheduled = [...categories, ...items].some((part) => part.schedules.length > 0);
  const nextMinute = scheduled ? (Math.trunc(nowMs / MINUTE_MS) + 1) * MINUTE_MS : Number.POSITIVE_INFINITY;
  const ends = items.flatMap(({ availability: { until } }) => (until === null ? [] : [Date.parse(until)]));
  return Math.min(nextMinute, ...ends.filter((end) => end > nowMs));
}
