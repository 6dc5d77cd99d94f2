import { useSyncExternalStore } from 'react';
import { store } from '../../app/store.js';

/** One clock for all tickets. */
const clock = store(Date.now());
let followers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function follow(onChange: () => void): () => void {
  followers += 1;
  timer ??= setInterval(() => clock.set(Date.now()), 1_000);
  const end = clock.follow(onChange);
  return () => {
    end();
    followers -= 1;
    if (followers > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * A value of this second. A component is drawn again only when the result changes: with sixty
 * tickets, their colours change once in minutes.
 */
export function useClock<Result extends string | number>(read: (now: number) => Result): Result {
  return useSyncExternalStore(follow, () => read(clock.get()));
}
