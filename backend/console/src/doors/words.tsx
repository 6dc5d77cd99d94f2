/**
 * Messages at the doors. They have names in braces and no plurals, so the library of the other
 * screens, six times as large as the forms, is not loaded for them. The build puts this file in the
 * place of `use-intl` there, and refuses messages that it cannot show.
 */
import { createContext, type ReactNode, useContext } from 'react';

export interface DoorMessages {
  readonly [name: string]: string | DoorMessages;
}

const Words = createContext<DoorMessages>({});

export function WordsProvider({ messages, children }: { messages: DoorMessages; children: ReactNode }) {
  return <Words value={messages}>{children}</Words>;
}

/** @returns the text of a message; one that is missing is shown by its name. */
export function useTranslations(group?: string): (name: string, values?: Record<string, string>) => string {
  const all = useContext(Words);
  const own = group === undefined ? all : all[group];
  return (name, values = {}) => {
    const text = typeof own === 'object' ? own[name] : undefined;
    if (typeof text !== 'string') return name;
    return text.replaceAll(/\{(\w+)\}/g, (_, value: string) => values[value] ?? '');
  };
}
