import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { SupplierInvoicesUploaded } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';

const ACCEPTED = '.pdf,.xml,.csv,.jpg,.jpeg,.png,.webp,.heic,application/pdf,image/*';

/** Takes papers of suppliers: photographed with the camera of a phone, or chosen as files. */
export function Upload({ onDone }: { onDone?: (uploaded: SupplierInvoicesUploaded) => void }) {
  const t = useTranslations('supplierInvoices');
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const upload = useChange('uploadSupplierInvoices', ['listSupplierInvoices']);
  const send = (input: HTMLInputElement): void => {
    const chosen = [...(input.files ?? [])];
    // The same file may be chosen again after a failure.
    input.value = '';
    if (chosen.length === 0) return;
    const body = new FormData();
    for (const file of chosen) body.append('files', file, file.name);
    upload.mutate(
      { body },
      {
        onSuccess: ({ data }) => {
          const known = data.data.filter(({ isDuplicate }) => isDuplicate).length;
          toast(
            known > 0
              ? t('uploadedKnown', { count: data.data.length, known })
              : t('uploaded', { count: data.data.length }),
          );
          onDone?.(data);
        },
      },
    );
  };
  return (
    <div className="stack">
      <div className="row">
        <Button look="main" icon="photo" isBusy={upload.isPending} onClick={() => camera.current?.click()}>
          {t('photograph')}
        </Button>
        <Button icon="upload" isBusy={upload.isPending} onClick={() => files.current?.click()}>
          {t('chooseFiles')}
        </Button>
      </div>
      <input
        ref={camera}
        type="file"
        hidden
        accept="image/*"
        capture="environment"
        onChange={({ currentTarget }) => send(currentTarget)}
      />
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        onChange={({ currentTarget }) => send(currentTarget)}
      />
      <FormFailure error={upload.error} />
    </div>
  );
}
