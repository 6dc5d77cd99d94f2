/** A database as durable as in production, a restaurant with 255 items, and servers to measure. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withClient } from '../../src/config/database.js';
import { startEmbeddedPostgres } from '../../src/process/embeddedPostgres.js';
import { ensureAppRole } from '../../src/config/appRole.js';
import { migrate } from '../../src/config/migrate.js';
import { cleanUp, onCleanUp } from './cleanup.js';
import { type RunningServer, startServer } from './load.js';

export const SECRET = 'the secret of a server that is only measured';
const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url));
const CATEGORIES = 24;
const ITEMS = 255;

export interface Stage {
  appUrl: string;
  /** Owner of the database. */
  ownerUrl: string;
  restaurantId: string;
  categoryId: string;
  /** An item with a modifier and two taxes. */
  itemId: string;
  modifierId: string;
  token: string;
  /** The menu's bytes as Servio sends them, for the baseline. */
  menuFile: string;
  /** Servio without Redis. */
  servio: RunningServer;
  /** Another Servio on the same database. */
  startServio(env: Record<string, string>): Promise<RunningServer>;
  /** Stops every server of the stage, including those started later. */
  close(): Promise<void>;
}

/** @throws the error of a part that does not start, after cleaning up the others. */
export async function setStage(): Promise<Stage> {
  try {
    return await build();
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function build(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'servio-bench-'));
  onCleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
  onCleanUp(() => postgres.stop());
  const appUrl = await ensureAppRole(postgres.adminUrl, SECRET);
  await migrate(postgres.adminUrl, MIGRATIONS);
  const startServio = (env: Record<string, string>) =>
    startServer('../../src/server.js', {
      DATABASE_URL: postgres.adminUrl,
      JWT_SECRET: SECRET,
      DATA_DIR: folder,
      PORT: '0',
      LOG_LEVEL: 'info',
      RATE_LIMIT_MULTIPLIER: '1000000',
      ...env,
    });
  const servio = await startServio({});
  const made = await furnish(servio.url);
  const menuFile = path.join(folder, 'menu.json');
  await writeFile(menuFile, await (await callApi(servio.url, made.token, 'GET', '/v1/menu')).text());
  await withClient(postgres.adminUrl, (client) => client.query('analyze'));
  return {
    appUrl,
    ownerUrl: postgres.adminUrl,
    ...made,
    menuFile,
    servio,
    startServio,
    close: cleanUp,
  };
}

async function furnish(url: string) {
  const registered = await answer(
    await callApi(url, undefined, 'POST', '/v1/auth/register', {
      email: 'bench@example.com',
      password: 'a password for measuring',
      name: 'Bench',
      restaurantName: 'Bench',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
    }),
  );
  const token = String(registered['accessToken']);
  const post = async (path: string, body: object) => answer(await callApi(url, token, 'POST', path, body));
  const taxes = [
    await post('/v1/taxes', { name: 'State', rate: '8', inclusive: false }),
    await post('/v1/taxes', { name: 'City', rate: '0.875', inclusive: false }),
  ];
  const group = await post('/v1/modifier-groups', {
    name: 'Extras',
    maxSelections: 3,
    modifiers: [{ name: 'Cheese', price: 100 }],
  });
  const categoryIds: string[] = [];
  for (let index = 0; index < CATEGORIES; index += 1) {
    categoryIds.push(String((await post('/v1/categories', { name: `Category ${index}`, position: index }))['id']));
  }
  let item: Record<string, unknown> = {};
  for (let index = 0; index < ITEMS; index += 1) {
    item = await post('/v1/menu-items', {
      name: `Dish number ${index}`,
      description: 'With a sauce of the house and whatever the market had this morning',
      price: 500 + index,
      categoryId: categoryIds[index % CATEGORIES],
      taxIds: taxes.map((tax) => tax['id']),
      modifierGroupIds: index % 10 === 4 ? [group['id']] : [],
      allergens: ['gluten', 'milk'],
    });
  }
  const modifiers = group['modifiers'] as { id: string }[]; // A modifier group of the API.
  const me = await answer(await callApi(url, token, 'GET', '/v1/me'));
  const restaurant = me['restaurant'] as { id: string };
  return {
    token,
    restaurantId: restaurant.id,
    categoryId: String(item['categoryId']),
    itemId: String(item['id']),
    modifierId: modifiers[0]?.id ?? '',
  };
}

export function callApi(
  url: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: object,
  extraHeaders: Record<string, string> = {},
): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/json', ...extraHeaders };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
}

async function answer(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>; // Servio answers objects.
}
