/**
 * What a line of an order is: something ordered; the deposit of a bottle or a glass; a set menu, and
 * each of its parts, which carry its price; a modifier with taxes of its own.
 */
export const LINE_KINDS = ['item', 'deposit', 'set', 'part', 'modifier'] as const;
export type LineKind = (typeof LINE_KINDS)[number];
