/**
 * An invoice or credit note as a supplier's file states it. Amounts are decimal text without
 * needless zeros (at least two decimals for money): every format of one invoice gives the same.
 */

export type DocumentType = 'invoice' | 'credit_note';

/**
 * An allowance or a charge, on a line or on the whole document. The amount is positive as stated.
 */
export interface Adjustment {
  isCharge: boolean;
  amount: string;
  reason: string | null;
  taxRate: string | null;
  taxCategory: string | null;
}

/** Where a value was found on a page, for a person who checks it. */
export interface Evidence {
  page: number;
  /** Left, top, width and height as shares of the page: 0 to 1, four decimals. */
  box: [number, number, number, number];
  text: string;
  /** 0 to 1; 1 for text of a file, less for text that was recognised in a picture. */
  confidence: number;
  /** In a table: the line of the file. Its box is that line's share of all lines. */
  row?: number;
}

export interface ReadLine {
  /** The supplier's name of the line: mostly a number. */
  id: string | null;
  articleNumber: string | null;
  gtin: string | null;
  description: string;
  quantity: string | null;
  /** As stated: a code of UN/ECE Recommendation 20, or a word. */
  unit: string | null;
  unitPrice: string | null;
  /** Units that the price is for; null means one. */
  priceBaseQuantity: string | null;
  /** What the line adds to the sum of lines, with its sign. */
  netAmount: string | null;
  taxRate: string | null;
  taxCategory: string | null;
  adjustments: Adjustment[];
  evidence: Evidence | null;
}

export interface ReadTax {
  rate: string | null;
  category: string | null;
  base: string | null;
  amount: string | null;
}

export interface ReadTotals {
  lines: string | null;
  allowances: string | null;
  charges: string | null;
  net: string | null;
  tax: string | null;
  gross: string | null;
  prepaid: string | null;
  rounding: string | null;
  payable: string | null;
}

export type TotalName = keyof ReadTotals;

export interface ReadParty {
  name: string | null;
  vatId: string | null;
}

/** Standards that state an invoice exactly, and the two ways to read one from a page. */
export const READ_FORMATS = ['ubl', 'cii', 'fatturapa', 'pdf_text', 'ocr', 'csv'] as const;
export type ReadFormat = (typeof READ_FORMATS)[number];

export interface ReadInvoice {
  format: ReadFormat;
  /** 380, 381, 384, 389 and others of UNTDID 1001, or TD01 and others of FatturaPA. */
  typeCode: string | null;
  documentType: DocumentType;
  number: string | null;
  issueDate: string | null;
  dueDate: string | null;
  currency: string | null;
  supplier: ReadParty;
  buyer: ReadParty;
  /** The restaurant's order, as the supplier names it. */
  orderReference: string | null;
  /** The invoice that a credit note corrects. */
  precedingNumber: string | null;
  lines: ReadLine[];
  adjustments: Adjustment[];
  taxes: ReadTax[];
  totals: ReadTotals;
  /** Where totals were found on a page. */
  totalEvidence: Partial<Record<TotalName, Evidence>>;
  /** What the reader could not read or had to decide: shown to the person who reviews. */
  remarks: string[];
}

/** UNTDID 1001 and FatturaPA: documents that give money back. */
const CREDIT_NOTES = new Set('81 83 261 262 296 308 381 396 420 458 532 TD04 TD08'.split(' '));

export function documentTypeOf(typeCode: string | null): DocumentType {
  return typeCode !== null && CREDIT_NOTES.has(typeCode) ? 'credit_note' : 'invoice';
}

/** A document that a person fills in. @param remarks why nothing was read. */
export function emptyInvoice(format: ReadFormat, ...remarks: string[]): ReadInvoice {
  return {
    format,
    typeCode: null,
    documentType: 'invoice',
    number: null,
    issueDate: null,
    dueDate: null,
    currency: null,
    supplier: { name: null, vatId: null },
    buyer: { name: null, vatId: null },
    orderReference: null,
    precedingNumber: null,
    lines: [],
    adjustments: [],
    taxes: [],
    totals: NO_TOTALS,
    totalEvidence: {},
    remarks,
  };
}

export const EMPTY_LINE: ReadLine = {
  id: null,
  articleNumber: null,
  gtin: null,
  description: '',
  quantity: null,
  unit: null,
  unitPrice: null,
  priceBaseQuantity: null,
  netAmount: null,
  taxRate: null,
  taxCategory: null,
  adjustments: [],
  evidence: null,
};

export const NO_TOTALS: ReadTotals = {
  lines: null,
  allowances: null,
  charges: null,
  net: null,
  tax: null,
  gross: null,
  prepaid: null,
  rounding: null,
  payable: null,
};
