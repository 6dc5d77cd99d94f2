import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/**
 * A dialog that an address opens, such as `?new=item`: the command palette leads to it.
 * @returns the value of the parameter, and what sets it; undefined takes it away.
 */
export function useAsked(name: string): [string | undefined, (value: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (value: string | undefined) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          if (value === undefined) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [setParams, name],
  );
  return [params.get(name) ?? undefined, set];
}
