import type { Request, Response } from 'express';
import { invalid } from '../domain/shared/errors.js';
import { readUpload } from '../middleware/upload.js';
import type { ImportService } from '../services/ImportService.js';
import type { DeferredImports } from '../services/import/DeferredImports.js';
import { idParams, pageOf } from './schemas/common.js';
import { importInput, importQuery, importResult, listedImport } from './schemas/import.js';
import { job } from './schemas/job.js';
import { Accepted, type Endpoint, endpoint } from './support/endpoint.js';

const MAX_FILE_BYTES = 200_000_000;

interface Services {
  imports: ImportService;
  deferredImports: DeferredImports;
}

export function importEndpoints({ imports, deferredImports }: Services): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/imports',
      name: 'startImport',
      tag: 'Imports',
      summary: 'Import orders of another till, inventory items, recipes or opening stock',
      description:
        'A file of up to 1 MB is imported at once: `201` with the import. A larger one is imported by a job: `202` with the job, whose ' +
        '`result.importId` names the import when it is done. Rows that cannot be read are ' +
        'skipped and reported; all other rows are imported. Orders that are stored already are skipped, so a file can be sent again.',
      access: 'imports:write',
      limit: 'uploads',
      upload: readImportForm,
      body: importInput,
      status: 201,
      response: importResult,
      accepted: job,
      handle: async ({ call, body: { file, ...request } }) => {
        const received = await file.use((path) =>
          deferredImports.receive(call, { ...request, path, fileName: file.name }),
        );
        return 'job' in received ? new Accepted(received.job) : received.finished;
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/imports',
      tag: 'Imports',
      summary: 'List imports, newest first',
      access: 'imports:write',
      query: importQuery,
      response: pageOf(listedImport),
      handle: ({ call, query: { limit, cursor, ...filter } }) => imports.list(call, filter, { limit, cursor }),
    }),
    endpoint({
      method: 'get',
      path: '/v1/imports/{id}',
      tag: 'Imports',
      summary: 'Get an import',
      description: 'While the import runs, the counts show its progress.',
      access: 'imports:write',
      params: idParams,
      response: importResult,
      handle: ({ call, params }) => imports.get(call, params.id),
    }),
  ];
}

async function readImportForm(request: Request, response: Response): Promise<unknown> {
  const { file, texts } = await readUpload(request, response, {
    file: 'file',
    texts: ['mapping'],
    maxFileBytes: MAX_FILE_BYTES,
  });
  const { mapping, kind = 'orders', ...rest } = texts;
  return { ...rest, kind, file, mapping: typeof mapping === 'string' ? parseMapping(mapping) : mapping };
}

function parseMapping(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('/mapping', 'The mapping is not valid JSON.');
  }
}
