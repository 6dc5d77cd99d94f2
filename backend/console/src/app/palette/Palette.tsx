import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { Dialog } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Icon } from '../../ui/Icon.js';
import { type Choice, type ChoiceGroup, useChoices } from './choices.js';
import { useFound } from './useFound.js';

/** Pauses of typing that are shorter ask the server nothing. */
const TYPING_MS = 200;

/**
 * One field that leads to all: screens, actions, orders, dishes, suppliers and papers. The focus
 * stays in the field; a screen reader hears the choice that Enter would take.
 */
export function Palette({ onHelp, onClose }: { onHelp: () => void; onClose: () => void }) {
  const t = useTranslations('palette');
  const [, go] = useLocation();
  const field = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [text, setText] = useState('');
  const [activeKey, setActive] = useState<string>();
  const found = useFound(useRested(text.trim()));
  const groups = [...useChoices(text, onHelp), ...found.groups].filter(({ choices }) => choices.length > 0);
  const all = groups.flatMap(({ choices }) => choices);
  const active = all.find(({ key }) => key === activeKey) ?? all[0];
  // After the dialog has opened, which gives the focus to its first button.
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    document.getElementById(`${listId}-${active?.key}`)?.scrollIntoView({ block: 'nearest' });
  }, [listId, active?.key]);

  const take = (choice: Choice | undefined): void => {
    if (!choice) return;
    onClose();
    if (typeof choice.go === 'string') go(choice.go);
    else choice.go();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive(all.at((all.findIndex((one) => one === active) + step) % all.length)?.key);
    else if (event.key === 'Enter') take(active);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <input
        ref={field}
        className="input palette__field"
        role="combobox"
        aria-label={t('field')}
        aria-expanded={all.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={active && `${listId}-${active.key}`}
        placeholder={t('hint')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setActive(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      <p className="hidden-text" role="status">
        {found.isSearching ? t('searching') : t('count', { count: all.length })}
      </p>
      <FormFailure error={found.failure} />
      <div id={listId} className="palette__list" role="listbox" aria-label={t('title')}>
        {groups.map((group) => (
          <Group key={group.label} group={group} listId={listId} active={active} onTake={take} />
        ))}
      </div>
      {all.length === 0 && <p className="muted">{found.isSearching ? t('searching') : t('none')}</p>}
    </Dialog>
  );
}

interface GroupProps {
  group: ChoiceGroup;
  listId: string;
  active: Choice | undefined;
  onTake: (choice: Choice) => void;
}

function Group({ group: { label, choices }, listId, active, onTake }: GroupProps) {
  const labelId = useId();
  return (
    <div role="group" aria-labelledby={labelId}>
      <div id={labelId} className="palette__label" role="presentation">
        {label}
      </div>
      {choices.map((choice) => (
        // The keys are those of the field, which has the focus.
        <div
          key={choice.key}
          id={`${listId}-${choice.key}`}
          className="palette__choice"
          role="option"
          tabIndex={-1}
          aria-selected={choice === active}
          onClick={() => onTake(choice)}
          onKeyDown={undefined}
        >
          <Icon name={choice.icon} />
          <span className="palette__text">{choice.text}</span>
          {choice.hint !== undefined && <span className="palette__hint">{choice.hint}</span>}
        </div>
      ))}
    </div>
  );
}

/** The text when the typing rests. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(setRested, TYPING_MS, text);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
