import { useTranslations } from 'use-intl';
import { lastEmail } from '../app/remembered.js';
import { Button } from '../ui/Button.js';
import { TextField } from '../ui/Field.js';
import { FormFailure } from '../ui/FormFailure.js';
import { useForm } from '../ui/useForm.js';
import { doorClient, type Enter } from './entry.js';

/** E-mail and password, which may be pasted and kept by a password manager. */
export function LoginForm({ onEntry, children }: { onEntry: Enter; children?: React.ReactNode }) {
  const t = useTranslations('doors');
  const form = useForm(async ({ email = '', password = '' }) => {
    await onEntry((await doorClient.call('login', { query: { cookie: true }, body: { email, password } })).data);
  });
  return (
    <form className="door__form" onSubmit={form.onSubmit} noValidate>
      <TextField
        label={t('email')}
        name="email"
        type="email"
        autoComplete="username"
        defaultValue={lastEmail.get()}
        error={form.errorOf('email')}
      />
      <TextField
        label={t('password')}
        name="password"
        type="password"
        autoComplete="current-password"
        error={form.errorOf('password')}
      />
      <FormFailure error={form.failure} />
      <Button type="submit" look="main" isWide isBusy={form.isBusy}>
        {t('login')}
      </Button>
      {children}
    </form>
  );
}
