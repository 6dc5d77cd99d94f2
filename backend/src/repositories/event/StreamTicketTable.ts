/** Tickets that open one stream each. A used ticket is gone. */
import { query, type Tx } from '../../config/database.js';

export interface StreamTicket {
  hash: string;
  /** The credential that the ticket stands for, encrypted. */
  credential: Buffer;
  expiresAt: Date;
}

const insertTicket = query(
  'streamTicket.insert',
  `insert into stream_tickets (restaurant_id, hash, credential, expires_at)
   values ($1, $2, $3, $4)`,
);

const takeTicket = query<{ credential: Buffer; expiresAt: string }>(
  'streamTicket.take',
  `delete from stream_tickets
   where restaurant_id = $1 and hash = $2
   returning credential, expires_at as "expiresAt"`,
);

const deleteExpired = query(
  'streamTicket.deleteExpired',
  'delete from stream_tickets where restaurant_id = $1 and expires_at <= $2',
);

export class StreamTicketTable {
  insert(restaurantId: string, tx: Tx, { hash, credential, expiresAt }: StreamTicket): Promise<unknown> {
    return tx.run(insertTicket, [restaurantId, hash, credential, expiresAt]);
  }

  /** Of two callers with one ticket, one gets it. */
  take(restaurantId: string, tx: Tx, hash: string): Promise<{ credential: Buffer; expiresAt: string } | undefined> {
    return tx.maybeOne(takeTicket, [restaurantId, hash]);
  }

  deleteExpired(restaurantId: string, tx: Tx, now: Date): Promise<unknown> {
    return tx.run(deleteExpired, [restaurantId, now]);
  }
}
