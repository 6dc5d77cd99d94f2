/** Columns of a document, as its fields. */
export const DOCUMENT_COLUMNS = `d.id, d.type, d.status, d.location, d.register, d.series_id as "seriesId", d.period, d.counter, d.number,
  d.business_date as "businessDate", d.issued_at as "issuedAt", d.issued_by as "issuedBy", d.seller, d.previous_hash as "previousHash",
  d.hash, d.currency, d.customer, d.notes, d.lines, d.discounts, d.taxes, d.subtotal, d.discount_total as "discountTotal",
  d.tax_total as "taxTotal", d.tax_included_total as "taxIncludedTotal", d.total, d.details, d.order_id as "orderId", d.original_id as "originalId",
  d.reason, d.void_reason as "voidReason", d.voided_at as "voidedAt", d.voided_by as "voidedBy", d.version,
  d.created_by as "createdBy", d.created_at as "createdAt", d.updated_at as "updatedAt"`;
