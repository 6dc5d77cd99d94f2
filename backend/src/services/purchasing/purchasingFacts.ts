/** Facts of purchasing for the event feed and the audit log. */
import type { Fact } from '../../domain/shared/events.js';
import { type GoodsReceipt, totalsOf } from '../../domain/purchasing/goodsReceipt.js';
import { type PurchaseOrder, totalOf } from '../../domain/purchasing/purchaseOrder.js';

export function purchaseOrderFact(
  verb: 'created' | 'changed' | 'sent' | 'received' | 'cancelled' | 'closed',
  order: PurchaseOrder,
  changes: NonNullable<Fact['changes']>,
): Fact {
  const { id, number, status, supplierId, version, lines } = order;
  const data = { number, status, supplierId, total: totalOf(lines), version };
  return { type: `purchase_order.${verb}`, subject: 'purchase_order', subjectId: id, data, changes };
}

export function goodsReceiptFact(
  verb: 'posted' | 'reversed',
  receipt: GoodsReceipt,
  changes: NonNullable<Fact['changes']>,
): Fact {
  const { id, supplierId, purchaseOrderId, reference, reverseReason, lines } = receipt;
  const data = { supplierId, purchaseOrderId, reference, reverseReason, ...totalsOf(lines) };
  return { type: `goods_receipt.${verb}`, subject: 'goods_receipt', subjectId: id, data, changes };
}
