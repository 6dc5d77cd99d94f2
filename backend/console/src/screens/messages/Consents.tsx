import { useTranslations } from 'use-intl';
import type { Consent, PrintLanguage } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { LANGUAGE_CHOICES } from '../../app/preferences.js';
import { useChange, usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Dialog, Sheet } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { useForm } from '../../ui/useForm.js';

const STALE = ['listConsents'] as const;

/** Numbers of guests, and whether they may be texted. */
export function Consents() {
  const t = useTranslations('messages');
  const { moment } = useFormat();
  const mayWrite = useMay('messages:write');
  const pages = usePages('listConsents', { query: { limit: 50 } });
  const columns: Column<Consent>[] = [
    { id: 'phone', label: t('phone'), cell: ({ phone }) => <bdi dir="ltr">{phone}</bdi>, width: 'minmax(8rem, 2fr)' },
    { id: 'status', label: t('status'), cell: (consent) => <Agreed consent={consent} /> },
    { id: 'source', label: t('source'), cell: ({ source }) => t(`sources.${source}`) },
    { id: 'at', label: t('at'), cell: ({ updatedAt }) => moment(updatedAt) },
  ];
  return (
    <RecordList
      pages={pages}
      columns={columns}
      label={t('views.consents')}
      none={{ icon: 'person', title: t('noConsents'), text: t('noConsentsText') }}
      create={mayWrite ? { label: t('newConsent'), dialog: (onClose) => <NewConsent onClose={onClose} /> } : undefined}
      details={mayWrite ? (consent, onClose) => <ConsentSheet consent={consent} onClose={onClose} /> : undefined}
    />
  );
}

function Agreed({ consent: { status } }: { consent: Consent }) {
  const t = useTranslations('messages.consent');
  return <Chip tone={status === 'granted' ? 'ok' : 'warn'}>{t(status)}</Chip>;
}

function NewConsent({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const record = useChange('recordConsent', STALE);
  const form = useForm(async ({ phone = '', language }) => {
    // The choices of the field are the languages.
    await record.mutateAsync({ body: { phone, language: language as PrintLanguage } });
    onClose();
  });
  return (
    <Dialog title={t('messages.newConsent')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p className="muted">{t('messages.newConsentText')}</p>
        <TextField
          label={t('messages.phone')}
          hint={t('messages.phoneHint')}
          name="phone"
          type="tel"
          dir="ltr"
          required
          error={form.errorOf('phone')}
        />
        <SelectField
          label={t('messages.language')}
          name="language"
          choices={LANGUAGE_CHOICES}
          error={form.errorOf('language')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function ConsentSheet({ consent, onClose }: { consent: Consent; onClose: () => void }) {
  const t = useTranslations('messages');
  const forget = useChange('forgetConsent', STALE);
  return (
    <Sheet title={consent.phone} onClose={onClose}>
      <div className="stack">
        <div>
          <Agreed consent={consent} />
        </div>
        {consent.isFinal && <p>{t('final')}</p>}
        <p className="muted">{t('forgetText')}</p>
        <FormFailure error={forget.error} />
        <Actions>
          <ConfirmButton
            isBusy={forget.isPending}
            onConfirm={() => forget.mutate({ id: consent.id }, { onSuccess: onClose })}
          >
            {t('forget')}
          </ConfirmButton>
        </Actions>
      </div>
    </Sheet>
  );
}
