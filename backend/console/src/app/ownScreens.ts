/** The screens that the person may use. A screen learns of the others here, and imports none. */
import { createContext, useContext } from 'react';
import type { Screen } from './screen.js';

export const OwnScreens = createContext<readonly Screen[]>([]);

/** In the order of the navigation. */
export function useOwnScreens(): readonly Screen[] {
  return useContext(OwnScreens);
}

/** The path of a screen. @returns undefined if there is none, or none for this person. */
export function useScreenPath(noun: string): string | undefined {
  return useOwnScreens().find((screen) => screen.noun === noun)?.path;
}
