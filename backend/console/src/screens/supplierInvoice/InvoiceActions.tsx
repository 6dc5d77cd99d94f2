import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { SupplierInvoice } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { ApproveDialog, ReasonDialog } from './Decisions.js';

const STALE = ['getSupplierInvoice', 'listSupplierInvoices'] as const;
type Asked = 'approve' | 'reject' | 'reverse';

/** The actions that a paper allows in its state. */
export function InvoiceActions({ invoice }: { invoice: SupplierInvoice }) {
  const t = useTranslations('supplierInvoice');
  const [asked, ask] = useState<Asked>();
  const mayWrite = useMay('purchasing:write');
  const post = useChange('postSupplierInvoice', [...STALE, 'listInventoryItems', 'listGoodsReceipts']);
  const again = useChange('reprocessSupplierInvoice', STALE);
  if (!mayWrite) return null;
  const { id, status, version, fileRemovedAt } = invoice;
  const isIn = (...statuses: (typeof status)[]): boolean => statuses.includes(status);
  const takes = { id, ifMatch: `"${version}"` };
  return (
    <>
      <FormFailure error={post.error ?? again.error} />
      <div className="supplier-invoice__actions no-print">
        {isIn('review') && (
          <Button look="main" icon="check" onClick={() => ask('approve')}>
            {t('approve')}
          </Button>
        )}
        {isIn('approved') && (
          <Button
            look="main"
            icon="stock"
            isBusy={post.isPending}
            onClick={() => post.mutate(takes, { onSuccess: () => toast(t('posted')) })}
          >
            {t('post')}
          </Button>
        )}
        {isIn('review', 'approved', 'failed', 'rejected', 'reversed') && fileRemovedAt === null && (
          <Button icon="refresh" isBusy={again.isPending} onClick={() => again.mutate(takes)}>
            {t('readAgain')}
          </Button>
        )}
        {isIn('review', 'approved', 'failed') && (
          <Button look="bad" onClick={() => ask('reject')}>
            {t('reject')}
          </Button>
        )}
        {isIn('posted') && (
          <Button look="bad" icon="undo" onClick={() => ask('reverse')}>
            {t('reverse')}
          </Button>
        )}
      </div>
      {asked === 'approve' && <ApproveDialog invoice={invoice} onClose={() => ask(undefined)} />}
      {(asked === 'reject' || asked === 'reverse') && (
        <ReasonDialog kind={asked} invoice={invoice} onClose={() => ask(undefined)} />
      )}
    </>
  );
}
