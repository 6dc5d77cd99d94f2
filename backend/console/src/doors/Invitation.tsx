import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { Button } from '../ui/Button.js';
import { TextField } from '../ui/Field.js';
import { FormFailure } from '../ui/FormFailure.js';
import { useForm } from '../ui/useForm.js';
import { Door } from './Door.js';
import { doorClient, type Enter } from './entry.js';
import { tokenOfAddress } from './tokenOfAddress.js';

/** Joins a restaurant, with a new account or with the one of the invited address. */
export function Invitation({ onEntry }: { onEntry: Enter }) {
  const t = useTranslations('doors');
  const [token] = useState(tokenOfAddress);
  const form = useForm(async ({ token: code = '', password = '', name = '' }) => {
    const body = { token: code.trim(), password, ...(name === '' ? {} : { name }) };
    await onEntry((await doorClient.call('acceptInvitation', { query: { cookie: true }, body })).data);
  });
  return (
    <Door title={t('invitationTitle')} text={t('invitationText')}>
      <form className="door__form" onSubmit={form.onSubmit} noValidate>
        <TextField label={t('code')} name="token" defaultValue={token} error={form.errorOf('token')} />
        <TextField label={t('name')} name="name" autoComplete="name" error={form.errorOf('name')} />
        <TextField
          label={t('password')}
          hint={t('invitationPassword')}
          name="password"
          type="password"
          autoComplete="new-password"
          error={form.errorOf('password')}
        />
        <FormFailure error={form.failure} />
        <Button type="submit" look="main" isWide isBusy={form.isBusy}>
          {t('join')}
        </Button>
      </form>
      <Link href="/">{t('backToLogin')}</Link>
    </Door>
  );
}
