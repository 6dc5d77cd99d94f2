/** What a restaurant has settled about itself: the ground on which orders are priced and booked. */
import type { WeeklyInterval } from './localTime.js';

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
