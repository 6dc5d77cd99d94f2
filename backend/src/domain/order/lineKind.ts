/**
 * Kinds of lines: something ordered; the deposit of a bottle or a glass; a set menu, and each of
 * its parts, which carry its price; a modifier with taxes of its own; a voucher that is sold, which
 * is owed, or single-purpose and taxed.
 */
export const LINE_KINDS = ['item', 'deposit', 'set', 'part', 'modifier', 'voucher', 'taxed_voucher'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/**
 * Lines without discounts, comps and service charge: what they cost is owed or given back as it is.
 */
export function isAtFaceValue(kind: LineKind | undefined): boolean {
  return kind === 'deposit' || isVoucher(kind);
}

export function isVoucher(kind: LineKind | undefined): boolean {
  return kind === 'voucher' || kind === 'taxed_voucher';
}
