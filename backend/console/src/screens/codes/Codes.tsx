import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CodePool } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { usePages } from '../../app/queries.js';
import { Money } from '../../ui/Values.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { PagedTable } from '../../ui/PagedTable.js';
import type { Column } from '../../ui/Table.js';
import { NewPool } from './NewPool.js';
import { Pool } from './Pool.js';

/** Pools of codes: pick-up codes, vouchers, tokens of tables, and codes from elsewhere. */
export function Screen() {
  const t = useTranslations('codes');
  const mayWrite = useMay('codes:write');
  const [shown, setShown] = useState<string>();
  const [isNew, setNew] = useState(false);
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
  const pool = pages.query.data?.find(({ id }) => id === shown);
  return (
    <div className="screen stack">
      <div className="spread">
        <h1>{t('title')}</h1>
        {mayWrite && (
          <Button look="main" icon="plus" onClick={() => setNew(true)}>
            {t('new')}
          </Button>
        )}
      </div>
      <PagedTable
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        label={t('title')}
        onOpen={({ id }) => setShown(id)}
        none={{ icon: 'code', title: t('none'), text: t('noneText') }}
      />
      {isNew && <NewPool onClose={() => setNew(false)} />}
      {pool && <Pool pool={pool} onClose={() => setShown(undefined)} />}
    </div>
  );
}
