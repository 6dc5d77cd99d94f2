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
      onDelete: 'It numbers nothing any more. Its documents and its prefix stay its own.',
      resource: documents.series,
      input: seriesInput,
      patch: seriesPatch,
      output: series,
    }),
    endpoint({
      method: 'get',
      path: '/v1/document-series/{id}/audit',
      tag: 'Document series',
      summary: 'Prove a series',
      description:
        'Every number once, every document as it was issued, each holding the hash of the one before it. Also of a series that was deleted. An answer takes twenty seconds at most; where that is not enough, `nextCursor` goes on, and the last answer speaks for all.',
      access: 'document_series:read',
      params: idParams,
      query: seriesAuditQuery,
      response: seriesAudit,
      limit: 'heavy',
      handle: ({ call, params, query }) => documents.audit(call, params.id, query),
    }),
  ];
}
