import { useTranslations } from 'use-intl';
import { useTagged } from '../../app/queries.js';
import { Sheet } from '../../ui/Dialog.js';
import { Region } from '../../ui/Region.js';
import { Detail } from './Detail.js';

/** One order beside the list. */
export function OrderSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('order');
  const order = useTagged('getOrder', { id });
  return (
    <Sheet title={order.data ? t('name', { number: order.data.data.number }) : t('title')} onClose={onClose}>
      <Region query={order} label={t('title')} lines={10}>
        {({ data, etag }) => <Detail key={data.id} order={data} etag={etag ?? ''} />}
      </Region>
    </Sheet>
  );
}
