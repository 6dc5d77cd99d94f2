/** UBL 2.1 Invoice and CreditNote (EN 16931, Peppol BIS Billing 3) to one form. */
import { sumOf, exactMoneyText } from './decimals.js';
import { type Adjustment, documentTypeOf, type ReadInvoice, type ReadLine, type ReadParty } from './readInvoice.js';
import { currencyOf, dateOf, nodeAt, nodesAt, Reader, textAt, type XmlNode } from './xmlNode.js';

export function readUbl(root: XmlNode): ReadInvoice {
  const read = new Reader();
  const isCreditNote = root.name === 'CreditNote';
  const typeCode = textAt(root, 'InvoiceTypeCode', 'CreditNoteTypeCode') ?? (isCreditNote ? '381' : '380');
  const currency = currencyOf(textAt(root, 'DocumentCurrencyCode'));
  const taxTotal = taxTotalOf(root, currency);
  const sums = nodeAt(root, 'LegalMonetaryTotal');
  return {
    format: 'ubl',
    typeCode,
    documentType: isCreditNote ? 'credit_note' : documentTypeOf(typeCode),
    number: textAt(root, 'ID'),
    issueDate: dateOf(textAt(root, 'IssueDate')),
    dueDate: dateOf(textAt(root, 'DueDate', 'PaymentMeans/PaymentDueDate')),
    currency,
    supplier: partyOf(nodeAt(root, 'AccountingSupplierParty/Party')),
    buyer: partyOf(nodeAt(root, 'AccountingCustomerParty/Party')),
    orderReference: textAt(root, 'OrderReference/ID'),
    precedingNumber: textAt(root, 'BillingReference/InvoiceDocumentReference/ID'),
    lines: nodesAt(root, isCreditNote ? 'CreditNoteLine' : 'InvoiceLine').map((line) => lineOf(line, read)),
    adjustments: adjustmentsOf(root, read),
    taxes: (taxTotal ? nodesAt(taxTotal, 'TaxSubtotal') : []).map((tax) => ({
      rate: read.decimal(tax, 'TaxCategory/Percent', 'Percent'),
      category: textAt(tax, 'TaxCategory/ID'),
      base: read.money(tax, 'TaxableAmount'),
      amount: read.money(tax, 'TaxAmount'),
    })),
    totals: {
      lines: read.money(sums, 'LineExtensionAmount'),
      allowances: read.money(sums, 'AllowanceTotalAmount'),
      charges: read.money(sums, 'ChargeTotalAmount'),
      net: read.money(sums, 'TaxExclusiveAmount'),
      tax: read.money(taxTotal, 'TaxAmount'),
      gross: read.money(sums, 'TaxInclusiveAmount'),
      prepaid: read.money(sums, 'PrepaidAmount'),
      rounding: read.money(sums, 'PayableRoundingAmount'),
      payable: read.money(sums, 'PayableAmount'),
    },
    totalEvidence: {},
    remarks: read.remarks,
  };
}

/** The tax may be stated once more in a second currency: that total is left out. */
function taxTotalOf(root: XmlNode, currency: string | null): XmlNode | undefined {
  const totals = nodesAt(root, 'TaxTotal');
  const ofCurrency = totals.filter((one) => nodeAt(one, 'TaxAmount')?.attributes['currencyID'] === currency);
  const candidates = ofCurrency.length > 0 ? ofCurrency : totals;
  return candidates.find((one) => nodesAt(one, 'TaxSubtotal').length > 0) ?? candidates[0];
}

/** The VAT number has the scheme VAT. A German tax number (scheme FC) may be before it. */
function partyOf(party: XmlNode | undefined): ReadParty {
  const schemes = party ? nodesAt(party, 'PartyTaxScheme') : [];
  const vat = schemes.find((one) => textAt(one, 'TaxScheme/ID')?.toUpperCase() === 'VAT');
  return {
    name: textAt(party, 'PartyLegalEntity/RegistrationName', 'PartyName/Name'),
    vatId: textAt(vat, 'CompanyID'),
  };
}

function lineOf(line: XmlNode, read: Reader): ReadLine {
  const quantity = nodeAt(line, 'InvoicedQuantity') ?? nodeAt(line, 'CreditedQuantity');
  const item = nodeAt(line, 'Item');
  return {
    id: textAt(line, 'ID'),
    articleNumber: textAt(item, 'SellersItemIdentification/ID'),
    gtin: textAt(item, 'StandardItemIdentification/ID'),
    description: textAt(item, 'Name', 'Description') ?? '',
    quantity: read.decimal(line, 'InvoicedQuantity', 'CreditedQuantity'),
    unit: quantity?.attributes['unitCode'] ?? null,
    unitPrice: read.decimal(line, 'Price/PriceAmount'),
    priceBaseQuantity: read.decimal(line, 'Price/BaseQuantity'),
    netAmount: read.money(line, 'LineExtensionAmount'),
    taxRate: read.decimal(item, 'ClassifiedTaxCategory/Percent'),
    taxCategory: textAt(item, 'ClassifiedTaxCategory/ID'),
    adjustments: adjustmentsOf(line, read),
    evidence: null,
  };
}

function adjustmentsOf(node: XmlNode, read: Reader): Adjustment[] {
  return nodesAt(node, 'AllowanceCharge').map((one) => ({
    isCharge: textAt(one, 'ChargeIndicator') === 'true' || textAt(one, 'ChargeIndicator') === '1',
    amount: read.money(one, 'Amount') ?? '0.00',
    reason: textAt(one, 'AllowanceChargeReason'),
    taxRate: read.decimal(one, 'TaxCategory/Percent'),
    taxCategory: textAt(one, 'TaxCategory/ID'),
  }));
}

/** The sum of a line's allowances or of its charges. */
export function adjustmentSum(adjustments: readonly Adjustment[], isCharge: boolean): string {
  const amounts = adjustments.filter((one) => one.isCharge === isCharge).map(({ amount }) => amount);
  return exactMoneyText(sumOf(amounts));
}
