import { withoutUndefined } from '../domain/shared/sentFields.js';
import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import { Memoize } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../domain/shared/errors.js';
import { changesBetween } from '../domain/shared/events.js';
import { cashIncrementOf } from '../domain/restaurant/cashRounding.js';
import { keptIds, NO_INVOICING } from '../domain/restaurant/invoicing.js';
import { businessDate, businessDayStart, dayAfter, localClock } from '../domain/restaurant/localTime.js';
import { DEFAULT_LANGUAGE } from '../domain/restaurant/printLanguage.js';
import {
  DEFAULT_CUTOFF_HOUR,
  type RestaurantChanges,
  type RestaurantSettings,
} from '../domain/restaurant/restaurant.js';
import { keptVatId } from '../domain/restaurant/vatNumber.js';
import type { RestaurantRepository, Versions } from '../repositories/RestaurantRepository.js';
import type { Clock } from '../utils/clock.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: RestaurantRepository;
  clock: Clock;
}

export interface NewRestaurant {
  id: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** IANA time zone name. */
  timezone: string;
  /** If set, the restaurant is a demo that ends then. */
  demoExpiresAt?: string;
}

export class RestaurantService {
  readonly #deps: Dependencies;
  readonly #currencies: Currencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#currencies = new Currencies(deps);
  }

  @Track('restaurant.get')
  get(call: Call): Promise<RestaurantSettings> {
    return this.#deps.unitOfWork.read(call, (tx) => this.settings(tx, call.restaurantId));
  }

  /** The settings as the running transaction sees them. Orders are priced and booked with these. */
  settings(tx: Tx, restaurantId: string): Promise<RestaurantSettings> {
    return this.#deps.repository.find(restaurantId, tx);
  }

  /** The settings, and the current versions of the menu and the recipes. */
  settingsWithVersions(tx: Tx, restaurantId: string): Promise<Versions & { settings: RestaurantSettings }> {
    return this.#deps.repository.findWithVersions(restaurantId, tx);
  }

  /**
   * Checks that these settings, menu and recipes are the current ones, ahead of statements that are
   * sent without waiting. @throws OutOfDate.
   */
  assertCurrent(tx: Tx, restaurantId: string, seen: Versions & { settings: RestaurantSettings }): Promise<void> {
    const { settings, menuVersion, recipeVersion } = seen;
    const { version } = settings;
    return this.#deps.repository.assertCurrent(restaurantId, tx, { version, menuVersion, recipeVersion });
  }

  /**
   * Ids of restaurants, of all tenants, in whose time zone it is this hour; in the order of the
   * ids.
   */
  atHour(tx: Tx, hour: number, at: Date, page: { behind: string | undefined; most: number }): Promise<string[]> {
    return this.#deps.repository.atHour(tx, hour, at, page);
  }

  /** A function that adds the restaurant's currency to things with amounts. */
  @Track('restaurant.pricer')
  async pricer(call: Pick<Call, 'restaurantId'>): Promise<<T extends object>(thing: T) => T & { currency: string }> {
    const currency = await this.#currencies.of(call.restaurantId);
    return (thing) => ({ ...thing, currency });
  }

  /** Creates a restaurant inside the caller's transaction, which has entered the new tenant. */
  async create(tx: Tx, restaurant: NewRestaurant): Promise<RestaurantSettings> {
    const settings: RestaurantSettings = {
      demoExpiresAt: null,
      ...restaurant,
      businessDayCutoffHour: DEFAULT_CUTOFF_HOUR,
      openingHours: [],
      serviceCharge: null,
      pickupCodes: null,
      isAssistantOn: true,
      address: null,
      vatId: null,
      taxNumber: null,
      country: null,
      language: DEFAULT_LANGUAGE,
      receiptFooter: null,
      cashRounding: null,
      cashIncrement: cashIncrementOf({ cashRounding: null, currency: restaurant.currency, country: null }),
      ...NO_INVOICING,
      version: 1,
    };
    await this.#deps.repository.insert(restaurant.id, tx, settings, this.#deps.clock());
    return settings;
  }

  /**
   * Changes the given fields. A new time zone or cut-off hour applies from now on: business dates
   * of stored orders stay.
   * @throws AppError version_mismatch; invalid_request; not_found for a tax that does not exist;
   *   business_day_closed when it would move the present onto a closed day.
   */
  @Track('restaurant.update')
  update(call: Call, changes: RestaurantChanges): Promise<RestaurantSettings> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const before = await repository.lock(call.restaurantId, tx);
      assertVersion(call.ifMatch, before.version);
      await this.#assertTaxes(tx, call.restaurantId, changes);
      await this.#assertPickupPool(tx, call.restaurantId, changes);
      const sent = withKeptVatId({ ...before, ...withoutUndefined({ ...changes, ...keptIds(changes) }) }, changes);
      const wanted = { ...sent, cashIncrement: cashIncrementOf(sent) };
      const changed = changesBetween(before, wanted);
      if (Object.keys(changed).length === 0) return before;
      await this.#assertTodayOpen(tx, before, wanted);
      const after = { ...wanted, version: before.version + 1 };
      await repository.update(call.restaurantId, tx, after, clock());
      await unitOfWork.record(tx, call, [
        {
          type: 'restaurant.changed',
          subject: 'restaurant',
          subjectId: call.restaurantId,
          data: { fields: Object.keys(changed) },
          changes: changed,
        },
      ]);
      return after;
    });
  }

  async #assertPickupPool(tx: Tx, restaurantId: string, { pickupCodes }: RestaurantChanges): Promise<void> {
    if (!pickupCodes) return;
    if (!(await this.#deps.repository.isPickupPool(restaurantId, tx, pickupCodes.poolId)))
      throw notFound('pool of pick-up codes', '/pickupCodes/poolId');
  }

  /**
   * A new time zone or cut-off hour does not move the present onto a closed day, which takes
   * nothing more.
   * @throws AppError business_day_closed.
   */
  async #assertTodayOpen(tx: Tx, before: RestaurantSettings, wanted: RestaurantSettings): Promise<void> {
    const { repository, clock } = this.#deps;
    const now = clock();
    const dayOf = ({ timezone, businessDayCutoffHour }: RestaurantSettings) =>
      businessDate(now, timezone, businessDayCutoffHour);
    const [today, day] = [dayOf(before), dayOf(wanted)];
    if (day === today || !(await repository.isDayClosed(before.id, tx, day))) return;
    // Today takes nothing more either.
    if (await repository.isDayClosed(before.id, tx, today)) return;
    const start = businessDayStart(dayAfter(day), wanted.timezone, wanted.businessDayCutoffHour);
    const pointer = before.timezone === wanted.timezone ? '/businessDayCutoffHour' : '/timezone';
    const message =
      `With this setting it would still be ${day}, and that business day is closed: no order and no payment could be taken before ` +
      `${localClock(start, wanted.timezone)} (${wanted.timezone}). Change it after that time.`;
    throw new AppError('business_day_closed', message, { errors: [{ pointer, message }] });
  }

  async #assertTaxes(tx: Tx, restaurantId: string, changes: RestaurantChanges): Promise<void> {
    const taxIds = changes.serviceCharge?.taxIds ?? [];
    if (taxIds.length === 0) return;
    const known = await this.#deps.repository.knownTaxes(restaurantId, tx, taxIds);
    const missing = taxIds.findIndex((taxId) => !known.has(taxId));
    if (missing >= 0) throw notFound('tax', `/serviceCharge/taxIds/${missing}`);
  }
}

/**
 * Remembers currencies. A currency is fixed at registration, so a remembered one cannot become
 * wrong.
 */
class Currencies {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns ISO 4217. */
  @Memoize(3_600_000)
  async of(restaurantId: string): Promise<string> {
    const { unitOfWork, repository } = this.#deps;
    const { currency } = await unitOfWork.read({ restaurantId }, (tx) => repository.find(restaurantId, tx));
    return currency;
  }
}

/**
 * The VAT number must fit the country, whichever of them changes.
 * @throws AppError invalid_request naming the field that was sent.
 */
function withKeptVatId(wanted: RestaurantSettings, changes: RestaurantChanges): RestaurantSettings {
  if (wanted.vatId === null) return wanted;
  const pointer = changes.vatId ? '/vatId' : '/country';
  return { ...wanted, vatId: keptVatId(wanted.vatId, wanted.country, pointer) };
}
