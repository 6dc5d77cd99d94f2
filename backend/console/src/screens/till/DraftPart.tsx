import { useTranslations } from 'use-intl';
import type { MenuCategoryItem } from '../../../../client/src/api.js';
import { ServioError } from '../../../../client/src/client.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { type Draft, isWaiting } from './draft.js';
import { DraftLines } from './DraftLines.js';
import { PlaceFields } from '../order/PlaceFields.js';
import type { Prices } from './usePrices.js';
import type { Sending } from './useSending.js';
import type { Taking } from './useTaking.js';

interface DraftPartProps {
  draft: Draft;
  items: ReadonlyMap<string, MenuCategoryItem>;
  taking: Taking;
  prices: Prices;
  sending: Sending;
}

/** The lines of a draft, and where the next ones go. */
export function DraftPart({ draft, items, taking, prices, sending }: DraftPartProps) {
  return (
    <>
      <div className="till-place">
        <PlaceFields
          type={draft.type}
          value={taking.place}
          onChange={taking.setPlace}
          {...(draft.guests !== null && { seats: draft.guests })}
        />
      </div>
      <DraftLines
        lines={draft.lines}
        prices={prices.lines}
        faults={new Map([...sending.faults, ...prices.faults])}
        items={items}
        taking={taking}
        isLocked={isWaiting(draft)}
      />
    </>
  );
}

function isOfTime({ pointer }: { pointer: string }): boolean {
  return pointer === '/scheduledFor';
}

/** Why a draft is not sent: no connection, no answer yet, or a refusal. */
export function DraftNotices({
  draft,
  prices,
  sending,
  onHead,
}: Omit<DraftPartProps, 'items' | 'taking'> & { onHead?: () => void }) {
  const t = useTranslations('till');
  const isCutOff = useIsCutOff();
  const refusal = sending.failure ?? prices.error;
  const isUnanswered = isWaiting(draft) && !sending.isBusy;
  if (isCutOff) return <Notice tone="warn">{t(isUnanswered ? 'cutOffSent' : 'cutOff')}</Notice>;
  if (isUnanswered)
    return (
      <Notice tone="warn">
        <span>{t('noAnswer')}</span>
        <Button icon="refresh" onClick={sending.send}>
          {t('sendAgain')}
        </Button>
      </Notice>
    );
  const wrongTime = refusal instanceof ServioError ? refusal.problem.errors?.find(isOfTime) : undefined;
  if (wrongTime && onHead)
    return (
      <Notice tone="warn">
        <span>{wrongTime.message}</span>
        <Button icon="edit" onClick={onHead}>
          {t('changeTime')}
        </Button>
      </Notice>
    );
  if (prices.faults.size > 0 || sending.faults.size > 0) return <Notice tone="warn">{t('changedMeanwhile')}</Notice>;
  return <FormFailure error={refusal} />;
}
