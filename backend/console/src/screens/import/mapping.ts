import type { ImportKind } from '../../../../client/src/api.js';
import { type Columns, FIELDS } from './fields.js';
import type { Head } from './readHead.js';

/** All that the wizard asks for. */
export interface Choice {
  file: File;
  head: Head;
  kind: ImportKind;
  columns: Columns;
  source: string;
  timeFormat: string;
  /** Whether existing entries take the values of the file. */
  changesExisting: boolean;
}

/** The form of POST /v1/imports. */
export function formOf({ file, ...choice }: Choice, dryRun: boolean): FormData {
  const form = new FormData();
  form.set('kind', choice.kind);
  form.set('dryRun', String(dryRun));
  form.set('mapping', JSON.stringify(mappingOf(choice)));
  // The last one: what is known of it comes first.
  form.set('file', file);
  return form;
}

function mappingOf({ head, kind, columns, source, timeFormat, changesExisting }: Omit<Choice, 'file'>): object {
  const chosen = FIELDS[kind].flatMap(({ name }): [string, unknown][] => {
    const column = columns[name];
    if (column === undefined) return [];
    return [[name, name === 'time' ? { column, format: timeFormat } : column]];
  });
  return {
    ...(source === '' ? {} : { source }),
    delimiter: head.delimiter,
    ...(changesExisting && kind === 'inventory_items' ? { onExisting: 'update' } : {}),
    ...(changesExisting && kind === 'recipes' ? { onExisting: 'replace' } : {}),
    ...Object.fromEntries(chosen),
  };
}
