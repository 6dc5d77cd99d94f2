/** Dialogs that are open, the top one last. All that is outside of it can be neither seen nor used. */
import { store } from '../app/store.js';

export const openDialogs = store<readonly HTMLDialogElement[]>([]);

/** @returns takes it away. */
export function addDialog(dialog: HTMLDialogElement): () => void {
  openDialogs.set([...openDialogs.get(), dialog]);
  return () => openDialogs.set(openDialogs.get().filter((one) => one !== dialog));
}
