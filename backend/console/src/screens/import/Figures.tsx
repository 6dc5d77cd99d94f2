import { useTranslations } from 'use-intl';
import type { Import } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Notice } from '../../ui/Notice.js';
import { Table } from '../../ui/Table.js';

const OF_ORDERS = ['ordersCreated', 'ordersCompleted', 'ordersSkipped', 'units', 'menuItemsCreated'] as const;
const OF_OTHERS = ['created', 'changed', 'skipped', 'locationsCreated'] as const;

/** Counts of an import: things that it stored, or would store. */
export function Figures({ found }: { found: Import }) {
  const t = useTranslations('import.figures');
  const { number, money } = useFormat();
  const names = found.kind === 'orders' ? OF_ORDERS : OF_OTHERS;
  const figures: [string, string][] = [
    [t('rows'), number(found.rows)],
    [t('faultyRows'), number(found.faultyRows)],
    ...names.map((name): [string, string] => [t(name), number(found[name])]),
    ...(found.kind === 'orders' ? [[t('revenue'), money(found.revenue, found.currency)] as [string, string]] : []),
  ];
  return (
    <dl className="import-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className="muted">{name}</dt>
          <dd className="number">
            <strong>{value}</strong>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Rows that could not be read, each with its line in the file. */
export function Faults({ found: { errors, faultyRows } }: { found: Import }) {
  const t = useTranslations('import');
  const { number } = useFormat();
  if (errors.length === 0) return null;
  return (
    <>
      <Notice tone="warn">{t('faulty', { count: faultyRows, shown: Math.min(errors.length, 100) })}</Notice>
      <Table
        caption={t('faults')}
        columns={[
          { id: 'line', label: t('line'), isNumber: true, cell: ({ line }) => number(line) },
          { id: 'reason', label: t('reason'), cell: ({ reason }) => reason },
        ]}
        rows={errors.slice(0, 100)}
        keyOf={({ line, reason }) => `${line} ${reason}`}
      />
    </>
  );
}
