/** The files that a signed link can lead to. */
import { parse } from 'node:querystring';
import { authorize } from '../../middleware/authenticate.js';
import { validateParams, validateQuery } from '../../middleware/validate.js';
import { type Call } from '../../domain/shared/call.js';
import { invalid } from '../../domain/shared/errors.js';
import type { LinkTarget } from '../../services/auth/SignedLinks.js';
import { type Endpoint, scopesFor } from './endpoint.js';
import { splitFormat } from './export/formatQuery.js';
import { EXPORT_TYPES } from './export/ListExports.js';
import { noFields } from './noFields.js';
import { paramsOf, RouteTable } from './routeTable.js';

const PDF = 'application/pdf';
const STREAM = 'text/event-stream';

/** Media types of the files that an endpoint answers; none if it answers no file. */
export function fileTypesOf({ method, access, produces, alsoProduces }: Endpoint): string[] {
  if (method !== 'get' || access === 'public') return [];
  return (produces ?? alsoProduces ?? []).filter((type) => type !== STREAM);
}

export class LinkTargets {
  readonly #table: RouteTable;
  /** The media types of all files, each once. */
  readonly types: string[];

  constructor(endpoints: readonly Endpoint[]) {
    const files = endpoints.filter((spec) => fileTypesOf(spec).length > 0);
    this.#table = new RouteTable(files);
    this.types = [...new Set(files.flatMap(fileTypesOf))];
  }

  /**
   * Checks everything but the existence of the file, which the link itself answers.
   * @throws AppError invalid_request at `/path` or `/type`; forbidden without the scope of the
   *   file.
   */
  find(call: Call, sent: { path: string; type?: string | undefined }): LinkTarget {
    const [path = '', search = '', ...rest] = sent.path.split('?');
    const found = /^[\x21-\x7e]+$/.test(sent.path) && rest.length === 0 ? this.#table.find(path) : undefined;
    const spec = found?.byMethod.get('GET');
    if (!found || !spec || sent.path.includes('#'))
      throw invalid(
        '/path',
        'Give the path of a file, for example "/v1/documents/{id}.pdf", as in a GET without the host.',
      );
    authorize(call, scopesFor(spec));
    if (spec.params)
      validateParams(
        spec.params,
        readable(() => paramsOf(found)),
      );
    const query = readable(() => validateQuery(spec.query ?? noFields, parse(search)) as object);
    const types = typesOf(spec, query);
    const accept = sent.type ?? (types.includes(PDF) ? PDF : types[0]);
    if (accept === undefined || !types.includes(accept))
      throw invalid('/type', `This file can be had as ${types.join(', ')}.`);
    return { path: sent.path, accept };
  }
}

/**
 * The media types in which this query can be answered.
 * @throws AppError invalid_request at `/path` for a list that is not exported.
 */
function typesOf(spec: Endpoint, query: object): string[] {
  if (!spec.table) return fileTypesOf(spec);
  const { format } = splitFormat(query);
  if (!format) throw invalid('/path', 'A list is a file only with ?format=csv or ?format=xlsx.');
  return [EXPORT_TYPES[format]];
}

/** @throws AppError invalid_request at `/path` for whatever is wrong inside of it. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid('/path', error instanceof Error ? error.message : 'This path cannot be read.');
  }
}
