/**
 * Records that outlast a reload of the page, in the browser's own database. A browser that keeps
 * nothing (a private window can be one) reads undefined, and writes nothing.
 */

const NAME = 'servio-kitchen';
const STORES = ['steps', 'tickets'] as const;
export type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | undefined;

export async function allRecords<Kept>(store: StoreName): Promise<Kept[] | undefined> {
  const records = await run(store, 'readonly', (one) => one.getAll());
  // Only this file and those that call it write there.
  return records as Kept[] | undefined;
}

/** Keeps all of them or none: when it resolves, a reload finds them. */
export async function keepRecords(store: StoreName, records: ReadonlyMap<string, object>): Promise<void> {
  await run(store, 'readwrite', (one) => {
    for (const [key, record] of records) one.put(record, key);
    return undefined;
  });
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
  work: (store: IDBObjectStore) => IDBRequest<Result> | undefined,
): Promise<Result | undefined> {
  try {
    opened ??= open();
    const transaction = (await opened).transaction(name, mode);
    const request = work(transaction.objectStore(name));
    await committed(transaction);
    return request?.result;
  } catch {
    opened = undefined;
    return undefined;
  }
}

/** A request that succeeded is not yet kept: only its transaction is. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser keeps no records'));
  });
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const store of STORES) request.result.createObjectStore(store);
  };
  const database = await opening(request);
  // At the end of the session it is deleted.
  database.onversionchange = () => {
    database.close();
    opened = undefined;
  };
  return database;
}

function opening(request: IDBOpenDBRequest): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser keeps no records'));
  });
}
