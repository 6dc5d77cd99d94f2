/**
 * An electronic invoice as UN/CEFACT Cross Industry Invoice, in the syntax of EN 16931-3-3: the
 * file that Factur-X 1.07 and ZUGFeRD 2.3 embed in a PDF. Elements are in schema order.
 */
import type { EInvoice, EParty } from './eInvoice.js';
import type { EAdjustment, ELine, EVat } from './eInvoiceLines.js';
import { formatMinor, type MinorUnits } from '../../domain/number/money.js';
import { percentOf } from './eInvoiceText.js';
import { element, type XmlPart, xmlDocument } from './xml.js';

const PROFILE = 'urn:cen.eu:en16931:2017';
const NAMESPACE = 'urn:un:unece:uncefact:data:standard:';
/** UNCL 1001 */
const TYPE_CODES = { invoice: '380', credit_note: '381' };

const ram = (name: string, text: string, attributes?: Record<string, string>) =>
  element(`ram:${name}`, { text }, attributes);
const group = (name: string, ...content: XmlPart[]) => element(`ram:${name}`, content);

type Money = (name: string, amount: MinorUnits, attributes?: Record<string, string>) => string;

export function renderCii(invoice: EInvoice): string {
  const money: Money = (name, amount, attributes) => ram(name, formatMinor(amount, invoice.currency), attributes);
  const content = [
    element('rsm:ExchangedDocumentContext', group('GuidelineSpecifiedDocumentContextParameter', ram('ID', PROFILE))),
    element('rsm:ExchangedDocument', [
      ram('ID', invoice.number),
      ram('TypeCode', TYPE_CODES[invoice.kind]),
      group('IssueDateTime', date('udt', invoice.issueDate)),
      invoice.note && group('IncludedNote', ram('Content', invoice.note)),
    ]),
    element('rsm:SupplyChainTradeTransaction', [
      invoice.lines.map((line) => tradeLine(line, money)),
      group(
        'ApplicableHeaderTradeAgreement',
        party('SellerTradeParty', invoice.seller),
        party('BuyerTradeParty', invoice.buyer),
      ),
      group(
        'ApplicableHeaderTradeDelivery',
        group('ActualDeliverySupplyChainEvent', group('OccurrenceDateTime', date('udt', invoice.issueDate))),
      ),
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

/** Format 102: `YYYYMMDD`. */
function date(prefix: 'udt' | 'qdt', text: string): string {
  return element(`${prefix}:DateTimeString`, { text: text.replaceAll('-', '') }, { format: '102' });
}

function tradeLine(line: ELine, money: Money): string {
  return group(
    'IncludedSupplyChainTradeLineItem',
    group('AssociatedDocumentLineDocument', ram('LineID', line.id)),
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
          ram('Reason', 'Discount'),
        ),
      group('SpecifiedTradeSettlementLineMonetarySummation', money('LineTotalAmount', line.net)),
    ),
  );
}

function category(vat: EVat): XmlPart {
  return [ram('TypeCode', 'VAT'), ram('CategoryCode', vat.category), ram('RateApplicablePercent', percentOf(vat))];
}

function party(name: string, { id, name: ownName, addressLines, country, vatId, taxNumber, email }: EParty): string {
  const [first, ...further] = addressLines;
  return group(
    name,
    id && ram('ID', id),
    ram('Name', ownName),
    group(
      'PostalTradeAddress',
      first && ram('LineOne', first),
      further.length > 0 && ram('LineTwo', further.join(', ')),
      ram('CountryID', country),
    ),
    email && group('URIUniversalCommunication', ram('URIID', email, { schemeID: 'EM' })),
    vatId && group('SpecifiedTaxRegistration', ram('ID', vatId, { schemeID: 'VA' })),
    taxNumber && group('SpecifiedTaxRegistration', ram('ID', taxNumber, { schemeID: 'FC' })),
  );
}

function settlement(invoice: EInvoice, money: Money): string {
  const { currency, taxes, adjustments, totals, original } = invoice;
  return group(
    'ApplicableHeaderTradeSettlement',
    ram('InvoiceCurrencyCode', currency),
    taxes.map((tax) =>
      group(
        'ApplicableTradeTax',
        money('CalculatedAmount', tax.amount),
        ram('TypeCode', 'VAT'),
        tax.exemptionReason && ram('ExemptionReason', tax.exemptionReason),
        money('BasisAmount', tax.base),
        ram('CategoryCode', tax.category),
        ram('RateApplicablePercent', percentOf(tax)),
      ),
    ),
    adjustments.map((one) => adjustment(one, money)),
    totals.payable > 0 && group('SpecifiedTradePaymentTerms', ram('Description', 'Payable on receipt')),
    summation(invoice, money),
    original &&
      group(
        'InvoiceReferencedDocument',
        ram('IssuerAssignedID', original.number),
        group('FormattedIssueDateTime', date('qdt', original.issueDate)),
      ),
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
    money('DuePayableAmount', totals.payable),
  );
}
