import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { PurchaseOrderProposals } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Icon } from '../../ui/Icon.js';
import { Money } from '../../ui/Values.js';

/** Drafts orders for what runs low, and says what was left out and why. */
export function Proposals({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const propose = useChange('proposePurchaseOrders', ['listPurchaseOrders']);
  const found = propose.data?.data;
  return (
    <Dialog title={t('purchasing.propose')} onClose={onClose}>
      {found ? <Found found={found} /> : <p>{t('purchasing.proposeText')}</p>}
      <FormFailure error={propose.error} />
      <Actions>
        {found ? (
          <Button look="main" onClick={onClose}>
            {t('close')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button look="main" isBusy={propose.isPending} onClick={() => propose.mutate({})}>
              {t('purchasing.draftThem')}
            </Button>
          </>
        )}
      </Actions>
    </Dialog>
  );
}

function Found({ found: { orders, skipped } }: { found: PurchaseOrderProposals }) {
  const t = useTranslations('purchasing');
  return (
    <>
      <p role="status">{t('drafted', { count: orders.length })}</p>
      <ul className="purchasing__list">
        {orders.map((order) => (
          <li key={order.id}>
            <Link href={`/purchasing/${order.id}`} className="purchasing__entry">
              <span className="purchasing__two">
                <strong>{order.supplierName}</strong>
                <span className="muted">{order.lines.map(({ name }) => name).join(', ')}</span>
              </span>
              <Money amount={order.total} />
              <Icon name="onward" />
            </Link>
          </li>
        ))}
      </ul>
      {skipped.length > 0 && (
        <>
          <h3>{t('skipped')}</h3>
          <ul className="purchasing__list">
            {skipped.map(({ inventoryItemId, name, reason }) => (
              <li key={inventoryItemId} className="purchasing__two purchasing__skipped">
                <strong>{name}</strong>
                <span className="muted">{t(`skippedBecause.${reason}`)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
