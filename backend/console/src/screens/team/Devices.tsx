import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ApiKey, PairingConfirmationKind } from '../../../../client/src/api.js';
import { useChange, usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog, Sheet } from '../../ui/Dialog.js';
import { type Choice, SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { PagedTable } from '../../ui/PagedTable.js';
import type { Column } from '../../ui/Table.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

const STALE = ['listDevices'] as const;
const KINDS: readonly PairingConfirmationKind[] = ['kitchen_screen', 'till'];

/** Screens and tills: each has a key of its own, which can be taken away. */
export function Devices() {
  const t = useTranslations('team');
  const { moment } = useFormat();
  const [shown, setShown] = useState<string>();
  const [isPairing, setPairing] = useState(false);
  const pages = usePages('listDevices', { query: { limit: 100 } });
  const columns: Column<ApiKey>[] = [
    { id: 'name', label: t('name'), cell: ({ name }) => <strong>{name}</strong>, width: 'minmax(8rem, 2fr)' },
    { id: 'kind', label: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    { id: 'seen', label: t('seen'), cell: ({ lastSeenAt }) => (lastSeenAt === null ? t('never') : moment(lastSeenAt)) },
  ];
  const device = pages.query.data?.find(({ id }) => id === shown);
  return (
    <div className="stack">
      <div>
        <Button look="main" icon="plus" onClick={() => setPairing(true)}>
          {t('pair')}
        </Button>
      </div>
      <PagedTable
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        label={t('devices')}
        onOpen={({ id }) => setShown(id)}
        none={{ icon: 'kitchen', title: t('noDevices'), text: t('noDevicesText') }}
      />
      {isPairing && <Pair onClose={() => setPairing(false)} />}
      {device && <Device device={device} onClose={() => setShown(undefined)} />}
    </div>
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
          <Button
            look="bad"
            isBusy={revoke.isPending}
            onClick={() => revoke.mutate({ id: device.id }, { onSuccess: onClose })}
          >
            {t('team.revoke')}
          </Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Sheet>
  );
}
