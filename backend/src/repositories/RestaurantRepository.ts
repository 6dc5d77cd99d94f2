import { query, type Tx } from '../config/database.js';
import type { RestaurantSettings } from '../domain/restaurant/restaurant.js';

interface RestaurantRow {
  id: string;
  name: string;
  currency: string;
  timezone: string;
  business_day_cutoff_hour: number;
  opening_hours: RestaurantSettings['openingHours'];
  service_charge: RestaurantSettings['serviceCharge'];
  address: string | null;
  vat_id: string | null;
  tax_number: string | null;
  country: string | null;
  language: RestaurantSettings['language'];
  receipt_footer: string | null;
  demo_expires_at: string | null;
  version: number;
  menu_version: number;
  recipe_version: number;
}

/** Every change of the menu or of recipes raises its version, in the same transaction. */
export interface Versions {
  menuVersion: number;
  recipeVersion: number;
}

const findRestaurant = query<RestaurantRow>(
  'restaurant.find',
  `select id, name, currency, timezone, business_day_cutoff_hour, opening_hours, service_charge, address, vat_id, tax_number, country,
     language, receipt_footer, demo_expires_at, version, menu_version, recipe_version
   from restaurants
   where id = $1`,
);

const lockRestaurant = query<RestaurantRow>('restaurant.lock', `${findRestaurant.text} for update`);

const insertRestaurant = query(
  'restaurant.insert',
  `insert into restaurants (id, name, currency, timezone, business_day_cutoff_hour, opening_hours, service_charge, address, vat_id,
     tax_number, country, language, receipt_footer, demo_expires_at, version, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)`,
);

const updateRestaurant = query(
  'restaurant.update',
  `update restaurants
   set name = $2, timezone = $3, business_day_cutoff_hour = $4, opening_hours = $5::jsonb, service_charge = $6::jsonb,
     address = $7, vat_id = $8, tax_number = $9, country = $10, language = $11, receipt_footer = $12, version = $13, updated_at = $14
   where id = $1`,
);

const findKnownTaxes = query<{ id: string }>(
  'restaurant.findKnownTaxes',
  `select id from taxes
   where restaurant_id = $1 and id = any($2::uuid[]) and deleted_at is null`,
);

const isDayClosed = query<{ closed: boolean }>(
  'restaurant.isDayClosed',
  'select exists (select from business_days where restaurant_id = $1 and business_date = $2) as closed',
);

/** The id of this table is the tenant's id: `id = $1` replaces `restaurant_id = $1`. */
export class RestaurantRepository {
  async find(restaurantId: string, tx: Tx): Promise<RestaurantSettings> {
    return toSettings(await tx.one(findRestaurant, [restaurantId]));
  }

  /** Settings with the versions of menu and recipes, as the transaction sees them. */
  async findWithVersions(restaurantId: string, tx: Tx): Promise<Versions & { settings: RestaurantSettings }> {
    const row = await tx.one(findRestaurant, [restaurantId]);
    return { settings: toSettings(row), menuVersion: row.menu_version, recipeVersion: row.recipe_version };
  }

  /** As `find`, and locks the row until the transaction ends. */
  async lock(restaurantId: string, tx: Tx): Promise<RestaurantSettings> {
    return toSettings(await tx.one(lockRestaurant, [restaurantId]));
  }

  async insert(restaurantId: string, tx: Tx, settings: RestaurantSettings, at: Date): Promise<void> {
    await tx.run(insertRestaurant, [
      restaurantId,
      settings.name,
      settings.currency,
      settings.timezone,
      settings.businessDayCutoffHour,
      JSON.stringify(settings.openingHours),
      toJson(settings.serviceCharge),
      settings.address,
      settings.vatId,
      settings.taxNumber,
      settings.country,
      settings.language,
      settings.receiptFooter,
      settings.demoExpiresAt,
      settings.version,
      at,
    ]);
  }

  async update(restaurantId: string, tx: Tx, settings: RestaurantSettings, at: Date): Promise<void> {
    await tx.run(updateRestaurant, [
      restaurantId,
      settings.name,
      settings.timezone,
      settings.businessDayCutoffHour,
      JSON.stringify(settings.openingHours),
      toJson(settings.serviceCharge),
      settings.address,
      settings.vatId,
      settings.taxNumber,
      settings.country,
      settings.language,
      settings.receiptFooter,
      settings.version,
      at,
    ]);
  }

  /** Whether a business day is closed. The caller has locked the restaurant: no day is closed meanwhile. */
  async isDayClosed(restaurantId: string, tx: Tx, date: string): Promise<boolean> {
    return (await tx.one(isDayClosed, [restaurantId, date])).closed;
  }

  /** Those of the taxes that exist and are not deleted. */
  async knownTaxes(restaurantId: string, tx: Tx, taxIds: readonly string[]): Promise<Set<string>> {
    const rows = await tx.many(findKnownTaxes, [restaurantId, taxIds]);
    return new Set(rows.map((row) => row.id));
  }
}

/** Returns SQL null for null, because JSON null would be a value. */
function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** jsonb changes the order of keys. This restores it, so that settings can be compared as JSON. */
function toSettings(row: RestaurantRow): RestaurantSettings {
  const charge = row.service_charge;
  return {
    id: row.id,
    name: row.name,
    currency: row.currency,
    timezone: row.timezone,
    businessDayCutoffHour: row.business_day_cutoff_hour,
    openingHours: row.opening_hours.map(({ days, from, to }) => ({ days, from, to })),
    serviceCharge: charge && { rate: charge.rate, orderTypes: charge.orderTypes, taxIds: charge.taxIds },
    address: row.address,
    vatId: row.vat_id,
    taxNumber: row.tax_number,
    country: row.country,
    language: row.language,
    receiptFooter: row.receipt_footer,
    demoExpiresAt: row.demo_expires_at,
    version: row.version,
  };
}
