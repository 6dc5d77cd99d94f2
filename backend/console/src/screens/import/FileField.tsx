import { type DragEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { TextField } from '../../ui/Field.js';

/** A file, chosen or dropped. */
export function FileField({ onFile }: { onFile: (file: File) => void }) {
  const t = useTranslations('import');
  const [isOver, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  return (
    <div
      className="import-drop"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <TextField
        label={t('file')}
        hint={t('fileHint')}
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
