import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { BusinessDay } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { Notice } from '../../ui/Notice.js';
import { CashCount } from './CashCount.js';
import { CloseDialog } from './CloseDialog.js';
import { Figures } from './Figures.js';
import { Unfinished } from './Unfinished.js';
import { ZReport } from './ZReport.js';

/** An open day is counted and closed; a closed one is read and printed. */
export function Day({ day, onClosing }: { day: BusinessDay; onClosing: () => void }) {
  const t = useTranslations('dayClose');
  const format = useFormat();
  const mayClose = useMay('business_days:close');
  const [counted, setCounted] = useState<number>();
  const [isClosing, setClosing] = useState(false);
  const isClosed = day.status === 'closed';
  const close = (): void => {
    onClosing();
    setClosing(true);
  };
  return (
    <>
      <div className="spread">
        <p className="day-close__name">
          {format.day(day.date, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}
        </p>
        <p className="muted">{isClosed ? t('zReport', { number: day.number ?? '' }) : t('xReport')}</p>
      </div>
      {isClosed && <ZReport day={day} />}
      <div className="day-close__columns">
        <Figures day={day} />
        {!isClosed && (
          <div className="day-close__side no-print">
            <Unfinished day={day} />
            {mayClose ? (
              <>
                <CashCount expected={day.cash.expected} onChange={setCounted} />
                <Button look="main" isWide icon="check" onClick={close}>
                  {t('close')}
                </Button>
              </>
            ) : (
              <Notice tone="info">{t('mayNotClose')}</Notice>
            )}
          </div>
        )}
      </div>
      {!isClosed && (
        <p className="muted row no-print">
          <Icon name="help" /> {t('xHint')}
        </p>
      )}
      {isClosing && <CloseDialog day={day} counted={counted} onClose={() => setClosing(false)} />}
    </>
  );
}
