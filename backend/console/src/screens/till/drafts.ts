/** Drafts of this browser. They outlast a reload, and end with the session. */
import { allRecords, dropRecord, keepRecords } from '../../app/keptRecords.js';
import { store, useStore } from '../../app/store.js';
import { tabChannel } from '../../app/tabs.js';
import type { Draft } from './draft.js';

/** undefined until they are read. */
const drafts = store<ReadonlyMap<string, Draft> | undefined>(undefined);
const tellTabs = tabChannel<'changed'>('till', () => void load());

/** Reads what an earlier page left. */
export async function load(): Promise<void> {
  // A browser that keeps nothing takes orders all the same.
  const kept = (await allRecords<Draft>('drafts')) ?? [...(drafts.get()?.values() ?? [])];
  drafts.set(new Map(kept.map((draft) => [draft.id, draft])));
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
export async function keep(draft: Draft): Promise<void> {
  if (!draft.isNew && draft.lines.length === 0) return forget(draft.id);
  drafts.set(new Map(drafts.get()).set(draft.id, draft));
  await keepRecords('drafts', new Map([[draft.id, draft]]));
  tellTabs('changed');
}

export async function forget(id: string): Promise<void> {
  drafts.set(new Map([...(drafts.get() ?? [])].filter(([known]) => known !== id)));
  await dropRecord('drafts', id);
  tellTabs('changed');
}
