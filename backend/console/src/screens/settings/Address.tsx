import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useMe } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

/** The way to another e-mail address: the password asks, the code of the new mailbox confirms. */
export function Address() {
  const t = useTranslations();
  const { user } = useMe();
  const [asked, setAsked] = useState<string>();
  const ask = useChange('askForAddress', []);
  const form = useForm(async ({ email = '', password = '' }) => {
    await ask.mutateAsync({ body: { email, password } });
    setAsked(email);
  });
  if (asked !== undefined) return <Code email={asked} onDone={() => setAsked(undefined)} />;
  return (
    <form className="card stack" onSubmit={form.onSubmit} noValidate>
      <h2>{t('settings.address')}</h2>
      <TextField
        label={t('settings.newAddress')}
        name="email"
        type="email"
        autoComplete="email"
        required
        error={form.errorOf('email')}
      />
      <TextField
        label={t('doors.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={form.errorOf('password')}
      />
      <p className="muted">{t('settings.addressText', { email: user?.email ?? '' })}</p>
      <FormFailure error={form.failure} />
      <Actions>
        <Button look="main" type="submit" isBusy={form.isBusy}>
          {t('settings.sendCode')}
        </Button>
      </Actions>
      <Link href="/confirm-email">{t('doors.haveCode')}</Link>
    </form>
  );
}

function Code({ email, onDone }: { email: string; onDone: () => void }) {
  const t = useTranslations();
  const confirm = useChange('confirmAddress', ['getMe']);
  const form = useForm(async ({ token = '' }) => {
    await confirm.mutateAsync({ body: { token: token.trim() } });
    toast(t('settings.addressChanged'));
    onDone();
  });
  return (
    <form className="card stack" onSubmit={form.onSubmit} noValidate>
      <h2>{t('settings.address')}</h2>
      <Notice tone="info">{t('settings.codeSent', { email })}</Notice>
      <TextField
        label={t('doors.code')}
        name="token"
        autoComplete="one-time-code"
        required
        error={form.errorOf('token')}
      />
      <FormFailure error={form.failure} />
      <Actions>
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button look="main" type="submit" isBusy={form.isBusy}>
          {t('doors.addressSend')}
        </Button>
      </Actions>
    </form>
  );
}
