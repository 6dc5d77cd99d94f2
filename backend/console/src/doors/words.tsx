/**
 * Messages at the doors. They have names in braces and no plurals, so the library of the other
 * screens, six times as large as the forms, is not loaded for them. The build puts this file in the
 * place of `use-intl` there, and refuses messages that it cannot show.
 */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { language } from '../app/preferences.js';
import { useStore } from '../app/useStore.js';

export interface DoorMessages {
  readonly [name: string]: string | DoorMessages;
}

const Words = createContext<DoorMessages>({});

export function WordsProvider({ messages, children }: { messages: DoorMessages; children: ReactNode }) {
  return <Words value={messages}>{children}</Words>;
}

interface Translate {
  (name: string, values?: Record<string, string>): string;
  has: (name: string) => boolean;
}

/**
 * @param group of the messages; absent: a name is `group.name`.
 * @returns the text of a message; one that is missing is shown by its name.
 */
export function useTranslations(group?: string): Translate {
  const all = useContext(Words);
  return useMemo(() => {
    const textOf = (name: string): string | undefined => {
      const path = group === undefined ? name.split('.') : [group, name];
      const found = path.reduce<DoorMessages[string] | undefined>(
        (own, part) => (typeof own === 'object' ? own[part] : undefined),
        all,
      );
      return typeof found === 'string' ? found : undefined;
    };
    const t = (name: string, values: Record<string, string> = {}): string =>
      textOf(name)?.replaceAll(/\{(\w+)\}/g, (_, value: string) => values[value] ?? '') ?? name;
    return Object.assign(t, { has: (name: string) => textOf(name) !== undefined });
  }, [all, group]);
}

export function useLocale(): string {
  return useStore(language);
}
