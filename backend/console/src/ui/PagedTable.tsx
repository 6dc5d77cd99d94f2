import type { Pages } from '../app/queries.js';
import { Empty } from './Empty.js';
import type { IconName } from './icons.js';
import { Region } from './Region.js';
import type { Column } from './Table.js';
import { VirtualTable } from './VirtualTable.js';

interface PagedTableProps<Row> {
  pages: Pages<Row>;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  label: string;
  onOpen?: (row: Row) => void;
  /** Shown where there is nothing: what belongs here. */
  none: { icon: IconName; title: string; text?: string };
}

/** A list of the API as a table that loads its next page when its end is near. */
export function PagedTable<Row>({ pages, columns, keyOf, label, onOpen, none }: PagedTableProps<Row>) {
  return (
    <Region
      query={pages.query}
      label={label}
      lines={8}
      isEmpty={(rows) => rows.length === 0 && !pages.hasMore}
      empty={<Empty {...none} />}
    >
      {(rows) => (
        <VirtualTable
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          label={label}
          onEnd={pages.loadMore}
          {...(onOpen ? { onOpen } : {})}
        />
      )}
    </Region>
  );
}
