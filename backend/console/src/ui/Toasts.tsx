import { createPortal } from 'react-dom';
import { useTranslations } from 'use-intl';
import { store } from '../app/store.js';
import { useStore } from '../app/useStore.js';
import { Button, IconButton } from './Button.js';
import { openDialogs } from './dialogs.js';

export interface ToastAction {
  label: string;
  run: () => void;
}

interface Toast {
  id: number;
  text: string;
  action: ToastAction | undefined;
}

const LASTS_MS = 6_000;
const toasts = store<readonly Toast[]>([]);
let lastId = 0;

/**
 * Says what happened. It goes by itself, so nothing may be lost with it. @returns takes it away.
 */
export function toast(text: string, action?: ToastAction, lastsMs = LASTS_MS): () => void {
  const id = (lastId += 1);
  toasts.set([...toasts.get().slice(-2), { id, text, action }]);
  setTimeout(drop, lastsMs, id);
  return () => drop(id);
}

function drop(id: number): void {
  toasts.set(toasts.get().filter((one) => one.id !== id));
}

/**
 * All toasts of the page, in one place that screen readers follow. While a dialog is open they are
 * in it: it covers the page, and the browser lets nobody press what is outside.
 */
export function Toasts() {
  const shown = useStore(toasts);
  const dialog = useStore(openDialogs).at(-1);
  return createPortal(
    <div className="toasts no-print" role="status" aria-live="polite">
      {shown.map((one) => (
        <Shown key={one.id} {...one} />
      ))}
    </div>,
    dialog ?? document.body,
  );
}

function Shown({ id, text, action }: Toast) {
  const t = useTranslations();
  return (
    <div className="toast">
      <span>{text}</span>
      {action ? (
        <Button
          onClick={() => {
            action.run();
            drop(id);
          }}
        >
          {action.label}
        </Button>
      ) : (
        <IconButton icon="close" label={t('close')} onClick={() => drop(id)} />
      )}
    </div>
  );
}
