import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { useMay } from '../../app/me.js';
import { Tabs } from '../../ui/Tabs.js';
import { Orders } from './Orders.js';
import { Suppliers } from './Suppliers.js';

/** Orders from suppliers, and goods on their way. */
export function Screen() {
  const t = useTranslations('purchasing');
  const [params, setParams] = useSearchParams();
  const maySeeSuppliers = useMay('purchasing:read');
  const shown = maySeeSuppliers && params.get('view') === 'suppliers' ? 'suppliers' : 'orders';
  return (
    <div className="screen stack purchasing">
      <h1>{t('title')}</h1>
      {maySeeSuppliers ? (
        <Tabs
          label={t('title')}
          value={shown}
          onChange={(view) => setParams({ view }, { replace: true })}
          tabs={[
            { value: 'orders', label: t('orders'), content: () => <Orders /> },
            { value: 'suppliers', label: t('suppliers'), content: () => <Suppliers /> },
          ]}
        />
      ) : (
        <Orders />
      )}
    </div>
  );
}
