/** Large files that wait for the job that imports them, in parts. */
import { query, type Tx } from '../../config/database.js';
import { JOB_SCHEMA } from '../../config/jobSchema.js';

export interface StoredUpload {
  id: string;
  kind: string;
  fileName: string;
  mapping: unknown;
  dryRun: boolean;
  /** Kind and id of the actor, with a colon between them. */
  createdBy: string;
}

/** Result of one sweep over some restaurants. */
interface Sweep {
  lastRestaurantId: string;
  forgotten: number;
}

const countOpen = query<{ open: number }>(
  'import.countUploads',
  'select count(*)::int as open from import_uploads where restaurant_id = $1',
);
// Callers pass one after the other: when one place is left, only one of them gets it.
const lockUploads = query(
  'import.lockUploads',
  `select pg_advisory_xact_lock(hashtextextended('import_uploads ' || $1::text, 0))`,
);
// A file whose job failed is kept for a retry, and one whose job was cancelled until the next
// sweep.
const deleteSpare = query(
  'import.deleteSpareUpload',
  `delete from import_uploads
   where restaurant_id = $1 and id = (
     select u.id from import_uploads u
     where u.restaurant_id = $1 and u.job_id is not null and not exists (
       select from ${JOB_SCHEMA}.job j
       where j.name = 'import.run' and j.id = u.job_id and j.state <= 'active')
     order by u.id
     limit 1)`,
);
const insertUpload = query(
  'import.insertUpload',
  `insert into import_uploads (restaurant_id, id, kind, file_name, mapping, dry_run, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const insertPart = query(
  'import.insertUploadPart',
  'insert into import_upload_parts (restaurant_id, upload_id, ordinal, bytes) values ($1, $2, $3, $4)',
);
const closeUpload = query(
  'import.closeUpload',
  'update import_uploads set job_id = $3 where restaurant_id = $1 and id = $2 and job_id is null',
);
const findUpload = query<StoredUpload>(
  'import.findUpload',
  `select id, kind, file_name as "fileName", mapping, dry_run as "dryRun", created_by as "createdBy"
   from import_uploads
   where restaurant_id = $1 and id = $2 and job_id is not null`,
);
const findPart = query<{ bytes: Buffer }>(
  'import.findUploadPart',
  'select bytes from import_upload_parts where restaurant_id = $1 and upload_id = $2 and ordinal = $3',
);
const deleteUpload = query('import.deleteUpload', 'delete from import_uploads where restaurant_id = $1 and id = $2');
const deleteOpen = query(
  'import.deleteOpenUpload',
  'delete from import_uploads where restaurant_id = $1 and id = $2 and job_id is null',
);
const forgetUploads = query<Sweep>(
  'import.forgetUploads',
  'select last_restaurant_id as "lastRestaurantId", forgotten from forget_uploads($1, $2, $3)',
);

export class UploadTable {
  /** Keeps other callers from adding files of the restaurant until the transaction ends. */
  async lockAll(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockUploads, [restaurantId]);
  }

  /**
   * Deletes the oldest file that no waiting or running job needs. @returns false when all are
   * needed.
   */
  async deleteSpare(restaurantId: string, tx: Tx): Promise<boolean> {
    return (await tx.run(deleteSpare, [restaurantId])) > 0;
  }

  async count(restaurantId: string, tx: Tx): Promise<number> {
    return (await tx.one(countOpen, [restaurantId])).open;
  }

  async insert(restaurantId: string, tx: Tx, upload: StoredUpload, at: Date): Promise<void> {
    const { id, kind, fileName, mapping, dryRun, createdBy } = upload;
    await tx.run(insertUpload, [restaurantId, id, kind, fileName, JSON.stringify(mapping), dryRun, createdBy, at]);
  }

  async insertPart(restaurantId: string, tx: Tx, id: string, ordinal: number, bytes: Buffer): Promise<void> {
    await tx.run(insertPart, [restaurantId, id, ordinal, bytes]);
  }

  /** All parts are stored: the job may read them. */
  async close(restaurantId: string, tx: Tx, id: string, jobId: string): Promise<void> {
    await tx.run(closeUpload, [restaurantId, id, jobId]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<StoredUpload | undefined> {
    return tx.maybeOne(findUpload, [restaurantId, id]);
  }

  /** Parts are counted from 0. @returns undefined after the last one. */
  async part(restaurantId: string, tx: Tx, id: string, ordinal: number): Promise<Buffer | undefined> {
    return (await tx.maybeOne(findPart, [restaurantId, id, ordinal]))?.bytes;
  }

  async delete(restaurantId: string, tx: Tx, id: string): Promise<void> {
    await tx.run(deleteUpload, [restaurantId, id]);
  }

  /** Deletes one that has no job. */
  async deleteOpen(restaurantId: string, tx: Tx, id: string): Promise<void> {
    await tx.run(deleteOpen, [restaurantId, id]);
  }

  /**
   * Deletes uploads that no job will read, of some restaurants after `behind`.
   * @returns undefined when no restaurants are left.
   */
  forget(tx: Tx, olderThan: Date, behind: string | undefined, most: number): Promise<Sweep | undefined> {
    return tx.maybeOne(forgetUploads, [olderThan, behind ?? null, most]);
  }
}
