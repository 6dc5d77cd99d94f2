/** The person or key that uses the console, and its restaurant. */
import { createContext, useContext } from 'react';
import type { Me, Scope } from '../../../client/src/api.js';

export const MeContext = createContext<Me | undefined>(undefined);

/** @throws Error outside of the shell, which knows it. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('there is nobody outside of the shell');
  return me;
}

/** Whether an action may be shown. The server decides anyway. */
export function useMay(scope: Scope): boolean {
  return useMe().scopes.includes(scope);
}
