import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { OperationName } from '../../../client/src/client.js';
import type { Takes } from '../app/queries.js';
import { client } from '../app/session.js';
import { Button } from './Button.js';
import { saveFile } from './download.js';
import { useRefusals } from './refusals.js';
import { toast } from './Toasts.js';

interface ExportButtonProps<Name extends OperationName> {
  /** A list or a report. */
  name: Name;
  takes: Takes<Name>;
  /** Without its ending. */
  fileName: string;
}

/** Saves the whole of a list, with its filters, for a spreadsheet. */
export function ExportButton<Name extends OperationName>({ name, takes, fileName }: ExportButtonProps<Name>) {
  const t = useTranslations('paper');
  const refusals = useRefusals();
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    const { query } = takes as { query?: object };
    const { data } = await client.call(name, { ...takes, query: { ...query, format: 'csv' } });
    // With a format, the answer is a text. Its mark at the start was lost in reading; spreadsheets
    // need it.
    saveFile(`\ufeff${data as unknown as string}`, 'text/csv', `${fileName}.csv`);
  };
  const press = (): void => {
    setBusy(true);
    save()
      .catch((error: unknown) => toast(refusals.error(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Button className="no-print" icon="download" isBusy={isBusy} onClick={press}>
      {t('csv')}
    </Button>
  );
}
