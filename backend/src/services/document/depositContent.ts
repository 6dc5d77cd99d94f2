/** The document of a deposit: the payment, with its taxes. */
import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { Document, DocumentLine, DocumentType } from '../../domain/document/document.js';
import { addUp } from '../../domain/document/documentCredit.js';
import { sum } from '../../domain/number/money.js';
import type { LineCharge } from '../../domain/order/lineCharges.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { PaymentService } from '../PaymentService.js';
import type { SourceContent } from './drafts.js';
import { referenceTo } from './orderReference.js';

interface Sources {
  payments: PaymentService;
}

/** @throws AppError invalid_request; invalid_state; order_has_documents. */
export async function contentOfDeposit(
  { payments }: Sources,
  call: Call,
  tx: Tx,
  { type, paymentId }: { type: DocumentType; paymentId: string },
  { timezone }: RestaurantSettings,
): Promise<SourceContent> {
  const { order, payment } = await payments.deposits.forDocument(call, tx, paymentId);
  if (type !== 'deposit') throw invalid('/type', 'A payment can only become a document of the type deposit.');
  const { method, businessDate: date, prepaid } = payment;
  const { customer, taxExemption } = order;
  const { amount } = prepaid;
  return {
    customer,
    ...addUp(prepaid.charges.map(depositLine)),
    discounts: [],
    details: {
      order: referenceTo(order, timezone),
      deposit: { paymentId, date },
      payments: [{ method, amount, tip: 0, tendered: amount, change: 0 }],
      ...(taxExemption && { taxExemption }),
    },
    orderId: order.id,
  };
}

/**
 * The draft of a deposit as it is to be issued. Its order is locked: no invoice is issued meanwhile
 * that does not deduct it.
 * @throws AppError invalid_state when some of the deposit was given back; order_has_documents.
 */
export async function currentDeposit<D extends Document>(
  { payments }: Sources,
  call: Call,
  tx: Tx,
  draft: D,
): Promise<D> {
  const { payment } = await payments.deposits.forDocument(call, tx, draft.details?.deposit?.paymentId ?? '');
  const lines: unknown = JSON.parse(JSON.stringify(payment.prepaid.charges.map(depositLine)));
  if (isDeepStrictEqual(lines, JSON.parse(JSON.stringify(draft.lines)))) return draft;
  throw new AppError(
    'invalid_state',
    'The deposit has changed since this draft was made of it. Delete the draft and make another.',
  );
}

/** One set of taxes of a deposit. */
export function depositLine({ net, taxes }: LineCharge, index: number): DocumentLine {
  const amount = net + sum(taxes.filter(({ inclusive }) => inclusive).map((tax) => tax.amount));
  return {
    kind: 'deposit',
    description: 'Deposit',
    quantity: '1',
    unit: null,
    unitPrice: amount,
    discounts: [],
    originalPosition: null,
    position: index + 1,
    taxes: taxes.map(({ base: _base, ...tax }) => tax),
    grossAmount: amount,
    discountAmount: 0,
    amount,
    taxAmount: sum(taxes.map((tax) => tax.amount)),
  };
}
