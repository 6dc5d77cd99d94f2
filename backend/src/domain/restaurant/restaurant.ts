/** What a restaurant has settled about itself: the ground on which orders are priced and booked. */
import type { WeeklyInterval } from './localTime.js';
import type { PrintLanguage } from './printLanguage.js';

/** A charge on the whole order, taken for some types of order only. */
export interface ServiceChargeSetting {
  /** Percent as decimal text: `12.5`. */
  rate: string;
  /** Types of order it applies to. */
  orderTypes: string[];
  /** Taxes on the charge itself. */
  taxIds: string[];
}

export interface RestaurantSettings {
  id: string;
  name: string;
  /** ISO 4217. Fixed at registration: stored amounts have no meaning in another currency. */
  currency: string;
  /** IANA name. */
  timezone: string;
  /** Wall-clock hour, 0 to 23, before which the night still belongs to the day before. */
  businessDayCutoffHour: number;
  /** Empty: always open. */
  openingHours: WeeklyInterval[];
  serviceCharge: ServiceChargeSetting | null;
  address: string | null;
  /** As the tax office wants it on invoices, with the prefix of its country where that has one: `DE123456789`. */
  vatId: string | null;
  /** Of the national tax office, for who has no VAT number. */
  taxNumber: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** What it prints in, unless somebody asks for another. */
  language: PrintLanguage;
  receiptFooter: string | null;
  /** When it ends, of a demo; null of every other restaurant. Fixed from the start. */
  demoExpiresAt: string | null;
  version: number;
}

/** Four in the morning: late bars have closed, bakeries have not opened. */
export const DEFAULT_CUTOFF_HOUR = 4;

/** What a PATCH may change: all but the id, the currency, the end of a demo and the version. */
export type RestaurantChanges = {
  [Field in keyof Omit<RestaurantSettings, 'id' | 'currency' | 'demoExpiresAt' | 'version'>]?:
    | RestaurantSettings[Field]
    | undefined;
};
