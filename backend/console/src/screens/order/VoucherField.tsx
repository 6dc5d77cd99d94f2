import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Code } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import type { Form } from '../../ui/useForm.js';

/**
 * The code of a voucher, and what is left on it for those who may look it up.
 * @param onBalance what it can pay, minor units.
 */
export function VoucherField({
  code,
  onChange,
  onBalance,
  form,
}: {
  code: string;
  onChange: (code: string) => void;
  onBalance: (balance: number) => void;
  form: Form;
}) {
  const t = useTranslations('order');
  const mayLook = useMay('codes:read');
  const [found, setFound] = useState<Code>();
  const look = useChange('lookUpCode');
  const run = (): void =>
    look.mutate(
      { body: { code: code.trim() } },
      {
        onSuccess: ({ data }) => {
          setFound(data);
          if (data.balance > 0) onBalance(data.balance);
        },
      },
    );
  return (
    <>
      <TextField
        label={t('voucherCode')}
        autoComplete="off"
        dir="ltr"
        value={code}
        onChange={({ target }) => {
          setFound(undefined);
          look.reset();
          onChange(target.value);
        }}
        error={form.errorOf('code')}
      />
      {mayLook && code.trim() !== '' && (
        <div>
          <Button icon="search" isBusy={look.isPending} onClick={run}>
            {t('checkVoucher')}
          </Button>
        </div>
      )}
      {found && <Left code={found} />}
      <FormFailure error={look.error} />
    </>
  );
}

function Left({ code: { balance, status, expiresAt } }: { code: Code }) {
  const t = useTranslations('order');
  const { money, date } = useFormat();
  return (
    <Notice tone={balance > 0 ? 'info' : 'warn'}>
      <span>{t('voucherLeft', { amount: money(balance), status: t(`codeStatus.${status}`) })}</span>
      {expiresAt !== null && <span className="muted">{t('validUntil', { day: date(expiresAt) })}</span>}
    </Notice>
  );
}
