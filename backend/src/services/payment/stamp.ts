import type { Tx } from '../../config/database.js';
import { personOf } from '../../domain/drawer/shift.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { Call } from '../../domain/shared/call.js';
import type { Clock } from '../../utils/clock.js';
import type { RestaurantService } from '../RestaurantService.js';

/** Who moves money or corrects a sale, when, and on which business day. */
export interface Stamp {
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/** For cash, the day is that of the drawer, not of the order. */
export function stampAt(now: Date, call: Call, settings: RestaurantSettings): Stamp {
  const { timezone, businessDayCutoffHour } = settings;
  return {
    businessDate: businessDate(now, timezone, businessDayCutoffHour),
    createdBy: personOf(call.actor),
    createdAt: now.toISOString(),
  };
}

/** As `stampAt`, by the settings that the transaction sees. */
export async function stampOf(
  { restaurants, clock }: { restaurants: RestaurantService; clock: Clock },
  call: Call,
  tx: Tx,
): Promise<Stamp> {
  return stampAt(clock(), call, await restaurants.settings(tx, call.restaurantId));
}
