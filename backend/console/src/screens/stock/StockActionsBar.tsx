import { useTranslations } from 'use-intl';
import { useIsCutOff } from '../../app/useConnection.js';
import { Actions, Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import type { Form } from '../../ui/useForm.js';

/** The end of a form that moves stock: refused without a connection, and busy once. */
export function StockActionsBar({
  form,
  label,
  isReady = true,
  isBad,
  onClose,
}: {
  form: Form;
  label: string;
  isReady?: boolean;
  isBad?: boolean;
  onClose: () => void;
}) {
  const t = useTranslations('stock');
  const isCutOff = useIsCutOff();
  return (
    <>
      {isCutOff && <Notice tone="warn">{t('noMoveOffline')}</Notice>}
      <FormFailure error={form.failure} />
      <Actions>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button look={isBad ? 'bad' : 'main'} type="submit" isBusy={form.isBusy} disabled={isCutOff || !isReady}>
          {label}
        </Button>
      </Actions>
    </>
  );
}
