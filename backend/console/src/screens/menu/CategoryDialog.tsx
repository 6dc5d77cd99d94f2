import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Category, WeeklyInterval } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { useForm } from '../../ui/useForm.js';
import { tagOf } from './menuParts.js';
import { Schedules } from './Schedules.js';
import { TranslationFields, translationsBody } from './TranslationFields.js';

/**
 * The name of a category, also in other languages, and when it is served.
 * @param category undefined: a new one, at the end.
 */
export function CategoryDialog({
  category,
  position,
  onClose,
}: {
  category: Category | undefined;
  position: number;
  onClose: () => void;
}) {
  const t = useTranslations('menu');
  const create = useChange('createCategory', ['listCategories']);
  const change = useChange('changeCategory', ['listCategories']);
  const [translations, setTranslations] = useState(category?.translations ?? {});
  const [schedules, setSchedules] = useState<readonly WeeklyInterval[]>(category?.schedules ?? []);
  const form = useForm(async ({ name = '' }) => {
    const body = { name, translations: translationsBody(translations), schedules: [...schedules] };
    if (category) await change.mutateAsync({ id: category.id, body, ifMatch: tagOf(category) });
    else await create.mutateAsync({ body: { ...body, position: (position + 1) * 10 } });
    onClose();
  });
  return (
    <Dialog title={category?.name ?? t('newCategory')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField label={t('name')} name="name" required defaultValue={category?.name} error={form.errorOf('name')} />
        <TranslationFields
          value={translations}
          onChange={setTranslations}
          isShort
          error={form.errorOf('translations')}
        />
        <Schedules hours={schedules} onChange={setSchedules} error={form.errorOf('schedules')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
