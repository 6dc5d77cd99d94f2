import { query, type Tx } from '../config/database.js';
import type { DeviceKind } from '../domain/people/devices.js';
import { NO_RESTAURANT } from '../domain/shared/call.js';

export interface NewPairing {
  deviceHash: string;
  codeHash: string;
  expiresAt: Date;
}

/** A member's decision about a device. */
export interface Confirmation {
  restaurantId: string;
  name: string;
  kind: DeviceKind;
  /** User id of the member. */
  confirmedBy: string;
}

const deleteExpired = query(
  'device.deleteExpired',
  'delete from device_pairings where restaurant_id = $1 and expires_at <= $2',
);

// Two devices never show one code: the second gets another one.
const insertPairing = query<{ codeHash: string }>(
  'device.insertPairing',
  `insert into device_pairings (restaurant_id, device_hash, code_hash, expires_at)
   select $1, $2, $3, $4
   where (select count(*) from device_pairings where restaurant_id = $1) < $5::int
   on conflict do nothing
   returning code_hash as "codeHash"`,
);

// When two members confirm one code, the second waits for the row and then finds it confirmed.
const confirmPairing = query<{ expiresAt: string }>(
  'device.confirm',
  `update device_pairings
   set home_id = $4, name = $5, kind = $6, confirmed_by = $7
   where restaurant_id = $1 and code_hash = $2 and expires_at > $3 and home_id is null
   returning expires_at as "expiresAt"`,
);

const lockPairing = query<Omit<Confirmation, 'restaurantId'> & { restaurantId: string | null }>(
  'device.lock',
  `select home_id as "restaurantId", name, kind, confirmed_by as "confirmedBy" from device_pairings
   where restaurant_id = $1 and device_hash = $2 and expires_at > $3
   for update`,
);

const deletePairing = query(
  'device.deletePairing',
  'delete from device_pairings where restaurant_id = $1 and device_hash = $2',
);

/**
 * Pairings under way. Their rows have the nil restaurant, which the transaction must have entered.
 */
export class DeviceRepository {
  async deleteExpired(tx: Tx, at: Date): Promise<void> {
    await tx.run(deleteExpired, [NO_RESTAURANT, at]);
  }

  /** @returns false when the code is taken, or when there are `most` pairings. */
  async insert(tx: Tx, { deviceHash, codeHash, expiresAt }: NewPairing, most: number): Promise<boolean> {
    const row = await tx.maybeOne(insertPairing, [NO_RESTAURANT, deviceHash, codeHash, expiresAt, most]);
    return row !== undefined;
  }

  /** @returns when the pairing expires; undefined when no device shows this code. */
  async confirm(tx: Tx, codeHash: string, confirmation: Confirmation, at: Date): Promise<string | undefined> {
    const { restaurantId, name, kind, confirmedBy } = confirmation;
    const values = [NO_RESTAURANT, codeHash, at, restaurantId, name, kind, confirmedBy];
    return (await tx.maybeOne(confirmPairing, values))?.expiresAt;
  }

  /** @returns undefined for an unknown or expired pairing; null while nobody has confirmed it. */
  async lock(tx: Tx, deviceHash: string, at: Date): Promise<Confirmation | null | undefined> {
    const row = await tx.maybeOne(lockPairing, [NO_RESTAURANT, deviceHash, at]);
    if (!row) return undefined;
    const { restaurantId } = row;
    return restaurantId === null ? null : { ...row, restaurantId };
  }

  async delete(tx: Tx, deviceHash: string): Promise<void> {
    await tx.run(deletePairing, [NO_RESTAURANT, deviceHash]);
  }
}
