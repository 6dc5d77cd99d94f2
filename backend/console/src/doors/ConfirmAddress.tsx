import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/Button.js';
import { TextField } from '../ui/Field.js';
import { FormFailure } from '../ui/FormFailure.js';
import { Notice } from '../ui/Notice.js';
import { useForm } from '../ui/useForm.js';
import { Door } from './Door.js';
import { doorClient } from './entry.js';
import { tokenOfAddress } from './tokenOfAddress.js';

/** Takes the code that a new e-mail address got, on any device. */
export function ConfirmAddress() {
  const t = useTranslations('doors');
  const [token] = useState(tokenOfAddress);
  const [isDone, setDone] = useState(false);
  const form = useForm(async ({ token: code = '' }) => {
    await doorClient.call('confirmAddress', { body: { token: code.trim() } });
    setDone(true);
  });
  return (
    <Door title={t('addressTitle')}>
      {isDone ? (
        <Notice tone="info">{t('addressDone')}</Notice>
      ) : (
        <form className="door__form" onSubmit={form.onSubmit} noValidate>
          <TextField
            label={t('code')}
            name="token"
            autoComplete="one-time-code"
            defaultValue={token}
            error={form.errorOf('token')}
          />
          <FormFailure error={form.failure} />
          <Button type="submit" look="main" isWide isBusy={form.isBusy}>
            {t('addressSend')}
          </Button>
        </form>
      )}
      {/* Loaded anew: who has a session goes on with it. */}
      <a href="/console">{t('backToLogin')}</a>
    </Door>
  );
}
