/** Only one process at a time sets up a database: roles and migrations. */
import type { SetupClient } from './database.js';

/** Any number works, as long as every Servio uses the same one. */
const SETUP_LOCK = 728_301_955;
/** For connections of the database's owner at the start. */
export const OWNER_CONNECT_TIMEOUT_MS = 10_000;

/**
 * Waits until no other process sets up this database. The lock is held until the connection ends.
 */
export async function waitForSetupLock(client: SetupClient): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [SETUP_LOCK]);
}
