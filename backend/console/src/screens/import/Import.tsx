import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Import, ImportKind, Job } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { guess, guessFormat } from './fields.js';
import { FileField } from './FileField.js';
import { type Choice, formOf } from './mapping.js';
import { MappingForm } from './MappingForm.js';
import { Outcome } from './Outcome.js';
import { Past } from './Past.js';
import { readHead } from './readHead.js';

const KINDS = ['orders', 'inventory_items', 'recipes', 'opening_stock'] as const satisfies readonly ImportKind[];

/** Brings what another till knows: a file, its columns, a rehearsal, and then the import. */
export function Screen() {
  const t = useTranslations('import');
  const [kind, setKind] = useState<ImportKind>('orders');
  const [choice, setChoice] = useState<Choice>();
  const [outcome, setOutcome] = useState<Import | Job>();
  const start = useChange('startImport', ['listImports']);
  const take = async (file: File, ofKind: ImportKind): Promise<void> => {
    const head = await readHead(file);
    const columns = guess(ofKind, head);
    const sample = head.rows[0]?.[(columns['time'] ?? 0) - 1] ?? '';
    const timeFormat = guessFormat(sample);
    setOutcome(undefined);
    setChoice({ file, head, kind: ofKind, columns, source: '', timeFormat, changesExisting: false });
  };
  const send = (dryRun: boolean): void => {
    if (!choice) return;
    setOutcome(undefined);
    start.mutate({ body: formOf(choice, dryRun) }, { onSuccess: ({ data }) => setOutcome(data) });
  };
  const change = (changed: Choice): void => {
    setChoice(changed);
    // A rehearsal with other columns says nothing about these.
    setOutcome(undefined);
    start.reset();
  };
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      <p className="muted">{t('text')}</p>
      <section className="card stack">
        <h2>{t('stepFile')}</h2>
        <RadioRow
          label={t('kind')}
          name="kind"
          value={kind}
          onChange={(chosen) => {
            setKind(chosen);
            if (choice) void take(choice.file, chosen);
          }}
          choices={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
        <FileField onFile={(file) => void take(file, kind)} />
      </section>
      {choice && (
        <MappingForm
          choice={choice}
          onChange={change}
          onRehearse={() => send(true)}
          isBusy={start.isPending}
          error={start.error}
        />
      )}
      {outcome && (
        <Outcome
          outcome={outcome}
          action={
            <Button look="main" icon="upload" isBusy={start.isPending} onClick={() => send(false)}>
              {t('start')}
            </Button>
          }
        />
      )}
      <Past />
    </div>
  );
}
