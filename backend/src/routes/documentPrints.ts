import type { PrintService } from '../services/PrintService.js';
import { idParams } from './schemas/common.js';
import { printQuery, textQuery, xmlQuery } from './schemas/print.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { sendFile } from './support/rendered.js';

const TAG = 'Documents';

/** Mount these before `/v1/documents/{id}`, which would read `<id>.pdf` as an id. */
export function documentPrintEndpoints({ prints }: { prints: PrintService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/documents/{id}.pdf',
      name: 'downloadDocumentPdf',
      tag: TAG,
      summary: 'Print a document as PDF',
      description:
        'PDF/A-3 on A4; receipts and day closes on an 80 mm roll. Drafts and void documents are marked on every page. An issued invoice ' +
        'or credit note contains its XML (Factur-X, EN 16931) if the restaurant has set its country and its VAT or tax number. Without `language`, the restaurant’s language is used.',
      access: 'documents:read',
      params: idParams,
      query: printQuery,
      produces: ['application/pdf'],
      handle: async ({ call, params, query, response }) => {
        const { name, content } = await prints.documentPdf(call, params.id, query.language, query.format);
        sendFile(response, 'application/pdf', content, `${name}.pdf`);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/documents/{id}.txt',
      name: 'downloadDocumentText',
      tag: TAG,
      summary: 'Print a document as text',
      description: 'For an 80 mm printer, in lines of 42 columns.',
      access: 'documents:read',
      params: idParams,
      query: textQuery,
      produces: ['text/plain'],
      handle: async ({ call, params, query, response }) => {
        response.type('text/plain; charset=utf-8').send(await prints.documentText(call, params.id, query.language));
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/documents/{id}.xml',
      name: 'downloadDocumentXml',
      tag: TAG,
      summary: 'Get an electronic invoice',
      description:
        'UBL 2.1 for issued invoices and credit notes, or CII with `syntax=cii`: EN 16931, XRechnung 3 or Peppol BIS 3.0, by the profile ' +
        'of the document. The seller’s country and VAT or tax number are the settings of the ' +
        'restaurant (`PATCH /v1/restaurant`) at the time of issue.',
      access: 'documents:read',
      params: idParams,
      query: xmlQuery,
      produces: ['application/xml'],
      handle: async ({ call, params, query, response }) => {
        const { name, content } = await prints.documentXml(call, params.id, query.syntax);
        sendFile(response, 'application/xml; charset=utf-8', Buffer.from(content), `${name}.xml`);
      },
    }),
  ];
}
