import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { WebhookEndpoint } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Sheet } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { toast } from '../../ui/Toasts.js';
import { SecretDialog } from './NewEndpoint.js';

const STALE = ['listWebhookEndpoints', 'listWebhookDeliveries'] as const;

export function Endpoint({ endpoint, onClose }: { endpoint: WebhookEndpoint; onClose: () => void }) {
  const t = useTranslations('webhooks');
  const { date } = useFormat();
  const mayWrite = useMay('webhooks:write');
  const { id, url, description, types, state, disabledAt, disabledReason } = endpoint;
  return (
    <Sheet title={url} onClose={onClose}>
      <div className="stack">
        {description !== null && <p>{description}</p>}
        {disabledAt !== null && (
          <Notice tone="bad">
            <span>{t(`reasons.${disabledReason ?? 'switched_off'}`, { time: date(disabledAt) })}</span>
          </Notice>
        )}
        <p>{types === null ? t('allTypes') : types.join(', ')}</p>
        {mayWrite && <EndpointActions id={id} isEnabled={state === 'enabled'} onClose={onClose} />}
      </div>
    </Sheet>
  );
}

function EndpointActions({ id, isEnabled, onClose }: { id: string; isEnabled: boolean; onClose: () => void }) {
  const t = useTranslations('webhooks');
  const [secret, setSecret] = useState<string>();
  const test = useChange('testWebhookEndpoint', STALE);
  const enable = useChange('enableWebhookEndpoint', STALE);
  const disable = useChange('disableWebhookEndpoint', STALE);
  const rotate = useChange('rotateWebhookSecret');
  const remove = useChange('deleteWebhookEndpoint', STALE);
  const failed = [test, enable, disable, rotate, remove].find(({ error }) => error !== null);
  return (
    <>
      <FormFailure error={failed?.error} />
      <Actions>
        <ConfirmButton isBusy={remove.isPending} onConfirm={() => remove.mutate({ id }, { onSuccess: onClose })}>
          {t('delete')}
        </ConfirmButton>
        <Button
          isBusy={rotate.isPending}
          onClick={() => rotate.mutate({ id }, { onSuccess: ({ data }) => setSecret(data.secret) })}
        >
          {t('rotate')}
        </Button>
        {isEnabled ? (
          <>
            <Button isBusy={disable.isPending} onClick={() => disable.mutate({ id })}>
              {t('disable')}
            </Button>
            <Button
              look="main"
              isBusy={test.isPending}
              onClick={() => test.mutate({ id }, { onSuccess: () => toast(t('tested')) })}
            >
              {t('test')}
            </Button>
          </>
        ) : (
          <Button look="main" isBusy={enable.isPending} onClick={() => enable.mutate({ id })}>
            {t('enable')}
          </Button>
        )}
      </Actions>
      {secret !== undefined && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  );
}
