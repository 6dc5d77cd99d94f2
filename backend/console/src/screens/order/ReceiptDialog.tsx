import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { client } from '../../app/session.js';
import { PrintedDialog } from '../../ui/PrintedDialog.js';

/** The receipt as it is printed. */
export function ReceiptDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const { id, version, number } = order;
  return (
    <PrintedDialog
      title={t('receipt')}
      version={`${id} ${version}`}
      loadText={() => receiptAs<string>(id, 'text/plain')}
      loadPdf={() => receiptAs<Uint8Array>(id, 'application/pdf')}
      fileName={number}
      onClose={onClose}
    />
  );
}

/** @param type of the answer; text for text/plain, bytes for a PDF. */
export async function receiptAs<Content>(id: string, type: string): Promise<Content> {
  const { data } = await client.call('getOrderReceipt', { id }, { accept: type });
  // The types of the client describe the answer in JSON; the caller names that of its media type.
  return data as unknown as Content;
}
