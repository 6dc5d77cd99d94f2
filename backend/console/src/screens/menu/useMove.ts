import { useState } from 'react';
import { refresh } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { tagOf } from './menuParts.js';

interface Placed {
  id: string;
  position: number;
  version: number;
}

/** Free places between two things, so that one can be moved in between by one change. */
const STEP = 10;

/**
 * Moves a thing in its list. Each thing whose place changes is changed on its own, against the
 * version that the person saw.
 */
export function useMove(operation: 'changeCategory' | 'changeMenuItem', things: readonly Placed[]) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const save = async (from: number, to: number): Promise<void> => {
    const moved = things.toSpliced(from, 1).toSpliced(to, 0, ...things.slice(from, from + 1));
    for (const [at, thing] of moved.entries()) {
      const position = (at + 1) * STEP;
      if (thing.position === position) continue;
      await client.call(operation, { id: thing.id, body: { position }, ifMatch: tagOf(thing) });
    }
  };
  const move = (from: number, to: number): void => {
    setBusy(true);
    setError(undefined);
    save(from, to)
      .catch((reason: unknown) => setError(reason instanceof Error ? reason : new Error(String(reason))))
      .then(() => refresh(['listCategories', 'listMenuItems']))
      .finally(() => setBusy(false));
  };
  return { move, isBusy, error };
}
