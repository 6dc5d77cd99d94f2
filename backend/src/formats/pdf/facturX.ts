/**
 * Attachment that makes a PDF a Factur-X invoice: file name, XML content and metadata (Factur-X
 * 1.07, 6.3).
 */
import type { EInvoice } from '../eInvoice/eInvoice.js';
import type { Attachment } from './PdfCanvas.js';
import { renderCii } from '../eInvoice/renderCii.js';

const FILE = 'factur-x.xml';
const NAMESPACE = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';
const FIELDS = {
  DocumentFileName: 'name of the embedded XML invoice file',
  DocumentType: 'INVOICE',
  Version: 'version of the XML schema of the embedded file',
  ConformanceLevel: 'conformance level of the embedded file',
};

export function facturX(invoice: EInvoice): Attachment {
  return {
    name: FILE,
    content: renderCii(invoice),
    mimeType: 'text/xml',
    description: 'Factur-X invoice',
    relationship: 'Alternative',
    metadata: METADATA,
  };
}

/**
 * PDF/A requires a declaration for custom metadata: the first part has the values, the second
 * declares the fields.
 */
const METADATA = `
<rdf:Description xmlns:fx="${NAMESPACE}" rdf:about="">
  <fx:DocumentType>INVOICE</fx:DocumentType>
  <fx:DocumentFileName>${FILE}</fx:DocumentFileName>
  <fx:Version>1.0</fx:Version>
  <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
</rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>${NAMESPACE}</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>fx</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq>${Object.entries(FIELDS).map(property).join('')}</rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
`;

function property([name, description]: [string, string]): string {
  return `<rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>${name}</pdfaProperty:name>
      <pdfaProperty:valueType>Text</pdfaProperty:valueType>
      <pdfaProperty:category>external</pdfaProperty:category>
      <pdfaProperty:description>${description}</pdfaProperty:description>
    </rdf:li>`;
}
