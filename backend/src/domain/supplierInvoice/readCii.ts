/**
 * UN/CEFACT Cross Industry Invoice to one form: EN 16931, Factur-X, ZUGFeRD 2, and ZUGFeRD 1, whose
 * elements have other names.
 */
import { type Adjustment, documentTypeOf, type ReadInvoice, type ReadLine, type ReadParty } from './readInvoice.js';
import { currencyOf, dateOf, nodeAt, nodesAt, Reader, textAt, type XmlNode } from './xmlNode.js';

/** Lines that only group or explain others (Factur-X EXTENDED): their amounts would count twice. */
const NO_DETAIL = new Set(['GROUP', 'INFORMATION']);

export function readCii(root: XmlNode): ReadInvoice {
  const read = new Reader();
  const head = nodeAt(root, 'ExchangedDocument') ?? nodeAt(root, 'HeaderExchangedDocument');
  const trade = nodeAt(root, 'SupplyChainTradeTransaction') ?? nodeAt(root, 'SpecifiedSupplyChainTradeTransaction');
  const agreement = part(trade, 'Agreement');
  const settlement = part(trade, 'Settlement');
  const typeCode = textAt(head, 'TypeCode');
  const currency = currencyOf(textAt(settlement, 'InvoiceCurrencyCode'));
  return {
    format: 'cii',
    typeCode,
    documentType: documentTypeOf(typeCode),
    number: textAt(head, 'ID'),
    issueDate: dateAt(head, 'IssueDateTime'),
    dueDate: dueDateOf(settlement),
    currency,
    supplier: partyOf(nodeAt(agreement, 'SellerTradeParty')),
    buyer: partyOf(nodeAt(agreement, 'BuyerTradeParty')),
    orderReference: textAt(
      agreement,
      'BuyerOrderReferencedDocument/IssuerAssignedID',
      'BuyerOrderReferencedDocument/ID',
    ),
    precedingNumber: textAt(settlement, 'InvoiceReferencedDocument/IssuerAssignedID'),
    lines: (trade ? nodesAt(trade, 'IncludedSupplyChainTradeLineItem') : [])
      .filter(isDetail)
      .map((line) => lineOf(line, read)),
    adjustments: adjustmentsOf(settlement, read),
    taxes: (settlement ? nodesAt(settlement, 'ApplicableTradeTax') : []).map((tax) => ({
      rate: read.decimal(tax, 'RateApplicablePercent', 'ApplicablePercent'),
      category: textAt(tax, 'CategoryCode'),
      base: read.money(tax, 'BasisAmount'),
      amount: read.money(tax, 'CalculatedAmount'),
    })),
    totals: totalsOf(settlement, currency, read),
    totalEvidence: {},
    remarks: read.remarks,
  };
}

/** `ApplicableHeaderTradeX` since 2016, `ApplicableSupplyChainTradeX` in ZUGFeRD 1. */
function part(trade: XmlNode | undefined, name: string): XmlNode | undefined {
  return nodeAt(trade, `ApplicableHeaderTrade${name}`) ?? nodeAt(trade, `ApplicableSupplyChainTrade${name}`);
}

function linePart(line: XmlNode, name: string): XmlNode | undefined {
  return nodeAt(line, `SpecifiedLineTrade${name}`) ?? nodeAt(line, `SpecifiedSupplyChainTrade${name}`);
}

function dateAt(node: XmlNode | undefined, path: string): string | null {
  return dateOf(textAt(node, `${path}/DateTimeString`, `${path}/DateString`, path));
}

function dueDateOf(settlement: XmlNode | undefined): string | null {
  for (const terms of settlement ? nodesAt(settlement, 'SpecifiedTradePaymentTerms') : []) {
    const date = dateAt(terms, 'DueDateDateTime');
    if (date !== null) return date;
  }
  return null;
}

function partyOf(party: XmlNode | undefined): ReadParty {
  const ids = (party ? nodesAt(party, 'SpecifiedTaxRegistration') : []).flatMap((one) => nodesAt(one, 'ID'));
  return {
    name: textAt(party, 'Name', 'SpecifiedLegalOrganization/TradingBusinessName'),
    vatId: ids.find((id) => id.attributes['schemeID'] === 'VA')?.text ?? null,
  };
}

function isDetail(line: XmlNode): boolean {
  const reason = textAt(line, 'AssociatedDocumentLineDocument/LineStatusReasonCode');
  if (reason !== null && NO_DETAIL.has(reason)) return false;
  // ZUGFeRD 1 states notes between the lines as lines without a product.
  return nodeAt(line, 'SpecifiedTradeProduct') !== undefined || lineTotalOf(line) !== null;
}

function lineTotalOf(line: XmlNode): string | null {
  return textAt(
    linePart(line, 'Settlement'),
    'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount',
    'SpecifiedTradeSettlementMonetarySummation/LineTotalAmount',
  );
}

function lineOf(line: XmlNode, read: Reader): ReadLine {
  const agreement = linePart(line, 'Agreement');
  const delivery = linePart(line, 'Delivery');
  const settlement = linePart(line, 'Settlement');
  const product = nodeAt(line, 'SpecifiedTradeProduct');
  return {
    id: textAt(line, 'AssociatedDocumentLineDocument/LineID'),
    articleNumber: textAt(product, 'SellerAssignedID'),
    gtin: textAt(product, 'GlobalID'),
    description: textAt(product, 'Name', 'Description') ?? '',
    quantity: read.decimal(delivery, 'BilledQuantity'),
    unit: nodeAt(delivery, 'BilledQuantity')?.attributes['unitCode'] ?? null,
    unitPrice: read.decimal(
      agreement,
      'NetPriceProductTradePrice/ChargeAmount',
      'GrossPriceProductTradePrice/ChargeAmount',
    ),
    priceBaseQuantity: read.decimal(agreement, 'NetPriceProductTradePrice/BasisQuantity'),
    netAmount: read.money(
      settlement,
      'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount',
      'SpecifiedTradeSettlementMonetarySummation/LineTotalAmount',
    ),
    taxRate: read.decimal(
      settlement,
      'ApplicableTradeTax/RateApplicablePercent',
      'ApplicableTradeTax/ApplicablePercent',
    ),
    taxCategory: textAt(settlement, 'ApplicableTradeTax/CategoryCode'),
    adjustments: adjustmentsOf(settlement, read),
    evidence: null,
  };
}

function adjustmentsOf(settlement: XmlNode | undefined, read: Reader): Adjustment[] {
  const adjustments = (settlement ? nodesAt(settlement, 'SpecifiedTradeAllowanceCharge') : []).map((one) => ({
    isCharge: textAt(one, 'ChargeIndicator/Indicator', 'ChargeIndicator') === 'true',
    amount: read.money(one, 'ActualAmount') ?? '0.00',
    reason: textAt(one, 'Reason'),
    taxRate: read.decimal(one, 'CategoryTradeTax/RateApplicablePercent', 'CategoryTradeTax/ApplicablePercent'),
    taxCategory: textAt(one, 'CategoryTradeTax/CategoryCode'),
  }));
  // ZUGFeRD 1 and Factur-X EXTENDED state freight as a service of its own.
  const freight = (settlement ? nodesAt(settlement, 'SpecifiedLogisticsServiceCharge') : []).map((one) => ({
    isCharge: true,
    amount: read.money(one, 'AppliedAmount') ?? '0.00',
    reason: textAt(one, 'Description'),
    taxRate: read.decimal(one, 'AppliedTradeTax/RateApplicablePercent', 'AppliedTradeTax/ApplicablePercent'),
    taxCategory: textAt(one, 'AppliedTradeTax/CategoryCode'),
  }));
  return [...adjustments, ...freight];
}

function totalsOf(settlement: XmlNode | undefined, currency: string | null, read: Reader): ReadInvoice['totals'] {
  const sums =
    nodeAt(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation') ??
    nodeAt(settlement, 'SpecifiedTradeSettlementMonetarySummation');
  return {
    lines: read.money(sums, 'LineTotalAmount'),
    allowances: read.money(sums, 'AllowanceTotalAmount'),
    charges: read.money(sums, 'ChargeTotalAmount'),
    net: read.money(sums, 'TaxBasisTotalAmount'),
    tax: taxOf(sums, currency, read),
    gross: read.money(sums, 'GrandTotalAmount'),
    prepaid: read.money(sums, 'TotalPrepaidAmount'),
    rounding: read.money(sums, 'RoundingAmount'),
    payable: read.money(sums, 'DuePayableAmount'),
  };
}

/** The tax may be stated once more in the currency of the tax office. */
function taxOf(sums: XmlNode | undefined, currency: string | null, read: Reader): string | null {
  const amounts = sums ? nodesAt(sums, 'TaxTotalAmount') : [];
  const own = amounts.find((one) => one.attributes['currencyID'] === currency) ?? amounts[0];
  return own ? read.money({ ...own, children: [own] }, own.name) : null;
}
