/** Records that outlast a reload of the page, in the browser's own database. */

/** The name is that of its first user; another one would lose steps that wait to be sent. */
export const KEPT_RECORDS = 'servio-kitchen';
const STORES = ['steps', 'tickets', 'drafts'] as const;
/** One more for each new store. */
const VERSION = 2;
export type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | undefined;

export async function allRecords<Kept>(store: StoreName): Promise<Kept[]> {
  const records = await run(store, 'readonly', (one) => one.getAll());
  // Only this file and those that call it write there.
  return records as Kept[];
}

export async function keepRecord(store: StoreName, key: string, record: object): Promise<void> {
  await run(store, 'readwrite', (one) => one.put(record, key));
}

export async function dropRecord(store: StoreName, key: string): Promise<void> {
  await run(store, 'readwrite', (one) => one.delete(key));
}

/** A record, or undefined. */
export async function keptRecord<Kept>(store: StoreName, key: string): Promise<Kept | undefined> {
  const record = await run(store, 'readonly', (one) => one.get(key));
  // As above.
  return record as Kept | undefined;
}

async function run<Result>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  opened ??= open();
  const store = (await opened).transaction(name, mode).objectStore(name);
  return settled(work(store));
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(KEPT_RECORDS, VERSION);
  request.onupgradeneeded = () => {
    const { objectStoreNames: known } = request.result;
    for (const store of STORES) if (!known.contains(store)) request.result.createObjectStore(store);
  };
  const database = await settled(request);
  // At the end of the session it is deleted.
  database.onversionchange = () => {
    database.close();
    opened = undefined;
  };
  return database;
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser keeps no records'));
  });
}
