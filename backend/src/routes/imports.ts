import type { Request, Response } from 'express';
import { invalid } from '../domain/shared/errors.js';
import { readUpload } from '../middleware/upload.js';
import type { ImportService } from '../services/ImportService.js';
import { idParams } from './schemas/common.js';
import { importInput, importResult } from './schemas/import.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const MAX_FILE_BYTES = 200_000_000;

export function importEndpoints({ imports }: { imports: ImportService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/imports',
      tag: 'Imports',
      summary: 'Take over orders of another till, items, recipes or opening stock',
      description:
        'Answers when the file is imported; until then its counts can be read at `GET /v1/imports/{id}`. Rows that cannot be read are left out ' +
        'and reported, the rest goes in. Orders that are stored already are skipped, so a file can be sent again.',
      access: 'imports:write',
      limit: 'uploads',
      upload: readImportForm,
      body: importInput,
      status: 201,
      response: importResult,
      handle: ({ call, body: { file, ...request } }) =>
        file.use((path) => imports.run(call, { ...request, path, fileName: file.name })),
    }),
    endpoint({
      method: 'get',
      path: '/v1/imports/{id}',
      tag: 'Imports',
      summary: 'Read what an import has done',
      description: 'While it runs, how far it is.',
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
