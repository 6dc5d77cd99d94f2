/** What a line of an order is: something ordered, or the deposit of a bottle or a glass. */
export const LINE_KINDS = ['item', 'deposit'] as const;
export type LineKind = (typeof LINE_KINDS)[number];
