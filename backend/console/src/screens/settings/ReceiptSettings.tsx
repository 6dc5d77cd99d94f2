import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useCall } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { TextArea } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Region } from '../../ui/Region.js';
import { useForm } from '../../ui/useForm.js';
import { receiptAs } from '../order/ReceiptDialog.js';
import { useRestaurantEdit } from './useRestaurantEdit.js';
import type { SettingsForm } from './WithRestaurant.js';

/** The words below a receipt, beside the newest receipt as it is printed with them. */
export function ReceiptSettings({ restaurant, onTake }: SettingsForm) {
  const t = useTranslations();
  const [send, choice] = useRestaurantEdit(restaurant, onTake);
  const form = useForm(({ receiptFooter }) => send({ receiptFooter: receiptFooter || null }));
  return (
    <div className="settings__pair">
      <form className="card stack" onSubmit={form.onSubmit}>
        <p className="muted">{t('settings.headerText')}</p>
        <TextArea
          label={t('settings.fields.receiptFooter')}
          hint={t('settings.footerHint')}
          name="receiptFooter"
          maxLength={1000}
          defaultValue={restaurant.receiptFooter ?? ''}
          error={form.errorOf('receiptFooter')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
        {choice}
      </form>
      <Preview version={restaurant.version} />
    </div>
  );
}

function Preview({ version }: { version: number }) {
  const t = useTranslations('settings');
  const newest = useCall('listOrders', { query: { limit: 1 } });
  const id = newest.data?.data[0]?.id;
  const text = useQuery({
    queryKey: ['receipt preview', id, version],
    queryFn: () => receiptAs<string>(id ?? '', 'text/plain'),
    enabled: id !== undefined,
    placeholderData: (before) => before,
  });
  return (
    <section className="card stack" aria-labelledby="settings-preview">
      <h2 id="settings-preview">{t('preview')}</h2>
      <Region
        query={newest}
        label={t('preview')}
        isEmpty={({ data }) => data.length === 0}
        empty={<Empty icon="orders" title={t('noReceipt')} text={t('noReceiptText')} />}
      >
        {() => (
          <Region query={text} label={t('preview')} lines={12}>
            {(known) => (
              <pre className="printed" dir="ltr" tabIndex={0} aria-label={t('preview')}>
                {known}
              </pre>
            )}
          </Region>
        )}
      </Region>
    </section>
  );
}
