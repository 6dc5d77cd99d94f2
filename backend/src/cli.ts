/** The door for the command line: `npm run servio -- <command>`. */
import { describeApi } from './app.js';
import { withClient } from './config/database.js';
import { readEnv } from './config/env.js';
import { createLogger } from './config/logger.js';
import { openDatabase } from './config/startup.js';
import { type Context, createContext } from './context.js';
import { DONE, type FindRestaurant, WRONG_USAGE } from './jobs/command.js';
import { DEPLETE_USAGE, depleteStock } from './jobs/depleteStock.js';
import { IMPORT_USAGE, importFile } from './jobs/importFile.js';
import { REMOVE_DEMOS_USAGE, removeDemoSessions } from './jobs/removeDemoSessions.js';
import { ACCOUNT_USAGE, resetAccount } from './jobs/resetAccount.js';
import { readVersion } from './routes/docs.js';
import { Releases } from './utils/releases.js';

const OPENAPI_USAGE = 'servio openapi';
/** Of a database that is not asked. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/none';
const USAGES = [IMPORT_USAGE, DEPLETE_USAGE, REMOVE_DEMOS_USAGE, ACCOUNT_USAGE, OPENAPI_USAGE];
const USAGE = ['Usage:', ...USAGES.map(commandLine), ''].join('\n');

interface KnownRestaurant {
  id: string;
  name: string;
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});

async function run(argv: string[]): Promise<number> {
  const [command, ...args] = argv;
  const streams = { out: process.stdout, err: process.stderr };
  if (command === 'import') {
    return withServices(({ imports }, findRestaurant) => importFile(args, { imports, findRestaurant }, streams));
  }
  if (command === 'deplete') {
    return withServices(({ depletions }, findRestaurant) =>
      depleteStock(args, { depletions, findRestaurant }, streams),
    );
  }
  if (command === 'demo' && args[0] === 'remove-expired')
    return withServices((context) => removeDemoSessions(context, streams));
  if (command === 'account') return withServices((context) => resetAccount(args, context, streams));
  if (command === 'openapi') return printDescription();
  process.stderr.write(USAGE);
  return WRONG_USAGE;
}

/** Prints `/openapi.json`, for the build and for generators of clients. Asks no database. */
async function printDescription(): Promise<number> {
  const context = createContext({ appUrl: NOWHERE, secret: NOWHERE, log: createLogger('silent') });
  try {
    process.stdout.write(describeApi(context, await readVersion()));
    return DONE;
  } finally {
    await context.close();
  }
}

function commandLine(usage: string): string {
  return `  npm run ${usage.replace('servio', 'servio --')}`;
}

async function withServices(work: (context: Context, findRestaurant: FindRestaurant) => Promise<number>) {
  const env = readEnv();
  const releases = new Releases((name, error) => console.error(`Closing ${name} failed:`, error));
  try {
    const database = await openDatabase(env, () => undefined, releases);
    const context = createContext({ appUrl: database.appUrl, secret: database.secret, log: createLogger('warn') });
    releases.own('the services', context, (one) => one.close());
    const code = await work(context, (idOrName) => findRestaurantAs(database.ownerUrl, idOrName));
    await releases.close();
    return code;
  } finally {
    // What fails in it has been told; an error of the work is the one to end with.
    await releases.close().catch(() => undefined);
  }
}

/** Looks across tenants, as only the owner of the database may. @throws Error saying which restaurants there are. */
async function findRestaurantAs(ownerUrl: string, idOrName: string | undefined): Promise<KnownRestaurant> {
  const all = await withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<KnownRestaurant>(
      'select id, name from restaurants where demo_expires_at is null order by created_at, id limit 1000',
    );
    return rows;
  });
  const found =
    idOrName === undefined ? all : all.filter(({ id, name }) => id === idOrName.toLowerCase() || name === idOrName);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  const list = all.map(({ id, name }) => `  ${id}  ${name}`).join('\n');
  const problem =
    found.length > 1
      ? 'Several restaurants fit: name one with --restaurant and its id.'
      : 'There is no such restaurant.';
  throw new Error(`${problem}\n${list === '' ? '  (none: register one first)' : list}`);
}
