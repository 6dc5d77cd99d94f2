/**
 * An electronic invoice as UN/CEFACT Cross Industry Invoice, in the syntax of EN 16931-3-3: the
 * file that Factur-X 1.07 and ZUGFeRD 2.3 embed in a PDF. Elements are in schema order.
 */
import { asWrittenBefore } from './asWrittenBefore.js';
import type { EInvoice } from './eInvoice.js';
import type { EAdjustment, ELine, EVat } from './eInvoiceLines.js';
import type { EParty } from './eInvoiceParties.js';
import type { EPayment } from './eInvoicePayment.js';
import { formatMinor, type MinorUnits } from '../../domain/number/money.js';
import { BUSINESS_PROCESS, percentOf, SPECIFICATIONS, TYPE_CODES } from './eInvoiceText.js';
import { element, type XmlPart, xmlDocument } from './xml.js';

const NAMESPACE = 'urn:un:unece:uncefact:data:standard:';

const ram = (name: string, text: string, attributes?: Record<string, string>) =>
  element(`ram:${name}`, { text }, attributes);
const group = (name: string, ...content: XmlPart[]) => element(`ram:${name}`, content);

type Money = (name: string, amount: MinorUnits, attributes?: Record<string, string>) => string;

export function renderCii(given: EInvoice): string {
  const invoice = given.isOld ? asWrittenBefore(given, 'cii') : given;
  const money: Money = (name, amount, attributes) => ram(name, formatMinor(amount, invoice.currency), attributes);
  const content = [
    context(invoice),
    element('rsm:ExchangedDocument', [
      ram('ID', invoice.number),
      ram('TypeCode', TYPE_CODES[invoice.kind]),
      group('IssueDateTime', date('udt', invoice.issueDate)),
      invoice.note && group('IncludedNote', ram('Content', invoice.note)),
    ]),
    element('rsm:SupplyChainTradeTransaction', [
      invoice.lines.map((line) => tradeLine(line, money)),
      agreement(invoice),
      delivery(invoice),
      settlement(invoice, money),
    ]),
  ];
  return xmlDocument(
    element('rsm:CrossIndustryInvoice', content, {
      'xmlns:rsm': `${NAMESPACE}CrossIndustryInvoice:100`,
      'xmlns:ram': `${NAMESPACE}ReusableAggregateBusinessInformationEntity:100`,
      'xmlns:qdt': `${NAMESPACE}QualifiedDataType:100`,
      'xmlns:udt': `${NAMESPACE}UnqualifiedDataType:100`,
    }),
  );
}

function context({ profile }: EInvoice): string {
  const process = BUSINESS_PROCESS[profile];
  return element('rsm:ExchangedDocumentContext', [
    process && group('BusinessProcessSpecifiedDocumentContextParameter', ram('ID', process)),
    group('GuidelineSpecifiedDocumentContextParameter', ram('ID', SPECIFICATIONS[profile])),
  ]);
}

function agreement({ buyerReference, purchaseOrderReference, seller, buyer }: EInvoice): string {
  return group(
    'ApplicableHeaderTradeAgreement',
    buyerReference && ram('BuyerReference', buyerReference),
    party('SellerTradeParty', seller),
    party('BuyerTradeParty', buyer),
    purchaseOrderReference && group('BuyerOrderReferencedDocument', ram('IssuerAssignedID', purchaseOrderReference)),
  );
}

function delivery({ supplyDate, isDeliveredToBuyer, buyer }: EInvoice): string {
  return group(
    'ApplicableHeaderTradeDelivery',
    isDeliveredToBuyer && group('ShipToTradeParty', addressOf(buyer)),
    supplyDate && group('ActualDeliverySupplyChainEvent', group('OccurrenceDateTime', date('udt', supplyDate))),
  );
}

/** Format 102: `YYYYMMDD`. */
function date(prefix: 'udt' | 'qdt', text: string, name = 'DateTimeString'): string {
  return element(`${prefix}:${name}`, { text: text.replaceAll('-', '') }, { format: '102' });
}

function tradeLine(line: ELine, money: Money): string {
  return group(
    'IncludedSupplyChainTradeLineItem',
    group(
      'AssociatedDocumentLineDocument',
      ram('LineID', line.id),
      line.note && group('IncludedNote', ram('Content', line.note)),
    ),
    group('SpecifiedTradeProduct', ram('Name', line.name)),
    group('SpecifiedLineTradeAgreement', group('NetPriceProductTradePrice', ram('ChargeAmount', line.netPrice))),
    group('SpecifiedLineTradeDelivery', ram('BilledQuantity', line.quantity, { unitCode: line.unitCode })),
    group(
      'SpecifiedLineTradeSettlement',
      group('ApplicableTradeTax', category(line.vat)),
      line.allowance !== 0 &&
        group(
          'SpecifiedTradeAllowanceCharge',
          group('ChargeIndicator', element('udt:Indicator', { text: 'false' })),
          money('ActualAmount', line.allowance),
          ram('Reason', line.allowanceReason),
        ),
      group('SpecifiedTradeSettlementLineMonetarySummation', money('LineTotalAmount', line.net)),
    ),
  );
}

/** Outside the scope of VAT, a line may have no rate (BR-O-05). */
function category(vat: EVat): XmlPart {
  return [
    ram('TypeCode', 'VAT'),
    ram('CategoryCode', vat.category),
    vat.category !== 'O' && ram('RateApplicablePercent', percentOf(vat)),
  ];
}

function party(name: string, trader: EParty): string {
  const { id, name: ownName, vatId, taxNumber, companyId, endpoint, contact } = trader;
  return group(
    name,
    id && ram('ID', id),
    ram('Name', ownName),
    companyId && group('SpecifiedLegalOrganization', ram('ID', companyId.id, { schemeID: companyId.scheme })),
    contact &&
      group(
        'DefinedTradeContact',
        contact.name && ram('PersonName', contact.name),
        contact.phone && group('TelephoneUniversalCommunication', ram('CompleteNumber', contact.phone)),
        contact.email && group('EmailURIUniversalCommunication', ram('URIID', contact.email)),
      ),
    addressOf(trader),
    endpoint && group('URIUniversalCommunication', ram('URIID', endpoint.id, { schemeID: endpoint.scheme })),
    vatId && group('SpecifiedTaxRegistration', ram('ID', vatId, { schemeID: 'VA' })),
    taxNumber && group('SpecifiedTaxRegistration', ram('ID', taxNumber, { schemeID: 'FC' })),
  );
}

function addressOf({ address, country }: EParty): string {
  const { street, additional, city, postcode, region } = address;
  return group(
    'PostalTradeAddress',
    postcode && ram('PostcodeCode', postcode),
    street && ram('LineOne', street),
    additional && ram('LineTwo', additional),
    city && ram('CityName', city),
    ram('CountryID', country),
    region && ram('CountrySubDivisionName', region),
  );
}

function settlement(invoice: EInvoice, money: Money): string {
  const { currency, taxes, adjustments, payment, terms, taxDate } = invoice;
  // The syntax has room for one; lines name the deposits.
  const [original] = invoice.preceding;
  return group(
    'ApplicableHeaderTradeSettlement',
    payment?.reference && ram('PaymentReference', payment.reference),
    ram('InvoiceCurrencyCode', currency),
    payment && paymentMeans(payment),
    taxes.map((tax, index) =>
      group(
        'ApplicableTradeTax',
        money('CalculatedAmount', tax.amount),
        ram('TypeCode', 'VAT'),
        tax.exemptionReason && ram('ExemptionReason', tax.exemptionReason),
        money('BasisAmount', tax.base),
        ram('CategoryCode', tax.category),
        tax.exemptionCode && ram('ExemptionReasonCode', tax.exemptionCode),
        // Once in a file (CII-SR-461).
        index === 0 && taxDate && group('TaxPointDate', date('udt', taxDate, 'DateString')),
        ram('RateApplicablePercent', percentOf(tax)),
      ),
    ),
    adjustments.map((one) => adjustment(one, money)),
    terms && group('SpecifiedTradePaymentTerms', ram('Description', terms)),
    summation(invoice, money),
    original &&
      group(
        'InvoiceReferencedDocument',
        ram('IssuerAssignedID', original.number),
        group('FormattedIssueDateTime', date('qdt', original.issueDate)),
      ),
  );
}

function paymentMeans({ code, text, account }: EPayment): string {
  return group(
    'SpecifiedTradeSettlementPaymentMeans',
    ram('TypeCode', code),
    text && ram('Information', text),
    account &&
      group(
        'PayeePartyCreditorFinancialAccount',
        ram('IBANID', account.iban),
        account.holder && ram('AccountName', account.holder),
      ),
    account?.bic && group('PayeeSpecifiedCreditorFinancialInstitution', ram('BICID', account.bic)),
  );
}

function adjustment({ isCharge, reason, net, vat }: EAdjustment, money: Money): string {
  return group(
    'SpecifiedTradeAllowanceCharge',
    group('ChargeIndicator', element('udt:Indicator', { text: String(isCharge) })),
    money('ActualAmount', net),
    ram('Reason', reason),
    group('CategoryTradeTax', category(vat)),
  );
}

function summation({ totals, currency }: EInvoice, money: Money): string {
  return group(
    'SpecifiedTradeSettlementHeaderMonetarySummation',
    money('LineTotalAmount', totals.lines),
    money('ChargeTotalAmount', totals.charges),
    money('AllowanceTotalAmount', totals.allowances),
    money('TaxBasisTotalAmount', totals.net),
    money('TaxTotalAmount', totals.tax, { currencyID: currency }),
    totals.rounding !== 0 && money('RoundingAmount', totals.rounding),
    money('GrandTotalAmount', totals.gross),
    totals.prepaid !== 0 && money('TotalPrepaidAmount', totals.prepaid),
    money('DuePayableAmount', totals.payable),
  );
}
