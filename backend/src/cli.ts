/** The entry point for the command line: `npm run servio -- <command>`. */
import { describeApi } from './app.js';
import { readEnv } from './config/env.js';
import { createLogger } from './config/logger.js';
import { openDatabase } from './process/startup.js';
import { type Context, createContext } from './context.js';
import { ASSISTANT_USAGE, checkAssistant } from './commands/checkAssistant.js';
import { DONE, type FindRestaurant, WRONG_USAGE } from './commands/command.js';
import { DEPLETE_USAGE, depleteStock } from './commands/depleteStock.js';
import { IMPORT_USAGE, importFile } from './commands/importFile.js';
import { REMOVE_DEMOS_USAGE, removeDemoSessions } from './commands/removeDemoSessions.js';
import { ACCOUNT_USAGE, resetAccount } from './commands/resetAccount.js';
import { findRestaurant } from './commands/findRestaurant.js';
import { JOBS_USAGE, operateQueues } from './commands/operateQueues.js';
import { SUMS_USAGE, sumDays } from './commands/sumDays.js';
import { RestaurantDirectory } from './repositories/restaurant/RestaurantDirectory.js';
import { readVersion } from './routes/docs.js';
import { Releases } from './utils/releases.js';

const OPENAPI_USAGE = 'servio openapi';
const WORKER_USAGE = 'servio worker';
/** URL of a database that is never used. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/none';
const USAGES = [
  WORKER_USAGE,
  JOBS_USAGE,
  SUMS_USAGE,
  IMPORT_USAGE,
  DEPLETE_USAGE,
  REMOVE_DEMOS_USAGE,
  ACCOUNT_USAGE,
  ASSISTANT_USAGE,
  OPENAPI_USAGE,
];
const USAGE = ['Usage:', ...USAGES.map(commandLine), ''].join('\n');

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
  if (command === 'jobs') return withServices(({ jobs }) => operateQueues(args, { jobs }, streams));
  if (command === 'sums')
    return withServices(({ reports }, findRestaurant) => sumDays(args, { reports, findRestaurant }, streams));
  if (command === 'assistant') return askModel(args);
  if (command === 'openapi') return printDescription();
  if (command === 'worker') {
    // It runs until it is told to stop.
    await import('./worker.js');
    return DONE;
  }
  process.stderr.write(USAGE);
  return WRONG_USAGE;
}

/** Asks the configured model. Uses no database. */
async function askModel(args: string[]): Promise<number> {
  const context = createContext({
    appUrl: NOWHERE,
    secret: NOWHERE,
    log: createLogger('silent'),
    outside: readEnv().outside,
  });
  try {
    const { checkModel } = context;
    return await checkAssistant(args, { checkModel }, { out: process.stdout, err: process.stderr });
  } finally {
    await context.close();
  }
}

/** Prints `/openapi.json`, for the build and for client generators. Uses no database. */
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
    const directory = new RestaurantDirectory(database.ownerUrl);
    const code = await work(context, async (idOrName) => findRestaurant(await directory.list(), idOrName));
    await releases.close();
    return code;
  } finally {
    // A failed release was already reported; the error of the work takes precedence.
    await releases.close().catch(() => undefined);
  }
}
