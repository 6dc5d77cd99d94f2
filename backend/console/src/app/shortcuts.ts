/** Keys of the page. They rest while somebody types, and while a dialog is open. */
import { useEffect, useLayoutEffect, useRef } from 'react';

/** Time for the second key of `g k`. */
const PAIR_MS = 1_500;

export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * @param shortcuts by `KeyboardEvent.key`; two keys in turn are written with a space: `g k`.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useLayoutEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let first = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isElsewhere(event)) return;
      const run = current.current[first ? `${first} ${event.key}` : event.key] ?? current.current[event.key];
      clearTimeout(timer);
      first = '';
      if (run) {
        event.preventDefault();
        run(event);
      } else if (Object.keys(current.current).some((keys) => keys.startsWith(`${event.key} `))) {
        first = event.key;
        timer = setTimeout(() => (first = ''), PAIR_MS);
      }
    };
    addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      removeEventListener('keydown', onKey);
    };
  }, []);
}

/** Ctrl+K, on a Mac Cmd+K, also while somebody types. It rests while a dialog is open. */
export function useCommandKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isCommand || event.key.toLowerCase() !== 'k') return;
      // The browser's own Ctrl+K leaves the page.
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) open();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [open]);
}

function isElsewhere({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true;
  // These keys press the element that has the focus.
  if (/^(?:Enter| )$/.test(key) && target instanceof Element && target.closest('button, a, summary')) return true;
  return (
    target instanceof Element && target.closest('input, textarea, select, [role=menu], [contenteditable]') !== null
  );
}
