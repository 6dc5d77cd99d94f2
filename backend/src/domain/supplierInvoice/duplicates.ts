/** Whether two files are one document: the same paper as XML and as a photo, or sent twice. */
import type { Product } from './supplierInvoice.js';

/** What identifies a document of a supplier. */
export interface Identity {
  id: string;
  product: Product;
  typeCode: string | null;
  numberKey: string | null;
  issueDate: string | null;
  supplierId: string | null;
  supplierName: string | null;
  vatId: string | null;
  gross: string | null;
}

/** Letters and digits of a number, in capitals: papers print it with blanks and strokes. */
export function numberKey(number: string | null): string | null {
  const key = (number ?? '')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, 100);
  return key === '' ? null : key;
}

/**
 * Same number, same type, same supplier, and the same date or the same gross amount. A photo shows
 * no code of the type and may show neither VAT number nor name as the XML writes them: what one
 * of the two does not say counts as the same.
 */
export function isDuplicate(one: Identity, other: Identity): boolean {
  if (one.id === other.id || one.numberKey === null || one.numberKey !== other.numberKey) return false;
  if (one.product !== other.product || !agree(one.typeCode, other.typeCode)) return false;
  if (!isSameSupplier(one, other)) return false;
  const isSameDate = one.issueDate !== null && one.issueDate === other.issueDate;
  const isSameGross = one.gross !== null && one.gross === other.gross;
  return isSameDate || isSameGross;
}

function isSameSupplier(one: Identity, other: Identity): boolean {
  if (one.supplierId !== null && other.supplierId !== null) return one.supplierId === other.supplierId;
  if (one.vatId !== null && other.vatId !== null) return plain(one.vatId) === plain(other.vatId);
  if (one.supplierName === null || other.supplierName === null) return true;
  const [a, b] = [plain(one.supplierName), plain(other.supplierName)];
  return a.includes(b) || b.includes(a);
}

function agree(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

function plain(text: string): string {
  return text.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
