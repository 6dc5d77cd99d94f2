/** Settings of a restaurant: the basis for pricing and booking its orders. */
import type { WeeklyInterval } from './localTime.js';
import type { InvoicingSettings } from './invoicing.js';
import type { PrintLanguage } from './printLanguage.js';

/** A charge on the whole order, for some order types only. */
export interface ServiceChargeSetting {
  /** Percent as decimal text: `12.5`. */
  rate: string;
  /** Order types that it applies to. */
  orderTypes: string[];
  /** Taxes on the charge itself. */
  taxIds: string[];
}

/** Orders of some types get a pick-up code. */
export interface PickupSetting {
  poolId: string;
  orderTypes: string[];
}

export interface RestaurantSettings extends InvoicingSettings {
  id: string;
  name: string;
  /** ISO 4217. Fixed at registration, because stored amounts are in this currency. */
  currency: string;
  /** IANA name. */
  timezone: string;
  /** Wall-clock hour, 0 to 23. Earlier times belong to the business day before. */
  businessDayCutoffHour: number;
  /** Empty: always open. */
  openingHours: WeeklyInterval[];
  serviceCharge: ServiceChargeSetting | null;
  pickupCodes: PickupSetting | null;
  /** Whether data of the restaurant may be sent to the language model of this server. */
  isAssistantOn: boolean;
  address: string | null;
  /**
   * VAT number as printed on invoices, with the country prefix where the country has one:
   * `DE123456789`.
   */
  vatId: string | null;
  /** National tax number, for a restaurant without a VAT number. */
  taxNumber: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** Language of printed documents unless the caller asks for another. */
  language: PrintLanguage;
  receiptFooter: string | null;
  /** Smallest amount in cash, minor units; 0: none. Null: by currency and country. */
  cashRounding: number | null;
  /** The smallest amount in cash that applies; 0: none. */
  readonly cashIncrement: number;
  /** End of a demo; null for every other restaurant. Fixed from the start. */
  demoExpiresAt: string | null;
  version: number;
}

/** Four in the morning: late bars have closed, bakeries have not opened. */
export const DEFAULT_CUTOFF_HOUR = 4;

/**
 * Fields that a PATCH may change: all but the id, the currency, the version, the end of a demo and
 * derived ones.
 */
export type RestaurantChanges = {
  [Field in keyof Omit<RestaurantSettings, 'id' | 'currency' | 'cashIncrement' | 'demoExpiresAt' | 'version'>]?:
    | RestaurantSettings[Field]
    | undefined;
};
