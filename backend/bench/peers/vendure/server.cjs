/**
 * Vendure with its core alone: PostgreSQL, queue of jobs in memory, no admin page.
 * VENDURE_SYNC=true makes the schema. Runs in the folder in which Vendure is installed.
 */
require('reflect-metadata');
const { bootstrap, dummyPaymentHandler, DefaultLogger, DefaultSearchPlugin, JobQueueService, LogLevel } = require('@vendure/core');

const port = Number(process.env.PORT);
const config = {
  logger: new DefaultLogger({ level: LogLevel.Error }),
  apiOptions: { port, hostname: '127.0.0.1', introspection: false },
  authOptions: {
    tokenMethod: ['bearer'],
    superadminCredentials: { identifier: 'bench', password: process.env.BENCH_SECRET },
    cookieOptions: { secret: process.env.BENCH_SECRET },
  },
  dbConnectionOptions: {
    type: 'postgres',
    url: process.env.DATABASE_URL,
    synchronize: process.env.VENDURE_SYNC === 'true',
    logging: false,
  },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  plugins: [DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: false })],
};

bootstrap(config)
  .then(async (app) => {
    await app.get(JobQueueService).start();
    console.log(`ready http://127.0.0.1:${port}`);
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
