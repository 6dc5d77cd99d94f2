import { useIsCutOff } from '../app/useConnection.js';
import { Actions, Button } from './Button.js';
import { FormFailure } from './FormFailure.js';
import { Notice } from './Notice.js';
import type { Form } from './useForm.js';

interface OnlineActionsProps {
  form: Form;
  label: string;
  back: string;
  /** The reason that is shown without a connection. */
  cutOff: string;
  /** All that the server needs is there. */
  isReady?: boolean | undefined;
  isBad?: boolean | undefined;
  onClose: () => void;
}

/** The end of a form that needs the server: refused without a connection, and busy once. */
export function OnlineActions({ form, label, back, cutOff, isReady = true, isBad, onClose }: OnlineActionsProps) {
  const isCutOff = useIsCutOff();
  return (
    <>
      {isCutOff && <Notice tone="warn">{cutOff}</Notice>}
      <FormFailure error={form.failure} />
      <Actions>
        <Button onClick={onClose}>{back}</Button>
        <Button look={isBad ? 'bad' : 'main'} type="submit" isBusy={form.isBusy} disabled={isCutOff || !isReady}>
          {label}
        </Button>
      </Actions>
    </>
  );
}
