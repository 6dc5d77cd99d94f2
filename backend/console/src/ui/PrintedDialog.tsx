import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Actions, Button } from './Button.js';
import { Dialog } from './Dialog.js';
import { saveFile } from './download.js';
import { FormFailure } from './FormFailure.js';
import { Region } from './Region.js';

interface PrintedDialogProps {
  title: string;
  /** The key of the text, such as the id and version of its thing. */
  version: string;
  loadText: () => Promise<string>;
  loadPdf: () => Promise<Uint8Array>;
  /** Without its ending. */
  fileName: string;
  onClose: () => void;
}

/** A paper as it is printed: shown, saved as a PDF, or brought onto paper by the browser. */
export function PrintedDialog({ title, version, loadText, loadPdf, fileName, onClose }: PrintedDialogProps) {
  const t = useTranslations('paper');
  const [failure, setFailure] = useState<Error>();
  const text = useQuery({ queryKey: ['printed', version], queryFn: loadText });
  const save = async (): Promise<void> => {
    setFailure(undefined);
    // A copy in memory of its own is what a file can be made of.
    saveFile(new Uint8Array(await loadPdf()), 'application/pdf', `${fileName}.pdf`);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Region query={text} label={title} lines={12}>
        {(known) => (
          <pre className="printed" dir="ltr" tabIndex={0} aria-label={title}>
            {known}
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
