import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CodePool } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';

/** Orders more codes, which a job makes. */
export function Refill({ pool }: { pool: CodePool }) {
  const t = useTranslations('codes');
  const [ordered, setOrdered] = useState(0);
  const refill = useChange('refillCodePool', ['getCodePoolStatus']);
  const form = useForm(async ({ count }) => {
    await refill.mutateAsync({ id: pool.id, body: { count: Number(count) } });
    setOrdered(Number(count));
  });
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <h3>{t('make')}</h3>
      <TextField
        label={t('count')}
        name="count"
        type="number"
        min={1}
        required
        defaultValue={pool.batch}
        error={form.errorOf('count')}
      />
      {ordered > 0 && <Notice tone="info">{t('ordered', { count: ordered })}</Notice>}
      <FormFailure error={form.failure} />
      <div>
        <Button icon="plus" type="submit" isBusy={form.isBusy}>
          {t('makeThem')}
        </Button>
      </div>
    </form>
  );
}
