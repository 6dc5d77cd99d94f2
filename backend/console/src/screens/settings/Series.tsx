import { useTranslations } from 'use-intl';
import type { DocumentSeries, DocumentSeriesPatch, DocumentSeriesReset } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange, usePages } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { Actions, Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { useForm } from '../../ui/useForm.js';
import { useEdit } from './useEdit.js';
import { useWords } from './useWords.js';

const RESETS = ['month', 'year', 'never'] as const satisfies readonly DocumentSeriesReset[];

/** Number series of documents. A series that has numbered documents refuses changes of its form. */
export function Series() {
  const t = useTranslations('settings');
  const mayWrite = useMay('document_series:write');
  const pages = usePages('listDocumentSeries', { query: { limit: 100 } });
  const columns: Column<DocumentSeries>[] = [
    {
      id: 'type',
      label: t('fields.type'),
      cell: ({ type }) => <strong>{t(`documents.${type}`)}</strong>,
      width: 'minmax(7rem, 2fr)',
    },
    { id: 'prefix', label: t('fields.prefix'), cell: ({ prefix }) => <span dir="ltr">{prefix}</span> },
    { id: 'reset', label: t('fields.reset'), cell: ({ reset }) => t(`resets.${reset}`) },
    { id: 'place', label: t('fields.location'), cell: ({ location, register }) => `${location} ${register}`.trim() },
  ];
  return (
    <div className="stack">
      <p className="muted">{t('seriesText')}</p>
      <RecordList
        pages={pages}
        columns={columns}
        label={t('tabs.series')}
        none={{ icon: 'document', title: t('noSeries'), text: t('noSeriesText') }}
        details={mayWrite ? (series, onClose) => <SeriesSheet series={series} onClose={onClose} /> : undefined}
      />
    </div>
  );
}

function SeriesSheet({ series, onClose }: { series: DocumentSeries; onClose: () => void }) {
  const t = useTranslations();
  const change = useChange('changeDocumentSeries', ['listDocumentSeries']);
  const [send, choice] = useEdit<DocumentSeriesPatch, DocumentSeries>({
    seen: series,
    save: (body, { id, version }) => change.mutateAsync({ id, body, ifMatch: `"${version}"` }),
    load: async () => (await client.call('getDocumentSeries', { id: series.id })).data,
    labelOf: (name) => (t.has(`settings.fields.${name}`) ? t(`settings.fields.${name}`) : name),
    wordsOf: useWords(),
    onDone: onClose,
    onTake: onClose,
  });
  const form = useForm(({ location, register, prefix, reset, startNumber }) =>
    // The choices of the field are the resets.
    send({ location, register, prefix, reset: reset as DocumentSeriesReset, startNumber: Number(startNumber) }),
  );
  if (choice) return choice;
  const text = (name: 'prefix' | 'location' | 'register' | 'startNumber', more: object = {}) => (
    <TextField
      label={t(`settings.fields.${name}`)}
      name={name}
      defaultValue={series[name]}
      error={form.errorOf(name)}
      {...more}
    />
  );
  return (
    <Sheet title={t(`settings.documents.${series.type}`)} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {text('prefix', { required: true, dir: 'ltr' })}
        <SelectField
          label={t('settings.fields.reset')}
          name="reset"
          defaultValue={series.reset}
          choices={RESETS.map((value) => ({ value, label: t(`settings.resets.${value}`) }))}
          error={form.errorOf('reset')}
        />
        {text('startNumber', { type: 'number', min: 1, required: true })}
        {text('location')}
        {text('register')}
        <FormFailure error={form.failure} />
        <Actions>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Sheet>
  );
}
