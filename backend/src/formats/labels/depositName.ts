import type { DocumentDeposit } from '../../domain/document/document.js';
import type { DocumentLabels } from './labels.js';

/** A deposit with the number of its document, or a voucher with the end of its code. */
export function depositName(
  labels: DocumentLabels,
  { kind, number }: Pick<DocumentDeposit, 'kind' | 'number'>,
): string {
  if (kind !== 'voucher') return `${labels.deposit} ${number}`;
  const [hint] = /…\S+$/.exec(number) ?? [];
  return hint === undefined ? labels.paymentMethod.voucher : `${labels.paymentMethod.voucher} ${hint}`;
}
