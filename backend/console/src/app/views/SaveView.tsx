import { useTranslations } from 'use-intl';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';
import { changeViews, MOST_NAME_CHARS, MOST_VIEWS, type View } from './savedViews.js';

interface SaveViewProps {
  list: string;
  views: readonly View[];
  search: string;
  onClose: () => void;
}

/** Gives the filters of now a name. One that is there already gets them instead of its own. */
export function SaveView({ list, views, search, onClose }: SaveViewProps) {
  const t = useTranslations();
  const form = useForm(async ({ name = '', isDefault }) => {
    const view = { name: name.trim(), search, isDefault: isDefault !== undefined };
    await changeViews(list, (before) => withView(before, view));
    onClose();
  });
  return (
    <Dialog title={t('views.save')} onClose={onClose}>
      {views.length >= MOST_VIEWS ? (
        <Notice tone="warn">{t('views.full', { count: MOST_VIEWS })}</Notice>
      ) : (
        <form className="stack" onSubmit={form.onSubmit}>
          <TextField
            label={t('views.name')}
            hint={t('views.nameHint')}
            name="name"
            required
            pattern=".*\S.*"
            maxLength={MOST_NAME_CHARS}
            autoComplete="off"
          />
          <label className="views__default">
            <input type="checkbox" name="isDefault" />
            {t('views.default')}
          </label>
          <FormFailure error={form.failure} />
          <Actions>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button look="main" type="submit" isBusy={form.isBusy}>
              {t('save')}
            </Button>
          </Actions>
        </form>
      )}
    </Dialog>
  );
}

function withView(views: readonly View[], view: View): View[] {
  const others = views.map((one) => (view.isDefault ? { ...one, isDefault: false } : one));
  const at = others.findIndex(({ name }) => name === view.name);
  return at < 0 ? [...others, view] : others.with(at, view);
}
