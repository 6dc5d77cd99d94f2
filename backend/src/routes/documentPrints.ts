import type { PrintService } from '../services/PrintService.js';
import { idParams } from './schemas/common.js';
import { printQuery, textQuery } from './schemas/print.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { sendFile } from './support/rendered.js';

const TAG = 'Documents';

/** Mounted before `/v1/documents/{id}`, which would take `<id>.pdf` for an id. */
export function documentPrintEndpoints({ prints }: { prints: PrintService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/documents/{id}.pdf',
      tag: TAG,
      summary: 'Print a document as PDF',
      description:
        'PDF/A-3 on A4; receipts and day closes on a roll of 80 mm. Drafts and void documents are marked on every page. An issued ' +
        'invoice or credit note holds its XML (Factur-X, EN 16931) where the restaurant has set its VAT or tax number and its country. Without `language` it is in the restaurant’s.',
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
      tag: TAG,
      summary: 'Print a document as text',
      description: 'For an 80 mm printer: lines of 42 columns.',
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
      tag: TAG,
      summary: 'An invoice for machines',
      description:
        'UBL 2.1 by EN 16931, of issued invoices and credit notes. The seller’s VAT or tax number and country are those that were set ' +
        'with PATCH /v1/restaurant when it was issued.',
      access: 'documents:read',
      params: idParams,
      produces: ['application/xml'],
      handle: async ({ call, params, response }) => {
        const { name, content } = await prints.documentXml(call, params.id);
        sendFile(response, 'application/xml; charset=utf-8', Buffer.from(content), `${name}.xml`);
      },
    }),
  ];
}
