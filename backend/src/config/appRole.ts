/** The powerless role that the application logs in as, under row-level security. A start makes logins and never changes one. */
import { createHmac } from 'node:crypto';
import { type SetupClient, withClient } from './database.js';
import { OWNER_CONNECT_TIMEOUT_MS, waitForSetupLock } from './setupLock.js';

const APP_ROLE = 'servio_app';
/** Long enough that two secrets never share a login, short enough to be read. */
const LOGIN_TAG_LENGTH = 12;
/** SQLSTATE class 28: no such role, another password, or no right to log in. */
const REFUSED_LOGIN = /^28/;
/** Roles belong to the server, the setup lock to one database: two databases may be set up at once. */
const MADE_MEANWHILE = new Set(['42710', '23505']);

/**
 * A login of the powerless role that no other installation can lose by it. Its password is derived from the owner's URL and the
 * server's secret, so every instance with the same settings computes the same one and none has to keep it.
 *
 * The first secret gets `servio_app` itself. Where that has another password, others may be using it: their login stays as it
 * is, and this secret gets a login of its own, a member of `servio_app`.
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

/** Makes the role that migrations grant to, for installations whose application logs in under a name of its own. */
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
 * Refuses a login that could walk around row-level security.
 * @throws Error saying which power it has and what to do.
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
      throw new Error(`The role of DATABASE_APP_URL may do nothing yet. Run: grant ${APP_ROLE} to "<that role>";`);
    const power = rows[0]?.power;
    if (power)
      throw new Error(
        `The application's database role ${power}. Give DATABASE_APP_URL a role without such rights, or leave it out and Servio makes one.`,
      );
  });
}

/** Makes `servio_app` where there is none, else a login beside it. @returns the URL of the login that was made. */
async function makeLogin(client: SetupClient, shared: string, own: string): Promise<string> {
  await waitForSetupLock(client);
  // Looked at again: an instance with the same settings may have made it while this one waited.
  if (await canLogIn(shared)) return shared;
  if (!(await roleExists(client, APP_ROLE)) && (await makeRole(client, createStatement(shared)))) return shared;
  // Whoever uses this name has the same secret and the same password: it is not changed, only made or given back.
  const { username } = new URL(own);
  if (await roleExists(client, username)) await client.query(`alter role ${username} ${loginClause(own)}`);
  else await makeRole(client, `${createStatement(own)} in role ${APP_ROLE}`);
  return own;
}

async function roleExists(client: SetupClient, name: string): Promise<boolean> {
  return (await client.query('select 1 from pg_roles where rolname = $1', [name])).rowCount !== 0;
}

/** @returns false when somebody else has made it in the same moment. */
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

/** Name and password are hexadecimal behind a fixed word: nothing in them needs quoting. */
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

/** Of the password, which cannot be told from it: the name of a login is no secret. */
function loginTag(appUrl: string): string {
  return createHmac('sha256', new URL(appUrl).password).update(APP_ROLE).digest('hex').slice(0, LOGIN_TAG_LENGTH);
}

/** @throws Error of pg when the answer is neither yes nor no: without it a login in use could be taken for a missing one. */
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
