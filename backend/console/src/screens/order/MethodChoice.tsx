import { useTranslations } from 'use-intl';
import type { PaymentMethod } from '../../../../client/src/api.js';
import { RadioRow } from '../../ui/RadioRow.js';

const METHODS: readonly PaymentMethod[] = ['cash', 'card', 'voucher', 'other'];

/** The methods of payment, as one row of choices. */
export function MethodChoice({
  value,
  onChange,
  methods = METHODS,
}: {
  value: PaymentMethod;
  onChange: (method: PaymentMethod) => void;
  methods?: readonly PaymentMethod[];
}) {
  const t = useTranslations('order');
  const choices = methods.map((method) => ({ value: method, label: t(`method.${method}`) }));
  return <RadioRow label={t('methodLabel')} name="method" value={value} onChange={onChange} choices={choices} />;
}
