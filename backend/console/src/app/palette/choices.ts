/** What the command palette offers without asking the server: screens and actions. */
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { Scope } from '../../../../client/src/api.js';
import type { IconName } from '../../ui/icons.js';
import { useMe } from '../me.js';
import { useOwnScreens } from '../ownScreens.js';
import { theme } from '../preferences.js';
import { listedOf } from '../screen.js';
import { leave } from '../session.js';

export interface Choice {
  /** Unlike that of all others. */
  key: string;
  icon: IconName;
  text: string;
  /** Less important words beside the text. */
  hint?: string;
  /** A path of the console, or what happens. */
  go: string | (() => void);
}

export interface ChoiceGroup {
  label: string;
  choices: readonly Choice[];
}

interface Action {
  name: string;
  icon: IconName;
  /** Absent: everybody may. */
  scope?: Scope;
  go: string | (() => void);
}

const ACTIONS: readonly Action[] = [
  { name: 'newItem', icon: 'plus', scope: 'menu:write', go: '/menu?view=items&new=item' },
  { name: 'closeDay', icon: 'cash', scope: 'business_days:close', go: '/day-close' },
  { name: 'startCount', icon: 'list', scope: 'stock:write', go: '/stock?new=count' },
  { name: 'newSupplier', icon: 'plus', scope: 'purchasing:write', go: '/purchasing?view=suppliers&new=supplier' },
  { name: 'invite', icon: 'plus', scope: 'members:write', go: '/team?new=person' },
  { name: 'light', icon: 'sun', go: () => theme.set('light') },
  { name: 'dark', icon: 'moon', go: () => theme.set('dark') },
  { name: 'logout', icon: 'leave', go: () => void leave() },
];

/** @param wanted only choices whose words begin with it, or contain it; empty: all. */
export function useChoices(wanted: string, onHelp: () => void): ChoiceGroup[] {
  const t = useTranslations();
  const { scopes } = useMe();
  const own = useOwnScreens();
  return useMemo(() => {
    const screens = listedOf(own).map(
      ({ noun, icon, path, group }): Choice => ({
        key: noun,
        icon,
        text: t(`${noun}.title`),
        hint: t(`groups.${group}`),
        go: path,
      }),
    );
    const actions = ACTIONS.filter(({ scope }) => !scope || scopes.includes(scope)).map(
      ({ name, icon, go }): Choice => ({ key: `do-${name}`, icon, text: t(`palette.actions.${name}`), go }),
    );
    const help: Choice = { key: 'do-keys', icon: 'keys', text: t('keys.title'), hint: '?', go: onHelp };
    return [
      { label: t('palette.screens'), choices: bestOf(screens, wanted) },
      { label: t('palette.do'), choices: bestOf([...actions, help], wanted) },
    ];
  }, [t, scopes, own, wanted, onHelp]);
}

/** Those that fit; the ones whose words begin so are first. */
function bestOf(choices: readonly Choice[], wanted: string): Choice[] {
  const part = plain(wanted);
  if (part === '') return [...choices];
  const rankOf = ({ text, hint = '' }: Choice): number => {
    const words = plain(text);
    if (words.startsWith(part)) return 0;
    if (words.includes(` ${part}`)) return 1;
    if (words.includes(part)) return 2;
    return plain(hint).includes(part) ? 3 : Number.POSITIVE_INFINITY;
  };
  return choices
    .map((choice) => ({ choice, rank: rankOf(choice) }))
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((a, b) => a.rank - b.rank)
    .map(({ choice }) => choice);
}

/** Without capitals and accents: "cafe" finds "Café". */
function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase().trim();
}
