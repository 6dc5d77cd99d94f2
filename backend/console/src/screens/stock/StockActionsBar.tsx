import { useTranslations } from 'use-intl';
import { OnlineActions } from '../../ui/OnlineActions.js';
import type { Form } from '../../ui/useForm.js';

interface StockActionsBarProps {
  form: Form;
  label: string;
  isReady?: boolean;
  isBad?: boolean;
  onClose: () => void;
}

/** The end of a form that moves stock. */
export function StockActionsBar(props: StockActionsBarProps) {
  const t = useTranslations('stock');
  return <OnlineActions {...props} back={t('back')} cutOff={t('noMoveOffline')} />;
}
