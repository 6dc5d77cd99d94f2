import { useTranslations } from 'use-intl';
import { OnlineActions } from '../../ui/OnlineActions.js';
import type { Form } from '../../ui/useForm.js';

interface MoneyActionsProps {
  form: Form;
  label: string;
  isReady?: boolean;
  isBad?: boolean;
  onClose: () => void;
}

/** The end of a form that changes money. */
export function MoneyActions(props: MoneyActionsProps) {
  const t = useTranslations('order');
  return <OnlineActions {...props} back={t('back')} cutOff={t('noMoneyOffline')} />;
}
