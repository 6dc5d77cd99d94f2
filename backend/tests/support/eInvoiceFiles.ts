/** Reads e-invoices of both EN 16931 syntaxes into one shape, for the checker of its rules. */
import { all, parseXml, textAt, type XmlNode } from './xmlTree.js';

interface Vat {
  category: string;
  rate: string;
  reason: string | undefined;
  code?: string | undefined;
}

export interface ReadInvoice {
  number: string | undefined;
  /** `YYYY-MM-DD`, as all dates here. */
  date: string | undefined;
  specification: string | undefined;
  process: string | undefined;
  note: string | undefined;
  buyerReference: string | undefined;
  purchaseOrder: string | undefined;
  supplyDate: string | undefined;
  /** The day on which the tax is due, of a deposit. */
  taxDate: string | undefined;
  /** Where it was delivered: the values of all parts. */
  deliveredTo: string[];
  payment: (string | undefined)[] | undefined;
  terms: string | undefined;
  originalDate: string | undefined;
  typeCode: string | undefined;
  currency: string | undefined;
  seller: ReadParty;
  buyer: ReadParty;
  original: string | undefined;
  lines: (Vat & {
    id: string | undefined;
    name: string | undefined;
    quantity: string | undefined;
    unit: string | undefined;
    note: string | undefined;
    reasons: (string | undefined)[];
    net: string;
    price: string | undefined;
    baseQuantity: string;
    allowances: string[];
    charges: string[];
  })[];
  adjustments: (Vat & { isCharge: boolean; amount: string; reason: string | undefined })[];
  taxes: (Vat & { base: string; amount: string })[];
  totals: Record<'lines' | 'net' | 'tax' | 'gross' | 'payable', string> &
    Record<'allowances' | 'charges' | 'paid' | 'rounding', string | undefined>;
}

interface ReadParty {
  name: string | undefined;
  country: string | undefined;
  vatId: string | undefined;
  taxNumber: string | undefined;
  /** Any by which a buyer's machine may know it: its own, or of a register. */
  id: string | undefined;
  /** Street, second line, city, postcode, region. */
  address: (string | undefined)[];
  companyId: (string | undefined)[] | undefined;
  endpoint: (string | undefined)[] | undefined;
  /** Name, telephone, e-mail. */
  contact: (string | undefined)[] | undefined;
}

export function readInvoice(xml: string): ReadInvoice {
  const root = parseXml(xml);
  return root.name === 'CrossIndustryInvoice' ? readCii(root) : readUbl(root);
}

function readUbl(root: XmlNode): ReadInvoice {
  const isCredit = root.name === 'CreditNote';
  const totals = all(root, 'LegalMonetaryTotal')[0]!;
  const currency = textAt(root, 'DocumentCurrencyCode');
  const taxTotal = all(root, 'TaxTotal').find(
    (node) => all(node, 'TaxAmount')[0]?.attributes['currencyID'] === currency,
  )!;
  const amountsOf = (node: XmlNode, isCharge: boolean) =>
    all(node, 'AllowanceCharge')
      .filter((one) => textAt(one, 'ChargeIndicator') === String(isCharge))
      .map((one) => textAt(one, 'Amount')!);
  return {
    number: textAt(root, 'ID'),
    date: textAt(root, 'IssueDate'),
    specification: textAt(root, 'CustomizationID'),
    process: textAt(root, 'ProfileID'),
    note: textAt(root, 'Note'),
    buyerReference: textAt(root, 'BuyerReference'),
    purchaseOrder: textAt(root, 'OrderReference', 'ID'),
    supplyDate: textAt(root, 'Delivery', 'ActualDeliveryDate'),
    taxDate: textAt(root, 'TaxPointDate'),
    deliveredTo: valuesIn(all(root, 'Delivery', 'DeliveryLocation', 'Address')[0]),
    payment: ublPayment(all(root, 'PaymentMeans')[0]),
    terms: textAt(root, 'PaymentTerms', 'Note') ?? textAt(root, 'DueDate'),
    originalDate: textAt(root, 'BillingReference', 'InvoiceDocumentReference', 'IssueDate'),
    typeCode: textAt(root, 'InvoiceTypeCode') ?? textAt(root, 'CreditNoteTypeCode'),
    currency,
    seller: ublParty(root, 'AccountingSupplierParty'),
    buyer: ublParty(root, 'AccountingCustomerParty'),
    original: textAt(root, 'BillingReference', 'InvoiceDocumentReference', 'ID'),
    lines: all(root, isCredit ? 'CreditNoteLine' : 'InvoiceLine').map((line) => {
      const quantity = all(line, isCredit ? 'CreditedQuantity' : 'InvoicedQuantity')[0];
      return {
        ...ublVat(all(line, 'Item', 'ClassifiedTaxCategory')[0]),
        id: textAt(line, 'ID'),
        name: textAt(line, 'Item', 'Name'),
        quantity: quantity?.text,
        unit: quantity?.attributes['unitCode'],
        note: textAt(line, 'Note'),
        reasons: all(line, 'AllowanceCharge').map((one) => textAt(one, 'AllowanceChargeReason')),
        net: textAt(line, 'LineExtensionAmount')!,
        price: textAt(line, 'Price', 'PriceAmount'),
        baseQuantity: textAt(line, 'Price', 'BaseQuantity') ?? '1',
        allowances: amountsOf(line, false),
        charges: amountsOf(line, true),
      };
    }),
    adjustments: all(root, 'AllowanceCharge').map((one) => ({
      ...ublVat(all(one, 'TaxCategory')[0]),
      reason: textAt(one, 'AllowanceChargeReason'),
      isCharge: textAt(one, 'ChargeIndicator') === 'true',
      amount: textAt(one, 'Amount')!,
    })),
    taxes: all(taxTotal, 'TaxSubtotal').map((one) => ({
      ...ublVat(all(one, 'TaxCategory')[0]),
      base: textAt(one, 'TaxableAmount')!,
      amount: textAt(one, 'TaxAmount')!,
    })),
    totals: {
      lines: textAt(totals, 'LineExtensionAmount')!,
      net: textAt(totals, 'TaxExclusiveAmount')!,
      tax: textAt(taxTotal, 'TaxAmount')!,
      gross: textAt(totals, 'TaxInclusiveAmount')!,
      payable: textAt(totals, 'PayableAmount')!,
      allowances: textAt(totals, 'AllowanceTotalAmount'),
      charges: textAt(totals, 'ChargeTotalAmount'),
      paid: textAt(totals, 'PrepaidAmount'),
      rounding: textAt(totals, 'PayableRoundingAmount'),
    },
  };
}

function ublParty(root: XmlNode, name: string): ReadParty {
  const party = all(root, name, 'Party')[0]!;
  const taxId = (isWanted: (scheme: string | undefined) => boolean) => {
    const found = all(party, 'PartyTaxScheme').find((one) => isWanted(textAt(one, 'TaxScheme', 'ID')));
    return found && textAt(found, 'CompanyID');
  };
  return {
    name: textAt(party, 'PartyLegalEntity', 'RegistrationName') ?? textAt(party, 'PartyName', 'Name'),
    country: textAt(party, 'PostalAddress', 'Country', 'IdentificationCode'),
    vatId: taxId((scheme) => scheme === 'VAT'),
    taxNumber: taxId((scheme) => scheme !== 'VAT'),
    id: textAt(party, 'PartyIdentification', 'ID') ?? textAt(party, 'PartyLegalEntity', 'CompanyID'),
    address: ['StreetName', 'AdditionalStreetName', 'CityName', 'PostalZone', 'CountrySubentity'].map((part) =>
      textAt(party, 'PostalAddress', part),
    ),
    companyId: schemed(all(party, 'PartyLegalEntity', 'CompanyID')[0]),
    endpoint: schemed(all(party, 'EndpointID')[0]),
    contact: partsOf(all(party, 'Contact')[0], [['Name'], ['Telephone'], ['ElectronicMail']]),
  };
}

function ublPayment(means: XmlNode | undefined): ReadInvoice['payment'] {
  return (
    means && [
      textAt(means, 'PaymentMeansCode'),
      all(means, 'PaymentMeansCode')[0]?.attributes['name'],
      textAt(means, 'PaymentID'),
      textAt(means, 'PayeeFinancialAccount', 'ID'),
      textAt(means, 'PayeeFinancialAccount', 'Name'),
      textAt(means, 'PayeeFinancialAccount', 'FinancialInstitutionBranch', 'ID'),
    ]
  );
}

/** Identifier and scheme. */
function schemed(node: XmlNode | undefined): (string | undefined)[] | undefined {
  return node && [node.text, node.attributes['schemeID']];
}

function partsOf(node: XmlNode | undefined, paths: string[][]): (string | undefined)[] | undefined {
  return node && paths.map((path) => textAt(node, ...path));
}

/** Texts of all elements below, sorted: the syntaxes have different orders. */
function valuesIn(node: XmlNode | undefined): string[] {
  if (!node) return [];
  const texts = node.children.length === 0 ? [node.text] : node.children.flatMap((child) => valuesIn(child));
  return texts.sort();
}

function ublVat(node: XmlNode | undefined): Vat {
  return {
    category: (node && textAt(node, 'ID')) ?? '',
    rate: (node && textAt(node, 'Percent')) ?? '0',
    reason: node && (textAt(node, 'TaxExemptionReason') ?? textAt(node, 'TaxExemptionReasonCode')),
    code: node && textAt(node, 'TaxExemptionReasonCode'),
  };
}

function readCii(root: XmlNode): ReadInvoice {
  const transaction = all(root, 'SupplyChainTradeTransaction')[0]!;
  const settlement = all(transaction, 'ApplicableHeaderTradeSettlement')[0]!;
  const totals = all(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation')[0]!;
  const currency = textAt(settlement, 'InvoiceCurrencyCode');
  const tax = all(totals, 'TaxTotalAmount').find((node) => node.attributes['currencyID'] === currency);
  return {
    number: textAt(root, 'ExchangedDocument', 'ID'),
    date: dateOf(textAt(root, 'ExchangedDocument', 'IssueDateTime', 'DateTimeString')),
    specification: textAt(root, 'ExchangedDocumentContext', 'GuidelineSpecifiedDocumentContextParameter', 'ID'),
    process: textAt(root, 'ExchangedDocumentContext', 'BusinessProcessSpecifiedDocumentContextParameter', 'ID'),
    note: textAt(root, 'ExchangedDocument', 'IncludedNote', 'Content'),
    buyerReference: textAt(transaction, 'ApplicableHeaderTradeAgreement', 'BuyerReference'),
    purchaseOrder: textAt(
      transaction,
      'ApplicableHeaderTradeAgreement',
      'BuyerOrderReferencedDocument',
      'IssuerAssignedID',
    ),
    supplyDate: dateOf(
      textAt(
        transaction,
        'ApplicableHeaderTradeDelivery',
        'ActualDeliverySupplyChainEvent',
        'OccurrenceDateTime',
        'DateTimeString',
      ),
    ),
    taxDate: dateOf(textAt(settlement, 'ApplicableTradeTax', 'TaxPointDate', 'DateString')),
    deliveredTo: valuesIn(all(transaction, 'ApplicableHeaderTradeDelivery', 'ShipToTradeParty')[0]),
    payment: ciiPayment(settlement),
    terms:
      textAt(settlement, 'SpecifiedTradePaymentTerms', 'Description') ??
      textAt(settlement, 'SpecifiedTradePaymentTerms', 'DueDateDateTime', 'DateTimeString'),
    originalDate: dateOf(textAt(settlement, 'InvoiceReferencedDocument', 'FormattedIssueDateTime', 'DateTimeString')),
    typeCode: textAt(root, 'ExchangedDocument', 'TypeCode'),
    currency,
    seller: ciiParty(transaction, 'SellerTradeParty'),
    buyer: ciiParty(transaction, 'BuyerTradeParty'),
    original: textAt(settlement, 'InvoiceReferencedDocument', 'IssuerAssignedID'),
    lines: all(transaction, 'IncludedSupplyChainTradeLineItem').map(ciiLine),
    adjustments: all(settlement, 'SpecifiedTradeAllowanceCharge').map((one) => ({
      ...ciiVat(all(one, 'CategoryTradeTax')[0]),
      reason: textAt(one, 'Reason'),
      isCharge: textAt(one, 'ChargeIndicator', 'Indicator') === 'true',
      amount: textAt(one, 'ActualAmount')!,
    })),
    taxes: all(settlement, 'ApplicableTradeTax').map((one) => ({
      ...ciiVat(one),
      base: textAt(one, 'BasisAmount')!,
      amount: textAt(one, 'CalculatedAmount')!,
    })),
    totals: {
      lines: textAt(totals, 'LineTotalAmount')!,
      net: textAt(totals, 'TaxBasisTotalAmount')!,
      tax: tax?.text ?? '0',
      gross: textAt(totals, 'GrandTotalAmount')!,
      payable: textAt(totals, 'DuePayableAmount')!,
      allowances: textAt(totals, 'AllowanceTotalAmount'),
      charges: textAt(totals, 'ChargeTotalAmount'),
      paid: textAt(totals, 'TotalPrepaidAmount'),
      rounding: textAt(totals, 'RoundingAmount'),
    },
  };
}

function ciiLine(line: XmlNode): ReadInvoice['lines'][number] {
  const settlement = all(line, 'SpecifiedLineTradeSettlement')[0]!;
  const price = all(line, 'SpecifiedLineTradeAgreement', 'NetPriceProductTradePrice')[0];
  const quantity = all(line, 'SpecifiedLineTradeDelivery', 'BilledQuantity')[0];
  const amountsOf = (isCharge: boolean) =>
    all(settlement, 'SpecifiedTradeAllowanceCharge')
      .filter((one) => textAt(one, 'ChargeIndicator', 'Indicator') === String(isCharge))
      .map((one) => textAt(one, 'ActualAmount')!);
  return {
    ...ciiVat(all(settlement, 'ApplicableTradeTax')[0]),
    id: textAt(line, 'AssociatedDocumentLineDocument', 'LineID'),
    name: textAt(line, 'SpecifiedTradeProduct', 'Name'),
    quantity: quantity?.text,
    unit: quantity?.attributes['unitCode'],
    note: textAt(line, 'AssociatedDocumentLineDocument', 'IncludedNote', 'Content'),
    reasons: all(settlement, 'SpecifiedTradeAllowanceCharge').map((one) => textAt(one, 'Reason')),
    net: textAt(settlement, 'SpecifiedTradeSettlementLineMonetarySummation', 'LineTotalAmount')!,
    price: price && textAt(price, 'ChargeAmount'),
    baseQuantity: (price && textAt(price, 'BasisQuantity')) ?? '1',
    allowances: amountsOf(false),
    charges: amountsOf(true),
  };
}

function ciiParty(transaction: XmlNode, name: string): ReadParty {
  const party = all(transaction, 'ApplicableHeaderTradeAgreement', name)[0]!;
  const taxId = (scheme: string) =>
    all(party, 'SpecifiedTaxRegistration', 'ID').find((id) => id.attributes['schemeID'] === scheme)?.text;
  return {
    name: textAt(party, 'Name'),
    country: textAt(party, 'PostalTradeAddress', 'CountryID'),
    vatId: taxId('VA'),
    taxNumber: taxId('FC'),
    id: textAt(party, 'ID') ?? textAt(party, 'GlobalID') ?? textAt(party, 'SpecifiedLegalOrganization', 'ID'),
    address: ['LineOne', 'LineTwo', 'CityName', 'PostcodeCode', 'CountrySubDivisionName'].map((part) =>
      textAt(party, 'PostalTradeAddress', part),
    ),
    companyId: schemed(all(party, 'SpecifiedLegalOrganization', 'ID')[0]),
    endpoint: schemed(all(party, 'URIUniversalCommunication', 'URIID')[0]),
    contact: partsOf(all(party, 'DefinedTradeContact')[0], [
      ['PersonName'],
      ['TelephoneUniversalCommunication', 'CompleteNumber'],
      ['EmailURIUniversalCommunication', 'URIID'],
    ]),
  };
}

function ciiPayment(settlement: XmlNode): ReadInvoice['payment'] {
  const means = all(settlement, 'SpecifiedTradeSettlementPaymentMeans')[0];
  return (
    means && [
      textAt(means, 'TypeCode'),
      textAt(means, 'Information'),
      textAt(settlement, 'PaymentReference'),
      textAt(means, 'PayeePartyCreditorFinancialAccount', 'IBANID'),
      textAt(means, 'PayeePartyCreditorFinancialAccount', 'AccountName'),
      textAt(means, 'PayeeSpecifiedCreditorFinancialInstitution', 'BICID'),
    ]
  );
}

function dateOf(text: string | undefined): string | undefined {
  return text?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}

function ciiVat(node: XmlNode | undefined): Vat {
  return {
    category: (node && textAt(node, 'CategoryCode')) ?? '',
    rate: (node && textAt(node, 'RateApplicablePercent')) ?? '0',
    reason: node && (textAt(node, 'ExemptionReason') ?? textAt(node, 'ExemptionReasonCode')),
    code: node && textAt(node, 'ExemptionReasonCode'),
  };
}
