/**
 * An electronic invoice as UBL 2.1 (OASIS), in the syntax of EN 16931-3-2. Elements are in schema
 * order.
 */
import { asWrittenBefore } from './asWrittenBefore.js';
import type { EInvoice } from './eInvoice.js';
import type { EAdjustment, ELine, EVat } from './eInvoiceLines.js';
import type { EParty } from './eInvoiceParties.js';
import type { EPayment } from './eInvoicePayment.js';
import { formatMinor, type MinorUnits } from '../../domain/number/money.js';
import { BUSINESS_PROCESS, percentOf, SPECIFICATIONS, TYPE_CODES } from './eInvoiceText.js';
import { element, type XmlPart, xmlDocument } from './xml.js';

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:';

const cbc = (name: string, text: string, attributes?: Record<string, string>) =>
  element(`cbc:${name}`, { text }, attributes);
const cac = (name: string, ...content: XmlPart[]) => element(`cac:${name}`, content);

export function renderUbl(given: EInvoice): string {
  const invoice = given.isOld ? asWrittenBefore(given, 'ubl') : given;
  const root = invoice.kind === 'credit_note' ? 'CreditNote' : 'Invoice';
  const money = moneyIn(invoice.currency);
  const content = [
    head(invoice, root),
    references(invoice),
    cac('AccountingSupplierParty', party(invoice.seller)),
    cac('AccountingCustomerParty', party(invoice.buyer)),
    delivery(invoice),
    invoice.payment && paymentMeans(invoice.payment),
    invoice.terms && cac('PaymentTerms', cbc('Note', invoice.terms)),
    invoice.adjustments.map((one) => adjustment(one, money)),
    taxTotal(invoice, money),
    monetaryTotal(invoice, money),
    invoice.lines.map((line) => invoiceLine(line, invoice, money)),
  ];
  return xmlDocument(
    element(root, content, {
      xmlns: `${NAMESPACE}${root}-2`,
      'xmlns:cac': `${NAMESPACE}CommonAggregateComponents-2`,
      'xmlns:cbc': `${NAMESPACE}CommonBasicComponents-2`,
    }),
  );
}

type Money = (name: string, amount: MinorUnits) => string;

function moneyIn(currency: string): Money {
  return (name, amount) => cbc(name, formatMinor(amount, currency), { currencyID: currency });
}

function head(invoice: EInvoice, root: 'Invoice' | 'CreditNote'): XmlPart {
  const { profile, number, issueDate, kind, note, currency, taxDate } = invoice;
  const process = BUSINESS_PROCESS[profile];
  return [
    cbc('CustomizationID', SPECIFICATIONS[profile]),
    process && cbc('ProfileID', process),
    cbc('ID', number),
    cbc('IssueDate', issueDate),
    cbc(`${root}TypeCode`, TYPE_CODES[kind]),
    note && cbc('Note', note),
    taxDate && cbc('TaxPointDate', taxDate),
    cbc('DocumentCurrencyCode', currency),
  ];
}

function references({ buyerReference, purchaseOrderReference, preceding }: EInvoice): XmlPart {
  return [
    buyerReference && cbc('BuyerReference', buyerReference),
    purchaseOrderReference && cac('OrderReference', cbc('ID', purchaseOrderReference)),
    preceding.map((one) =>
      cac('BillingReference', cac('InvoiceDocumentReference', cbc('ID', one.number), cbc('IssueDate', one.issueDate))),
    ),
  ];
}

function party({ id, name, address, country, vatId, taxNumber, companyId, endpoint, contact }: EParty): string {
  return cac(
    'Party',
    endpoint && cbc('EndpointID', endpoint.id, { schemeID: endpoint.scheme }),
    id && cac('PartyIdentification', cbc('ID', id)),
    cac('PostalAddress', addressOf(address, country)),
    vatId && taxScheme(vatId, 'VAT'),
    taxNumber && taxScheme(taxNumber, 'FC'),
    cac(
      'PartyLegalEntity',
      cbc('RegistrationName', name),
      companyId && cbc('CompanyID', companyId.id, { schemeID: companyId.scheme }),
    ),
    contact &&
      cac(
        'Contact',
        contact.name && cbc('Name', contact.name),
        contact.phone && cbc('Telephone', contact.phone),
        contact.email && cbc('ElectronicMail', contact.email),
      ),
  );
}

function addressOf({ street, additional, city, postcode, region }: EParty['address'], country: string): XmlPart {
  return [
    street && cbc('StreetName', street),
    additional && cbc('AdditionalStreetName', additional),
    city && cbc('CityName', city),
    postcode && cbc('PostalZone', postcode),
    region && cbc('CountrySubentity', region),
    cac('Country', cbc('IdentificationCode', country)),
  ];
}

/** @param scheme VAT, or FC for a number of the national tax office only (EN 16931-3-2, BT-32). */
function taxScheme(number: string, scheme: 'VAT' | 'FC'): string {
  return cac('PartyTaxScheme', cbc('CompanyID', number), cac('TaxScheme', cbc('ID', scheme)));
}

function delivery({ supplyDate, isDeliveredToBuyer, buyer }: EInvoice): XmlPart {
  if (supplyDate === null) return null;
  return cac(
    'Delivery',
    cbc('ActualDeliveryDate', supplyDate),
    isDeliveredToBuyer && cac('DeliveryLocation', cac('Address', addressOf(buyer.address, buyer.country))),
  );
}

function paymentMeans({ code, text, account, reference }: EPayment): string {
  return cac(
    'PaymentMeans',
    cbc('PaymentMeansCode', code, text === null ? {} : { name: text }),
    reference && cbc('PaymentID', reference),
    account &&
      cac(
        'PayeeFinancialAccount',
        cbc('ID', account.iban),
        account.holder && cbc('Name', account.holder),
        account.bic && cac('FinancialInstitutionBranch', cbc('ID', account.bic)),
      ),
  );
}

function adjustment({ isCharge, reason, net, vat }: EAdjustment, money: Money): string {
  return cac(
    'AllowanceCharge',
    cbc('ChargeIndicator', String(isCharge)),
    cbc('AllowanceChargeReason', reason),
    money('Amount', net),
    category('TaxCategory', vat),
  );
}

/**
 * A category of the tax breakdown also has its rate when it is outside the scope of VAT, where no
 * line may have one (BR-O-05), and the reason of an exemption.
 */
function category(name: string, vat: EVat, isBreakdown = false): string {
  return cac(
    name,
    cbc('ID', vat.category),
    (isBreakdown || vat.category !== 'O') && cbc('Percent', percentOf(vat)),
    isBreakdown && vat.exemptionCode && cbc('TaxExemptionReasonCode', vat.exemptionCode),
    isBreakdown && vat.exemptionReason && cbc('TaxExemptionReason', vat.exemptionReason),
    cac('TaxScheme', cbc('ID', 'VAT')),
  );
}

function taxTotal({ taxes, totals }: EInvoice, money: Money): string {
  return cac(
    'TaxTotal',
    money('TaxAmount', totals.tax),
    taxes.map((tax) =>
      cac(
        'TaxSubtotal',
        money('TaxableAmount', tax.base),
        money('TaxAmount', tax.amount),
        category('TaxCategory', tax, true),
      ),
    ),
  );
}

/** A total of charges is required as soon as there is a charge, also one of zero (BR-CO-12). */
function monetaryTotal({ totals, adjustments, isOld }: EInvoice, money: Money): string {
  const has = (kind: boolean) => !isOld && adjustments.some(({ isCharge }) => isCharge === kind);
  return cac(
    'LegalMonetaryTotal',
    money('LineExtensionAmount', totals.lines),
    money('TaxExclusiveAmount', totals.net),
    money('TaxInclusiveAmount', totals.gross),
    (totals.allowances !== 0 || has(false)) && money('AllowanceTotalAmount', totals.allowances),
    (totals.charges !== 0 || has(true)) && money('ChargeTotalAmount', totals.charges),
    totals.prepaid !== 0 && money('PrepaidAmount', totals.prepaid),
    totals.rounding !== 0 && money('PayableRoundingAmount', totals.rounding),
    money('PayableAmount', totals.payable),
  );
}

function invoiceLine(line: ELine, { kind, currency }: EInvoice, money: Money): string {
  const [name, quantity] =
    kind === 'credit_note' ? ['CreditNoteLine', 'CreditedQuantity'] : ['InvoiceLine', 'InvoicedQuantity'];
  return cac(
    name,
    cbc('ID', line.id),
    line.note && cbc('Note', line.note),
    cbc(quantity, line.quantity, { unitCode: line.unitCode }),
    money('LineExtensionAmount', line.net),
    line.allowance !== 0 &&
      cac(
        'AllowanceCharge',
        cbc('ChargeIndicator', 'false'),
        cbc('AllowanceChargeReason', line.allowanceReason),
        money('Amount', line.allowance),
      ),
    cac('Item', cbc('Name', line.name), category('ClassifiedTaxCategory', line.vat)),
    cac('Price', cbc('PriceAmount', line.netPrice, { currencyID: currency })),
  );
}
