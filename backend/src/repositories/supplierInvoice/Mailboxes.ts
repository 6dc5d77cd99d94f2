/** Addresses that suppliers send invoices to: one for each restaurant. */
import { query, type Tx } from '../../config/database.js';

const store = query(
  'supplierInvoice.storeMailbox',
  `insert into supplier_mailboxes (restaurant_id, token_hash, created_by, created_at)
   values ($1, $2, $3, $4)
   on conflict (restaurant_id) do update
   set token_hash = excluded.token_hash, created_by = excluded.created_by, created_at = excluded.created_at`,
);
const find = query<{ createdBy: string }>(
  'supplierInvoice.findMailbox',
  'select created_by as "createdBy" from supplier_mailboxes where restaurant_id = $1 and token_hash = $2',
);

export class Mailboxes {
  /** Replaces the address: the old one ends. */
  async store(restaurantId: string, tx: Tx, tokenHash: string, createdBy: string, at: Date): Promise<void> {
    await tx.run(store, [restaurantId, tokenHash, createdBy, at]);
  }

  async isOpen(restaurantId: string, tx: Tx, tokenHash: string): Promise<boolean> {
    return (await tx.maybeOne(find, [restaurantId, tokenHash])) !== undefined;
  }
}
