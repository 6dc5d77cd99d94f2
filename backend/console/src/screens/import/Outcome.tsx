import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import type { Import, Job } from '../../../../client/src/api.js';
import { refresh, useCall } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { useFormat } from '../../i18n/format.js';
import { Actions } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { Faults, Figures } from './Figures.js';

const ASK_EACH_MS = 1_000;
const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

/** The outcome of a file: at once, or from a job that is followed to its end. */
export function Outcome({ outcome, action }: { outcome: Import | Job; action: ReactNode }) {
  return 'dryRun' in outcome ? <Result found={outcome} action={action} /> : <Work id={outcome.id} action={action} />;
}

function Work({ id, action }: { id: string; action: ReactNode }) {
  const t = useTranslations('import');
  const { percent } = useFormat();
  // No event tells of each step, so this is one of the few things that are asked for by time.
  const job = useQuery({
    queryKey: ['import job', id],
    queryFn: async () => (await client.call('getJob', { id })).data,
    refetchInterval: ({ state: { data } }) => (data && ENDED.has(data.state) ? false : ASK_EACH_MS),
  });
  const importId = job.data?.result?.['importId'];
  useEffect(() => {
    if (typeof importId === 'string') void refresh(['listImports']);
  }, [importId]);
  if (typeof importId === 'string') return <Ended id={importId} action={action} />;
  return (
    <section className="card stack" aria-labelledby="import-work">
      <h2 id="import-work">{t('working')}</h2>
      <Region query={job} label={t('working')}>
        {({ progress, state, error }) =>
          state === 'failed' || state === 'cancelled' ? (
            <Notice tone="bad">{error?.message ?? t('stopped')}</Notice>
          ) : (
            <>
              <progress
                className="import-progress"
                aria-labelledby="import-work"
                {...(progress === null ? {} : { value: progress, max: 1 })}
              />
              <p role="status" className="muted">
                {progress === null ? t('waiting') : percent(progress)}
              </p>
            </>
          )
        }
      </Region>
    </section>
  );
}

function Ended({ id, action }: { id: string; action: ReactNode }) {
  const t = useTranslations('import');
  const found = useCall('getImport', { id });
  return (
    <Region query={found} label={t('stepResult')}>
      {(known) => <Result found={known} action={action} />}
    </Region>
  );
}

function Result({ found, action }: { found: Import; action: ReactNode }) {
  const t = useTranslations('import');
  return (
    <section className="card stack" aria-labelledby="import-result">
      <h2 id="import-result">{found.dryRun ? t('stepResult') : t('done')}</h2>
      {found.failure !== null && <Notice tone="bad">{found.failure}</Notice>}
      <p role="status">{found.dryRun ? t('rehearsed') : t('stored')}</p>
      <Figures found={found} />
      <Faults found={found} />
      {found.dryRun && found.failure === null && <Actions>{action}</Actions>}
    </section>
  );
}
