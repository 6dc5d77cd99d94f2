import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';

/** Makes an endpoint, and then shows its secret: it is shown this one time. */
export function NewEndpoint({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const [secret, setSecret] = useState<string>();
  const create = useChange('createWebhookEndpoint', ['listWebhookEndpoints']);
  const form = useForm(async ({ url = '', description = '' }) => {
    const body = { url, ...(description === '' ? {} : { description }) };
    setSecret((await create.mutateAsync({ body })).data.secret);
  });
  if (secret !== undefined) return <SecretDialog secret={secret} onClose={onClose} />;
  return (
    <Dialog title={t('webhooks.create')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField
          label={t('webhooks.url')}
          name="url"
          type="url"
          required
          placeholder="https://"
          hint={t('webhooks.urlHint')}
          error={form.errorOf('url')}
        />
        <TextField
          label={t('webhooks.description')}
          name="description"
          maxLength={200}
          error={form.errorOf('description')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('webhooks.create')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useTranslations('webhooks');
  return (
    <Dialog title={t('secretTitle')} onClose={onClose}>
      <TextField label={t('secret')} readOnly value={secret} onFocus={({ target }) => target.select()} />
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
