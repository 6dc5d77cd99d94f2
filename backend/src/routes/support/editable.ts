import type { z } from 'zod';
import type { Call } from '../../domain/shared/call.js';
import type { Edited } from '../../domain/shared/edited.js';
import type { EditableResource, ListFilter } from '../../services/EditableResource.js';
import type { Page, PageOf } from '../../utils/cursor.js';
import { idParams, pageOf, pageQuery, searchQuery } from '../schemas/common.js';
import { type Endpoint, endpoint } from './endpoint.js';

interface EditableOptions<T extends Edited, Input> {
  /** Under `/v1/`. */
  path: string;
  tag: string;
  /** Resource whose read and write scopes a caller needs. */
  scope: 'menu' | 'inventory' | 'purchasing' | 'document_series' | 'messages' | 'codes' | 'drawers';
  /** With its article, for summaries. */
  one: string;
  many: string;
  /** The effect of deleting, or the reason for a refusal. */
  onDelete: string;
  resource: EditableResource<T, Input>;
  input: z.ZodType<Input>;
  patch: z.ZodType<Input>;
  output: z.ZodType;
  /** Whether `?q=` searches the list. The table needs a name column. */
  isSearchable?: boolean;
  /** Query of a list with filters of its own, which the table knows. */
  listQuery?: z.ZodType<Page & ListFilter>;
  /** `version` if none is given. */
  etag?: 'version' | 'version+content';
  /** Adds fields that the stored resource lacks, such as the currency. */
  present?: (call: Call) => Promise<(thing: T) => object>;
}

/** Create, list, get, change and delete, in the same way for each editable resource. */
export function editableEndpoints<T extends Edited, Input>(options: EditableOptions<T, Input>): Endpoint[] {
  const { tag, scope, resource, etag = 'version' } = options;
  const path = `/v1/${options.path}`;
  // Loaded before the write: a later failure would report a stored change as failed.
  const presenter = async (call: Call): Promise<(thing: T) => object> =>
    options.present ? options.present(call) : (thing) => thing;
  const presentOne = async (call: Call, work: () => Promise<T>): Promise<object> => {
    const present = await presenter(call);
    return present(await work());
  };
  const presentPage = async (call: Call, work: () => Promise<PageOf<T>>) => {
    const present = await presenter(call);
    const { data, nextCursor } = await work();
    return { data: data.map(present), nextCursor };
  };
  return [
    endpoint({
      method: 'post',
      path,
      tag,
      summary: `Create ${options.one}`,
      access: `${scope}:write`,
      body: options.input,
      status: 201,
      response: options.output,
      etag,
      handle: ({ call, body }) => presentOne(call, () => resource.create(call, body)),
    }),
    endpoint({
      method: 'get',
      path,
      tag,
      summary: `List ${options.many}`,
      access: `${scope}:read`,
      query: options.listQuery ?? (options.isSearchable ? searchQuery : pageQuery),
      response: pageOf(options.output),
      handle: ({ call, query }) => presentPage(call, () => resource.list(call, query)),
    }),
    endpoint({
      method: 'get',
      path: `${path}/{id}`,
      tag,
      summary: `Get ${options.one}`,
      access: `${scope}:read`,
      params: idParams,
      response: options.output,
      etag,
      handle: ({ call, params }) => presentOne(call, () => resource.get(call, params.id)),
    }),
    endpoint({
      method: 'patch',
      path: `${path}/{id}`,
      tag,
      summary: `Change ${options.one}`,
      access: `${scope}:write`,
      params: idParams,
      body: options.patch,
      ifMatch: 'required',
      response: options.output,
      etag,
      handle: ({ call, params, body }) => presentOne(call, () => resource.change(call, params.id, body)),
    }),
    endpoint({
      method: 'delete',
      path: `${path}/{id}`,
      tag,
      summary: `Delete ${options.one}`,
      description: options.onDelete,
      access: `${scope}:write`,
      params: idParams,
      ifMatch: 'optional',
      handle: ({ call, params }) => resource.remove(call, params.id),
    }),
  ];
}
