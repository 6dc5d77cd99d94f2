/**
 * An electronic invoice as UBL 2.1 (OASIS), in the syntax of EN 16931-3-2. Elements are in schema
 * order.
 */
import type { EInvoice, EParty } from './eInvoice.js';
import type { EAdjustment, ELine, EVat } from './eInvoiceLines.js';
import { formatMinor, type MinorUnits } from '../../domain/number/money.js';
import { percentOf } from './eInvoiceText.js';
import { element, type XmlPart, xmlDocument } from './xml.js';

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:';
const CUSTOMIZATION = 'urn:cen.eu:en16931:2017';
/** UNCL 1001 */
const TYPE_CODES = { invoice: '380', credit_note: '381' };

const cbc = (name: string, text: string, attributes?: Record<string, string>) =>
  element(`cbc:${name}`, { text }, attributes);
const cac = (name: string, ...content: XmlPart[]) => element(`cac:${name}`, content);

export function renderUbl(invoice: EInvoice): string {
  const root = invoice.kind === 'invoice' ? 'Invoice' : 'CreditNote';
  const money = moneyIn(invoice.currency);
  const content = [
    cbc('CustomizationID', CUSTOMIZATION),
    cbc('ID', invoice.number),
    cbc('IssueDate', invoice.issueDate),
    cbc(`${root}TypeCode`, TYPE_CODES[invoice.kind]),
    invoice.note && cbc('Note', invoice.note),
    cbc('DocumentCurrencyCode', invoice.currency),
    invoice.original &&
      cac(
        'BillingReference',
        cac(
          'InvoiceDocumentReference',
          cbc('ID', invoice.original.number),
          cbc('IssueDate', invoice.original.issueDate),
        ),
      ),
    cac('AccountingSupplierParty', party(invoice.seller)),
    cac('AccountingCustomerParty', party(invoice.buyer)),
    invoice.totals.payable > 0 && cac('PaymentTerms', cbc('Note', 'Payable on receipt')),
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

function party({ id, name, addressLines, country, vatId, taxNumber, email }: EParty): string {
  const [street, ...further] = addressLines;
  return cac(
    'Party',
    id && cac('PartyIdentification', cbc('ID', id)),
    cac(
      'PostalAddress',
      street && cbc('StreetName', street),
      further.length > 0 && cbc('AdditionalStreetName', further.join(', ')),
      cac('Country', cbc('IdentificationCode', country)),
    ),
    vatId && taxScheme(vatId, 'VAT'),
    taxNumber && taxScheme(taxNumber, 'FC'),
    cac('PartyLegalEntity', cbc('RegistrationName', name)),
    email && cac('Contact', cbc('ElectronicMail', email)),
  );
}

/** @param scheme VAT, or FC for a number of the national tax office only (EN 16931-3-2, BT-32). */
function taxScheme(number: string, scheme: 'VAT' | 'FC'): string {
  return cac('PartyTaxScheme', cbc('CompanyID', number), cac('TaxScheme', cbc('ID', scheme)));
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

/** @param isExplained adds the reason of an exemption, which is only in the tax breakdown. */
function category(name: string, vat: EVat, isExplained = false): string {
  return cac(
    name,
    cbc('ID', vat.category),
    cbc('Percent', percentOf(vat)),
    isExplained && vat.exemptionReason && cbc('TaxExemptionReason', vat.exemptionReason),
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

function monetaryTotal({ totals }: EInvoice, money: Money): string {
  return cac(
    'LegalMonetaryTotal',
    money('LineExtensionAmount', totals.lines),
    money('TaxExclusiveAmount', totals.net),
    money('TaxInclusiveAmount', totals.gross),
    totals.allowances !== 0 && money('AllowanceTotalAmount', totals.allowances),
    totals.charges !== 0 && money('ChargeTotalAmount', totals.charges),
    totals.rounding !== 0 && money('PayableRoundingAmount', totals.rounding),
    money('PayableAmount', totals.payable),
  );
}

function invoiceLine(line: ELine, { kind, currency }: EInvoice, money: Money): string {
  const [name, quantity] =
    kind === 'invoice' ? ['InvoiceLine', 'InvoicedQuantity'] : ['CreditNoteLine', 'CreditedQuantity'];
  return cac(
    name,
    cbc('ID', line.id),
    cbc(quantity, line.quantity, { unitCode: line.unitCode }),
    money('LineExtensionAmount', line.net),
    line.allowance !== 0 &&
      cac(
        'AllowanceCharge',
        cbc('ChargeIndicator', 'false'),
        cbc('AllowanceChargeReason', 'Discount'),
        money('Amount', line.allowance),
      ),
    cac('Item', cbc('Name', line.name), category('ClassifiedTaxCategory', line.vat)),
    cac('Price', cbc('PriceAmount', line.netPrice, { currencyID: currency })),
  );
}
