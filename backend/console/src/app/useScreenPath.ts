import { useMe } from './me.js';
import { SCREENS } from './screens.js';

/** The path of a screen. @returns undefined if there is none, or none for this person. */
export function useScreenPath(noun: string): string | undefined {
  const { scopes } = useMe();
  const screen = SCREENS.find((one) => one.noun === noun);
  return screen && scopes.includes(screen.scope) ? screen.path : undefined;
}
