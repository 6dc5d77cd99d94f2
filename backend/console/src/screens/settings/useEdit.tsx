import { type ReactNode, useState } from 'react';
import { Conflict, isConflict } from '../../ui/Conflict.js';
import { useRefusals } from '../../ui/refusals.js';
import { toast } from '../../ui/Toasts.js';

interface Edit<Body, Thing> {
  /** The version that the person saw. */
  seen: Thing;
  save: (body: Body, against: Thing) => Promise<unknown>;
  /** The newest version. */
  load: () => Promise<Thing>;
  /** A field and its value in words, for the choice between two versions. */
  labelOf: (name: string) => string;
  wordsOf: (name: string, value: unknown) => string;
  onDone: () => void;
  /** The person takes the version of the other one. */
  onTake: () => void;
}

/**
 * A change that another person may make meanwhile: both versions are shown then.
 * @returns sends the change, and the dialog while there is a choice to make.
 */
export function useEdit<Body extends object, Thing extends object>({
  seen,
  save,
  load,
  labelOf,
  wordsOf,
  onDone,
  onTake,
}: Edit<Body, Thing>): [send: (body: Body) => Promise<void>, choice: ReactNode] {
  const refusals = useRefusals();
  const [conflict, setConflict] = useState<{ body: Body; theirs: Thing }>();
  const send = async (body: Body, against: Thing): Promise<void> => {
    try {
      await save(body, against);
    } catch (error) {
      if (!isConflict(error)) throw error;
      return setConflict({ body, theirs: await load() });
    }
    setConflict(undefined);
    onDone();
  };
  const other = (name: string): unknown => Reflect.get(conflict?.theirs ?? {}, name);
  const choice = conflict && (
    <Conflict
      differences={Object.entries(conflict.body)
        .filter(([name, value]) => wordsOf(name, value) !== wordsOf(name, other(name)))
        .map(([name, value]) => ({
          label: labelOf(name),
          mine: wordsOf(name, value) || '–',
          theirs: wordsOf(name, other(name)) || '–',
        }))}
      onTake={() => {
        setConflict(undefined);
        onTake();
      }}
      onKeep={() => {
        // The choice stays open, so that it can be made again.
        void send(conflict.body, conflict.theirs).catch((error: unknown) => toast(refusals.error(error)));
      }}
    />
  );
  return [(body) => send(body, seen), choice];
}
