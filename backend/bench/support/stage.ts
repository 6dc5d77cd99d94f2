/** A database as durable as in production, a restaurant with 255 items, and servers to measure. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withClient } from '../../src/config/database.js';
import { cleanUp } from './cleanup.js';
import { openDatabase, SECRET } from './database.js';
import { type RunningServer, startServer } from './load.js';

/** A large menu: a hotel with a wine list. */
const LARGE = { categories: 24, items: 255 };

export interface Furnished {
  restaurantId: string;
  categoryId: string;
  /** An item with a modifier and two taxes. */
  itemId: string;
  modifierId: string;
  token: string;
}

export interface Stage extends Furnished {
  appUrl: string;
  /** Dishes of the restaurant. */
  items: number;
  adminUrl: string;
  /** The server process of PostgreSQL, whose children do the work. */
  postmasterPid: number;
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
  const { folder, adminUrl, appUrl, postmasterPid } = await openDatabase();
  const startServio = (env: Record<string, string>) =>
    startServer('../../src/server.js', {
      DATABASE_URL: adminUrl,
      JWT_SECRET: SECRET,
      DATA_DIR: folder,
      PORT: '0',
      LOG_LEVEL: 'info',
      RATE_LIMIT_MULTIPLIER: '1000000',
      // `npm run bench` sets it for the benchmarks that name it: it would count limits there.
      REDIS_URL: '',
      ...env,
    });
  const servio = await startServio({});
  const made = await furnish(servio.url, LARGE);
  const menuFile = path.join(folder, 'menu.json');
  await writeFile(menuFile, await (await callApi(servio.url, made.token, 'GET', '/v1/menu')).text());
  await withClient(adminUrl, (client) => client.query('analyze'));
  return {
    appUrl,
    items: LARGE.items,
    adminUrl,
    postmasterPid,
    ...made,
    menuFile,
    servio,
    startServio,
    close: cleanUp,
  };
}

/** Registers a restaurant and fills its menu. */
export async function furnish(url: string, size: { categories: number; items: number }): Promise<Furnished> {
  const registered = await answer(
    await callApi(url, undefined, 'POST', '/v1/auth/register', {
      email: `${randomUUID()}@example.com`,
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
  for (let index = 0; index < size.categories; index += 1) {
    categoryIds.push(String((await post('/v1/categories', { name: `Category ${index}`, position: index }))['id']));
  }
  let item: Record<string, unknown> = {};
  for (let index = 0; index < size.items; index += 1) {
    item = await post('/v1/menu-items', {
      name: `Dish number ${index}`,
      description: 'With a sauce of the house and whatever the market had this morning',
      price: 500 + index,
      categoryId: categoryIds[index % size.categories],
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
