import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuBulkChange, MenuBulkInput, MenuBulkOutcome, PriceChange } from '../../../../client/src/api.js';
import { useCall, useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { isConflict } from '../../ui/Conflict.js';
import { Dialog } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { Table } from '../../ui/Table.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { useRested } from '../../ui/useRested.js';
import { FIRST_DRAFT, PriceFields, priceChangeOf } from './PriceFields.js';

const STALE = ['listMenuItems', 'listModifierGroups'] as const;

/** New prices for several dishes: each is seen before and after; all change or none. */
export function BulkDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const t = useTranslations('menu');
  const isCutOff = useIsCutOff();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const price = useRested<PriceChange | null>(priceChangeOf(draft) ?? null);
  const body: MenuBulkInput = { select: { menuItemIds: [...ids] }, ...(price && { price }) };
  const preview = useCall('changeMenuInBulk', { body: { ...body, dryRun: true } }, { enabled: price !== null });
  const change = useChange('changeMenuInBulk', STALE);
  const isCurrent = JSON.stringify(priceChangeOf(draft) ?? null) === JSON.stringify(price);
  const form = useForm(async () => {
    if (!preview.data) return;
    try {
      const { data } = await change.mutateAsync({ body: { ...body, versions: preview.data.versions }, key });
      toast(t('pricesChanged', { count: data.changes.length }));
      onClose();
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Other prices would change by now: they are shown, and the person decides again.
      setKey(crypto.randomUUID());
      await preview.refetch();
      throw error;
    }
  });
  const count = preview.data?.changes.length ?? 0;
  return (
    <Dialog title={t('changePrices', { count: ids.length })} onClose={onClose} size="large">
      <form className="stack" onSubmit={form.onSubmit}>
        <PriceFields draft={draft} onChange={setDraft} errorOf={form.errorOf} />
        {price !== null && (
          <Region query={preview} label={t('preview')}>
            {(outcome) => <Preview outcome={outcome} />}
          </Region>
        )}
        {isCutOff && <Notice tone="warn">{t('noEditOffline')}</Notice>}
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            look="main"
            type="submit"
            isBusy={form.isBusy}
            disabled={isCutOff || !isCurrent || count === 0 || preview.isFetching}
          >
            {t('applyPrices', { count })}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function Preview({ outcome: { changes, unchanged } }: { outcome: MenuBulkOutcome }) {
  const t = useTranslations('menu');
  const { money, percent } = useFormat();
  if (changes.length === 0) return <p className="muted">{t('nothingChanges')}</p>;
  const shareOf = ({ before, after }: MenuBulkChange): string =>
    before.price === 0 ? '' : percent((after.price - before.price) / before.price);
  return (
    <>
      <Table
        caption={t('preview')}
        rows={changes}
        keyOf={({ id }) => id}
        columns={[
          { id: 'name', label: t('name'), cell: ({ name }) => name },
          { id: 'before', label: t('before'), isNumber: true, cell: ({ before }) => money(before.price) },
          {
            id: 'after',
            label: t('after'),
            isNumber: true,
            cell: ({ after }) => <strong>{money(after.price)}</strong>,
          },
          { id: 'share', label: t('difference'), isNumber: true, cell: shareOf },
        ]}
      />
      {unchanged > 0 && <p className="muted">{t('unchanged', { count: unchanged })}</p>}
    </>
  );
}
