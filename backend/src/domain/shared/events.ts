/**
 * Event names. Consumers (webhooks, live screens, alerts) will depend on them: add names, never
 * rename one.
 */

export const EVENT_TYPES = [
  'restaurant.registered',
  'restaurant.changed',
  'member.invited',
  'member.joined',
  'member.changed',
  'member.removed',
  'session.started',
  'session.ended',
  'session.revoked',
  'account.changed',
  'account.password_changed',
  'account.reset',
  'account.email_asked',
  'account.email_changed',
  'api_key.created',
  'api_key.changed',
  'api_key.rotated',
  'api_key.revoked',
  'category.created',
  'category.changed',
  'category.deleted',
  'tax.created',
  'tax.changed',
  'tax.deleted',
  'modifier_group.created',
  'modifier_group.changed',
  'modifier_group.deleted',
  'menu_item.created',
  'menu_item.changed',
  'menu_item.deleted',
  'menu_item.availability_changed',
  'order.placed',
  'order.changed',
  'order.status_changed',
  'order.line_added',
  'order.line_changed',
  'order.line_voided',
  'order.line_comped',
  'order.lines_credited',
  'order.sale_corrected',
  'payment.recorded',
  'payment.refunded',
  'drawer.created',
  'drawer.changed',
  'drawer.deleted',
  'shift.opened',
  'shift.cash_moved',
  'shift.closed',
  'stock_location.created',
  'stock_location.changed',
  'stock_location.deleted',
  'inventory_item.created',
  'inventory_item.changed',
  'inventory_item.deleted',
  'recipe.created',
  'recipe.changed',
  'recipe.deleted',
  'supplier.created',
  'supplier.changed',
  'supplier.deleted',
  'supplier_item.created',
  'supplier_item.changed',
  'supplier_item.deleted',
  'purchase_order.created',
  'purchase_order.changed',
  'purchase_order.sent',
  'purchase_order.received',
  'purchase_order.cancelled',
  'purchase_order.closed',
  'goods_receipt.posted',
  'goods_receipt.reversed',
  'supplier_invoice.received',
  'supplier_invoice.read',
  'supplier_invoice.failed',
  'supplier_invoice.changed',
  'supplier_invoice.approved',
  'supplier_invoice.rejected',
  'supplier_invoice.reprocessed',
  'supplier_invoice.posted',
  'supplier_invoice.reversed',
  'stock.moved',
  'stock.depleted',
  'stock.wasted',
  'stock.transferred',
  'stock.prepared',
  'stock_count.opened',
  'stock_count.recorded',
  'stock_count.committed',
  'stock_count.cancelled',
  // The statement that moves stock writes these when an item falls below a threshold.
  'stock.low',
  'stock.negative',
  'document.created',
  'document.changed',
  'document.deleted',
  'document.issued',
  'document.voided',
  'business_day.closed',
  'document_series.created',
  'document_series.changed',
  'document_series.deleted',
  'import.finished',
  'stock.low_digest',
  'job.retried',
  'job.cancelled',
  'webhook_endpoint.created',
  'webhook_endpoint.changed',
  'webhook_endpoint.deleted',
  'webhook_endpoint.enabled',
  'webhook_endpoint.disabled',
  'webhook_endpoint.secret_rotated',
  'webhook_endpoint.tested',
  'consent.granted',
  'consent.withdrawn',
  'message_settings.changed',
  'message_template.created',
  'message_template.changed',
  'message_template.deleted',
  'code_pool.created',
  'code_pool.changed',
  'code_pool.deleted',
  'code_pool.imported',
  'code_pool.exported',
  'code.redeemed',
  'code.refunded',
  'code.voided',
  'code.released',
  'code.transferred',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** One event, written to the event feed and to the audit log in the transaction that causes it. */
export interface Fact {
  type: EventType;
  /** Kind of the affected resource, e.g. `order`. */
  subject: string;
  subjectId: string;
  /** Data for consumers; never a secret. */
  data: Record<string, unknown>;
  /** Changed fields before and after, for the audit log. */
  changes?: Record<string, { from: unknown; to: unknown }>;
}

/** Fields that differ between two states of a resource, compared as JSON. */
export function changesBetween(before: object, after: object): Record<string, { from: unknown; to: unknown }> {
  const changes: Record<string, { from: unknown; to: unknown }> = {};
  const from = new Map<string, unknown>(Object.entries(before));
  for (const [field, to] of Object.entries(after)) {
    if (field === 'version' || field === 'updatedAt') continue;
    if (JSON.stringify(from.get(field)) !== JSON.stringify(to)) changes[field] = { from: from.get(field), to };
  }
  return changes;
}
