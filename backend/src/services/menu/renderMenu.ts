import { localTime } from '../../domain/restaurant/localTime.js';
import type { DietFilter } from '../../domain/menu/dietary.js';
import type { MenuParts, OrderType, ResolvedCategory } from '../../domain/menu/menu.js';
import { type MenuView, resolveMenu } from '../../domain/menu/resolveMenu.js';
import { type MenuLanguage, menuLanguage } from '../../domain/menu/translations.js';
import { Recent } from '../../utils/recent.js';
import { type StoredBody, storedBody } from '../../utils/storedBody.js';

const MINUTE_MS = 60_000;

/** The source of a resolved menu, frozen by the cache. */
export interface MenuSource {
  restaurantId: string;
  currency: string;
  timezone: string;
  parts: MenuParts;
}

export interface ResolvedMenu {
  currency: string;
  orderType: OrderType | null;
  language: MenuLanguage | null;
  categories: ResolvedCategory[];
}

/** An answer whose bytes are kept in memory and sent unchanged. */
export type RenderedMenu = StoredBody;

interface Rendering extends RenderedMenu {
  validUntilMs: number;
}

/** The view that a caller wants of the menu. */
export interface MenuQuery {
  orderType?: OrderType | undefined;
  /** BCP 47. */
  language?: string | undefined;
  withoutAllergens?: DietFilter['without'] | undefined;
  diet?: DietFilter['diets'] | undefined;
}

/** Resolves a menu for an instant. */
export function menuAt(source: MenuSource, instant: Date, query: MenuQuery): ResolvedMenu {
  const moment = { instant, local: localTime(instant, source.timezone) };
  const view = viewOf(source, query);
  return {
    currency: source.currency,
    orderType: query.orderType ?? null,
    language: view.language ?? null,
    categories: resolveMenu(source.restaurantId, source.parts, moment, view),
  };
}

function viewOf(source: MenuSource, { orderType, language, withoutAllergens = [], diet = [] }: MenuQuery): MenuView {
  return {
    orderType,
    language: language === undefined ? undefined : menuLanguage(language, (one) => languagesOf(source).has(one)),
    filter: withoutAllergens.length + diet.length === 0 ? undefined : { without: withoutAllergens, diets: diet },
  };
}

/** Whether a query asks for some dishes only. Such menus are not kept: there are too many. */
export function isFiltered({ withoutAllergens, diet }: MenuQuery): boolean {
  return withoutAllergens !== undefined || diet !== undefined;
}

const KNOWN_LANGUAGES = new WeakMap<MenuSource, ReadonlySet<string>>();

/** The languages in which a menu has any translation. */
function languagesOf(source: MenuSource): ReadonlySet<string> {
  const known = KNOWN_LANGUAGES.get(source);
  if (known) return known;
  const { categories, items, modifierGroups } = source.parts;
  const languages = new Set(
    [
      ...categories,
      ...items,
      ...items.flatMap(({ variants }) => variants),
      ...modifierGroups,
      ...modifierGroups.flatMap(({ modifiers }) => modifiers),
    ].flatMap(({ translations }) => Object.keys(translations)),
  );
  KNOWN_LANGUAGES.set(source, languages);
  return languages;
}

/** Translated renderings of one menu in memory: languages times order types, those used last. */
const MAX_TRANSLATED = 8;

/**
 * Rendered menus, kept as long as their source is in the cache: resolving and serialising 255 items
 * takes 1.5 ms, sending the bytes a twentieth of it. A menu with schedules, or with an item that is
 * sold out until a time, is rendered again when such a time can have passed.
 */
export class MenuRenderings {
  readonly #bySource = new WeakMap<MenuSource, Map<OrderType | undefined, Rendering>>();
  readonly #translated = new WeakMap<MenuSource, Recent<string, Rendering>>();

  /** @param query not filtered. */
  render(source: MenuSource, instant: Date, query: MenuQuery): RenderedMenu {
    const { orderType } = query;
    const language = query.language === undefined ? undefined : viewOf(source, query).language;
    if (language === undefined) {
      const renderings = of(this.#bySource, source, () => new Map());
      return this.#kept(renderings, orderType, source, instant, { orderType });
    }
    const renderings = of(this.#translated, source, () => new Recent<string, Rendering>(MAX_TRANSLATED));
    return this.#kept(renderings, `${language} ${orderType ?? ''}`, source, instant, { orderType, language });
  }

  #kept<Key>(
    renderings: Pick<Map<Key, Rendering>, 'get'> & { set: (key: Key, made: Rendering) => unknown },
    key: Key,
    source: MenuSource,
    instant: Date,
    query: MenuQuery,
  ): Rendering {
    const known = renderings.get(key);
    if (known && instant.getTime() < known.validUntilMs) return known;
    const made = Object.assign(rendered(menuAt(source, instant, query)), {
      validUntilMs: validUntil(source.parts, instant.getTime()),
    });
    renderings.set(key, made);
    return made;
  }
}

function of<Value extends object>(map: WeakMap<MenuSource, Value>, source: MenuSource, make: () => Value): Value {
  const known = map.get(source);
  if (known) return known;
  const made = make();
  map.set(source, made);
  return made;
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
