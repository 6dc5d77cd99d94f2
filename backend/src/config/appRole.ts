/**
 * The application's login role, which row-level security always restricts. A start makes logins and
 * never changes an existing one.
 */
import { createHmac } from 'node:crypto';
import { type SetupClient, withClient } from './database.js';
import { OWNER_CONNECT_TIMEOUT_MS, waitForSetupLock } from './setupLock.js';

const APP_ROLE = 'servio_app';
/** Long enough that two secrets never share a login, short enough to read. */
const LOGIN_TAG_LENGTH = 12;
/** SQLSTATE class 28: no such role, wrong password, or no right to log in. */
const REFUSED_LOGIN = /^28/;
/**
 * SQLSTATEs of a role that another start made meanwhile. Roles belong to the server, but the setup
 * lock to one database.
 */
const MADE_MEANWHILE = new Set(['42710', '23505']);

/**
 * Finds or makes a login for the application without taking another installation's login away. The
 * password is derived from the owner's URL and the server's secret: every instance with the same
 * settings computes the same one, and none has to store it.
 *
 * The first secret gets `servio_app` itself. If `servio_app` already has another password, others
 * may be using it. It stays unchanged, and this secret gets its own login, a member of
 * `servio_app`.
 * @returns the URL to log in with.
 * @throws Error of pg when the server cannot be reached, or the owner may not make roles.
 */
export async function ensureAppRole(ownerUrl: string, secret: string): Promise<string> {
  const shared = loginUrl(ownerUrl, secret, APP_ROLE);
  if (await canLogIn(shared)) return shared;
  const own = loginUrl(ownerUrl, secret, `${APP_ROLE}_${loginTag(shared)}`);
  if (await canLogIn(own)) return own;
  return withClient(ownerUrl, (client) => makeLogin(client, shared, own), OWNER_CONNECT_TIMEOUT_MS);
}

/** Makes the role that migrations grant rights to, for installations that set DATABASE_APP_URL. */
export async function ensureRoleToGrantTo(ownerUrl: string): Promise<void> {
  await withClient(
    ownerUrl,
    async (client) => {
      await waitForSetupLock(client);
      if (!(await roleExists(client, APP_ROLE))) await makeRole(client, `create role ${APP_ROLE} nologin`);
    },
    OWNER_CONNECT_TIMEOUT_MS,
  );
}

/**
 * Refuses a login that could bypass row-level security.
 * @throws Error that names the right and says what to do.
 */
export async function assertPowerless(appUrl: string): Promise<void> {
  await withClient(appUrl, async (client) => {
    const { rows } = await client.query<{ power: string }>(`
      select 'is a superuser' as power from pg_roles where rolname = current_user and rolsuper
      union all select 'may bypass row-level security' from pg_roles where rolname = current_user and rolbypassrls
      union all select 'owns table ' || c.relname from pg_class c join pg_roles r on r.oid = c.relowner
        where r.rolname = current_user and c.relkind in ('r', 'p') and c.relname in ('restaurants', 'orders')`);
    const member = await client.query<{ member: boolean }>(
      `select pg_has_role(current_user, '${APP_ROLE}', 'usage') as member`,
    );
    if (!member.rows[0]?.member)
      throw new Error(`The role of DATABASE_APP_URL has no rights yet. Run: grant ${APP_ROLE} to "<that role>";`);
    const power = rows[0]?.power;
    if (power)
      throw new Error(
        `The application's database role ${power}. Set DATABASE_APP_URL to a role without such rights, or unset it so that Servio makes one.`,
      );
  });
}

/** Makes `servio_app` if it is missing, else a second login. @returns the URL of the new login. */
async function makeLogin(client: SetupClient, shared: string, own: string): Promise<string> {
  await waitForSetupLock(client);
  // Check again: an instance with the same settings may have made it while this one waited.
  if (await canLogIn(shared)) return shared;
  if (!(await roleExists(client, APP_ROLE)) && (await makeRole(client, createStatement(shared)))) return shared;
  // Every user of this name has the same secret and so the same password. The statement sets it
  // again; it does not change it.
  const { username } = new URL(own);
  if (await roleExists(client, username)) await client.query(`alter role ${username} ${loginClause(own)}`);
  else await makeRole(client, `${createStatement(own)} in role ${APP_ROLE}`);
  return own;
}

async function roleExists(client: SetupClient, name: string): Promise<boolean> {
  return (await client.query('select 1 from pg_roles where rolname = $1', [name])).rowCount !== 0;
}

/** @returns false when another process made the role at the same moment. */
async function makeRole(client: SetupClient, statement: string): Promise<boolean> {
  try {
    await client.query(statement);
    return true;
  } catch (error) {
    if (MADE_MEANWHILE.has(stateOf(error))) return false;
    throw error;
  }
}

function createStatement(url: string): string {
  return `create role ${new URL(url).username} ${loginClause(url)}`;
}

/** Name and password are a fixed word and hexadecimal digits, so nothing needs quoting. */
function loginClause(url: string): string {
  return `login password '${new URL(url).password}'`;
}

function loginUrl(ownerUrl: string, secret: string, role: string): string {
  const url = new URL(ownerUrl);
  const password = createHmac('sha256', secret).update(`${url.username}:${url.password}`).digest('hex');
  url.username = role;
  url.password = password;
  return url.toString();
}

/**
 * A keyed digest of the password. The name of a login is not secret, and the digest does not reveal
 * the password.
 */
function loginTag(appUrl: string): string {
  return createHmac('sha256', new URL(appUrl).password).update(APP_ROLE).digest('hex').slice(0, LOGIN_TAG_LENGTH);
}

/**
 * @throws Error of pg when the answer is neither yes nor no. Otherwise a login in use could be
 *   taken for a missing one.
 */
async function canLogIn(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('select 1'), OWNER_CONNECT_TIMEOUT_MS);
    return true;
  } catch (error) {
    if (REFUSED_LOGIN.test(stateOf(error))) return false;
    throw error;
  }
}

function stateOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
