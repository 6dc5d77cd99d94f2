/** The review of supplier invoices: corrections, approval, posting and its reverse. */
import { notFound } from '../domain/shared/errors.js';
import type { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';
import type { DocumentView } from '../services/supplierInvoice/Views.js';
import { idParams } from './schemas/common.js';
import { supplierInvoice, supplierInvoiceLine } from './schemas/supplierInvoice.js';
import {
  approveInput,
  lineParams,
  reasonInput,
  supplierInvoiceLineInput,
  supplierInvoiceLinePatch,
  supplierInvoicePatch,
} from './schemas/supplierInvoiceInput.js';
import { presentOneLine, presentSupplierInvoice } from './schemas/supplierInvoiceView.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Supplier invoices';
const PATH = '/v1/supplier-invoices/{id}';
const shared = { tag: TAG, access: 'purchasing:write', response: supplierInvoice, etag: 'version+content' } as const;

export function reviewEndpoints({ supplierInvoices }: { supplierInvoices: SupplierInvoiceService }): Endpoint[] {
  const shown = async (view: Promise<DocumentView>) => presentSupplierInvoice(await view);
  return [
    endpoint({
      ...shared,
      method: 'patch',
      path: PATH,
      summary: 'Correct a document before its approval',
      description: 'A new supplier matches the lines anew, except those that a person has matched.',
      params: idParams,
      body: supplierInvoicePatch,
      ifMatch: 'required',
      handle: ({ call, params, body }) => shown(supplierInvoices.change(call, params.id, body)),
    }),
    endpoint({
      ...shared,
      method: 'post',
      path: `${PATH}/lines`,
      name: 'addSupplierInvoiceLine',
      summary: 'Add a line that was not read',
      params: idParams,
      body: supplierInvoiceLineInput,
      ifMatch: 'optional',
      handle: ({ call, params, body }) => shown(supplierInvoices.addLine(call, params.id, body)),
    }),
    endpoint({
      ...shared,
      access: 'purchasing:read',
      method: 'get',
      path: `${PATH}/lines/{position}`,
      summary: 'Get a line, with the version of its document',
      params: lineParams,
      response: supplierInvoiceLine,
      handle: async ({ call, params }) => {
        const found = presentOneLine(await supplierInvoices.get(call, params.id), params.position);
        if (!found) throw notFound('line of this document');
        return found;
      },
    }),
    endpoint({
      ...shared,
      method: 'patch',
      path: `${PATH}/lines/{position}`,
      summary: 'Correct a line, or match it with an inventory item',
      params: lineParams,
      body: supplierInvoiceLinePatch,
      ifMatch: 'required',
      handle: ({ call, params, body }) => shown(supplierInvoices.changeLine(call, params.id, params.position, body)),
    }),
    endpoint({
      ...shared,
      method: 'delete',
      path: `${PATH}/lines/{position}`,
      name: 'removeSupplierInvoiceLine',
      summary: 'Remove a line that was read wrongly',
      params: lineParams,
      ifMatch: 'required',
      handle: ({ call, params }) => shown(supplierInvoices.removeLine(call, params.id, params.position)),
    }),
    endpoint({
      ...shared,
      method: 'post',
      path: `${PATH}/approve`,
      summary: 'Approve a document as it is now',
      description: 'Its supplier and its matches are learned for later documents. Nothing is posted yet.',
      params: idParams,
      body: approveInput,
      ifMatch: 'optional',
      handle: ({ call, params, body }) => shown(supplierInvoices.approve(call, params.id, body)),
    }),
    endpoint({
      ...shared,
      method: 'post',
      path: `${PATH}/reject`,
      summary: 'Reject a document',
      params: idParams,
      body: reasonInput,
      ifMatch: 'optional',
      handle: ({ call, params, body }) => shown(supplierInvoices.reject(call, params.id, body.reason)),
    }),
    endpoint({
      ...shared,
      method: 'post',
      path: `${PATH}/reprocess`,
      summary: 'Read the file again',
      description: 'Corrections are lost; what they have taught is used.',
      params: idParams,
      ifMatch: 'optional',
      handle: ({ call, params }) => shown(supplierInvoices.reprocess(call, params.id)),
    }),
    endpoint({
      ...shared,
      method: 'post',
      path: `${PATH}/post`,
      summary: 'Post an approved document into stock, once',
      description:
        'Makes a numbered goods receipt with movements at the net costs of the document, its allowances and charges spread over them. Goods of a named receipt are not moved again: what is left of them gets the new cost.',
      params: idParams,
      ifMatch: 'optional',
      handle: ({ call, params }) => shown(supplierInvoices.post(call, params.id)),
    }),
    endpoint({
      ...shared,
      method: 'post',
      path: `${PATH}/reverse`,
      summary: 'Undo a posting exactly',
      params: idParams,
      body: reasonInput,
      ifMatch: 'optional',
      handle: ({ call, params, body }) => shown(supplierInvoices.reverse(call, params.id, body.reason)),
    }),
  ];
}
