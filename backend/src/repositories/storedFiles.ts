/**
 * Files of documents in the file store: noted before they are stored, removed when nobody needs
 * them.
 */
import { query, type Tx } from '../config/database.js';

const note = query('supplierInvoice.noteFiles', 'select note_stored_files($1::text[])');
const claim = query<{ key: string }>(
  'supplierInvoice.claimRemovableFiles',
  'select key from claim_removable_files($1::integer) key',
);
const forget = query('supplierInvoice.forgetFile', 'select forget_stored_file($1::text)');
const replace = query(
  'supplierInvoice.replaceFile',
  `update supplier_invoices
   set file_key = $3, file_removed_at = null
   where restaurant_id = $1 and sha256 = $2 and file_removed_at is not null`,
);

export class StoredFiles {
  /** Before they are stored: those that no document names within an hour are removed. */
  async note(tx: Tx, keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await tx.run(note, [keys]);
  }

  /** Files of all restaurants that nobody needs. They are taken for ten minutes. */
  async claimRemovable(tx: Tx, most: number): Promise<string[]> {
    return (await tx.many(claim, [most])).map(({ key }) => key);
  }

  async forget(tx: Tx, key: string): Promise<void> {
    await tx.run(forget, [key]);
  }

  /** The file of rejected documents, which was removed, was sent again. */
  async replace(restaurantId: string, tx: Tx, sha256: string, key: string): Promise<void> {
    await tx.run(replace, [restaurantId, sha256, key]);
  }
}
