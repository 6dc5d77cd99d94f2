import { useTranslations } from 'use-intl';
import type { CodePool, CodePoolStatus } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Sheet } from '../../ui/Dialog.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { Print } from './Print.js';
import { Refill } from './Refill.js';

const FIGURES = ['available', 'claimed', 'redeemed', 'toGenerate'] as const satisfies readonly (keyof CodePoolStatus)[];
const HOUR_S = 3_600;

/** How many codes a pool has, and what can be done with them. */
export function Pool({ pool, onClose }: { pool: CodePool; onClose: () => void }) {
  const t = useTranslations('codes');
  const mayWrite = useMay('codes:write');
  const status = useCall('getCodePoolStatus', { id: pool.id });
  return (
    <Sheet title={pool.name} onClose={onClose}>
      <div className="stack">
        <p className="muted">{t(`about.${pool.kind}`)}</p>
        <Region query={status} label={t('status')}>
          {(known) => <Figures status={known} />}
        </Region>
        {mayWrite && (pool.kind === 'voucher' || pool.kind === 'pickup') && <Refill pool={pool} />}
        {mayWrite && (pool.kind === 'voucher' || pool.kind === 'table') && <Print pool={pool} />}
      </div>
    </Sheet>
  );
}

function Figures({ status }: { status: CodePoolStatus }) {
  const t = useTranslations('codes');
  const { number } = useFormat();
  const left = status.secondsUntilEmpty;
  return (
    <>
      {left !== null && left < 24 * HOUR_S && (
        <Notice tone="warn">{t('runsOut', { hours: Math.floor(left / HOUR_S) })}</Notice>
      )}
      <dl className="codes-figures">
        {FIGURES.map((name) => (
          <div key={name}>
            <dt className="muted">{t(`figures.${name}`)}</dt>
            <dd className="number">
              <strong>{number(status[name])}</strong>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
