/** Parts of the console that are loaded when they are first shown. */
import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

const KEY = 'servio.reloaded';
/** A second failure so soon has another cause than a new build. */
const AGAIN_MS = 60_000;

/** A part of the console could not be loaded. */
export class Unloaded extends Error {}

/**
 * A new build has other files: a page that was open before finds its own no more. It loads itself
 * again, once.
 */
export function lazily(load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch (error) {
      if (!navigator.onLine || Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < AGAIN_MS)
        throw new Unloaded('a part of the console could not be loaded', { cause: error });
      sessionStorage.setItem(KEY, String(Date.now()));
      location.reload();
      return { default: () => null };
    }
  });
}
