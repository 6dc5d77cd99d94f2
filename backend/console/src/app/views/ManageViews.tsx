import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { changeViews, MOST_NAME_CHARS, type View } from './savedViews.js';

interface ManageViewsProps {
  list: string;
  views: readonly View[];
  /** The filters of now. */
  current: string;
  onClose: () => void;
}

/** Names, links, the view that opens with the list, and what goes. */
export function ManageViews({ list, views, current, onClose }: ManageViewsProps) {
  const t = useTranslations('views');
  const [failure, setFailure] = useState<Error>();
  const change = (by: (views: readonly View[]) => readonly View[], onDone?: () => void): void => {
    setFailure(undefined);
    changeViews(list, by).then(onDone, setFailure);
  };
  const remove = (view: View): void =>
    change(
      (before) => before.filter(({ name }) => name !== view.name),
      () =>
        toast(t('deleted', { name: view.name }), {
          label: t('undo'),
          run: () => change((before) => [...before.filter(({ name }) => name !== view.name), view]),
        }),
    );
  const update = (name: string, fields: Partial<View>): void =>
    change((before) => before.map((one) => (one.name === name ? { ...one, ...fields } : one)));
  const openWith = (name: string, isDefault: boolean): void =>
    change((before) => before.map((one) => ({ ...one, isDefault: isDefault && one.name === name })));
  return (
    <Sheet title={t('manage')} onClose={onClose}>
      <FormFailure error={failure} />
      {views.length === 0 && <p className="muted">{t('none')}</p>}
      <ul className="stack">
        {views.map((view) => (
          <li key={view.name} className="views__view">
            <Name list={list} views={views} view={view} />
            <label className="views__default">
              <input
                type="checkbox"
                checked={view.isDefault}
                onChange={({ target }) => openWith(view.name, target.checked)}
              />
              {t('default')}
            </label>
            <div className="row">
              {current !== '' && current !== view.search && (
                <Button icon="refresh" onClick={() => update(view.name, { search: current })}>
                  {t('update')}
                </Button>
              )}
              <Button icon="webhook" onClick={() => void copyLink(view, t('copied'), t('notCopied'))}>
                {t('copy')}
              </Button>
              <Button icon="trash" aria-label={t('deleteOne', { name: view.name })} onClick={() => remove(view)}>
                {t('delete')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

function Name({ list, views, view }: { list: string; views: readonly View[]; view: View }) {
  const t = useTranslations('views');
  const [isTaken, setTaken] = useState(false);
  const form = useForm(async (values) => {
    const name = (values['name'] ?? '').trim();
    const taken = name !== view.name && views.some((one) => one.name === name);
    setTaken(taken);
    if (taken || name === view.name) return;
    await changeViews(list, (before) => before.map((one) => (one.name === view.name ? { ...one, name } : one)));
    toast(t('renamed', { name }));
  });
  return (
    <form className="views__name" onSubmit={form.onSubmit}>
      <TextField
        label={t('name')}
        name="name"
        required
        pattern=".*\S.*"
        maxLength={MOST_NAME_CHARS}
        defaultValue={view.name}
        autoComplete="off"
        error={isTaken ? t('taken') : undefined}
      />
      <Button type="submit" isBusy={form.isBusy}>
        {t('rename')}
      </Button>
      <FormFailure error={form.failure} />
    </form>
  );
}

/** The filters are in the address, so a link works for everybody who may see the list. */
async function copyLink({ search }: View, done: string, failed: string): Promise<void> {
  const url = new URL(location.href);
  url.search = search;
  try {
    await navigator.clipboard.writeText(url.href);
    toast(done);
  } catch {
    // Without the browser's leave; the address bar has it once the view is shown.
    toast(failed);
  }
}
