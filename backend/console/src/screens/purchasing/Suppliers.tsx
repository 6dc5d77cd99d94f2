import { useTranslations } from 'use-intl';
import type { Supplier } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useCall, usePages } from '../../app/queries.js';
import { useAsked } from '../../app/useAsked.js';
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
    <>
      <RecordList
        pages={pages}
        columns={columns}
        label={t('suppliers')}
        none={{ icon: 'truck', title: t('noSuppliers'), text: t('noSuppliersText') }}
        create={
          mayWrite
            ? {
                label: t('addSupplier'),
                name: 'supplier',
                dialog: (onClose) => <SupplierSheet supplier={undefined} onClose={onClose} />,
              }
            : undefined
        }
        details={(supplier, onClose) => <SupplierSheet supplier={supplier} onClose={onClose} />}
      />
      <AskedSupplier />
    </>
  );
}

/** The supplier that the address names: it may be far down in the list. */
function AskedSupplier() {
  const [id, setAsked] = useAsked('supplier');
  const supplier = useCall('getSupplier', { id: id ?? '' }, { enabled: id !== undefined });
  if (id === undefined || !supplier.data) return null;
  return <SupplierSheet key={id} supplier={supplier.data} onClose={() => setAsked(undefined)} />;
}
