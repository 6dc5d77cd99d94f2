import { useTranslations } from 'use-intl';
import type { ApiKey, PairingConfirmationKind } from '../../../../client/src/api.js';
import { useChange, usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Dialog, Sheet } from '../../ui/Dialog.js';
import { type Choice, SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

const STALE = ['listDevices'] as const;
const KINDS: readonly PairingConfirmationKind[] = ['kitchen_screen', 'till'];

/** Screens and tills: each has a key of its own, which can be taken away. */
export function Devices() {
  const t = useTranslations('team');
  const { moment } = useFormat();
  const pages = usePages('listDevices', { query: { limit: 100 } });
  const columns: Column<ApiKey>[] = [
    { id: 'name', label: t('name'), cell: ({ name }) => <strong>{name}</strong>, width: 'minmax(8rem, 2fr)' },
    { id: 'kind', label: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    { id: 'seen', label: t('seen'), cell: ({ lastSeenAt }) => (lastSeenAt === null ? t('never') : moment(lastSeenAt)) },
  ];
  return (
    <RecordList
      pages={pages}
      columns={columns}
      label={t('devices')}
      none={{ icon: 'kitchen', title: t('noDevices'), text: t('noDevicesText') }}
      create={{ label: t('pair'), dialog: (onClose) => <Pair onClose={onClose} /> }}
      details={(device, onClose) => <Device device={device} onClose={onClose} />}
    />
  );
}

function Pair({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const pair = useChange('pairDevice', STALE);
  const kinds: Choice[] = KINDS.map((value) => ({ value, label: t(`team.kinds.${value}`) }));
  const form = useForm(async ({ userCode = '', name = '', kind }) => {
    // The choices of the field are the kinds.
    await pair.mutateAsync({ body: { userCode, name, kind: kind as PairingConfirmationKind } });
    toast(t('team.paired', { name }));
    onClose();
  });
  return (
    <Dialog title={t('team.pair')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{t('team.pairText')}</p>
        <TextField
          label={t('team.code')}
          name="userCode"
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          error={form.errorOf('userCode')}
        />
        <TextField
          label={t('team.name')}
          name="name"
          required
          maxLength={100}
          hint={t('team.deviceHint')}
          error={form.errorOf('name')}
        />
        <SelectField label={t('team.kind')} name="kind" choices={kinds} error={form.errorOf('kind')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('team.pair')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function Device({ device, onClose }: { device: ApiKey; onClose: () => void }) {
  const t = useTranslations();
  const rename = useChange('changeDevice', STALE);
  const revoke = useChange('revokeDevice', STALE);
  const form = useForm(async ({ name = '' }) => {
    await rename.mutateAsync({ id: device.id, body: { name }, ifMatch: `"${device.version}"` });
    onClose();
  });
  return (
    <Sheet title={device.name} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField
          label={t('team.name')}
          name="name"
          required
          maxLength={100}
          defaultValue={device.name}
          error={form.errorOf('name')}
        />
        <p className="muted">{t('team.revokeText')}</p>
        <FormFailure error={form.failure ?? revoke.error} />
        <Actions>
          <ConfirmButton
            isBusy={revoke.isPending}
            onConfirm={() => revoke.mutate({ id: device.id }, { onSuccess: onClose })}
          >
            {t('team.revoke')}
          </ConfirmButton>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Sheet>
  );
}
