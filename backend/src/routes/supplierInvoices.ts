import type { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';
import { readFiles } from '../middleware/uploadFiles.js';
import { MEDIA_TYPES } from '../formats/received/fileKind.js';
import { idParams, pageOf } from './schemas/common.js';
import {
  documentStatus,
  itemPrices,
  supplierInvoice,
  supplierInvoiceSummary,
  uploaded,
} from './schemas/supplierInvoice.js';
import { pageParams, supplierInvoiceQuery, uploadInput } from './schemas/supplierInvoiceInput.js';
import { presentSummary, presentSupplierInvoice } from './schemas/supplierInvoiceView.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { sendAttachment, sendFile } from './support/rendered.js';
import { reviewEndpoints } from './supplierInvoiceReview.js';

const TAG = 'Supplier invoices';
const PATH = '/v1/supplier-invoices';
const MAX_FILES = 20;
const MAX_FILE_BYTES = 20_000_000;

export function supplierInvoiceEndpoints(deps: { supplierInvoices: SupplierInvoiceService }): Endpoint[] {
  const { supplierInvoices } = deps;
  return [
    endpoint({
      method: 'post',
      path: PATH,
      name: 'uploadSupplierInvoices',
      tag: TAG,
      summary: 'Upload invoices and credit notes of suppliers',
      description:
        'Each file is checked and stored, then read in the background: follow its status. All files are taken or none. The same bytes again are the same document.',
      access: 'supplier_invoices:upload',
      limit: 'uploads',
      upload: async (request, response) => ({
        files: await readFiles(request, response, {
          part: 'files',
          maxFiles: MAX_FILES,
          maxFileBytes: MAX_FILE_BYTES,
          takeIn: (stream) => supplierInvoices.takeIn(stream),
          digestOf: (file) => file.sha256,
        }),
      }),
      body: uploadInput,
      status: 202,
      response: uploaded,
      handle: async ({ call, body }) => ({ data: await supplierInvoices.upload(call, body.files) }),
    }),
    endpoint({
      method: 'get',
      path: PATH,
      tag: TAG,
      summary: 'List documents of suppliers, newest first',
      access: 'purchasing:read',
      query: supplierInvoiceQuery,
      response: pageOf(supplierInvoiceSummary),
      handle: async ({ call, query: { limit, cursor, ...filter } }) => {
        const { data, nextCursor } = await supplierInvoices.list(call, filter, { limit, cursor });
        return { data: data.map(presentSummary), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Get a document with its lines, checks, duplicates and comparisons',
      access: 'purchasing:read',
      params: idParams,
      response: supplierInvoice,
      etag: 'version+content',
      handle: async ({ call, params }) => presentSupplierInvoice(await supplierInvoices.get(call, params.id)),
    }),
    endpoint({
      method: 'get',
      path: `${PATH}/{id}/status`,
      tag: TAG,
      summary: 'Get only the status of a document',
      access: ['purchasing:read', 'supplier_invoices:upload'],
      params: idParams,
      response: documentStatus,
      handle: ({ call, params }) => supplierInvoices.status(call, params.id),
    }),
    endpoint({
      method: 'get',
      path: `${PATH}/{id}/file`,
      name: 'downloadSupplierInvoiceFile',
      tag: TAG,
      summary: 'Get the file as it was sent',
      access: 'purchasing:read',
      params: idParams,
      produces: Object.values(MEDIA_TYPES),
      handle: async ({ call, params, response }) => {
        const { bytes, document } = await supplierInvoices.file(call, params.id);
        sendAttachment(response, MEDIA_TYPES[document.kind], bytes, `${document.id}.${document.kind}`);
      },
    }),
    endpoint({
      method: 'get',
      path: `${PATH}/{id}/pages/{page}.png`,
      name: 'downloadSupplierInvoicePage',
      tag: TAG,
      summary: 'Get a page as a picture, for the review',
      access: 'purchasing:read',
      params: pageParams,
      produces: ['image/png'],
      handle: async ({ call, params, response }) => {
        const png = await supplierInvoices.picture(call, params.id, params.page);
        sendFile(response, 'image/png', png, `${params.id}-${params.page}.png`);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/inventory-items/{id}/prices',
      tag: TAG,
      summary: 'List what an item has cost in posted invoices, newest first',
      access: 'purchasing:read',
      params: idParams,
      response: itemPrices,
      handle: async ({ call, params }) => ({ data: await supplierInvoices.prices(call, params.id) }),
    }),
    ...reviewEndpoints(deps),
  ];
}
