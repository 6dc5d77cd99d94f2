import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { Button, IconButton } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { ManageViews } from './ManageViews.js';
import { SaveView } from './SaveView.js';
import { searchOf, useSavedViews } from './savedViews.js';

interface ViewsProps {
  /** The noun of the list. */
  list: string;
  /** Parameters of the address that a view has. */
  names: readonly string[];
}

/** The saved views of a list, one press each; the filters of now can become another one. */
export function Views({ list, names }: ViewsProps) {
  const t = useTranslations('views');
  const [params, setParams] = useSearchParams();
  const [open, setOpen] = useState<'save' | 'manage'>();
  const views = useSavedViews(list);
  const current = searchOf(params, names);
  const show = (search: string): void =>
    setParams(
      (before) => {
        const others = [...before].filter(([name]) => !names.includes(name));
        return new URLSearchParams([...new URLSearchParams(search), ...others]);
      },
      { replace: true },
    );
  useDefaultView(views?.find(({ isDefault }) => isDefault)?.search, views !== undefined, current, show);
  const isSaved = views?.some(({ search }) => search === current) ?? false;
  const isUnsaved = views !== undefined && current !== '' && !isSaved;
  if (!views || (views.length === 0 && !isUnsaved && open === undefined)) return null;
  return (
    <div className="views no-print" role="group" aria-label={t('title')}>
      {views.length > 0 && (
        <Choice isOn={current === ''} onPress={() => show('')}>
          {t('all')}
        </Choice>
      )}
      {views.map(({ name, search }) => (
        <Choice key={name} isOn={search === current} onPress={() => show(search)}>
          {name}
        </Choice>
      ))}
      {isUnsaved && (
        <Button look="quiet" icon="plus" onClick={() => setOpen('save')}>
          {t('save')}
        </Button>
      )}
      {views.length > 0 && <IconButton icon="edit" label={t('manage')} onClick={() => setOpen('manage')} />}
      {open === 'save' && <SaveView list={list} views={views} search={current} onClose={() => setOpen(undefined)} />}
      {open === 'manage' && (
        <ManageViews list={list} views={views} current={current} onClose={() => setOpen(undefined)} />
      )}
    </div>
  );
}

function Choice({ isOn, onPress, children }: { isOn: boolean; onPress: () => void; children: string }) {
  return (
    <Button className="views__choice" aria-pressed={isOn} onClick={onPress}>
      {isOn && <Icon name="check" />}
      {children}
    </Button>
  );
}

/** Shows it once, when the list opens without filters of its own. */
function useDefaultView(
  search: string | undefined,
  isLoaded: boolean,
  current: string,
  show: (search: string) => void,
): void {
  const isDecided = useRef(current !== '');
  useEffect(() => {
    if (isDecided.current || !isLoaded) return;
    isDecided.current = true;
    if (search !== undefined && current === '') show(search);
  });
}
