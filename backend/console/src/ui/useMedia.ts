import { useSyncExternalStore } from 'react';

/** The width from which on details are beside a list instead of on a page of their own. */
export const WIDE = '(min-width: 60rem)';

/** Whether a media query holds, such as `(min-width: 60rem)`. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    () => matchMedia(query).matches,
  );
}
