import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '../../i18n/format.js';
import { SelectField } from '../../ui/Field.js';
import { Notice } from '../../ui/Notice.js';
import { Breakers } from './Breakers.js';
import { type Sample } from './report.js';
import { Series } from './Series.js';
import { Slowest } from './Slowest.js';
import { Queues } from './Queues.js';
import { State } from './State.js';

interface DashboardProps {
  samples: readonly Sample[];
  lostSince: number | undefined;
}

/** One process at a time: each has memory, connections and an event loop of its own. */
export function Dashboard({ samples, lostSince }: DashboardProps) {
  const t = useTranslations('health');
  const { time } = useFormat();
  const processes = [...new Set(samples.map(({ report }) => report.process.id))].sort();
  const [chosen, setChosen] = useState('');
  const shown = processes.includes(chosen) ? chosen : processes[0];
  const own = samples.filter(({ report }) => report.process.id === shown);
  const last = own.at(-1);
  if (!last) return null;
  return (
    <>
      {lostSince !== undefined && <Notice tone="bad">{t('lost', { time: time(lostSince) })}</Notice>}
      {processes.length > 1 && (
        <SelectField
          label={t('process')}
          hint={t('processHint')}
          value={shown}
          onChange={({ target }) => setChosen(target.value)}
          choices={processes.map((value) => ({ value, label: value }))}
        />
      )}
      <State report={last.report} />
      <Series samples={own} />
      <Slowest report={last.report} />
      <Breakers report={last.report} />
      <Queues queues={last.report.jobs} />
    </>
  );
}
