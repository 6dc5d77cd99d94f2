/**
 * A connection that every Servio process keeps while it uses the server, so that the other
 * processes see it.
 */
import { withClient } from '../../config/database.js';

const CONNECT_TIMEOUT_MS = 5_000;
const COUNT_OTHERS = `
  select count(*)::int as others
  from pg_stat_activity
  where backend_type = 'client backend'
    and pid <> pg_backend_pid()`;

export interface Presence {
  /**
   * Number of other clients: our pools that are closing, other Servio processes, a person with
   * psql.
   */
  countOthers(): Promise<number>;
  leave(): Promise<void>;
  /** Resolves when the server has died or cut the connection; never after `leave`. */
  lost: Promise<void>;
}

/**
 * Connects before the start lock is released, so that a process about to stop the server counts us.
 */
export function enterPresence(url: string): Promise<Presence> {
  return new Promise((resolve, reject) => {
    let release: () => void = () => undefined;
    let hasLeft = false;
    const released = new Promise<void>((free) => (release = free));
    const ended = withClient(
      url,
      async (client) => {
        const countOthers = async () => (await client.query<{ others: number }>(COUNT_OTHERS)).rows[0]?.others ?? 0;
        const leave = async () => {
          hasLeft = true;
          release();
          await ended.catch(() => undefined);
        };
        const lost = new Promise<void>((gone) => {
          client.once('end', () => {
            if (!hasLeft) gone();
          });
        });
        resolve({ countOthers, leave, lost });
        await released;
      },
      CONNECT_TIMEOUT_MS,
    );
    ended.catch(reject);
  });
}
