import { useSyncExternalStore } from 'react';
import type { Store } from './store.js';

/** The value of a store, kept current. */
export function useStore<Value>(followed: Store<Value>): Value {
  return useSyncExternalStore(followed.follow, followed.get);
}
