/** Medusa without its admin page. All of its parts run in its process. */
const { defineConfig } = require('@medusajs/framework/utils');

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseLogging: false,
    http: {
      storeCors: 'http://localhost',
      adminCors: 'http://localhost',
      authCors: 'http://localhost',
      jwtSecret: process.env.BENCH_SECRET,
      cookieSecret: process.env.BENCH_SECRET,
    },
  },
  admin: { disable: true },
});
