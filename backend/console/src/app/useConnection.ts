import { useIsFetching } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNow } from '../ui/useNow.js';
import { live, SILENCE_MS } from './live.js';
import { useStore } from './useStore.js';

/**
 * `stale`: no word from the server for 20 seconds, so what is shown may be old. `offline`: the
 * browser itself says that it has no network.
 */
export type Connection =
  | { is: 'live' | 'updating' | 'reconnecting' | 'polling' }
  | { is: 'offline' | 'stale'; since: number };

/** Shorter loads would make the chip flicker. */
const UPDATING_AFTER_MS = 400;

export function useConnection(): Connection {
  const { link, heardAt } = useStore(live);
  const isOnline = useOnline();
  const isUpdating = useLongFetch();
  const now = useNow(1_000);
  if (now - heardAt > SILENCE_MS) return { is: isOnline ? 'stale' : 'offline', since: heardAt };
  if (!isOnline) return { is: 'offline', since: heardAt };
  if (link === 'reconnecting' || link === 'starting') return { is: 'reconnecting' };
  if (isUpdating) return { is: 'updating' };
  return { is: link };
}

/** Whether there is no word from the server: what needs an answer at once, such as money, waits. */
export function useIsCutOff(): boolean {
  return 'since' in useConnection();
}

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return isOnline;
}

function useLongFetch(): boolean {
  const isFetching = useIsFetching() > 0;
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isFetching) return setLong(false);
    const timer = setTimeout(setLong, UPDATING_AFTER_MS, true);
    return () => clearTimeout(timer);
  }, [isFetching]);
  return isLong;
}
