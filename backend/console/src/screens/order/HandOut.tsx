import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ClaimedCode } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';
import type { LineFormProps } from './lineForm.js';
import { MoneyActions } from './MoneyActions.js';

/** Hands out the vouchers that the line sold. Their codes are shown once. */
export function HandOut({ order, line, onClose }: LineFormProps) {
  const t = useTranslations('order');
  const [key] = useState(() => crypto.randomUUID());
  const [codes, setCodes] = useState<readonly ClaimedCode[]>();
  const claim = useChange('handOutVouchers', ['listCodePoolCodes', 'getCodePoolStatus']);
  const form = useForm(async ({ holder = '' }) => {
    const body = holder.trim() === '' ? {} : { holder: holder.trim() };
    setCodes((await claim.mutateAsync({ id: order.id, lineId: line.id, body, key })).data.data);
  });
  if (codes) return <Codes codes={codes} onClose={onClose} />;
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <p className="muted">{t('handOutText')}</p>
      <TextField
        label={t('holder')}
        hint={t('holderHint')}
        name="holder"
        autoComplete="off"
        error={form.errorOf('holder')}
      />
      <MoneyActions form={form} label={t('lineActions.vouchers')} onClose={onClose} />
    </form>
  );
}

function Codes({ codes, onClose }: { codes: readonly ClaimedCode[]; onClose: () => void }) {
  const t = useTranslations('order');
  const { money, day } = useFormat();
  return (
    <>
      <Notice tone="warn">{t('codesOnce')}</Notice>
      <ul className="order__moved">
        {codes.map(({ code, value, expiresAt }) => (
          <li key={code}>
            <span className="order__line-text">
              <strong className="order__code" dir="ltr">
                {code}
              </strong>
              {expiresAt && <span className="muted">{t('validUntil', { day: day(expiresAt.slice(0, 10)) })}</span>}
            </span>
            {value !== undefined && <span className="number">{money(value)}</span>}
          </li>
        ))}
      </ul>
      <Actions>
        <Button look="main" onClick={onClose}>
          {t('finished')}
        </Button>
      </Actions>
    </>
  );
}
