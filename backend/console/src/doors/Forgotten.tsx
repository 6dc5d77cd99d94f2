import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { lastEmail } from '../app/remembered.js';
import { Button } from '../ui/Button.js';
import { TextField } from '../ui/Field.js';
import { FormFailure } from '../ui/FormFailure.js';
import { Notice } from '../ui/Notice.js';
import { useForm } from '../ui/useForm.js';
import { Door } from './Door.js';
import { doorClient } from './entry.js';

/** Asks for a mail with a new way in. It says the same whether there is such an account. */
export function Forgotten() {
  const t = useTranslations('doors');
  const [isSent, setSent] = useState(false);
  const form = useForm(async ({ email = '' }) => {
    await doorClient.call('forgotPassword', { body: { email } });
    setSent(true);
  });
  return (
    <Door title={t('forgottenTitle')} text={t('forgottenText')}>
      {isSent ? (
        <Notice tone="info">{t('forgottenSent')}</Notice>
      ) : (
        <form className="door__form" onSubmit={form.onSubmit} noValidate>
          <TextField
            label={t('email')}
            name="email"
            type="email"
            autoComplete="username"
            defaultValue={lastEmail.get()}
            error={form.errorOf('email')}
          />
          <FormFailure error={form.failure} />
          <Button type="submit" look="main" isWide isBusy={form.isBusy}>
            {t('forgottenSend')}
          </Button>
        </form>
      )}
      <Link href="/reset-password">{t('haveCode')}</Link>
      <Link href="/">{t('backToLogin')}</Link>
    </Door>
  );
}
