/** Makes the migrated database that every test file clones. Run once before the shards. */
import { withClient } from '../../src/config/database.js';
import { ensureAppRole } from '../../src/config/appRole.js';
import { installJobs } from '../../src/config/jobSchema.js';
import { migrate } from '../../src/config/migrate.js';
import { adminUrl, databaseUrl, MIGRATIONS, TEMPLATE, TEST_SECRET } from './database.js';

await ensureAppRole(adminUrl(), TEST_SECRET);
await withClient(adminUrl(), async (client) => {
  // A server of TEST_DATABASE_URL may have those of an earlier run.
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where starts_with(datname, '${TEMPLATE}')`,
  );
  for (const { name } of rows) await client.query(`drop database ${name} with (force)`);
  await client.query(`create database ${TEMPLATE} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
});
await migrate(databaseUrl(TEMPLATE), MIGRATIONS);
await installJobs(databaseUrl(TEMPLATE));
