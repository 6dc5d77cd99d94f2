/**
 * One invoice as ZUGFeRD 1.0, as Factur-X EXTENDED, and in the envelope of the Peppol network, made
 * by their public specifications: FeRD "ZUGFeRD 1.0" (2014), Factur-X 1.0 EXTENDED, and OpenPeppol
 * "Business Message Envelope (SBDH)" 2.0.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import PDFDocument from 'pdfkit';
import type { ReadInvoice } from '../../src/domain/supplierInvoice/readInvoice.js';
import { verify } from '../../src/domain/supplierInvoice/verify.js';
import { readFile } from '../../src/formats/received/readFile.js';
import { readXml } from '../../src/formats/received/readXml.js';
import { Unreadable } from '../../src/formats/received/unreadable.js';

const ZUGFERD_1 = `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
  <rsm:SpecifiedExchangedDocumentContext><ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>
    <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:extended</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:SpecifiedExchangedDocumentContext>
  <rsm:HeaderExchangedDocument><ram:ID>R-471102</ram:ID><ram:Name>RECHNUNG</ram:Name><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20261103</udt:DateTimeString></ram:IssueDateTime>
    <ram:IncludedNote><ram:Content>Rechnung gemäß Bestellung</ram:Content></ram:IncludedNote>
  </rsm:HeaderExchangedDocument>
  <rsm:SpecifiedSupplyChainTradeTransaction>
    <ram:ApplicableSupplyChainTradeAgreement><ram:BuyerReference>AB-312</ram:BuyerReference>
      <ram:SellerTradeParty><ram:ID>549910</ram:ID><ram:GlobalID schemeID="0088">4000001123452</ram:GlobalID><ram:Name>Molkerei Süß &amp; Co.</ram:Name>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113/40209</ram:ID></ram:SpecifiedTaxRegistration>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Bistro Limone</ram:Name></ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument><ram:IssueDateTime>2026-11-01T00:00:00</ram:IssueDateTime><ram:ID>PO-7</ram:ID></ram:BuyerOrderReferencedDocument>
    </ram:ApplicableSupplyChainTradeAgreement>
    <ram:ApplicableSupplyChainTradeDelivery/>
    <ram:ApplicableSupplyChainTradeSettlement><ram:PaymentReference>R-471102</ram:PaymentReference><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax><ram:CalculatedAmount currencyID="EUR">14.91</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount currencyID="EUR">213.05</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>7.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
        <ram:ActualAmount currencyID="EUR">5.00</ram:ActualAmount><ram:Reason>Rabatt</ram:Reason>
        <ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>7.00</ram:ApplicablePercent></ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>
      <ram:SpecifiedLogisticsServiceCharge><ram:Description>Versandkosten</ram:Description><ram:AppliedAmount currencyID="EUR">5.80</ram:AppliedAmount>
        <ram:AppliedTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>7.00</ram:ApplicablePercent></ram:AppliedTradeTax></ram:SpecifiedLogisticsServiceCharge>
      <ram:SpecifiedTradePaymentTerms><ram:Description>Zahlbar</ram:Description><ram:DueDateDateTime><udt:DateTimeString format="102">20261203</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount currencyID="EUR">212.25</ram:LineTotalAmount>
        <ram:ChargeTotalAmount currencyID="EUR">5.80</ram:ChargeTotalAmount><ram:AllowanceTotalAmount currencyID="EUR">5.00</ram:AllowanceTotalAmount>
        <ram:TaxBasisTotalAmount currencyID="EUR">213.05</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">14.91</ram:TaxTotalAmount>
        <ram:GrandTotalAmount currencyID="EUR">227.96</ram:GrandTotalAmount><ram:TotalPrepaidAmount currencyID="EUR">50.00</ram:TotalPrepaidAmount>
        <ram:DuePayableAmount currencyID="EUR">177.96</ram:DuePayableAmount></ram:SpecifiedTradeSettlementMonetarySummation>
    </ram:ApplicableSupplyChainTradeSettlement>
    <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>
      <ram:IncludedNote><ram:Content>Ware von heute morgen</ram:Content></ram:IncludedNote></ram:AssociatedDocumentLineDocument></ram:IncludedSupplyChainTradeLineItem>
    <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedSupplyChainTradeAgreement><ram:GrossPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">9.9000</ram:ChargeAmount><ram:BasisQuantity unitCode="KGM">1.0000</ram:BasisQuantity>
        <ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount currencyID="EUR">0.9000</ram:ActualAmount></ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice>
        <ram:NetPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">9.0000</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedSupplyChainTradeAgreement>
      <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="KGM">20.2500</ram:BilledQuantity></ram:SpecifiedSupplyChainTradeDelivery>
      <ram:SpecifiedSupplyChainTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>7.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount currencyID="EUR">182.25</ram:LineTotalAmount></ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
      <ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">4012345001235</ram:GlobalID><ram:SellerAssignedID>KR3M</ram:SellerAssignedID><ram:Name>Käse, jung</ram:Name></ram:SpecifiedTradeProduct></ram:IncludedSupplyChainTradeLineItem>
    <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>2</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedSupplyChainTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">60.00</ram:ChargeAmount><ram:BasisQuantity unitCode="LTR">100</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedSupplyChainTradeAgreement>
      <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="LTR">50</ram:BilledQuantity></ram:SpecifiedSupplyChainTradeDelivery>
      <ram:SpecifiedSupplyChainTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>7</ram:ApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount currencyID="EUR">30.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
      <ram:SpecifiedTradeProduct><ram:SellerAssignedID>M1</ram:SellerAssignedID><ram:Name>Milch</ram:Name></ram:SpecifiedTradeProduct></ram:IncludedSupplyChainTradeLineItem>
  </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>`;

/** A line of EXTENDED: groups and remarks are lines too, and name their parents. */
function extendedLine(id: string, status: string, parent: string, body: string): string {
  return (
    `<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>${id}</ram:LineID>${parent}` +
    `<ram:LineStatusCode>NEW</ram:LineStatusCode><ram:LineStatusReasonCode>${status}</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>${body}</ram:IncludedSupplyChainTradeLineItem>`
  );
}

function extendedGoods(product: string, price: string, quantity: string, total: string): string {
  return (
    `<ram:SpecifiedTradeProduct>${product}</ram:SpecifiedTradeProduct>` +
    `<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>${price}</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>` +
    `<ram:SpecifiedLineTradeDelivery>${quantity}</ram:SpecifiedLineTradeDelivery>` +
    '<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>7</ram:RateApplicablePercent></ram:ApplicableTradeTax>' +
    `<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>${total}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>`
  );
}

const PARENT = '<ram:ParentLineID>01</ram:ParentLineID>';
const VAT_7 =
  '<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>7</ram:RateApplicablePercent></ram:CategoryTradeTax>';
const EXTENDED = `<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument><ram:ID>R-471102</ram:ID><ram:Name>RECHNUNG</ram:Name><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20261103</udt:DateTimeString></ram:IssueDateTime><ram:LanguageID>de</ram:LanguageID></rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    ${extendedLine('01', 'GROUP', '', extendedGoods('<ram:Name>Molkereiware</ram:Name>', '<ram:ChargeAmount>212.25</ram:ChargeAmount>', '<ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity>', '212.25'))}
    ${extendedLine('1', 'DETAIL', PARENT, extendedGoods('<ram:GlobalID schemeID="0160">4012345001235</ram:GlobalID><ram:SellerAssignedID>KR3M</ram:SellerAssignedID><ram:Name>Käse, jung</ram:Name>', '<ram:ChargeAmount>9.00</ram:ChargeAmount>', '<ram:BilledQuantity unitCode="KGM">20.25</ram:BilledQuantity><ram:PackageQuantity unitCode="C62">3</ram:PackageQuantity>', '182.25'))}
    ${extendedLine('1.1', 'INFORMATION', PARENT, '<ram:SpecifiedTradeProduct><ram:Name>Aus Rohmilch</ram:Name></ram:SpecifiedTradeProduct>')}
    ${extendedLine('2', 'DETAIL', PARENT, extendedGoods('<ram:SellerAssignedID>M1</ram:SellerAssignedID><ram:Name>Milch</ram:Name>', '<ram:ChargeAmount>60</ram:ChargeAmount><ram:BasisQuantity unitCode="LTR">100</ram:BasisQuantity>', '<ram:BilledQuantity unitCode="LTR">50</ram:BilledQuantity>', '30.00'))}
    <ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Molkerei Süß &amp; Co.</ram:Name><ram:SpecifiedLegalOrganization><ram:TradingBusinessName>Süß</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113/40209</ram:ID></ram:SpecifiedTaxRegistration><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Bistro Limone</ram:Name></ram:BuyerTradeParty><ram:ProductEndUserTradeParty><ram:Name>Kantine</ram:Name></ram:ProductEndUserTradeParty>
      <ram:SellerOrderReferencedDocument><ram:IssuerAssignedID>AB-1</ram:IssuerAssignedID></ram:SellerOrderReferencedDocument>
      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-7</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument></ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery><ram:UltimateShipToTradeParty><ram:Name>Küche</ram:Name></ram:UltimateShipToTradeParty></ram:ApplicableHeaderTradeDelivery>
    <ram:ApplicableHeaderTradeSettlement><ram:TaxCurrencyCode>CHF</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:InvoiceeTradeParty><ram:Name>Zentrale</ram:Name></ram:InvoiceeTradeParty>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>14.91</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>213.05</ram:BasisAmount><ram:LineTotalBasisAmount>212.25</ram:LineTotalBasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>7</ram:RateApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:SequenceNumeric>1</ram:SequenceNumeric><ram:ActualAmount>5.00</ram:ActualAmount><ram:Reason>Rabatt</ram:Reason>${VAT_7}</ram:SpecifiedTradeAllowanceCharge>
      <ram:SpecifiedLogisticsServiceCharge><ram:Description>Versandkosten</ram:Description><ram:AppliedAmount>5.80</ram:AppliedAmount>${VAT_7.replaceAll('CategoryTradeTax', 'AppliedTradeTax')}</ram:SpecifiedLogisticsServiceCharge>
      <ram:SpecifiedTradePaymentTerms><ram:Description>2 % Skonto</ram:Description><ram:ApplicableTradePaymentDiscountTerms><ram:BasisPeriodMeasure unitCode="DAY">8</ram:BasisPeriodMeasure><ram:CalculationPercent>2</ram:CalculationPercent></ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261203</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>212.25</ram:LineTotalAmount><ram:ChargeTotalAmount>5.80</ram:ChargeTotalAmount><ram:AllowanceTotalAmount>5.00</ram:AllowanceTotalAmount>
        <ram:TaxBasisTotalAmount>213.05</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="CHF">13.97</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">14.91</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>227.96</ram:GrandTotalAmount><ram:TotalPrepaidAmount>50.00</ram:TotalPrepaidAmount><ram:DuePayableAmount>177.96</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`;

const SCHEME = '<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>';
const CATEGORY = (name: string): string =>
  `<cac:${name}><cbc:ID>S</cbc:ID><cbc:Percent>7</cbc:Percent>${SCHEME}</cac:${name}>`;
const money = (name: string, amount: string): string => `<cbc:${name} currencyID="EUR">${amount}</cbc:${name}>`;
const BODY = `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ID>R-471102</cbc:ID><cbc:IssueDate>2026-11-03</cbc:IssueDate><cbc:DueDate>2026-12-03</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>DE123456789</cbc:CompanyID>${SCHEME}</cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Molkerei Süß &amp; Co.</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Bistro Limone</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
  <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Rabatt</cbc:AllowanceChargeReason>${money('Amount', '5.00')}${CATEGORY('TaxCategory')}</cac:AllowanceCharge>
  <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Versandkosten</cbc:AllowanceChargeReason>${money('Amount', '5.80')}${CATEGORY('TaxCategory')}</cac:AllowanceCharge>
  <cac:TaxTotal>${money('TaxAmount', '14.91')}<cac:TaxSubtotal>${money('TaxableAmount', '213.05')}${money('TaxAmount', '14.91')}${CATEGORY('TaxCategory')}</cac:TaxSubtotal></cac:TaxTotal>
  <cac:LegalMonetaryTotal>${money('LineExtensionAmount', '212.25')}${money('TaxExclusiveAmount', '213.05')}${money('TaxInclusiveAmount', '227.96')}
    ${money('AllowanceTotalAmount', '5.00')}${money('ChargeTotalAmount', '5.80')}${money('PrepaidAmount', '50.00')}${money('PayableAmount', '177.96')}</cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="KGM">20.25</cbc:InvoicedQuantity>${money('LineExtensionAmount', '182.25')}
    <cac:Item><cbc:Name>Käse, jung</cbc:Name><cac:SellersItemIdentification><cbc:ID>KR3M</cbc:ID></cac:SellersItemIdentification>
      <cac:StandardItemIdentification><cbc:ID schemeID="0160">4012345001235</cbc:ID></cac:StandardItemIdentification>${CATEGORY('ClassifiedTaxCategory')}</cac:Item><cac:Price>${money('PriceAmount', '9.00')}</cac:Price></cac:InvoiceLine>
  <cac:InvoiceLine><cbc:ID>2</cbc:ID><cbc:InvoicedQuantity unitCode="LTR">50</cbc:InvoicedQuantity>${money('LineExtensionAmount', '30.00')}
    <cac:Item><cbc:Name>Milch</cbc:Name><cac:SellersItemIdentification><cbc:ID>M1</cbc:ID></cac:SellersItemIdentification>${CATEGORY('ClassifiedTaxCategory')}</cac:Item>
    <cac:Price>${money('PriceAmount', '60')}<cbc:BaseQuantity unitCode="LTR">100</cbc:BaseQuantity></cac:Price></cac:InvoiceLine></Invoice>`;

const HEADER = `<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion>
  <Sender><Identifier Authority="iso6523-actorid-upis">9930:de123456789</Identifier></Sender><Receiver><Identifier Authority="iso6523-actorid-upis">0088:7315458756324</Identifier></Receiver>
  <DocumentIdentification><Standard>urn:oasis:names:specification:ubl:schema:xsd:Invoice-2</Standard><TypeVersion>2.1</TypeVersion>
    <InstanceIdentifier>7b21e3f5-0b64-4b5c-8a0e-2f7b7f6f3c11</InstanceIdentifier><Type>Invoice</Type><CreationDateAndTime>2026-11-03T10:00:00Z</CreationDateAndTime></DocumentIdentification>
  <BusinessScope><Scope><Type>DOCUMENTID</Type><InstanceIdentifier>urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017::2.1</InstanceIdentifier><Identifier>busdox-docid-qns</Identifier></Scope></BusinessScope>
</StandardBusinessDocumentHeader>`;
const enveloped = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">${HEADER}${content}</StandardBusinessDocument>`;

function only(xml: string): ReadInvoice {
  const invoices = readXml(Buffer.from(xml));
  assert.equal(invoices.length, 1);
  return invoices[0]!;
}

describe('one invoice in further standards', () => {
  const expected = only(BODY);

  test('its sums and lines hold', () => {
    assert.deepEqual(
      verify(expected).filter(({ ok }) => !ok),
      [],
    );
    assert.equal(expected.lines.length, 2);
    assert.equal(expected.totals.gross, '227.96');
  });

  for (const [name, xml] of [
    ['ZUGFeRD 1.0', ZUGFERD_1],
    ['Factur-X EXTENDED with groups and remarks', EXTENDED],
  ] as const)
    test(`${name} is read alike, to the last digit`, () => {
      assert.deepEqual({ ...only(xml), format: 'ubl' }, expected);
    });

  test('the envelope of the Peppol network is opened, and says what it holds when that is no invoice', () => {
    assert.deepEqual(only(enveloped(BODY)), expected);
    const note = BODY.replaceAll('InvoiceLine', 'CreditNoteLine')
      .replaceAll('InvoicedQuantity', 'CreditedQuantity')
      .replaceAll('InvoiceTypeCode', 'CreditNoteTypeCode')
      .replace('>380<', '>381<')
      .replaceAll('Invoice-2', 'CreditNote-2')
      .replace('<Invoice ', '<CreditNote ')
      .replace('</Invoice>', '</CreditNote>');
    const read = only(enveloped(note));
    assert.deepEqual([read.documentType, read.lines.length], ['credit_note', 2]);
    const refused = (content: string, reason: RegExp) =>
      assert.throws(
        () => readXml(Buffer.from(enveloped(content))),
        (error) => error instanceof Unreadable && reason.test(error.message),
      );
    refused('', /holds no invoice/);
    refused(enveloped(BODY).replace(/<\?xml.*?\?>/, ''), /holds no invoice/);
    refused('<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', /root element is Order/);
  });

  test('a PDF whose attachment has the name of ZUGFeRD 1.0 is read by it', async () => {
    const document = new PDFDocument();
    document.file(Buffer.from(ZUGFERD_1), { name: 'ZUGFeRD-invoice.xml', type: 'text/xml' });
    document.text('Rechnung R-471102, Gesamtbetrag 227,96');
    const pieces: Buffer[] = [];
    document.on('data', (piece: Buffer) => pieces.push(piece));
    const ended = new Promise((resolve) => document.on('end', resolve));
    document.end();
    await ended;
    const { invoices, pages } = await readFile(new Uint8Array(Buffer.concat(pieces)), 'pdf');
    assert.equal(pages, 1);
    assert.deepEqual({ ...invoices[0], format: 'ubl' }, expected);
  });
});
