import { useTranslations } from 'use-intl';
import type { ImportStatus, ListedImport } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Chip, type Tone } from '../../ui/Chip.js';
import { Empty } from '../../ui/Empty.js';
import { Region } from '../../ui/Region.js';
import { Table } from '../../ui/Table.js';

const TONES: Record<ImportStatus, Tone> = { processing: 'info', completed: 'ok', failed: 'bad', interrupted: 'warn' };

/** The newest imports, rehearsals too. */
export function Past() {
  const t = useTranslations('import');
  const { moment, number } = useFormat();
  const past = useCall('listImports', { query: { limit: 10 } });
  return (
    <section className="stack">
      <h2>{t('past')}</h2>
      <Region
        query={past}
        label={t('past')}
        isEmpty={({ data }) => data.length === 0}
        empty={<Empty icon="upload" title={t('none')} text={t('noneText')} />}
      >
        {({ data }) => (
          <Table<ListedImport>
            caption={t('past')}
            rows={data}
            keyOf={({ id }) => id}
            columns={[
              { id: 'file', label: t('file'), cell: ({ fileName }) => <bdi>{fileName}</bdi> },
              {
                id: 'kind',
                label: t('kind'),
                cell: ({ kind, dryRun }) => `${t(`kinds.${kind}`)}${dryRun ? ` (${t('rehearsal')})` : ''}`,
              },
              { id: 'rows', label: t('figures.rows'), isNumber: true, cell: ({ rows }) => number(rows) },
              {
                id: 'status',
                label: t('status'),
                cell: ({ status }) => <Chip tone={TONES[status]}>{t(`states.${status}`)}</Chip>,
              },
              { id: 'at', label: t('at'), cell: ({ createdAt }) => moment(createdAt) },
            ]}
          />
        )}
      </Region>
    </section>
  );
}
