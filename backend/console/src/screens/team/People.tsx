import { useTranslations } from 'use-intl';
import type { Member, Role } from '../../../../client/src/api.js';
import { useMay, useMe } from '../../app/me.js';
import { useChange, usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Sheet } from '../../ui/Dialog.js';
import { SelectField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { Invite, useRoles } from './Invite.js';

const STALE = ['listMembers'] as const;

export function People() {
  const t = useTranslations();
  const mayWrite = useMay('members:write');
  const pages = usePages('listMembers', { query: { limit: 100 } });
  const columns: Column<Member>[] = [
    { id: 'name', label: t('team.name'), cell: nameOf, width: 'minmax(8rem, 2fr)' },
    { id: 'role', label: t('team.role'), cell: ({ role }) => t(`roles.${role}`) },
    { id: 'status', label: t('team.status'), cell: (member) => <Status member={member} /> },
  ];
  return (
    <RecordList
      pages={pages}
      columns={columns}
      label={t('team.people')}
      none={{ icon: 'team', title: t('team.nobody') }}
      create={
        mayWrite
          ? { label: t('team.invite'), name: 'person', dialog: (onClose) => <Invite onClose={onClose} /> }
          : undefined
      }
      details={mayWrite ? (member, onClose) => <Person member={member} onClose={onClose} /> : undefined}
    />
  );
}

function nameOf({ name, email }: Member): string {
  return name ?? email;
}

function Status({ member: { status } }: { member: Member }) {
  const t = useTranslations('team');
  return <Chip tone={status === 'active' ? 'ok' : 'warn'}>{t(status)}</Chip>;
}

function Person({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations();
  const { date } = useFormat();
  const { user } = useMe();
  const roles = useRoles();
  const change = useChange('changeMember', STALE);
  const remove = useChange('removeMember', STALE);
  const isSelf = member.userId !== null && member.userId === user?.id;
  const form = useForm(async ({ role }) => {
    // The choices of the field are the roles.
    await change.mutateAsync({ id: member.id, body: { role: role as Role }, ifMatch: `"${member.version}"` });
    toast(t('team.saved'));
    onClose();
  });
  return (
    <Sheet title={nameOf(member)} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{member.email}</p>
        {member.invitationExpiresAt !== null && (
          <p className="muted">{t('team.invitedUntil', { time: date(member.invitationExpiresAt) })}</p>
        )}
        <SelectField
          label={t('team.role')}
          name="role"
          defaultValue={member.role}
          choices={roles}
          error={form.errorOf('role')}
        />
        <FormFailure error={form.failure ?? remove.error} />
        <Actions>
          {!isSelf && (
            <ConfirmButton
              isBusy={remove.isPending}
              onConfirm={() => remove.mutate({ id: member.id }, { onSuccess: onClose })}
            >
              {t('team.remove')}
            </ConfirmButton>
          )}
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Sheet>
  );
}
