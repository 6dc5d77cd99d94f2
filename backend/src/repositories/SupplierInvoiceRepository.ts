/** Supplier invoices: the documents, their lines, and their claims by workers. */
import { query, type Tx } from '../config/database.js';
import type { Identity } from '../domain/supplierInvoice/duplicates.js';
import type { Product, SupplierInvoice, SupplierInvoiceStatus } from '../domain/supplierInvoice/supplierInvoice.js';
import { type ListPage, NEWEST } from './editableTable.js';
import { InvoiceLines } from './supplierInvoice/InvoiceLines.js';
import { LineMatches } from './supplierInvoice/LineMatches.js';
import { Mailboxes } from './supplierInvoice/Mailboxes.js';
import { StoredFiles } from './storedFiles.js';

type Row = Omit<SupplierInvoice, 'lines'>;

const SELECTION = `select s.id, s.workflow_id as "workflowId", s.part, s.status, s.product, s.user_id as "userId", s.file_name as "fileName",
     s.file_key as "fileKey", s.file_removed_at as "fileRemovedAt", s.sha256, s.bytes, s.kind, s.pages, s.scanned_at as "scannedAt", s.uploaded_at as "uploadedAt", s.failure,
     s.invoice, s.supplier_id as "supplierId", p.name as "supplierName", s.purchase_order_id as "purchaseOrderId",
     s.goods_receipt_id as "goodsReceiptId", s.goods_returned as "goodsReturned", s.revaluations,
     trim_scale(s.exchange_rate)::text as "exchangeRate", s.reviewed_by as "reviewedBy", s.decision_reason as "decisionReason",
     s.posted_at as "postedAt", s.version, s.created_at as "createdAt", s.updated_at as "updatedAt"
   from supplier_invoices s
   left join suppliers p on p.restaurant_id = s.restaurant_id and p.id = s.supplier_id
   where s.restaurant_id = $1`;

const find = query<Row>('supplierInvoice.find', `${SELECTION} and s.id = $2`);
const lock = query(
  'supplierInvoice.lock',
  'select 1 from supplier_invoices where restaurant_id = $1 and id = $2 for no key update',
);
const findByDigests = query<FoundByDigest>(
  'supplierInvoice.findByDigests',
  `select id, sha256, file_name as "fileName", status, file_removed_at as "fileRemovedAt"
   from supplier_invoices
   where restaurant_id = $1 and sha256 = any ($2::text[]) and part = 1`,
);
const insert = query(
  'supplierInvoice.insert',
  `insert into supplier_invoices (restaurant_id, id, workflow_id, part, status, user_id, file_name, file_key, sha256, bytes, kind, scanned_at,
     uploaded_at, created_at, updated_at)
   select $1, n.id, n."workflowId", n.part, n.status, n."userId", n."fileName", n."fileKey", n.sha256, n.bytes, n.kind, n."scannedAt",
     n."uploadedAt", n."uploadedAt", n."uploadedAt"
   from jsonb_to_recordset($2::jsonb) as n(id uuid, "workflowId" uuid, part int, status text, "userId" text, "fileName" text, "fileKey" text,
     sha256 text, bytes int, kind text, "scannedAt" timestamptz, "uploadedAt" timestamptz)
   order by n.sha256, n.part
   on conflict (restaurant_id, sha256, part) do nothing`,
);
const save = query(
  'supplierInvoice.save',
  `update supplier_invoices
   set status = $3, product = $4, pages = $5, scanned_at = $6, failure = $7, invoice = $8, type_code = $9, number_key = $10, issue_date = $11,
     supplier_id = $12, purchase_order_id = $13, goods_receipt_id = $14, goods_returned = $15, exchange_rate = $16, reviewed_by = $17,
     decision_reason = $18, posted_at = $19, version = $20, updated_at = $21, revaluations = $22, leased_until = null
   where restaurant_id = $1 and id = $2`,
);
const status = query<{ id: string; status: SupplierInvoiceStatus; failure: string | null; version: number }>(
  'supplierInvoice.findStatus',
  'select id, status, failure, version from supplier_invoices where restaurant_id = $1 and id = $2',
);
const countPending = query<{ pending: number }>(
  'supplierInvoice.countPending',
  `select count(*)::integer as pending
   from supplier_invoices
   where restaurant_id = $1 and status in ('received', 'extracting')`,
);
const claim = query<Claim>(
  'supplierInvoice.claim',
  `select claimed_restaurant_id as "restaurantId", claimed_id as id
   from claim_supplier_invoices($1::uuid, $2::integer, $3::integer)`,
);
const lease = query(
  'supplierInvoice.lease',
  `update supplier_invoices
   set leased_until = now() + make_interval(secs => $3::integer)
   where restaurant_id = $1 and id = $2 and status = 'extracting'`,
);
const attempts = query<{ attempts: number }>(
  'supplierInvoice.countAttempts',
  'select attempts from supplier_invoices where restaurant_id = $1 and id = $2',
);
const scanned = query(
  'supplierInvoice.markScanned',
  'update supplier_invoices set scanned_at = $3 where restaurant_id = $1 and id = $2 and scanned_at is null',
);
const renew = query(
  'supplierInvoice.renew',
  `update supplier_invoices
   set status = 'received', attempts = 0, failure = null, leased_until = null, version = version + 1, updated_at = $3
   where restaurant_id = $1 and id = $2`,
);
const backlog = query<Backlog>(
  'supplierInvoice.backlog',
  'select waiting, oldest_seconds as "oldestSeconds" from supplier_invoice_backlog()',
);
const lockNumber = query(
  'supplierInvoice.lockNumber',
  `select pg_advisory_xact_lock(hashtextextended('servio supplier invoice ' || $1::text || ' ' || $2::text, 0))`,
);
const sameNumber = query<Identity & { status: SupplierInvoiceStatus; fileName: string }>(
  'supplierInvoice.listOfNumber',
  `select s.id, s.product, s.type_code as "typeCode", s.number_key as "numberKey", s.issue_date as "issueDate", s.supplier_id as "supplierId",
     s.invoice -> 'supplier' ->> 'name' as "supplierName", s.invoice -> 'supplier' ->> 'vatId' as "vatId",
     s.invoice -> 'totals' ->> 'gross' as gross, s.status, s.file_name as "fileName"
   from supplier_invoices s
   where s.restaurant_id = $1 and s.number_key = $2
   order by s.id
   limit 50`,
);

const LIST = `${SELECTION} and s.id < $2`;
const PAGE = 'order by s.id desc limit $3';
// One statement per index, as in the lists of other things.
const list = query<Row>('supplierInvoice.list', `${LIST} ${PAGE}`);
const listOfStatus = query<Row>('supplierInvoice.listOfStatus', `${LIST} and s.status = $4 ${PAGE}`);
const listOfWorkflow = query<Row>('supplierInvoice.listOfWorkflow', `${LIST} and s.workflow_id = $4 ${PAGE}`);
const listOfSupplier = query<Row>('supplierInvoice.listOfSupplier', `${LIST} and s.supplier_id = $4 ${PAGE}`);
const listOfNumber = query<Row>('supplierInvoice.listOfNumberKey', `${LIST} and s.number_key = $4 ${PAGE}`);

export interface Claim {
  restaurantId: string;
  id: string;
}

/** Documents that wait to be read, counted up to 10,000, and the age of the oldest. */
export interface Backlog {
  waiting: number;
  oldestSeconds: number;
}

export interface FoundByDigest {
  id: string;
  sha256: string;
  fileName: string;
  status: SupplierInvoiceStatus;
  /** When the file left the storage. */
  fileRemovedAt: string | null;
}

export interface NewDocument {
  id: string;
  workflowId: string;
  part: number;
  status: 'received' | 'extracting';
  userId: string;
  fileName: string;
  fileKey: string;
  sha256: string;
  bytes: number;
  kind: string;
  scannedAt: string | null;
  uploadedAt: string;
}

/** At most one of them is set. */
export interface SupplierInvoiceFilter {
  status?: SupplierInvoiceStatus | undefined;
  workflowId?: string | undefined;
  supplierId?: string | undefined;
  numberKey?: string | undefined;
}

/** What is written of a document with each step and each edit. */
export interface SavedDocument extends Row {
  typeCode: string | null;
  numberKey: string | null;
  issueDate: string | null;
  product: Product;
}

export class SupplierInvoiceRepository {
  readonly lines = new InvoiceLines();
  readonly matches = new LineMatches();
  readonly mailboxes = new Mailboxes();
  readonly files = new StoredFiles();

  async find(restaurantId: string, tx: Tx, id: string): Promise<SupplierInvoice | undefined> {
    const row = await tx.maybeOne(find, [restaurantId, id]);
    return row && { ...row, lines: await this.lines.list(restaurantId, tx, id) };
  }

  /** As `find`, and locks the document until the transaction ends. */
  async lock(restaurantId: string, tx: Tx, id: string): Promise<SupplierInvoice | undefined> {
    return (await tx.run(lock, [restaurantId, id])) === 0 ? undefined : this.find(restaurantId, tx, id);
  }

  findByDigests(restaurantId: string, tx: Tx, digests: readonly string[]) {
    return tx.many(findByDigests, [restaurantId, digests]);
  }

  /** Files whose bytes are there already are left out. */
  async insert(restaurantId: string, tx: Tx, documents: readonly NewDocument[]): Promise<void> {
    await tx.run(insert, [restaurantId, JSON.stringify(documents)]);
  }

  /** Writes a document without its lines, and ends its lease. */
  async save(restaurantId: string, tx: Tx, one: SavedDocument): Promise<void> {
    const values = [one.status, one.product, one.pages, one.scannedAt, one.failure];
    const read = [
      one.invoice === null ? null : JSON.stringify(one.invoice),
      one.typeCode,
      one.numberKey,
      one.issueDate,
    ];
    const links = [one.supplierId, one.purchaseOrderId, one.goodsReceiptId, one.goodsReturned, one.exchangeRate];
    const end = [one.reviewedBy, one.decisionReason, one.postedAt, one.version, one.updatedAt];
    const revaluations = one.revaluations === null ? null : JSON.stringify(one.revaluations);
    await tx.run(save, [restaurantId, one.id, ...values, ...read, ...links, ...end, revaluations]);
  }

  /** Only what a caller who waits needs: one row of the key. */
  status(restaurantId: string, tx: Tx, id: string) {
    return tx.maybeOne(status, [restaurantId, id]);
  }

  async countPending(restaurantId: string, tx: Tx): Promise<number> {
    return (await tx.one(countPending, [restaurantId])).pending;
  }

  /** Leases waiting documents of all restaurants. @param behind a restaurant that had its turn. */
  claim(tx: Tx, behind: string | undefined, most: number, leaseSeconds: number): Promise<Claim[]> {
    return tx.many(claim, [behind ?? null, most, leaseSeconds]);
  }

  /** Sets the end of a lease: later while the work goes on, soon when it is to be tried again. */
  async lease(restaurantId: string, tx: Tx, id: string, seconds: number): Promise<void> {
    await tx.run(lease, [restaurantId, id, seconds]);
  }

  async attempts(restaurantId: string, tx: Tx, id: string): Promise<number> {
    return (await tx.maybeOne(attempts, [restaurantId, id]))?.attempts ?? 0;
  }

  async markScanned(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(scanned, [restaurantId, id, at]);
  }

  /** The document waits to be read again. */
  async renew(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(renew, [restaurantId, id, at]);
  }

  backlog(tx: Tx): Promise<Backlog> {
    return tx.one(backlog, []);
  }

  /** Two documents of one number are approved one after the other. */
  async lockNumber(restaurantId: string, tx: Tx, numberKey: string): Promise<void> {
    await tx.run(lockNumber, [restaurantId, numberKey]);
  }

  /** What may be the same document, the oldest first, up to 50. */
  sameNumber(restaurantId: string, tx: Tx, numberKey: string) {
    return tx.many(sameNumber, [restaurantId, numberKey]);
  }

  /** Newest first, without lines. Up to `limit + 1`. */
  list(restaurantId: string, tx: Tx, filter: SupplierInvoiceFilter, page: ListPage): Promise<Row[]> {
    const values = [restaurantId, page.after ?? NEWEST, page.limit + 1];
    if (filter.numberKey !== undefined) return tx.many(listOfNumber, [...values, filter.numberKey]);
    if (filter.workflowId !== undefined) return tx.many(listOfWorkflow, [...values, filter.workflowId]);
    if (filter.supplierId !== undefined) return tx.many(listOfSupplier, [...values, filter.supplierId]);
    if (filter.status !== undefined) return tx.many(listOfStatus, [...values, filter.status]);
    return tx.many(list, values);
  }
}
