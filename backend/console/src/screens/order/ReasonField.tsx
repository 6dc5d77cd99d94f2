import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../ui/Button.js';
import { TextArea } from '../../ui/Field.js';
import type { Form } from '../../ui/useForm.js';

const COMMON = ['mistake', 'changedMind', 'complaint'] as const;

/** Why a line changes: common reasons by one press, others typed. */
export function ReasonField({ form, isRequired }: { form: Form; isRequired: boolean }) {
  const t = useTranslations('order');
  const [reason, setReason] = useState('');
  return (
    <>
      <TextArea
        label={t('reason')}
        name="reason"
        required={isRequired}
        maxLength={500}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
        error={form.errorOf('reason')}
      />
      <div className="row" role="group" aria-label={t('commonReasons')}>
        {COMMON.map((name) => (
          <Button key={name} onClick={() => setReason(t(`reasons.${name}`))}>
            {t(`reasons.${name}`)}
          </Button>
        ))}
      </div>
    </>
  );
}
