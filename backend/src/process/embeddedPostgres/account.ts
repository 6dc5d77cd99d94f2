/**
 * The user account that runs Postgres. Postgres refuses to run as root, so root starts it as
 * `nobody`. That account must be able to enter every folder above the cluster and the binaries: a
 * clone under /root, or a umask of 077, prevents this.
 */
import { chmod, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';

const NOBODY = 65534;
const SETPRIV_PLACES = ['/usr/bin/setpriv', '/bin/setpriv'];
/**
 * Bit numbers of capabilities(7), the weaker one first. Each lets a process enter closed folders.
 */
const CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
];

export interface Account {
  /** Undefined: this process is not root and Postgres runs as the same user. */
  ids: { uid: number; gid: number } | undefined;
  /** Program and arguments in front of the command that change the account, or nothing. */
  prefix: readonly string[];
}

/**
 * Chooses the account for the cluster in `folder` and the binaries in `nativeDir`.
 * @throws Error that says what to do when root cannot start Postgres there.
 */
export async function postgresAccount(folder: string, nativeDir: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { ids: undefined, prefix: [] };
  const ids = await ownerOf(folder);
  const closed =
    (await firstClosedParent(folder, ids)) ?? (await firstClosedParent(path.join(nativeDir, 'bin', 'postgres'), ids));
  if (closed === undefined) return { ids, prefix: [] };

  const setpriv = SETPRIV_PLACES.find((place) => existsSync(place));
  const capability = await grantableCapability();
  if (setpriv === undefined || capability === undefined) {
    throw new Error(
      `PostgreSQL does not run as root, and user ${ids.uid} may not enter ${closed}: run Servio as an ordinary user, ` +
        'move it to a folder that other users may enter, or set DATABASE_URL.',
    );
  }
  const grant = `-all,+${capability}`;
  const account = [`--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups'];
  // The binaries look for each other with access(2), which ignores a capability unless the set-uid
  // fixup is off.
  const entry = [`--inh-caps=${grant}`, `--ambient-caps=${grant}`, '--securebits=+no_setuid_fixup'];
  return { ids, prefix: [setpriv, ...account, ...entry] };
}

/**
 * Opens the installed binaries to the account: a umask of 077 leaves them closed to everybody but
 * root.
 */
export async function makeEnterable(account: Account, nativeDir: string): Promise<void> {
  if (account.ids === undefined) return;
  const { mode } = await stat(path.join(nativeDir, 'bin', 'postgres'));
  if ((mode & 0o005) === 0o005) return;
  await forEachEntry(nativeDir, async (entry) => {
    const { mode: bits } = await stat(entry);
    const execute = bits & 0o100 ? 0o055 : 0o044;
    await chmod(entry, (bits & 0o7777) | execute);
  });
}

/** Gives a folder and its content to the account. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  const { ids } = account;
  if (ids !== undefined) await forEachEntry(folder, (entry) => lchown(entry, ids.uid, ids.gid));
}

/** An existing cluster keeps its owner, unless the owner is root. */
async function ownerOf(folder: string): Promise<{ uid: number; gid: number }> {
  const found = await stat(folder).catch(() => undefined);
  return found === undefined || found.uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid: found.uid, gid: found.gid };
}

async function firstClosedParent(place: string, ids: { uid: number; gid: number }): Promise<string | undefined> {
  for (let parent = path.dirname(place); ; parent = path.dirname(parent)) {
    const { mode, uid, gid } = await stat(parent);
    const enterBit = uid === ids.uid ? 0o100 : gid === ids.gid ? 0o010 : 0o001;
    if ((mode & enterBit) === 0) return parent;
    if (parent === path.dirname(parent)) return undefined;
  }
}

/**
 * A container may have dropped any of them, so ask the kernel which ones this process has and may
 * pass on.
 */
async function grantableCapability(): Promise<string | undefined> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const bits = (field: string) => BigInt(`0x${new RegExp(`^${field}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? '0'}`);
  const available = bits('CapPrm') & bits('CapBnd');
  return CAPABILITIES.find(({ bit }) => (available >> bit) & 1n)?.name;
}

async function forEachEntry(folder: string, work: (entry: string) => Promise<void>): Promise<void> {
  await work(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) await forEachEntry(place, work);
    else if (entry.isFile()) await work(place);
  }
}
