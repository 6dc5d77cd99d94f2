import { useState } from 'react';

export interface Selection {
  isOn: boolean;
  ids: readonly string[];
  has: (id: string) => boolean;
  /** Chooses all of them, or none if all are chosen. */
  toggle: (ids: readonly string[]) => void;
  start: () => void;
  end: () => void;
}

/** Things that are chosen to be changed together. */
export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  return {
    isOn: chosen !== undefined,
    ids: [...(chosen ?? [])],
    has: (id) => chosen?.has(id) ?? false,
    toggle: (ids) =>
      setChosen((before = new Set()) => {
        const all = ids.every((id) => before.has(id));
        const rest = [...before].filter((id) => !ids.includes(id));
        return new Set(all ? rest : [...rest, ...ids]);
      }),
    start: () => setChosen(new Set()),
    end: () => setChosen(undefined),
  };
}
