import type { DocumentService } from '../services/DocumentService.js';
import { series, seriesInput, seriesPatch } from './schemas/document.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

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
  ];
}
