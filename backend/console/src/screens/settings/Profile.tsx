import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { PrintLanguage } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { isLanguage, language, LANGUAGE_CHOICES } from '../../app/preferences.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { Address } from './Address.js';
import { Restaurants } from './Restaurants.js';
import { Sessions } from './Sessions.js';

/** The person's own account, which is the same in all of their restaurants. */
export function Profile() {
  return (
    <div className="settings__pair">
      <Person />
      <Address />
      <Password />
      <Restaurants />
      <Sessions />
    </div>
  );
}

function Person() {
  const t = useTranslations();
  const { user } = useMe();
  const change = useChange('changeProfile', ['getMe']);
  const form = useForm(async ({ name, language: chosen }) => {
    // The choices of the field are the languages, and none.
    await change.mutateAsync({ body: { name, language: (chosen || null) as PrintLanguage | null } });
    if (isLanguage(chosen)) language.set(chosen);
    toast(t('settings.saved'));
  });
  return (
    <form className="card stack" onSubmit={form.onSubmit}>
      <h2>{t('settings.you')}</h2>
      <p className="muted">{user?.email}</p>
      <TextField
        label={t('settings.fields.name')}
        name="name"
        required
        maxLength={100}
        defaultValue={user?.name}
        error={form.errorOf('name')}
      />
      <SelectField
        label={t('settings.pageLanguage')}
        hint={t('settings.pageLanguageHint')}
        name="language"
        defaultValue={user?.language ?? ''}
        choices={[{ value: '', label: t('settings.asBrowser') }, ...LANGUAGE_CHOICES]}
        error={form.errorOf('language')}
      />
      <FormFailure error={form.failure} />
      <Actions>
        <Button look="main" type="submit" isBusy={form.isBusy}>
          {t('save')}
        </Button>
      </Actions>
    </form>
  );
}

function Password() {
  const t = useTranslations();
  // A form that is done is empty again.
  const [round, setRound] = useState(0);
  const change = useChange('changePassword', ['listOwnSessions']);
  const form = useForm(async ({ currentPassword = '', newPassword = '' }) => {
    await change.mutateAsync({ body: { currentPassword, newPassword } });
    toast(t('settings.passwordChanged'));
    setRound(round + 1);
  });
  return (
    <form key={round} className="card stack" onSubmit={form.onSubmit}>
      <h2>{t('settings.password')}</h2>
      <TextField
        label={t('settings.currentPassword')}
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        required
        error={form.errorOf('currentPassword')}
      />
      <TextField
        label={t('doors.newPassword')}
        hint={t('doors.passwordHint')}
        name="newPassword"
        type="password"
        autoComplete="new-password"
        required
        error={form.errorOf('newPassword')}
      />
      <p className="muted">{t('settings.passwordText')}</p>
      <FormFailure error={form.failure} />
      <Actions>
        <Button look="main" type="submit" isBusy={form.isBusy}>
          {t('settings.changePassword')}
        </Button>
      </Actions>
    </form>
  );
}
