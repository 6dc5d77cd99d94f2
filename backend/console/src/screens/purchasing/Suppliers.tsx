import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Supplier } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { usePages } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { PagedTable } from '../../ui/PagedTable.js';
import type { Column } from '../../ui/Table.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { Money } from '../../ui/Values.js';
import { SupplierSheet } from './SupplierSheet.js';

export function Suppliers() {
  const t = useTranslations('purchasing');
  const isWide = useMedia(WIDE);
  const mayWrite = useMay('purchasing:write');
  const [shown, setShown] = useState<string>();
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
  const supplier = pages.query.data?.find(({ id }) => id === shown);
  return (
    <div className="stack">
      {mayWrite && (
        <div>
          <Button look="main" icon="plus" onClick={() => setShown('new')}>
            {t('addSupplier')}
          </Button>
        </div>
      )}
      <PagedTable
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        label={t('suppliers')}
        none={{ icon: 'truck', title: t('noSuppliers'), text: t('noSuppliersText') }}
        onOpen={({ id }) => setShown(id)}
      />
      {(supplier ?? shown === 'new') && (
        <SupplierSheet key={supplier?.id} supplier={supplier} onClose={() => setShown(undefined)} />
      )}
    </div>
  );
}
