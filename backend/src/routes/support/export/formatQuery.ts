/** The parameter by which lists and reports are exported. */
import { z } from 'zod';
import { EXPORT_FORMATS, type ExportFormat } from './ListExports.js';

const format = z
  .enum(EXPORT_FORMATS)
  .meta({ id: 'ExportFormat' })
  .optional()
  .meta({
    description:
      'The whole list as a file, instead of JSON: all pages, with the filters of this query. ' +
      'Money is a decimal of the currency; times have the restaurant’s offset. `limit` has no effect on a list.',
  });

/**
 * @throws Error when a declaration has a query that is no object: its list could not be exported.
 */
export function withFormat(path: string, query: z.ZodType | undefined): z.ZodType {
  const own = query ?? z.strictObject({});
  if (!(own instanceof z.ZodObject)) throw new Error(`The query of ${path} takes no format. Make it an object.`);
  return own.safeExtend({ format });
}

/** Splits a checked query into the format of an export and the filters. */
export function splitFormat(query: object): { format: ExportFormat | undefined; filters: Record<string, unknown> } {
  const { format: chosen, ...filters } = query as Record<string, unknown> & { format?: ExportFormat }; // Checked by `withFormat`.
  return { format: chosen, filters };
}
