import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { InvitedMember, Role } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { type Choice, SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';

const ROLES: readonly Role[] = ['staff', 'kitchen', 'manager', 'owner'];

export function useRoles(): readonly Choice[] {
  const t = useTranslations('roles');
  return ROLES.map((value) => ({ value, label: t(value) }));
}

/** Invites a person, and then shows the code: it is shown this one time. */
export function Invite({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const roles = useRoles();
  const [invited, setInvited] = useState<InvitedMember>();
  const invite = useChange('inviteMember', ['listMembers']);
  const form = useForm(async ({ name = '', email = '', role }) => {
    // The choices of the field are the roles.
    const body = { name, email, role: role as Role };
    setInvited((await invite.mutateAsync({ body })).data);
  });
  if (invited) return <Code invited={invited} onClose={onClose} />;
  return (
    <Dialog title={t('team.invite')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField label={t('team.name')} name="name" required maxLength={100} error={form.errorOf('name')} />
        <TextField label={t('team.email')} name="email" type="email" required error={form.errorOf('email')} />
        <SelectField label={t('team.role')} name="role" choices={roles} error={form.errorOf('role')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('team.invite')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function Code({ invited, onClose }: { invited: InvitedMember; onClose: () => void }) {
  const t = useTranslations('team');
  const { date } = useFormat();
  const address = `${location.origin}/console/invitation#token=${invited.invitation.token}`;
  return (
    <Dialog title={t('invitedTitle', { name: invited.name ?? invited.email })} onClose={onClose}>
      <p>{t('invitedText', { time: date(invited.invitation.expiresAt) })}</p>
      <TextField
        label={t('link')}
        readOnly
        value={address}
        onFocus={({ target }) => target.select()}
        hint={t('linkHint')}
      />
      <Notice tone="warn">
        <span>{t('once')}</span>
      </Notice>
      <Actions>
        <Button look="main" onClick={onClose}>
          {t('done')}
        </Button>
      </Actions>
    </Dialog>
  );
}
