import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { client } from '../../app/session.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { saveFile } from '../../ui/download.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Region } from '../../ui/Region.js';

/** The receipt as it is printed; as a PDF, or on paper by the browser. */
export function ReceiptDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const { id, version } = order;
  const [failure, setFailure] = useState<Error>();
  const receipt = useQuery({
    queryKey: ['receiptText', id, version],
    queryFn: () => receiptAs<string>(id, 'text/plain'),
  });
  const save = async (): Promise<void> => {
    setFailure(undefined);
    const pdf = await receiptAs<Uint8Array<ArrayBuffer>>(id, 'application/pdf');
    saveFile(pdf, 'application/pdf', `${order.number}.pdf`);
  };
  return (
    <Dialog title={t('receipt')} onClose={onClose}>
      <Region query={receipt} label={t('receipt')} lines={12}>
        {(text) => (
          <pre className="order__receipt printed" dir="ltr" tabIndex={0} aria-label={t('receipt')}>
            {text}
          </pre>
        )}
      </Region>
      <FormFailure error={failure} />
      <Actions>
        <Button icon="download" onClick={() => void save().catch(setFailure)}>
          {t('pdf')}
        </Button>
        <Button look="main" icon="print" onClick={() => print()}>
          {t('print')}
        </Button>
      </Actions>
    </Dialog>
  );
}

/** @param type of the answer; text for text/plain, bytes for a PDF. */
async function receiptAs<Content>(id: string, type: string): Promise<Content> {
  const { data } = await client.call('getOrderReceipt', { id }, { accept: type });
  // The types of the client describe the answer in JSON; the caller names that of its media type.
  return data as unknown as Content;
}
