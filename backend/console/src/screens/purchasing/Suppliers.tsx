import { useTranslations } from 'use-intl';
import type { Supplier } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { usePages } from '../../app/queries.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { Money } from '../../ui/Values.js';
import { SupplierSheet } from './SupplierSheet.js';

export function Suppliers() {
  const t = useTranslations('purchasing');
  const isWide = useMedia(WIDE);
  const mayWrite = useMay('purchasing:write');
  const pages = usePages('listSuppliers', { query: { limit: 100 } });
  const name: Column<Supplier> = {
    id: 'name',
    label: t('name'),
    width: 'minmax(8rem, 2fr)',
    cell: (one) => <strong>{one.name}</strong>,
  };
  const phone: Column<Supplier> = {
    id: 'phone',
    label: t('phone'),
    cell: (one) => <bdi dir="ltr">{one.phone ?? '–'}</bdi>,
  };
  const columns: Column<Supplier>[] = isWide
    ? [
        name,
        { id: 'contact', label: t('contact'), cell: (one) => one.contactName ?? '–' },
        phone,
        {
          id: 'lead',
          label: t('leadTime'),
          cell: ({ leadTimeDays }) => (leadTimeDays === null ? '–' : t('leadDays', { count: leadTimeDays })),
        },
        {
          id: 'minimum',
          label: t('minimum'),
          isNumber: true,
          cell: ({ minimumOrder }) => (minimumOrder === null ? '–' : <Money amount={minimumOrder} />),
        },
      ]
    : [name, phone];
  return (
    <RecordList
      pages={pages}
      columns={columns}
      label={t('suppliers')}
      none={{ icon: 'truck', title: t('noSuppliers'), text: t('noSuppliersText') }}
      create={
        mayWrite
          ? { label: t('addSupplier'), dialog: (onClose) => <SupplierSheet supplier={undefined} onClose={onClose} /> }
          : undefined
      }
      details={(supplier, onClose) => <SupplierSheet supplier={supplier} onClose={onClose} />}
    />
  );
}
