/** Parts of the console that are loaded when they are first shown. */
import { type ComponentType, createElement, useEffect, useState } from 'react';

const KEY = 'servio.reloaded';
/** A second failure so soon has another cause than a new build. */
const AGAIN_MS = 60_000;

/** A part of the console could not be loaded. */
export class Unloaded extends Error {}

/**
 * A part, and `Waiting` until it is there. React's own `lazy` would keep `Waiting` on the screen
 * for 300 ms at least, however soon the part is there.
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Waiting: ComponentType = Nothing,
): ComponentType<Props> {
  let known: ComponentType<Props> | undefined;
  return function Part(props: Props) {
    const [failure, setFailure] = useState<Unloaded>();
    const [, setLoaded] = useState(known !== undefined);
    useEffect(() => {
      let isShown = true;
      const show = (part: ComponentType<Props>): void => {
        known = part;
        if (isShown) setLoaded(true);
      };
      if (!known) loadOrReload(load).then(show, (error: Unloaded) => isShown && setFailure(error));
      return () => {
        isShown = false;
      };
    }, []);
    // The boundary around it shows the fault.
    if (failure !== undefined) throw failure;
    return known ? createElement(known, props) : createElement(Waiting);
  };
}

/**
 * A new build has other files: a page that was open before finds its own no more. It loads itself
 * again, once.
 */
async function loadOrReload<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    if (!navigator.onLine || Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < AGAIN_MS)
      throw new Unloaded('a part of the console could not be loaded', { cause: error });
    sessionStorage.setItem(KEY, String(Date.now()));
    location.reload();
    return new Promise(() => undefined);
  }
}

function Nothing(): null {
  return null;
}
