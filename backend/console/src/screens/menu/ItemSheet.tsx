import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Category, MenuItem } from '../../../../client/src/api.js';
import { useAll, useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { Actions, Button } from '../../ui/Button.js';
import { Checks } from '../../ui/Checks.js';
import { Conflict, isConflict } from '../../ui/Conflict.js';
import { Sheet } from '../../ui/Dialog.js';
import { SelectField, TextArea, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { DietFields } from './DietFields.js';
import { useDifferences } from './itemDifferences.js';
import { draftOf, type ItemBody, itemBody, type ItemDraft } from './itemDraft.js';
import { tagOf } from './menuParts.js';
import { PictureField } from './PictureField.js';
import { Schedules } from './Schedules.js';
import { TranslationFields } from './TranslationFields.js';
import { VariantFields } from './VariantFields.js';

type ItemSheetProps = { categories: readonly Category[]; onClose: () => void } & (
  | { item: MenuItem; newIn?: never }
  | { item?: never; newIn: string }
);

/** All of one item. Two people may edit it at once: both versions are then shown. */
export function ItemSheet({ item, newIn, categories, onClose }: ItemSheetProps) {
  const t = useTranslations('menu');
  const [draft, setDraft] = useState(() => draftOf(item, newIn));
  // The version that the person saw: it stays while newer ones arrive.
  const [seen] = useState(item);
  const [conflict, setConflict] = useState<{ body: ItemBody; theirs: MenuItem }>();
  const isCutOff = useIsCutOff();
  const create = useChange('createMenuItem', ['listMenuItems']);
  const change = useChange('changeMenuItem', ['listMenuItems']);
  const differences = useDifferences();
  const save = async (body: ItemBody, against: MenuItem | undefined): Promise<void> => {
    try {
      if (against) await change.mutateAsync({ id: against.id, body, ifMatch: tagOf(against) });
      else await create.mutateAsync({ body });
    } catch (error) {
      if (!isConflict(error) || !against) throw error;
      return setConflict({ body, theirs: (await client.call('getMenuItem', { id: against.id })).data });
    }
    toast(t('saved', { name: body.name }));
    onClose();
  };
  const form = useForm((values) => save(itemBody(values, draft), seen));
  if (conflict)
    return (
      <Conflict
        differences={differences(conflict.body, conflict.theirs)}
        isBusy={change.isPending}
        onTake={onClose}
        onKeep={() => void save(conflict.body, conflict.theirs)}
      />
    );
  return (
    <Sheet title={item?.name ?? t('newItem')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <Words item={item} errorOf={form.errorOf} />
        <PictureField
          picture={draft.picture}
          name={item?.name ?? ''}
          onChange={(picture) => setDraft({ ...draft, picture })}
          error={form.errorOf('pictureId')}
        />
        <SelectField
          label={t('category')}
          name="categoryId"
          defaultValue={item?.categoryId ?? newIn}
          choices={categories.map(({ id, name }) => ({ value: id, label: name }))}
          error={form.errorOf('categoryId')}
        />
        {draft.variants.length === 0 && (
          <MoneyField
            label={t('price')}
            value={draft.price}
            onChange={(price) => setDraft({ ...draft, price })}
            error={draft.price === undefined ? t('noPrice') : form.errorOf('price')}
          />
        )}
        <VariantFields
          variants={draft.variants}
          onChange={(variants) => setDraft({ ...draft, variants })}
          error={form.errorOf('variants')}
        />
        <Choices draft={draft} onChange={setDraft} />
        <DietFields draft={draft} onChange={setDraft} errorOf={form.errorOf} />
        <TranslationFields
          value={draft.translations}
          onChange={(translations) => setDraft({ ...draft, translations })}
          error={form.errorOf('translations')}
        />
        <Schedules
          hours={draft.schedules}
          onChange={(schedules) => setDraft({ ...draft, schedules })}
          error={form.errorOf('schedules')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy} disabled={isCutOff || draft.price === undefined}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Sheet>
  );
}

function Words({ item, errorOf }: { item: MenuItem | undefined; errorOf: (name: string) => string | undefined }) {
  const t = useTranslations('menu');
  return (
    <>
      <TextField label={t('name')} name="name" required defaultValue={item?.name} error={errorOf('name')} />
      <TextArea
        label={t('description')}
        name="description"
        defaultValue={item?.description ?? ''}
        error={errorOf('description')}
      />
      <TextField
        label={t('station')}
        hint={t('stationHint')}
        name="station"
        defaultValue={item?.station ?? ''}
        error={errorOf('station')}
      />
    </>
  );
}

function Choices({ draft, onChange }: { draft: ItemDraft; onChange: (draft: ItemDraft) => void }) {
  const t = useTranslations('menu');
  const groups = useAll('listModifierGroups', { query: { limit: 100 } });
  const taxes = useAll('listTaxes', { query: { limit: 100 } });
  return (
    <>
      <Checks
        label={t('modifierGroups')}
        options={groups.data ?? []}
        chosen={draft.modifierGroupIds}
        onChange={(modifierGroupIds) => onChange({ ...draft, modifierGroupIds })}
      />
      <Checks
        label={t('taxes')}
        options={taxes.data ?? []}
        chosen={draft.taxIds}
        onChange={(taxIds) => onChange({ ...draft, taxIds })}
      />
    </>
  );
}
