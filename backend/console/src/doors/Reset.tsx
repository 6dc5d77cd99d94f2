import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { Button } from '../ui/Button.js';
import { TextField } from '../ui/Field.js';
import { FormFailure } from '../ui/FormFailure.js';
import { Notice } from '../ui/Notice.js';
import { useForm } from '../ui/useForm.js';
import { Door } from './Door.js';
import { doorClient } from './entry.js';
import { tokenOfAddress } from './tokenOfAddress.js';

/** Sets a new password with the code of a mail. */
export function Reset() {
  const t = useTranslations('doors');
  const [token] = useState(tokenOfAddress);
  const [isDone, setDone] = useState(false);
  const form = useForm(async ({ token: code = '', password = '' }) => {
    await doorClient.call('resetPassword', { body: { token: code.trim(), password } });
    setDone(true);
  });
  return (
    <Door title={t('resetTitle')}>
      {isDone ? (
        <Notice tone="info">{t('resetDone')}</Notice>
      ) : (
        <form className="door__form" onSubmit={form.onSubmit} noValidate>
          <TextField
            label={t('code')}
            name="token"
            autoComplete="one-time-code"
            defaultValue={token}
            error={form.errorOf('token')}
          />
          <TextField
            label={t('newPassword')}
            hint={t('passwordHint')}
            name="password"
            type="password"
            autoComplete="new-password"
            error={form.errorOf('password')}
          />
          <FormFailure error={form.failure} />
          <Button type="submit" look="main" isWide isBusy={form.isBusy}>
            {t('resetSend')}
          </Button>
        </form>
      )}
      <Link href="/">{t('backToLogin')}</Link>
    </Door>
  );
}
