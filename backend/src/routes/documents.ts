import type { DocumentService } from '../services/DocumentService.js';
import { idParams, pageOf } from './schemas/common.js';
import {
  creditInput,
  document,
  documentInput,
  documentPatch,
  documentQuery,
  issueQuery,
  voidInput,
} from './schemas/document.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Documents';
const KEPT =
  'If no number can be assigned within three seconds, the answer is 503 and the draft is kept. Repeat the call with the same Idempotency-Key to finish it.';

export function documentEndpoints({ documents }: { documents: DocumentService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/documents',
      tag: TAG,
      summary: 'Create a draft from lines, an order, a quotation, a purchase order, a goods receipt or a stock count',
      description: `With \`?issue=true\`, the document is issued in the same call. ${KEPT}`,
      access: 'documents:write',
      hot: true,
      query: issueQuery,
      body: documentInput,
      status: 201,
      response: document,
      etag: 'version',
      handle: ({ call, query, body }) => documents.create(call, body, query.issue === true),
    }),
    endpoint({
      method: 'get',
      path: '/v1/documents',
      tag: TAG,
      summary: 'List documents, newest first',
      access: 'documents:read',
      query: documentQuery,
      response: pageOf(document),
      handle: ({ call, query: { limit, cursor, seriesId, ...filter } }) =>
        seriesId === undefined
          ? documents.list(call, filter, { limit, cursor })
          : documents.listOfSeries(call, { seriesId, status: filter.status }, { limit, cursor }),
    }),
    endpoint({
      method: 'get',
      path: '/v1/documents/{id}',
      tag: TAG,
      summary: 'Get a document',
      access: 'documents:read',
      params: idParams,
      response: document,
      etag: 'version',
      handle: ({ call, params }) => documents.get(call, params.id),
    }),
    endpoint({
      method: 'patch',
      path: '/v1/documents/{id}',
      tag: TAG,
      summary: 'Change a draft',
      access: 'documents:write',
      params: idParams,
      body: documentPatch,
      ifMatch: 'required',
      response: document,
      etag: 'version',
      handle: ({ call, params, body }) => documents.change(call, params.id, body),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/documents/{id}',
      tag: TAG,
      summary: 'Delete a draft',
      description: 'An issued document cannot be deleted. Void it or credit it.',
      access: 'documents:write',
      params: idParams,
      ifMatch: 'optional',
      handle: ({ call, params }) => documents.remove(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/documents/{id}/issue',
      tag: TAG,
      summary: 'Issue a draft',
      description: `The draft gets its number and never changes afterwards. ${KEPT}`,
      access: 'documents:write',
      params: idParams,
      ifMatch: 'optional',
      response: document,
      etag: 'version',
      handle: ({ call, params }) => documents.issue(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/documents/{id}/void',
      tag: TAG,
      summary: 'Void an issued document',
      description: 'The document keeps its number but no longer counts.',
      access: 'documents:correct',
      params: idParams,
      body: voidInput,
      ifMatch: 'optional',
      response: document,
      etag: 'version',
      handle: ({ call, params, body }) => documents.void(call, params.id, body.reason),
    }),
    endpoint({
      method: 'post',
      path: '/v1/documents/{id}/credit',
      tag: TAG,
      summary: 'Create a credit note for an invoice or a receipt',
      description: `Credits all or some quantities. All credit notes of a document together never exceed it. An issued one lowers the sale of the document’s order. ${KEPT}`,
      access: 'documents:correct',
      params: idParams,
      query: issueQuery,
      body: creditInput,
      status: 201,
      response: document,
      etag: 'version',
      handle: ({ call, params, query, body }) => documents.credit(call, params.id, body, query.issue === true),
    }),
  ];
}
