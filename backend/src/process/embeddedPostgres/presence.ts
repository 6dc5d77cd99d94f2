/** A connection that every Servio process keeps for as long as it uses the server, so that the others see it there. */
import { withClient } from '../../config/database.js';

const CONNECT_TIMEOUT_MS = 5_000;
const COUNT_OTHERS = `
  select count(*)::int as others
  from pg_stat_activity
  where backend_type = 'client backend'
    and pid <> pg_backend_pid()`;

export interface Presence {
  /** Clients connected beside this connection: pools of ours that are closing, other Servio processes, a person with psql. */
  countOthers(): Promise<number>;
  leave(): Promise<void>;
  /** Resolves when the server has gone, or has cut the connection; never after `leave`. */
  lost: Promise<void>;
}

/** Connects before the start lock is given back, so that a process about to stop the server counts us. */
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
