import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { FormFailure } from '../../ui/FormFailure.js';

/**
 * What a change would make of the bill, as the server answers it to a dry run.
 * @param after undefined: nothing is chosen yet.
 */
export function Rehearsal({ before, after }: { before: Order; after: UseQueryResult<Order> }) {
  const t = useTranslations('order');
  if (after.error) return <FormFailure error={after.error} />;
  const { data } = after;
  return (
    <dl className="order__rehearsal" aria-live="polite" aria-busy={after.isFetching}>
      <Change label={t('total')} from={before.total} to={data?.total} />
      {before.dueTotal !== before.total && <Change label={t('due')} from={before.dueTotal} to={data?.dueTotal} />}
      {data !== undefined && data.dueTotal < 0 && <p className="order__owed">{t('owesAfter')}</p>}
    </dl>
  );
}

function Change({ label, from, to }: { label: string; from: number; to: number | undefined }) {
  const t = useTranslations('order');
  const { money } = useFormat();
  return (
    <div>
      <dt>{label}</dt>
      <dd className="number">
        <span className="hidden-text">{t('before')}</span>
        <s className="muted">{money(from)}</s> <span className="hidden-text">{t('after')}</span>
        <strong>{to === undefined ? '–' : money(to)}</strong>
      </dd>
    </div>
  );
}
