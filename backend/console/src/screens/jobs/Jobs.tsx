import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Job, JobState } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange, usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Chip, type Tone } from '../../ui/Chip.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Sheet } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { RecordList } from '../../ui/RecordList.js';
import { RadioRow } from '../../ui/RadioRow.js';
import type { Column } from '../../ui/Table.js';

const PAGE_SIZE = 50;
const STATES = ['failed', 'queued', 'running', 'done', 'cancelled'] as const satisfies readonly JobState[];
const TONES: Record<JobState, Tone> = {
  queued: 'info',
  running: 'info',
  done: 'ok',
  failed: 'bad',
  cancelled: undefined,
};
const ENDED: ReadonlySet<JobState> = new Set(['done', 'cancelled']);

/** Work in the background: failed jobs wait here for a person. */
export function Screen() {
  const t = useTranslations('jobs');
  const { moment } = useFormat();
  const [state, setState] = useState<JobState | 'all'>('all');
  const pages = usePages('listJobs', { query: { limit: PAGE_SIZE, ...(state === 'all' ? {} : { state }) } });
  const columns: Column<Job>[] = [
    { id: 'kind', label: t('kind'), cell: ({ kind }) => <strong>{kind}</strong>, width: 'minmax(8rem, 2fr)' },
    { id: 'state', label: t('state'), cell: (job) => <StateChip state={job.state} /> },
    { id: 'created', label: t('created'), cell: ({ createdAt }) => moment(createdAt) },
  ];
  return (
    <div className="screen jobs stack">
      <h1>{t('title')}</h1>
      <RadioRow
        label={t('state')}
        name="state"
        value={state}
        onChange={setState}
        choices={[
          { value: 'all', label: t('all') },
          ...STATES.map((value) => ({ value, label: t(`states.${value}`) })),
        ]}
      />
      <RecordList
        pages={pages}
        columns={columns}
        label={t('title')}
        none={{ icon: 'job', title: t('none'), text: t('noneText') }}
        details={(job, onClose) => <JobSheet job={job} onClose={onClose} />}
        isLive
      />
    </div>
  );
}

function StateChip({ state }: { state: JobState }) {
  const t = useTranslations('jobs.states');
  return <Chip tone={TONES[state]}>{t(state)}</Chip>;
}

function JobSheet({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useTranslations('jobs');
  const { date, percent } = useFormat();
  const mayWrite = useMay('jobs:write');
  const retry = useChange('retryJob', ['listJobs']);
  const cancel = useChange('cancelJob', ['listJobs']);
  const facts: [string, string][] = [
    [t('created'), date(job.createdAt)],
    ...(job.startedAt === null ? [] : [[t('started'), date(job.startedAt)] as [string, string]]),
    ...(job.finishedAt === null ? [] : [[t('finished'), date(job.finishedAt)] as [string, string]]),
    [t('attempts'), String(job.attempts)],
    ...(job.progress === null ? [] : [[t('progress'), percent(job.progress)] as [string, string]]),
  ];
  return (
    <Sheet title={job.kind} onClose={onClose}>
      <div className="stack">
        <StateChip state={job.state} />
        {job.error && (
          <Notice tone="bad">
            <strong>{t('why')}</strong>
            <span>{job.error.message}</span>
          </Notice>
        )}
        <dl className="jobs__facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="number">{value}</dd>
            </div>
          ))}
        </dl>
        {job.result && <pre className="jobs__result">{JSON.stringify(job.result, null, 2)}</pre>}
        <FormFailure error={retry.error ?? cancel.error} />
        {mayWrite && (
          <Actions>
            {!ENDED.has(job.state) && (
              <ConfirmButton isBusy={cancel.isPending} onConfirm={() => cancel.mutate({ id: job.id })}>
                {t('cancel')}
              </ConfirmButton>
            )}
            {job.state === 'failed' && (
              <Button look="main" icon="refresh" isBusy={retry.isPending} onClick={() => retry.mutate({ id: job.id })}>
                {t('retry')}
              </Button>
            )}
          </Actions>
        )}
      </div>
    </Sheet>
  );
}
