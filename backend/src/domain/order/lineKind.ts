/**
 * Kinds of lines: something ordered; the deposit of a bottle or a glass; a set menu, and each of
 * its parts, which carry its price; a modifier with taxes of its own; a voucher that is sold.
 */
export const LINE_KINDS = ['item', 'deposit', 'set', 'part', 'modifier', 'voucher'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/**
 * Lines without discounts, comps and service charge: what they cost is owed or given back as it is.
 */
export function isAtFaceValue(kind: LineKind | undefined): boolean {
  return kind === 'deposit' || kind === 'voucher';
}
