import { useTranslations } from 'use-intl';
import { ServioError } from '../../../../client/src/client.js';
import { Actions, Button } from '../../ui/Button.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { useRefusals } from '../../ui/refusals.js';
import { Table } from '../../ui/Table.js';
import { FIELDS } from './fields.js';
import type { Choice } from './mapping.js';

interface MappingFormProps {
  choice: Choice;
  onChange: (choice: Choice) => void;
  onRehearse: () => void;
  isBusy: boolean;
  error: Error | null;
}

/** Which column is what, with the first rows as Servio will read them. */
export function MappingForm({ choice, onChange, onRehearse, isBusy, error }: MappingFormProps) {
  const t = useTranslations('import');
  const { kind, columns } = choice;
  const missing = FIELDS[kind].filter(({ name, isRequired }) => isRequired && columns[name] === undefined);
  const hasPrice = kind !== 'orders' || (columns['unitPrice'] === undefined) !== (columns['linePrice'] === undefined);
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onRehearse();
      }}
    >
      <h2>{t('stepColumns')}</h2>
      <ColumnFields choice={choice} onChange={onChange} />
      <More choice={choice} onChange={onChange} />
      <Preview choice={choice} />
      {!hasPrice && <Notice tone="warn">{t('onePrice')}</Notice>}
      {missing.length > 0 && (
        <Notice tone="warn">
          {t('missing', { fields: missing.map(({ name }) => t(`fields.${name}`)).join(', ') })}
        </Notice>
      )}
      <Refusal error={error} />
      <Actions>
        <Button look="main" type="submit" isBusy={isBusy} disabled={missing.length > 0 || !hasPrice}>
          {t('rehearse')}
        </Button>
      </Actions>
    </form>
  );
}

interface PartProps {
  choice: Choice;
  onChange: (choice: Choice) => void;
}

function ColumnFields({ choice, onChange }: PartProps) {
  const t = useTranslations('import');
  const { kind, columns, head } = choice;
  const choices = [
    { value: '', label: t('noColumn') },
    ...head.headings.map((heading, place) => ({
      value: String(place + 1),
      label: heading === '' ? t('column', { number: place + 1 }) : heading,
    })),
  ];
  return (
    <div className="import-columns">
      {FIELDS[kind].map(({ name, isRequired }) => (
        <SelectField
          key={`${kind} ${name}`}
          label={`${t(`fields.${name}`)}${isRequired ? ' *' : ''}`}
          required={isRequired}
          choices={choices}
          value={String(columns[name] ?? '')}
          onChange={({ target: { value } }) =>
            onChange({ ...choice, columns: { ...columns, [name]: value === '' ? undefined : Number(value) } })
          }
        />
      ))}
    </div>
  );
}

function More({ choice, onChange }: PartProps) {
  const t = useTranslations('import');
  const { kind } = choice;
  if (kind === 'opening_stock') return null;
  if (kind !== 'orders')
    return (
      <SelectField
        label={t('existing')}
        choices={[
          { value: 'skip', label: t('existingStays') },
          { value: 'change', label: t('existingChanges') },
        ]}
        value={choice.changesExisting ? 'change' : 'skip'}
        onChange={({ target }) => onChange({ ...choice, changesExisting: target.value === 'change' })}
      />
    );
  return (
    <div className="import-columns">
      <TextField
        label={t('timeFormat')}
        hint={t('timeFormatHint')}
        dir="ltr"
        value={choice.timeFormat}
        onChange={({ target }) => onChange({ ...choice, timeFormat: target.value })}
      />
      <TextField
        label={t('source')}
        hint={t('sourceHint')}
        maxLength={50}
        value={choice.source}
        onChange={({ target }) => onChange({ ...choice, source: target.value })}
      />
    </div>
  );
}

function Preview({ choice: { kind, columns, head } }: { choice: Choice }) {
  const t = useTranslations('import');
  const mapped = FIELDS[kind].flatMap(({ name }) => {
    const column = columns[name];
    return column === undefined ? [] : [{ name, column }];
  });
  if (mapped.length === 0 || head.rows.length === 0) return null;
  return (
    <Table
      caption={t('preview')}
      columns={mapped.map(({ name, column }) => ({
        id: name,
        label: t(`fields.${name}`),
        cell: ({ cells }: { id: string; cells: readonly string[] }) => cells[column - 1] ?? '',
      }))}
      rows={head.rows.map((cells, place) => ({ id: String(place), cells }))}
      keyOf={({ id }) => id}
    />
  );
}

/** The server names each wrong part of a mapping; here they have no field of their own. */
function Refusal({ error }: { error: Error | null }) {
  const refusals = useRefusals();
  const wrong = error instanceof ServioError ? (error.problem.errors ?? []) : [];
  if (wrong.length === 0) return <FormFailure error={error} />;
  return (
    <Notice tone="bad">
      {wrong.map((fault) => (
        <span key={`${fault.pointer} ${fault.message}`}>
          <bdi dir="ltr">{fault.pointer}</bdi>: {refusals.fault(fault)}
        </span>
      ))}
    </Notice>
  );
}
