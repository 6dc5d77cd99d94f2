import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ModifierGroup, ModifierGroupInput } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Sheet } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { useEdit } from '../settings/useEdit.js';
import { type ModifierDraft, ModifierFields } from './ModifierFields.js';
import { tagOf } from './menuParts.js';
import { TranslationFields, translationsBody } from './TranslationFields.js';

const STALE = ['listModifierGroups', 'listMenuItems'] as const;

/** A group of modifiers: what can be chosen, how many of it, and what it costs. */
export function GroupSheet({ group, onClose }: { group?: ModifierGroup; onClose: () => void }) {
  const t = useTranslations('menu');
  const isCutOff = useIsCutOff();
  const [modifiers, setModifiers] = useState<readonly ModifierDraft[]>(group?.modifiers ?? []);
  const [translations, setTranslations] = useState(group?.translations ?? {});
  const create = useChange('createModifierGroup', STALE);
  const done = (): void => {
    toast(t('saved', { name: group?.name ?? t('newGroup') }));
    onClose();
  };
  const [change, choice] = useGroupEdit(group, done, onClose);
  const form = useForm(async (values) => {
    const body = bodyOf(values, modifiers, translationsBody(translations));
    if (group) return change(body);
    await create.mutateAsync({ body });
    done();
  });
  return (
    <Sheet title={group?.name ?? t('newGroup')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField label={t('name')} name="name" required defaultValue={group?.name} error={form.errorOf('name')} />
        <div className="menu-limits">
          {(['minSelections', 'maxSelections', 'freeSelections'] as const).map((name) => (
            <TextField
              key={name}
              label={t(name)}
              name={name}
              inputMode="numeric"
              autoComplete="off"
              defaultValue={group?.[name] ?? (name === 'maxSelections' ? 1 : 0)}
              error={form.errorOf(name)}
            />
          ))}
        </div>
        <p className="field__hint">{t('limitsHint')}</p>
        <ModifierFields modifiers={modifiers} onChange={setModifiers} error={form.errorOf('modifiers')} />
        <TranslationFields
          value={translations}
          onChange={setTranslations}
          isShort
          error={form.errorOf('translations')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          {group && <Delete group={group} onClose={onClose} />}
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy} disabled={isCutOff}>
            {t('save')}
          </Button>
        </Actions>
      </form>
      {choice}
    </Sheet>
  );
}

function Delete({ group, onClose }: { group: ModifierGroup; onClose: () => void }) {
  const t = useTranslations('menu');
  const remove = useChange('deleteModifierGroup', STALE);
  return (
    <>
      <ConfirmButton
        isBusy={remove.isPending}
        onConfirm={() => remove.mutate({ id: group.id, ifMatch: tagOf(group) }, { onSuccess: onClose })}
      >
        {t('deleteGroup')}
      </ConfirmButton>
      <FormFailure error={remove.error} />
    </>
  );
}

function useGroupEdit(group: ModifierGroup | undefined, onDone: () => void, onTake: () => void) {
  const t = useTranslations('menu');
  const { money } = useFormat();
  const change = useChange('changeModifierGroup', STALE);
  const wordsOf = (name: string, value: unknown): string => {
    if (name === 'modifiers')
      // The field has modifiers.
      return (value as ModifierDraft[]).map((one) => `${one.name} ${money(one.price ?? 0)}`).join(', ');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value ?? '');
  };
  return useEdit<ModifierGroupInput, ModifierGroup>({
    // Only a group that exists is changed.
    seen: group as ModifierGroup,
    save: (body, against) => change.mutateAsync({ id: against.id, body, ifMatch: tagOf(against) }),
    load: async () => (await client.call('getModifierGroup', { id: group?.id ?? '' })).data,
    labelOf: (name) => t(name),
    wordsOf,
    onDone,
    onTake,
  });
}

function bodyOf(
  values: Record<string, string>,
  modifiers: readonly ModifierDraft[],
  translations: NonNullable<ModifierGroupInput['translations']>,
): ModifierGroupInput {
  const count = (name: string): number => Number(values[name]?.trim() || 0);
  return {
    name: (values['name'] ?? '').trim(),
    minSelections: count('minSelections'),
    maxSelections: count('maxSelections'),
    freeSelections: count('freeSelections'),
    modifiers: modifiers.map(({ id, name, price = 0, maxQuantity, isAvailable, taxIds }) => ({
      ...(id !== undefined && { id }),
      name,
      price,
      maxQuantity,
      isAvailable,
      taxIds,
    })),
    translations,
  };
}
