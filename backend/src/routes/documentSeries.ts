import type { DocumentService } from '../services/DocumentService.js';
import { idParams } from './schemas/common.js';
import { series, seriesAudit, seriesAuditQuery, seriesInput, seriesPatch } from './schemas/documentSeries.js';
import { editableEndpoints } from './support/editable.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function documentSeriesEndpoints({ documents }: { documents: DocumentService }): Endpoint[] {
  return [
    ...editableEndpoints({
      path: 'document-series',
      tag: 'Document series',
      scope: 'document_series',
      one: 'a number series',
      many: 'number series',
      onDelete: 'The series assigns no more numbers. It keeps its documents, and no other series can use its prefix.',
      resource: documents.series,
      input: seriesInput,
      patch: seriesPatch,
      output: series,
    }),
    endpoint({
      method: 'get',
      path: '/v1/document-series/{id}/audit',
      name: 'auditDocumentSeries',
      tag: 'Document series',
      summary: 'Audit a number series',
      description:
        'Checks that each number occurs once, that each document is as it was issued, and that each holds the hash of the previous one. A deleted series can be audited too. One call takes at most twenty seconds. If that is too short, continue with `nextCursor`; the last answer covers the whole series.',
      access: 'document_series:read',
      params: idParams,
      query: seriesAuditQuery,
      response: seriesAudit,
      limit: 'heavy',
      handle: ({ call, params, query }) => documents.audit(call, params.id, query),
    }),
  ];
}
