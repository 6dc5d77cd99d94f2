import { isOutOfRange, query, type Tx } from '../../config/database.js';
import type { Prepaid } from '../../domain/order/lineCharges.js';
import type { ClaimedCode } from '../../domain/codePool/codePool.js';
import { NEWEST } from '../editableTable.js';

/** A claim to store: a code that was popped from a lease. */
export interface NewClaim {
  id: string;
  leaseId: string;
  epoch: number;
  n: number;
  hash: string;
  hint: string;
  value: number;
  usesLeft: number | null;
  expiresAt: string | null;
  holder: string | null;
  fromCodeId: string | null;
  sealed: Buffer | null;
  createdBy: string;
}

/** Equal for all claims of one statement. */
export interface ClaimTerms {
  poolId: string;
  owner: string;
  taxKind: string | null;
  businessDate: string;
  at: Date;
}

const COLUMNS = `c.id, c.pool_id as "poolId", (select kind from code_pools p where p.restaurant_id = c.restaurant_id and p.id = c.pool_id) as kind,
  c.hint, c.status, c.value, c.balance, c.uses_left as "usesLeft", c.tax_kind as "taxKind",
  c.expires_at as "expiresAt", c.holder, c.from_code_id as "fromCodeId", c.to_code_id as "toCodeId", c.order_line_id as "orderLineId", c.prepaid, c.business_date as "businessDate",
  c.created_by as "createdBy", c.created_at as "createdAt", c.updated_at as "updatedAt"`;

// A claim is stored only while its lease is the inserter's. The update of the lease is the check:
// an instance that takes the lease over waits for it, and then finds these claims. If one is
// missing, the statement fails (no smallint is that large), so that the commit can be sent behind
// it.
const insertClaims = query<{ stored: number }>(
  'codeClaim.insertAll',
  `with held as (
     update code_leases l
     set claimed = l.claimed + u.claimed, beats_at = clock_timestamp()
     from unnest($3::uuid[], $4::int[], $5::int[]) as u(id, epoch, claimed)
     where l.restaurant_id = $1 and l.id = u.id and l.epoch = u.epoch and l.owner = $6
     returning l.id
   ), inserted as (
   insert into codes (restaurant_id, pool_id, id, n, hash, hint, value, balance, uses_left, expires_at, holder, from_code_id, sealed,
     tax_kind, business_date, created_by, created_at, updated_at)
   select $1, $2, c.id, c.n, c.hash, c.hint, c.value, c.value, c.uses_left, c.expires_at::timestamptz, c.holder, c.from_code_id, c.sealed,
     $7, $8, c.created_by, $9, $9
   from unnest($10::uuid[], $11::uuid[], $12::bigint[], $13::text[], $14::text[], $15::bigint[], $16::int[], $17::text[], $18::text[],
     $19::uuid[], $20::bytea[], $21::text[])
     as c(id, lease_id, n, hash, hint, value, uses_left, expires_at, holder, from_code_id, sealed, created_by)
   join held on held.id = c.lease_id
   on conflict do nothing
   returning 1
   )
   select (case when count(*) = $22::int then 1 else 100000 end)::smallint as stored from inserted`,
);
const claimedOf = query<{ n: number }>(
  'codeClaim.listOrdinals',
  'select n from codes where restaurant_id = $1 and pool_id = $2 and n between $3 and $4',
);
const lockByHash = query<ClaimedCode>(
  'codeClaim.lockByHash',
  `select ${COLUMNS} from codes c where c.restaurant_id = $1 and c.hash = any ($2::text[]) limit 1 for no key update`,
);
const findByHash = query<ClaimedCode>(
  'codeClaim.findByHash',
  `select ${COLUMNS} from codes c where c.restaurant_id = $1 and c.hash = any ($2::text[]) limit 1`,
);
const find = query<ClaimedCode>(
  'codeClaim.find',
  `select ${COLUMNS} from codes c where c.restaurant_id = $1 and c.id = $2`,
);
const lock = query<ClaimedCode>('codeClaim.lock', `${find.text} for no key update`);
const list = query<ClaimedCode>(
  'codeClaim.list',
  `select ${COLUMNS} from codes c
   where c.restaurant_id = $1 and c.pool_id = $2 and c.id < $3
   order by c.id desc
   limit $4`,
);
const save = query(
  'codeClaim.save',
  `update codes
   set status = $3, value = $4, balance = $5, uses_left = $6, expires_at = $7, to_code_id = $8, updated_at = $9, prepaid = $10
   where restaurant_id = $1 and id = $2`,
);
const link = query(
  'codeClaim.link',
  `update codes c
   set order_line_id = $3, prepaid = u.prepaid::jsonb
   from unnest($2::uuid[], $4::text[]) as u(id, prepaid)
   where c.restaurant_id = $1 and c.id = u.id`,
);
// A replaced voucher has no balance; its uses stay with it.
const soldWorth = query<{ worth: number }>(
  'codeClaim.listSoldWorth',
  `select c.balance + coalesce((
     select sum(case m.kind when 'refund' then -m.amount else m.amount end)
     from code_movements m
     where m.restaurant_id = $1 and m.code_id = c.id and m.kind in ('redeem', 'refund', 'expire')), 0)::bigint as worth
   from codes c
   where c.restaurant_id = $1 and c.order_line_id = any ($2::uuid[])`,
);
const lockSold = query<ClaimedCode>(
  'codeClaim.lockSold',
  `select ${COLUMNS} from codes c
   where c.restaurant_id = $1 and c.order_line_id = any ($2::uuid[]) and c.status = 'active'
   order by c.id
   for no key update`,
);
// Also of an item that was deleted after the sale.
const poolSoldBy = query<{ poolId: string }>(
  'codeClaim.findPoolSoldBy',
  'select voucher_pool_id as "poolId" from menu_items where restaurant_id = $1 and id = $2 and voucher_pool_id is not null',
);
const isSold = query<{ sold: boolean }>(
  'codeClaim.isSold',
  'select exists (select from menu_items where restaurant_id = $1 and voucher_pool_id = $2 and deleted_at is null) as sold',
);
const sealedOf = query<{ sealed: Buffer | null }>(
  'codeClaim.findSealed',
  'select sealed from codes where restaurant_id = $1 and id = $2',
);
// The digest becomes free, because the same code is about to be handed out again.
const unseal = query(
  'codeClaim.unseal',
  `update codes set sealed = null, hash = 'released ' || id::text where restaurant_id = $1 and id = $2`,
);
const lockExpired = query<ClaimedCode>(
  'codeClaim.lockExpired',
  `select ${COLUMNS} from codes c
   where c.restaurant_id = $1 and c.expires_at <= $2 and c.balance > 0 and c.status = 'active'
   order by c.expires_at
   limit $3
   for no key update skip locked`,
);
const findNamed = query<{ hasOrder: boolean; hasPool: boolean }>(
  'codeClaim.findNamed',
  `select exists (select from orders where restaurant_id = $1 and id = $2 and deleted_at is null) as "hasOrder",
     exists (select from code_pools where restaurant_id = $1 and id = $3 and deleted_at is null) as "hasPool"`,
);
const forget = query(
  'codeClaim.forget',
  `delete from codes
   where restaurant_id = $1 and id in (
     select id from codes where restaurant_id = $1 and pool_id = $2 and id < $3 order by id limit $4)`,
);

/** A lease belongs to somebody else by now, or a code was claimed before. Nothing is stored. */
export class LeasesLost extends Error {
  constructor(cause: unknown) {
    super('a lease of these claims is not the owner’s', { cause });
  }
}

/** Codes that were handed out and have a record. */
export class ClaimTable {
  /**
   * Stores all claims, if their leases are still the owner's.
   * @throws LeasesLost; then the transaction cannot be committed any more.
   */
  async insertAll(restaurantId: string, tx: Tx, terms: ClaimTerms, claims: readonly NewClaim[]): Promise<void> {
    const leases = new Map<string, { epoch: number; count: number }>();
    for (const { leaseId, epoch } of claims)
      leases.set(leaseId, { epoch, count: (leases.get(leaseId)?.count ?? 0) + 1 });
    const column = <K extends keyof NewClaim>(field: K) => claims.map((claim) => claim[field]);
    const values = [
      restaurantId,
      terms.poolId,
      [...leases.keys()],
      Array.from(leases.values(), ({ epoch }) => epoch),
      Array.from(leases.values(), ({ count }) => count),
      terms.owner,
      terms.taxKind,
      terms.businessDate,
      terms.at,
      ...(
        ['id', 'leaseId', 'n', 'hash', 'hint', 'value', 'usesLeft', 'expiresAt', 'holder', 'fromCodeId'] as const
      ).map(column),
      column('sealed'),
      column('createdBy'),
      claims.length,
    ];
    await tx.run(insertClaims, values).catch((error: unknown) => {
      throw isOutOfRange(error) ? new LeasesLost(error) : error;
    });
  }

  /** Claimed ordinals of a range. */
  async ordinals(restaurantId: string, tx: Tx, poolId: string, first: number, last: number): Promise<Set<number>> {
    const rows = await tx.many(claimedOf, [restaurantId, poolId, first, last]);
    return new Set(rows.map(({ n }) => n));
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<ClaimedCode | undefined> {
    return tx.maybeOne(find, [restaurantId, id]);
  }

  lock(restaurantId: string, tx: Tx, id: string): Promise<ClaimedCode | undefined> {
    return tx.maybeOne(lock, [restaurantId, id]);
  }

  /** @param hashes of the readings of one text. */
  findByHash(restaurantId: string, tx: Tx, hashes: readonly string[]): Promise<ClaimedCode | undefined> {
    return tx.maybeOne(findByHash, [restaurantId, hashes]);
  }

  lockByHash(restaurantId: string, tx: Tx, hashes: readonly string[]): Promise<ClaimedCode | undefined> {
    return tx.maybeOne(lockByHash, [restaurantId, hashes]);
  }

  /** Newest first, up to `limit`. @param after id of the last one of the page before. */
  list(restaurantId: string, tx: Tx, poolId: string, limit: number, after: string | undefined): Promise<ClaimedCode[]> {
    return tx.many(list, [restaurantId, poolId, after ?? NEWEST, limit]);
  }

  /** The caller has locked the code. */
  async save(restaurantId: string, tx: Tx, code: ClaimedCode): Promise<void> {
    const { id, status, value, balance, usesLeft, expiresAt, toCodeId, updatedAt, prepaid } = code;
    const content = [status, value, balance, usesLeft, expiresAt, toCodeId, updatedAt];
    await tx.run(save, [restaurantId, id, ...content, prepaid && JSON.stringify(prepaid)]);
  }

  /** Notes the line of an order that the codes were sold with, and their parts of its sale. */
  async link(
    restaurantId: string,
    tx: Tx,
    codes: readonly { id: string; prepaid: Prepaid | null }[],
    lineId: string,
  ): Promise<void> {
    const prepaid = codes.map((code) => code.prepaid && JSON.stringify(code.prepaid));
    await tx.run(link, [restaurantId, codes.map(({ id }) => id), lineId, prepaid]);
  }

  /**
   * Each voucher sold with these lines: its balance, what was spent of it, and what has expired.
   */
  soldWorth(restaurantId: string, tx: Tx, lineIds: readonly string[]): Promise<{ worth: number }[]> {
    return tx.many(soldWorth, [restaurantId, lineIds]);
  }

  lockSold(restaurantId: string, tx: Tx, lineIds: readonly string[]): Promise<ClaimedCode[]> {
    return tx.many(lockSold, [restaurantId, lineIds]);
  }

  /** The pool whose vouchers an item of the menu sells. */
  poolSoldBy(restaurantId: string, tx: Tx, menuItemId: string): Promise<{ poolId: string }> {
    return tx.one(poolSoldBy, [restaurantId, menuItemId]);
  }

  /** Whether items of the menu sell vouchers of a pool. */
  async isSold(restaurantId: string, tx: Tx, poolId: string): Promise<boolean> {
    return (await tx.one(isSold, [restaurantId, poolId])).sold;
  }

  /** The encrypted code of an imported pool, which this removes from the claim. */
  async unseal(restaurantId: string, tx: Tx, id: string): Promise<Buffer | null> {
    const { sealed } = await tx.one(sealedOf, [restaurantId, id]);
    await tx.run(unseal, [restaurantId, id]);
    return sealed;
  }

  lockExpired(restaurantId: string, tx: Tx, at: Date, limit: number): Promise<ClaimedCode[]> {
    return tx.many(lockExpired, [restaurantId, at, limit]);
  }

  /** Whether the things that a redemption names exist. */
  named(restaurantId: string, tx: Tx, orderId: string | undefined, poolId: string | undefined) {
    return tx.one(findNamed, [restaurantId, orderId ?? null, poolId ?? null]);
  }

  /** Removes claims without value that are older than the id. @returns how many. */
  forget(restaurantId: string, tx: Tx, poolId: string, before: string, limit: number): Promise<number> {
    return tx.run(forget, [restaurantId, poolId, before, limit]);
  }
}
