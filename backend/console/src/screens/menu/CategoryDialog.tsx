import { useTranslations } from 'use-intl';
import type { Category } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { useForm } from '../../ui/useForm.js';
import { tagOf } from './menuParts.js';

/** Names a category. @param category undefined: a new one, at the end. */
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
  const form = useForm(async ({ name = '' }) => {
    if (category) await change.mutateAsync({ id: category.id, body: { name }, ifMatch: tagOf(category) });
    else await create.mutateAsync({ body: { name, position: (position + 1) * 10 } });
    onClose();
  });
  return (
    <Dialog title={category?.name ?? t('newCategory')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField label={t('name')} name="name" required defaultValue={category?.name} error={form.errorOf('name')} />
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
