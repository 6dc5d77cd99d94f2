import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CodeExport, CodePool } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { saveFile } from '../../ui/download.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';

/** Cards for print: those of all tables, or a batch of vouchers that is handed out with them. */
export function Print({ pool }: { pool: CodePool }) {
  const t = useTranslations('codes');
  return (
    <section className="stack">
      <h3>{t('print')}</h3>
      {pool.kind === 'table' ? <Download pool={pool} /> : <Batch pool={pool} />}
    </section>
  );
}

function Batch({ pool }: { pool: CodePool }) {
  const t = useTranslations('codes');
  const { time } = useFormat();
  const [made, setMade] = useState<CodeExport>();
  const [value, setValue] = useState<number>();
  const hand = useChange('exportCodes', ['getCodePoolStatus', 'listCodePoolCodes']);
  const form = useForm(async ({ count }) => {
    const body = { count: Number(count), ...(value === undefined ? {} : { value }) };
    setMade((await hand.mutateAsync({ id: pool.id, body })).data);
  });
  if (made)
    return (
      <>
        <Notice tone="warn">{t('handedOut', { count: made.count, time: time(made.readableUntil) })}</Notice>
        <Download pool={pool} exportId={made.id} />
      </>
    );
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <p className="muted">{t('batchText')}</p>
      <TextField
        label={t('count')}
        name="count"
        type="number"
        min={1}
        required
        defaultValue={10}
        error={form.errorOf('count')}
      />
      {pool.value === null && (
        <MoneyField label={t('value')} value={value} onChange={setValue} error={form.errorOf('value')} />
      )}
      <FormFailure error={form.failure} />
      <div>
        <Button type="submit" icon="print" isBusy={form.isBusy}>
          {t('handOut')}
        </Button>
      </div>
    </form>
  );
}

function Download({ pool, exportId }: { pool: CodePool; exportId?: string }) {
  const t = useTranslations('codes');
  const [failure, setFailure] = useState<Error>();
  const save = async (): Promise<void> => {
    setFailure(undefined);
    const query = exportId === undefined ? {} : { exportId };
    const { data } = await client.call('downloadCodeSheet', { id: pool.id, query }, { accept: 'application/pdf' });
    // A copy in memory of its own is what a file can be made of.
    saveFile(new Uint8Array(data), 'application/pdf', `${pool.name}.pdf`);
  };
  return (
    <>
      <FormFailure error={failure} />
      <div>
        <Button look="main" icon="download" onClick={() => void save().catch(setFailure)}>
          {t('sheet')}
        </Button>
      </div>
    </>
  );
}
