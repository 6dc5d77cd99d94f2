import { type ReactNode, useState } from 'react';
import { useAsked } from '../app/useAsked.js';
import type { Pages } from '../app/queries.js';
import { Button } from './Button.js';
import type { IconName } from './icons.js';
import { PagedTable } from './PagedTable.js';
import type { Column } from './Table.js';

interface RecordListProps<Row> {
  pages: Pages<Row>;
  columns: readonly Column<Row>[];
  label: string;
  none: { icon: IconName; title: string; text?: string };
  /**
   * The button and the dialog for a new one, which the address `?new=<name>` opens, too. Absent for
   * people who may not.
   */
  create?: { label: string; name?: string; dialog: (onClose: () => void) => ReactNode } | undefined;
  /** Details of a row; absent for people who may not see or change them. */
  details?: ((row: Row, onClose: () => void) => ReactNode) | undefined;
  /**
   * Details follow the changes of others. A form keeps the row as it was opened: its version says
   * what the person saw.
   */
  isLive?: boolean;
}

/** A list of things of one kind, each with its details, and a button for a new one. */
export function RecordList<Row extends { id: string }>({
  pages,
  columns,
  label,
  none,
  create,
  details,
  isLive,
}: RecordListProps<Row>) {
  const [opened, setOpened] = useState<Row>();
  const [asked, setAsked] = useAsked('new');
  const name = create?.name ?? 'one';
  const close = (): void => setOpened(undefined);
  const shown = isLive ? pages.query.data?.find(({ id }) => id === opened?.id) : opened;
  return (
    <div className="stack">
      {create && (
        <div>
          <Button look="main" icon="plus" onClick={() => setAsked(name)}>
            {create.label}
          </Button>
        </div>
      )}
      <PagedTable
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        label={label}
        none={none}
        {...(details ? { onOpen: setOpened } : {})}
      />
      {create && asked === name && create.dialog(() => setAsked(undefined))}
      {shown && details?.(shown, close)}
    </div>
  );
}
