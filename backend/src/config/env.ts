/** The only file that reads the environment. A bad value stops the start and names the variable. */
import path from 'node:path';
import { z } from 'zod';
import { isHostAndPort } from '../utils/hostAndPort.js';
import { type OutsideParties, outsidePartiesOf, outsidePartiesSchema } from './outsideParties.js';

/** A value that is not a number gets this message instead of Zod's. */
const wholeNumber = () => z.coerce.number('Give a whole number.').int();
const port = wholeNumber().min(0).max(65535);
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://');
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** Reads `a:1,b:2`. Spaces and empty entries are ignored. */
const hostsAndPorts = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
  .refine(
    (entries) => entries.every(isHostAndPort),
    'must be host:port entries separated by commas, such as localhost:9000',
  );

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().min(1).optional(),
  PORT: port.default(3000),
  DATA_DIR: z.string().min(1).default('.servio'),
  DATABASE_URL: optional(postgresUrl),
  DATABASE_APP_URL: optional(postgresUrl),
  JWT_SECRET: optional(z.string().min(32, 'must have at least 32 characters: try `openssl rand -hex 32`')),
  SEED_DEMO: optional(z.stringbool()),
  DEMO_SESSIONS: optional(z.stringbool()),
  DEMO_SESSION_HOURS: wholeNumber().min(1).max(720).default(24),
  DEMO_SESSIONS_MAX: wholeNumber().min(1).max(10_000).default(100),
  RATE_LIMIT_MULTIPLIER: wholeNumber().min(1).max(1_000_000).default(1),
  DATABASE_REPLICA_URL: optional(postgresUrl),
  ALLOW_UNSAFE_DATABASE: optional(z.stringbool()),
  REDIS_URL: optional(z.string().regex(/^rediss?:\/\//, 'must start with redis:// or rediss://')),
  OPERATIONS_TOKEN: optional(z.string().min(16, 'must have at least 16 characters')),
  EGRESS_ALLOWLIST: hostsAndPorts,
  DB_POOL_SIZE: wholeNumber().min(2).max(500).default(20),
  DB_MAX_OVERFLOW: wholeNumber().min(0).max(500).default(0),
  DB_POOL_TIMEOUT: optional(wholeNumber().min(1).max(60)),
  DB_POOL_RECYCLE: optional(wholeNumber().min(10).max(86_400)),
  DOC_WORKFLOW_CONCURRENCY: wholeNumber().min(1).max(500).default(50),
  DOC_IO_CONCURRENCY: wholeNumber().min(1).max(500).default(50),
  DOC_CPU_CONCURRENCY: optional(wholeNumber().min(1).max(64)),
  OCR: z.enum(['on', 'off']).default('on'),
  CLAMD_HOST: optional(z.string().refine(isHostAndPort, 'must be host:port, such as clamd:3310')),
  S3_BUCKET: optional(z.string()),
  S3_ENDPOINT: optional(z.url('must be an address such as https://s3.example.com')),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY_ID: optional(z.string()),
  S3_SECRET_ACCESS_KEY: optional(z.string()),
  STATSD_HOST: optional(z.string()),
  STATSD_PORT: port.default(8125),
  METRICS_PORT: optional(port),
  WEB_CONCURRENCY: wholeNumber().min(1).max(64).default(1),
  DRAIN_BLACKOUT_MS: optional(wholeNumber().min(0).max(10_000)),
  BACKGROUND: optional(z.stringbool()),
  SERVIO_WORKER: optional(z.stringbool()),
  TRUST_PROXY: wholeNumber().min(0).max(10).default(0),
  ...outsidePartiesSchema,
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

export interface DemoSettings {
  isOn: boolean;
  /** Lifetime of each demo restaurant. */
  hours: number;
  /** Limit of demo restaurants at once. */
  most: number;
}

/** Where files of suppliers are kept, and how many are read at once. */
export interface DocumentSettings {
  files?:
    | { folder: string }
    | {
        bucket: string;
        /** Absent: Amazon. */
        endpoint?: string | undefined;
        region: string;
        /** Absent: the SDK looks in its usual places. */
        credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
      };
  /** Documents in work at once; 50 if absent. */
  workflows?: number | undefined;
  /** Calls to the storage at once; 50 if absent. */
  io?: number | undefined;
  /** Threads that open files; as many as cores if absent. */
  cpu?: number | undefined;
  /** Recognise the text of pictures here; on if absent. */
  ocr?: boolean | undefined;
  /** The daemon of ClamAV; absent: files are not scanned. */
  clamd?: { host: string; port: number } | undefined;
}

/** Servio's settings, read once. Names of times and sizes carry their unit. */
export interface Env {
  production: boolean;
  /** Address to listen on. Without HOST: loopback, or all interfaces in production. */
  host: string;
  port: number;
  /** Absolute path of the folder for lasting data when no outside database is set. */
  dataDir: string;
  /** Owner of the schema; runs migrations. Absent: embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /**
   * Login of the application, without special rights. Absent: Servio makes the role `servio_app`.
   */
  databaseAppUrl: string | undefined;
  /** Absent outside production: made once and kept in `dataDir`. */
  jwtSecret: string | undefined;
  /** Load the demo restaurant on an empty database. */
  seedDemo: boolean;
  /** Demo restaurants for visitors. */
  demoSessions: DemoSettings;
  /** Number of reverse proxies in front whose X-Forwarded-For is trusted. */
  trustProxyHops: number;
  logLevel: string;
  /** Raises every rate limit, for load tests. */
  rateLimitMultiplier: number;
  /** Read replica for reports; the application's role logs in there too. */
  databaseReplicaUrl: string | undefined;
  /** Start although the database may lose acknowledged writes. */
  allowUnsafeDatabase: boolean;
  /** Absent: no second cache tier, and limits are counted in memory. */
  redisUrl: string | undefined;
  /** Opens /health/detailed in production. */
  operationsToken: string | undefined;
  /**
   * `host:port` entries that may be called although their addresses are not public. Empty in
   * production.
   */
  egressAllowlist: readonly string[];
  statsd: { host: string; port: number } | undefined;
  documents: DocumentSettings;
  /** Connections of this process to each PostgreSQL. */
  databaseBudget: { max: number; waitMs: number | undefined; recycleSeconds: number | undefined };
  /** Serves /metrics on a port of its own. */
  metricsPort: number | undefined;
  /** Processes that share the port. */
  webConcurrency: number;
  /** Whether this machine's server also runs background jobs; off where a worker runs them. */
  background: boolean;
  /** How long a process that was told to stop still serves, so that load balancers notice. */
  drainBlackoutMs: number;
  /** Set by the primary process for the workers that it starts. */
  isWorker: boolean;
  /** Language model, Twilio and mail server, each if it is configured. */
  outside: OutsideParties;
}

/**
 * Reads and checks the environment.
 * @throws Error naming each bad variable and what it must be.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not usable:\n${problems.join('\n')}`);
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  if (production && !values.JWT_SECRET) {
    throw new Error(
      'JWT_SECRET is required in production: set it to at least 32 random characters (`openssl rand -hex 32`).',
    );
  }
  if (production && values.EGRESS_ALLOWLIST.length > 0) {
    throw new Error(
      'EGRESS_ALLOWLIST is refused in production: a caller that sets a webhook could reach private addresses. Unset it.',
    );
  }
  return {
    production,
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    dataDir: path.resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    databaseAppUrl: values.DATABASE_APP_URL,
    jwtSecret: values.JWT_SECRET,
    seedDemo: values.SEED_DEMO ?? values.DATABASE_URL === undefined,
    demoSessions: {
      isOn: values.DEMO_SESSIONS ?? true,
      hours: values.DEMO_SESSION_HOURS,
      most: values.DEMO_SESSIONS_MAX,
    },
    trustProxyHops: values.TRUST_PROXY,
    logLevel: values.LOG_LEVEL,
    rateLimitMultiplier: values.RATE_LIMIT_MULTIPLIER,
    databaseReplicaUrl: values.DATABASE_REPLICA_URL,
    allowUnsafeDatabase: values.ALLOW_UNSAFE_DATABASE ?? false,
    redisUrl: values.REDIS_URL,
    operationsToken: values.OPERATIONS_TOKEN,
    egressAllowlist: values.EGRESS_ALLOWLIST,
    statsd: values.STATSD_HOST === undefined ? undefined : { host: values.STATSD_HOST, port: values.STATSD_PORT },
    documents: documentSettings(values),
    databaseBudget: {
      max: values.DB_POOL_SIZE + values.DB_MAX_OVERFLOW,
      waitMs: values.DB_POOL_TIMEOUT === undefined ? undefined : values.DB_POOL_TIMEOUT * 1000,
      recycleSeconds: values.DB_POOL_RECYCLE,
    },
    metricsPort: values.METRICS_PORT,
    webConcurrency: values.SERVIO_WORKER ? 1 : values.WEB_CONCURRENCY,
    background: values.BACKGROUND ?? true,
    drainBlackoutMs: values.DRAIN_BLACKOUT_MS ?? (production ? 5_000 : 0),
    isWorker: values.SERVIO_WORKER ?? false,
    outside: outsidePartiesOf(values),
  };
}

function documentSettings(values: z.output<typeof schema>): DocumentSettings {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_REGION: region } = values;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, CLAMD_HOST: clamd } = values;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new Error('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both or none.');
  const credentials =
    accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
  const [host = '', clamdPort = ''] = clamd === undefined ? [] : splitPort(clamd);
  return {
    files:
      bucket === undefined
        ? { folder: path.join(path.resolve(values.DATA_DIR), 'files') }
        : { bucket, endpoint, region, credentials },
    workflows: values.DOC_WORKFLOW_CONCURRENCY,
    io: values.DOC_IO_CONCURRENCY,
    cpu: values.DOC_CPU_CONCURRENCY,
    ocr: values.OCR === 'on',
    clamd: clamd === undefined ? undefined : { host, port: Number(clamdPort) },
  };
}

function splitPort(hostAndPort: string): [string, string] {
  const at = hostAndPort.lastIndexOf(':');
  return [hostAndPort.slice(0, at).replaceAll(/[[\]]/g, ''), hostAndPort.slice(at + 1)];
}
