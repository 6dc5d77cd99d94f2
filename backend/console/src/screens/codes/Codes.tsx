import { useTranslations } from 'use-intl';
import type { CodePool } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { usePages } from '../../app/queries.js';
import { Money } from '../../ui/Values.js';
import { Chip } from '../../ui/Chip.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { NewPool } from './NewPool.js';
import { Pool } from './Pool.js';

/** Pools of codes: pick-up codes, vouchers, tokens of tables, and codes from elsewhere. */
export function Screen() {
  const t = useTranslations('codes');
  const mayWrite = useMay('codes:write');
  const pages = usePages('listCodePools', { query: { limit: 100 } });
  const columns: Column<CodePool>[] = [
    { id: 'name', label: t('name'), cell: ({ name }) => <strong>{name}</strong>, width: 'minmax(8rem, 2fr)' },
    { id: 'kind', label: t('kind'), cell: ({ kind }) => <Chip>{t(`kinds.${kind}`)}</Chip> },
    {
      id: 'value',
      label: t('value'),
      isNumber: true,
      cell: ({ value, currency }) => (value === null ? '–' : <Money amount={value} currency={currency} />),
    },
  ];
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      <RecordList
        pages={pages}
        columns={columns}
        label={t('title')}
        none={{ icon: 'code', title: t('none'), text: t('noneText') }}
        create={mayWrite ? { label: t('new'), dialog: (onClose) => <NewPool onClose={onClose} /> } : undefined}
        details={(pool, onClose) => <Pool pool={pool} onClose={onClose} />}
        isLive
      />
    </div>
  );
}
