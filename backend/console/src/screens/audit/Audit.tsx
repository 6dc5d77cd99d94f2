import { useTranslations } from 'use-intl';
import type { AuditEntry } from '../../../../client/src/api.js';
import { usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Sheet } from '../../ui/Dialog.js';
import { RecordList } from '../../ui/RecordList.js';
import { Table, type Column } from '../../ui/Table.js';

const PAGE_SIZE = 100;

/** Changes with their authors, newest first. */
export function Screen() {
  const t = useTranslations('audit');
  const { moment } = useFormat();
  const nameOf = useName();
  const pages = usePages('listAuditLog', { query: { limit: PAGE_SIZE } });
  const columns: Column<AuditEntry>[] = [
    { id: 'at', label: t('at'), cell: ({ createdAt }) => moment(createdAt) },
    { id: 'actor', label: t('actor'), cell: ({ actor }) => nameOf(actor) },
    { id: 'action', label: t('action'), cell: ({ action }) => action, width: 'minmax(9rem, 2fr)' },
  ];
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      <RecordList
        pages={pages}
        columns={columns}
        label={t('title')}
        none={{ icon: 'audit', title: t('none'), text: t('noneText') }}
        details={(entry, onClose) => <Entry entry={entry} by={nameOf(entry.actor)} onClose={onClose} />}
      />
    </div>
  );
}

/** The name of who it was; without one, the kind. */
function useName(): (actor: AuditEntry['actor']) => string {
  const t = useTranslations('audit.actors');
  return ({ kind, name }) => name ?? (t.has(kind) ? t(kind) : kind);
}

function Entry({ entry, by, onClose }: { entry: AuditEntry; by: string; onClose: () => void }) {
  const t = useTranslations('audit');
  const { date } = useFormat();
  const rows = Object.entries(entry.changes).map(([field, { from, to }]) => ({ field, from, to }));
  return (
    <Sheet title={entry.action} onClose={onClose}>
      <div className="stack">
        <p>{t('when', { time: date(entry.createdAt), name: by })}</p>
        {rows.length > 0 && (
          <Table
            caption={t('changes')}
            rows={rows}
            keyOf={({ field }) => field}
            columns={[
              { id: 'field', label: t('field'), cell: ({ field }) => field },
              { id: 'from', label: t('from'), cell: ({ from }) => shownValue(from) },
              { id: 'to', label: t('to'), cell: ({ to }) => shownValue(to) },
            ]}
          />
        )}
        <p className="muted">{t('request', { id: entry.requestId })}</p>
      </div>
    </Sheet>
  );
}

function shownValue(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
