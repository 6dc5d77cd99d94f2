/** Drafts of this browser. They outlast a reload, and end with the session. */
import { allRecords, dropRecord, keepRecords } from '../../app/keptRecords.js';
import { store } from '../../app/store.js';
import { useStore } from '../../app/useStore.js';
import { tabChannel } from '../../app/tabs.js';
import type { Draft } from './draft.js';

/** undefined until they are read. */
const drafts = store<ReadonlyMap<string, Draft> | undefined>(undefined);
/** Drafts that are being written; undefined: being forgotten. They are newer than what is read. */
const written = new Map<string, Draft | undefined>();
const tellTabs = tabChannel<'changed'>('till', () => void load());

/** Reads what an earlier page left. */
export async function load(): Promise<void> {
  const kept = await allRecords<Draft>('drafts');
  // A browser that keeps nothing takes orders all the same.
  const known = kept ?? [...(drafts.get()?.values() ?? [])];
  const newest = new Map([...known.map((draft) => [draft.id, draft] as const), ...written]);
  drafts.set(new Map([...newest].flatMap(([id, draft]) => (draft ? [[id, draft]] : []))));
}

/** The drafts of a restaurant, the oldest first. */
export function useDrafts(restaurantId: string): readonly Draft[] | undefined {
  const known = useStore(drafts);
  return (
    known &&
    [...known.values()]
      .filter((draft) => draft.restaurantId === restaurantId)
      .sort((one, other) => one.changedAt - other.changedAt)
  );
}

/** As it is now: a screen may show an older one for a moment. */
export function draftOf(id: string): Draft | undefined {
  return drafts.get()?.get(id);
}

/** Keeps a draft; one for an open order that has no lines left is forgotten. */
export function keep(draft: Draft): Promise<void> {
  if (!draft.isNew && draft.lines.length === 0) return forget(draft.id);
  drafts.set(new Map(drafts.get()).set(draft.id, draft));
  return write(draft.id, draft, keepRecords('drafts', new Map([[draft.id, draft]])));
}

export function forget(id: string): Promise<void> {
  drafts.set(new Map([...(drafts.get() ?? [])].filter(([known]) => known !== id)));
  return write(id, undefined, dropRecord('drafts', id));
}

async function write(id: string, draft: Draft | undefined, writing: Promise<void>): Promise<void> {
  written.set(id, draft);
  await writing;
  if (written.get(id) === draft) written.delete(id);
  tellTabs('changed');
}
