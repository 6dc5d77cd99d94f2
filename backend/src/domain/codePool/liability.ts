/** What a restaurant owes to holders of its vouchers, by tax kind. Minor units. */
import { TAX_KINDS, type TaxKind } from './codePool.js';

type Movement = 'issue' | 'redeem' | 'refund' | 'void' | 'expire' | 'release';

export interface LiabilityRow {
  taxKind: TaxKind;
  kind: Movement;
  /** Sums before the period and within it, as decimal text. */
  before: string;
  within: string;
}

/** Sums may exceed 2^53: bigint. */
export interface Liability {
  taxKind: TaxKind;
  opening: bigint;
  issued: bigint;
  /** Less what came back with refunds. */
  redeemed: bigint;
  expired: bigint;
  /** Voided or released. */
  cancelled: bigint;
  /** opening + issued - redeemed - expired - cancelled. */
  outstanding: bigint;
}

const SIGN: Record<Movement, bigint> = { issue: 1n, refund: 1n, redeem: -1n, void: -1n, expire: -1n, release: -1n };

export function liabilityOf(rows: readonly LiabilityRow[]): Liability[] {
  return TAX_KINDS.map((taxKind) => {
    const own = rows.filter((row) => row.taxKind === taxKind);
    const within = (kind: Movement) => BigInt(own.find((row) => row.kind === kind)?.within ?? '0');
    const opening = own.reduce((sum, { kind, before }) => sum + SIGN[kind] * BigInt(before), 0n);
    const issued = within('issue');
    const redeemed = within('redeem') - within('refund');
    const [expired, cancelled] = [within('expire'), within('void') + within('release')];
    return {
      taxKind,
      opening,
      issued,
      redeemed,
      expired,
      cancelled,
      outstanding: opening + issued - redeemed - expired - cancelled,
    };
  });
}
