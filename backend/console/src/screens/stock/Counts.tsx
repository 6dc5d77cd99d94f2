import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { useAll, useCall, useChange } from '../../app/queries.js';
import { useAsked } from '../../app/useAsked.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Icon } from '../../ui/Icon.js';
import { useForm } from '../../ui/useForm.js';

const SHOWN = 20;

/** Counts that are open, and the start of a new one. */
export function Counts() {
  const t = useTranslations('stock');
  const { moment } = useFormat();
  const [asked, setAsked] = useAsked('new');
  const counts = useCall('listStockCounts', { query: { limit: SHOWN } });
  const open = counts.data?.data.filter(({ status }) => status === 'open') ?? [];
  return (
    <>
      {open.map(({ id, createdAt, countedItemCount, itemCount }) => (
        <Link key={id} href={`/stock/counts/${id}`} className="card stock__count">
          <Icon name="list" />
          <span>{t('openCount', { time: moment(createdAt) })}</span>
          <span className="muted number">{t('progress', { counted: countedItemCount, all: itemCount })}</span>
        </Link>
      ))}
      <Button icon="plus" onClick={() => setAsked('count')}>
        {t('startCount')}
      </Button>
      {asked === 'count' && <StartDialog onClose={() => setAsked(undefined)} />}
    </>
  );
}

/** Blind, as a rule: whoever knows the expected quantity finds it. */
function StartDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('stock');
  const [, go] = useLocation();
  const locations = useAll('listStockLocations', { query: { limit: 100 } });
  const start = useChange('openStockCount', ['listStockCounts']);
  const form = useForm(async ({ locationId = '' }) => {
    const { data } = await start.mutateAsync({ body: locationId === '' ? {} : { locationId } });
    go(`/stock/counts/${data.id}`);
  });
  return (
    <Dialog title={t('startCount')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{t('countText')}</p>
        <SelectField
          label={t('place')}
          name="locationId"
          choices={[
            { value: '', label: t('everywhere') },
            ...(locations.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          error={form.errorOf('locationId')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('start')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
