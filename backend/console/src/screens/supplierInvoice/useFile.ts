import { useState } from 'react';
import type { SupplierInvoice } from '../../../../client/src/api.js';
import { client } from '../../app/session.js';
import { saveFile } from '../../ui/download.js';
import { useRefusals } from '../../ui/refusals.js';
import { toast } from '../../ui/Toasts.js';

/** Saves the file as it was sent. */
export function useFile({ id, fileName }: SupplierInvoice): { isBusy: boolean; run: () => void } {
  const refusals = useRefusals();
  const [isBusy, setBusy] = useState(false);
  const load = async (): Promise<void> => {
    setBusy(true);
    try {
      const { data } = await client.call('downloadSupplierInvoiceFile', { id });
      saveFile(data.slice(), 'application/octet-stream', fileName);
    } catch (error) {
      toast(refusals.error(error));
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, run: () => void load() };
}
