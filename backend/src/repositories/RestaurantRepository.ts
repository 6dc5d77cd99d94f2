import { query, type Tx, violatedConstraint } from '../config/database.js';
import { cashIncrementOf } from '../domain/restaurant/cashRounding.js';
import type { RestaurantSettings } from '../domain/restaurant/restaurant.js';
import { OutOfDate } from '../domain/shared/errors.js';

interface RestaurantRow {
  id: string;
  name: string;
  currency: string;
  timezone: string;
  business_day_cutoff_hour: number;
  opening_hours: RestaurantSettings['openingHours'];
  service_charge: RestaurantSettings['serviceCharge'];
  pickup_codes: RestaurantSettings['pickupCodes'];
  is_assistant_on: boolean;
  address: string | null;
  vat_id: string | null;
  tax_number: string | null;
  country: string | null;
  language: RestaurantSettings['language'];
  receipt_footer: string | null;
  cash_rounding: number | null;
  postal_address: RestaurantSettings['postalAddress'];
  contact: RestaurantSettings['contact'];
  electronic_address: RestaurantSettings['electronicAddress'];
  company_id: RestaurantSettings['companyId'];
  payment_account: RestaurantSettings['paymentAccount'];
  e_invoice_profile: RestaurantSettings['eInvoiceProfile'];
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
  `select id, name, currency, timezone, business_day_cutoff_hour, opening_hours, service_charge, pickup_codes, is_assistant_on, address, vat_id,
     tax_number, country, language, receipt_footer, cash_rounding, postal_address, contact, electronic_address, company_id, payment_account, e_invoice_profile,
     demo_expires_at, version, menu_version, recipe_version
   from restaurants
   where id = $1`,
);

const assertCurrent = query(
  'restaurant.assertCurrent',
  `select refuse_old_state()
   where not exists (
     select from restaurants where id = $1 and version = $2 and menu_version = $3 and recipe_version = $4)`,
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
     address = $7, vat_id = $8, tax_number = $9, country = $10, language = $11, receipt_footer = $12, postal_address = $13::jsonb,
     contact = $14::jsonb, electronic_address = $15::jsonb, company_id = $16::jsonb, payment_account = $17::jsonb,
     e_invoice_profile = $18, version = $19, updated_at = $20,
     pickup_codes = $21::jsonb, cash_rounding = $22, is_assistant_on = $23
   where id = $1`,
);

const findKnownTaxes = query<{ id: string }>(
  'restaurant.findKnownTaxes',
  `select id from taxes
   where restaurant_id = $1 and id = any($2::uuid[]) and deleted_at is null`,
);

const listAtHour = query<{ id: string }>(
  'restaurant.listAtHour',
  'select restaurant_id as id from restaurants_at_hour($1, $2, $3, $4)',
);

const findPickupPool = query<{ id: string }>(
  'restaurant.findPickupPool',
  `select id from code_pools
   where restaurant_id = $1 and id = $2 and kind = 'pickup' and deleted_at is null`,
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

  /**
   * For statements that are sent behind this one.
   * @throws OutOfDate unless settings, menu and recipes have these versions.
   */
  async assertCurrent(restaurantId: string, tx: Tx, versions: Versions & { version: number }): Promise<void> {
    const { version, menuVersion, recipeVersion } = versions;
    await tx.run(assertCurrent, [restaurantId, version, menuVersion, recipeVersion]).catch((error: unknown) => {
      throw violatedConstraint(error) === 'state_is_current' ? new OutOfDate(error) : error;
    });
  }

  /** Ids of restaurants of all tenants: a function of the database tells no more of them. */
  async atHour(
    tx: Tx,
    hour: number,
    at: Date,
    { behind, most }: { behind: string | undefined; most: number },
  ): Promise<string[]> {
    return (await tx.many(listAtHour, [hour, at, behind ?? null, most])).map(({ id }) => id);
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
      ...[settings.postalAddress, settings.contact, settings.electronicAddress].map(toJson),
      ...[settings.companyId, settings.paymentAccount].map(toJson),
      settings.eInvoiceProfile,
      settings.version,
      at,
      toJson(settings.pickupCodes),
      settings.cashRounding,
      settings.isAssistantOn,
    ]);
  }

  /** Whether this is a pool of pick-up codes. */
  async isPickupPool(restaurantId: string, tx: Tx, poolId: string): Promise<boolean> {
    return (await tx.maybeOne(findPickupPool, [restaurantId, poolId])) !== undefined;
  }

  /**
   * Whether a business day is closed. The caller has locked the restaurant: no day is closed
   * meanwhile.
   */
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
    pickupCodes: row.pickup_codes && { poolId: row.pickup_codes.poolId, orderTypes: row.pickup_codes.orderTypes },
    isAssistantOn: row.is_assistant_on,
    serviceCharge: charge && { rate: charge.rate, orderTypes: charge.orderTypes, taxIds: charge.taxIds },
    address: row.address,
    vatId: row.vat_id,
    taxNumber: row.tax_number,
    country: row.country,
    language: row.language,
    receiptFooter: row.receipt_footer,
    cashRounding: row.cash_rounding,
    cashIncrement: cashIncrementOf({ ...row, cashRounding: row.cash_rounding }),
    postalAddress: inOrder(row.postal_address, ['street', 'additional', 'city', 'postcode', 'region']),
    contact: inOrder(row.contact, ['name', 'phone', 'email']),
    electronicAddress: inOrder(row.electronic_address, ['scheme', 'id']),
    companyId: inOrder(row.company_id, ['scheme', 'id']),
    paymentAccount: inOrder(row.payment_account, ['iban', 'bic', 'holder']),
    eInvoiceProfile: row.e_invoice_profile,
    demoExpiresAt: row.demo_expires_at,
    version: row.version,
  };
}

function inOrder<T extends object>(stored: T | null, keys: readonly (keyof T)[]): T | null {
  if (stored === null) return null;
  // The keys are all that the type has, and absent ones stay absent.
  return Object.fromEntries(keys.flatMap((key) => (key in stored ? [[key, stored[key]]] : []))) as T;
}
