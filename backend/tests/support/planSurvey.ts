/** Plans statements as the application would, and says what is wrong with the plans. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { type Query, SESSION_SETTINGS, type SetupClient } from '../../src/config/database.js';
import { FIRST_ID, LAST_ID } from '../../src/domain/report/daySums.js';
import { PAYMENT_GROUPS, SALES_GROUPS } from '../../src/domain/report/report.js';
import type { YearOfTrade } from './yearOfTrade.js';

/** 256 kB are read sooner than an index is descended. */
export const SMALL_TABLE_PAGES = 32;
/**
 * Tables that grow with every order. To read a restaurant's share of one means to read years of
 * trade.
 */
export const GROWING = [
  'orders',
  'order_lines',
  'payments',
  'refunds',
  'event_feed',
  'audit_log',
  'sessions',
  'refresh_tokens',
  'stock_movements',
  'documents',
  'webhook_deliveries',
  'webhook_attempts',
  'day_sales',
  'part_sales',
];
/**
 * Lead to the few restaurants of one person, which a login looks for before it knows any, and to
 * the few webhook endpoints that have something to do.
 */
export const ACROSS_RESTAURANTS = ['members_user_idx', 'webhook_queues_look_at_idx'];

/** Nodes that take in all their rows before they give one. */
const GATHERING = /Sort|Aggregate|Hash|Bitmap|WindowAgg|Materialize/;

const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** A value of each type, as a statement may meet it. The first parameter is the restaurant. */
const SAMPLES: Record<string, string> = {
  uuid: '01941f29-7c00-7000-8000-000000000000',
  'uuid[]': `{${Array.from({ length: 25 }, () => randomUUID()).join()}}`,
  text: 'x',
  'text[]': '{x,y}',
  smallint: '1',
  'smallint[]': '{201,200}',
  integer: '26',
  'integer[]': '{1,2}',
  bigint: '26',
  'bigint[]': '{1,2}',
  numeric: '1',
  boolean: 'true',
  jsonb: '[]',
  bytea: 'x',
  'bytea[]': '{x,y}',
  date: '2025-12-30',
  'date[]': '{2025-12-29,2025-12-30}',
  'timestamp with time zone': '2025-12-30T12:00:00Z',
  'jobs.job_state[]': '{created,failed}',
};
/**
 * Dishes of the first restaurant in a year of trade (`pg_temp.stock_id`). The first of them is
 * counted.
 */
const SOLD = [12, 13].map((number) => stockId('item', 0, number));
/**
 * Ranges of orders of two days, which are the values 2 to 5 of a statement, and the period of its
 * sums.
 */
const RANGE = { 2: '{2025-12-29}', 3: '{2025-12-31}', 4: `{${FIRST_ID}}`, 5: `{${LAST_ID}}` };
const RANGES = { ...RANGE, 6: '2025-12-01', 7: '2025-12-31' };
/**
 * Sample values for one statement, or for the statements of one noun, by position. Null is a filter
 * that is not set.
 */
const SPECIAL_SAMPLES: Record<string, Record<number, string | null>> = {
  'order.list': { 3: NEWEST },
  'codeClaim.link': { 4: '{null}' },
  'order.listUnsettled': { 3: NEWEST },
  orderList: { 3: '2025-12-01', 8: '{placed,accepted}', 9: null, 10: null, 11: null, 12: null, 13: null, 14: NEWEST },
  'orderList.numberByPlacedAtDown': { 8: null, 9: null, 10: 'ORD-1', 11: null, 12: null, 13: null, 14: NEWEST },
  'orderList.typeByPlacedAtDown': { 8: null, 9: '{catering}', 10: null, 11: null, 12: null, 13: null, 14: NEWEST },
  'inventory.listMovements': { 2: NEWEST },
  'purchaseOrder.list': { 2: NEWEST },
  'purchaseOrder.listByNumber': { 2: NEWEST, 4: null, 5: null, 6: 'PO-1' },
  'purchaseOrder.listOfSupplier': { 2: NEWEST, 4: null, 6: null },
  'purchaseOrder.listOpen': { 2: NEWEST, 4: 'draft', 5: null, 6: null },
  'goodsReceipt.list': { 2: NEWEST },
  'goodsReceipt.listOfOrder': { 2: NEWEST, 5: null },
  'goodsReceipt.listOfSupplier': { 2: NEWEST, 4: null },
  'supplierInvoice.list': { 2: NEWEST },
  'supplierInvoice.listOfStatus': { 2: NEWEST, 4: 'review' },
  'supplierInvoice.listOfWorkflow': { 2: NEWEST },
  'supplierInvoice.listOfSupplier': { 2: NEWEST },
  'supplierInvoice.listOfNumberKey': { 2: NEWEST, 4: 'N5' },
  'menuItem.list': { 4: 'dish', 5: null, 6: null, 7: null },
  'menu.takePortions': { 2: `{${SOLD.join()}}`, 3: '{1,1}' },
  report: { 2: '2025-12-01' },
  ...Object.fromEntries(
    ['sumSales', 'orderSums', ...SALES_GROUPS.map((group) => `sumSalesBy.${group}`)].map((name) => [
      `report.${name}`,
      RANGES,
    ]),
  ),
  ...Object.fromEntries(
    ['sumPayments', ...PAYMENT_GROUPS.map((group) => `sumPaymentsBy.${group}`)].map((name) => [
      `report.${name}`,
      { 2: '{2025-12-29}', 3: '{2025-12-31}' },
    ]),
  ),
  'report.orderSums': { ...RANGES, 8: '{2025-12-29}', 9: '{2025-12-31}' },
  'report.sumSalesBy.hour': { ...RANGES, 8: 'Europe/Berlin' },
  'report.sumSalesBy.weekday_hour': { ...RANGES, 8: 'Europe/Berlin' },
  ...Object.fromEntries(
    ['dayOrders', 'dayTaxes', 'dayMoney', 'dayDeposits', 'dayDepositTaxes', 'sumDayVoided', 'listDayUnfinished'].map(
      (name) => [`report.${name}`, RANGES],
    ),
  ),
  'report.dayStaff': { 2: '{2025-12-29}', 3: '[]' },
  'report.dayDrawers': { 2: '{2025-12-29}', 3: '[]' },
  'report.dayMovements': { 2: '{2025-12-29}' },
  'report.dayShifts': { 2: '{2025-12-29}' },
  ...Object.fromEntries(
    ['storeFigures', 'insertSales', 'listWrongFigures', 'listWrongSales'].map((name) => [`dayParts.${name}`, RANGE]),
  ),
  'daySums.findGaps': { 2: '2025-12-01', 3: '2025-12-31' },
  'purchaseOrder.listFiltered': { 2: NEWEST, 4: 'cancelled', 5: null, 6: null },
  'stockCount.list': { 2: NEWEST },
  'document.list': { 2: NEWEST },
  'document.listIssued': { 2: NEWEST },
  'document.listOfType': { 2: NEWEST, 4: 'credit_note', 5: null },
  'document.listByNumber': { 2: NEWEST, 4: null, 5: null, 6: 'P2-1', 7: null, 8: null, 9: null },
  'document.listOfDate': { 2: NEWEST, 4: null, 5: null, 6: null, 8: null, 9: null },
  'document.listOfOrder': { 2: NEWEST, 4: null, 5: null, 6: null, 7: null, 9: null },
  'document.listOfOriginal': { 2: NEWEST, 4: null, 5: null, 6: null, 7: null, 8: null },
  'document.listUnissued': { 2: NEWEST, 4: null, 5: 'draft', 6: null, 7: null, 8: null, 9: null },
  'document.lockLastOfOrder': { 3: 'receipt' },
  'document.lockLastOfQuotation': { 3: 'invoice' },
  'document.listOfSeries': { 4: '2025-12', 6: null },
  'document.listNumbered': { 4: '2025-12' },
  'webhookDelivery.list': { 2: '9007199254740991', 3: NEWEST },
  'webhookDelivery.listOfStatus': { 2: '9007199254740991', 3: NEWEST, 5: 'delivered' },
  'webhookDelivery.listOfEndpoint': { 2: '9007199254740991', 3: NEWEST, 6: null },
  'webhookDelivery.listOfEvent': { 2: '9007199254740991', 3: NEWEST, 6: null, 7: null },
  'webhookDelivery.find': { 2: '9007199254740991', 3: NEWEST },
  drawerShift: { 2: NEWEST },
  'drawerMovement.list': { 3: NEWEST },
  'assistant.listGuests': { 2: NEWEST },
  'message.list': { 2: NEWEST },
  paymentList: { 3: '2025-12-01', 4: '2025-12-31', 7: null, 8: null, 9: null, 10: null, 11: null, 12: NEWEST },
  'paymentList.ofOrder': { 3: '-infinity', 4: 'infinity', 7: null, 9: null, 10: null, 11: null, 12: NEWEST },
  refundList: { 3: '2025-12-01', 4: '2025-12-31', 7: null, 8: null, 9: null, 10: null, 11: null, 12: null, 13: NEWEST },
  'refundList.ofOrder': { 3: '-infinity', 4: 'infinity', 7: null, 9: null, 10: null, 11: null, 12: null, 13: NEWEST },
  auditList: { 3: null, 4: null, 5: null, 6: '2025-12-01', 7: '2026-01-01', 8: null, 9: NEWEST },
  'auditList.ofSubject': { 3: null, 4: null, 5: null, 6: '-infinity', 7: 'infinity', 9: NEWEST },
  'import.list': { 2: NEWEST, 5: null, 6: null },
  'job.list': { 2: NEWEST, 4: null, 5: null },
  'job.listUnfinished': { 2: NEWEST, 4: null },
};

/** How a statement meets the planner. */
interface Setting {
  name: string;
  restaurant: keyof YearOfTrade;
  /**
   * PostgreSQL plans a prepared statement for its values five times. Then it decides whether to use
   * one plan for all.
   */
  executions: 1 | 6;
  /** Without: a plan must be possible that reads no table from end to end, however small it is. */
  seqScan: boolean;
}

const SETTINGS: readonly Setting[] = [
  { name: 'largest restaurant', restaurant: 'largest', executions: 1, seqScan: true },
  { name: 'largest restaurant, settled', restaurant: 'largest', executions: 6, seqScan: true },
  { name: 'smallest restaurant', restaurant: 'smallest', executions: 1, seqScan: true },
  { name: 'smallest restaurant, settled', restaurant: 'smallest', executions: 6, seqScan: true },
  { name: 'by index alone', restaurant: 'smallest', executions: 6, seqScan: false },
];

/** Partitions have the name of the whole table. */
const TABLES = `
  select c.relname as relation, whole.relname as name, whole.reltuples::int8 as rows,
    coalesce((select sum(pg_relation_size(inhrelid)) from pg_inherits where inhparent = c.oid), pg_relation_size(c.oid))::int8 / 8192 as pages
  from pg_class c
  left join pg_inherits h on h.inhrelid = c.oid
  join pg_class whole on whole.oid = coalesce(h.inhparent, c.oid)
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'`;

const INDEXES = `
  select i.relname as relation, coalesce(wi.relname, i.relname) as name, coalesce(wt.relname, t.relname) as table, x.indisunique as "isUnique",
    pg_get_expr(x.indpred, x.indrelid) as predicate, obj_description(coalesce(wi.oid, i.oid), 'pg_class') as comment,
    array(select pg_get_indexdef(i.oid, k, false) from generate_series(1, x.indnkeyatts) k) as columns,
    x.indpred is null and exists (
      select 1 from pg_constraint f
      where f.conrelid = t.oid and f.contype = 'f' and f.confrelid <> 'restaurants'::regclass
        and (x.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey) as "supportsReference"
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
  left join pg_inherits h on h.inhrelid = i.oid left join pg_class wi on wi.oid = h.inhparent
  left join pg_index wx on wx.indexrelid = wi.oid left join pg_class wt on wt.oid = wx.indrelid
  where t.relnamespace = 'public'::regnamespace and t.relname <> 'schema_migrations'`;

export interface TableFacts {
  name: string;
  pages: number;
  rows: number;
}

export interface IndexFacts {
  name: string;
  table: string;
  columns: string[];
  predicate: string | null;
  comment: string | null;
  isUnique: boolean;
  /**
   * Whether it begins with the columns of a foreign key. The check needs it when a parent row is
   * deleted.
   */
  supportsReference: boolean;
}

export interface Schema {
  tables: Map<string, TableFacts>;
  indexes: Map<string, IndexFacts>;
}

export interface Survey {
  /** Statement, setting, what is wrong, and the plan. */
  faults: string[];
  usedIndexes: Set<string>;
  schema: Schema;
}

/** A node of a plan as PostgreSQL prints it. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Conflict Arbiter Indexes'?: string[];
  Plans?: PlanNode[];
}

export async function readSchema(client: SetupClient): Promise<Schema> {
  const tables = await client.query<TableFacts & { relation: string }>(TABLES);
  const indexes = await client.query<IndexFacts & { relation: string }>(INDEXES);
  return {
    tables: new Map(tables.rows.map(({ relation, ...facts }) => [relation, facts])),
    indexes: new Map(indexes.rows.map(({ relation, ...facts }) => [relation, facts])),
  };
}

/**
 * Plans every statement in every setting.
 * @param client of a role that row-level security binds.
 */
export async function surveyPlans(
  client: SetupClient,
  statements: readonly Query<unknown>[],
  year: YearOfTrade,
): Promise<Survey> {
  const survey: Survey = { faults: [], usedIndexes: new Set(), schema: await readSchema(client) };
  await likeThePool(client);
  for (const setting of SETTINGS) {
    await client.query(`set enable_seqscan = ${setting.seqScan ? 'on' : 'off'}`);
    await client.query(`select set_config('app.restaurant_id', $1, false)`, [year[setting.restaurant]]);
    for (const statement of statements) {
      const execute = await prepareAs(client, 'surveyed', statement, year[setting.restaurant], year);
      const nodes = [...nodesOf(await planOf(client, execute, setting))];
      for (const { node } of nodes)
        for (const name of [node['Index Name'] ?? [], node['Conflict Arbiter Indexes'] ?? []].flat())
          survey.usedIndexes.add(survey.schema.indexes.get(name)?.name ?? name);
      const faults = nodes.flatMap((node) => faultOf(node, setting, survey.schema) ?? []);
      if (faults.length > 0)
        survey.faults.push(
          `${statement.name} (${setting.name}): ${faults.join('; ')}\n${await readablePlan(client, execute)}`,
        );
      await client.query('deallocate surveyed');
    }
  }
  await client.query('reset enable_seqscan');
  return survey;
}

/** Plans are made under the settings of the application's connections. */
export async function likeThePool(client: SetupClient): Promise<void> {
  for (const [name, value] of Object.entries(SESSION_SETTINGS))
    await client.query('select set_config($1, $2, false)', [name, value]);
}

/**
 * Indexes that no statement, constraint or reference uses and that have no comment with their
 * reason.
 */
export function unjustifiedIndexes({ schema, usedIndexes }: Survey): string[] {
  return [...schema.indexes.values()]
    .filter(({ name, isUnique, supportsReference }) => !usedIndexes.has(name) && !isUnique && !supportsReference)
    .filter(({ comment }) => !comment?.startsWith('why: '))
    .map(({ name }) => name);
}

/** The column of a table that names the restaurant. */
export function tenantColumn(table: string): string | undefined {
  return table === 'users' ? undefined : table === 'restaurants' ? 'id' : 'restaurant_id';
}

/**
 * Prepares a statement under a name.
 * @returns the command that executes it with sample values.
 */
export async function prepareAs(
  client: SetupClient,
  name: string,
  statement: Query<unknown>,
  restaurantId: string,
  year: YearOfTrade,
): Promise<string> {
  await client.query(`prepare ${name} as ${statement.text}`);
  return executionOf(client, name, statement, restaurantId, year);
}

/** @returns the command that executes a prepared statement with sample values */
export async function executionOf(
  client: SetupClient,
  name: string,
  statement: Query<unknown>,
  restaurantId: string,
  year: YearOfTrade,
): Promise<string> {
  const { rows } = await client.query<{ types: string[] }>(
    'select parameter_types::text[] as types from pg_prepared_statements where name = $1',
    [name],
  );
  const values = (rows[0]?.types ?? []).map((type, index) =>
    index === 0 && type === 'uuid' ? restaurantId : sampleFor(statement.name, type, index + 1, year),
  );
  const list = values.map((value) => (value === null ? 'null' : `'${value}'`)).join();
  return `execute ${name}${list === '' ? '' : `(${list})`}`;
}

/** Explaining counts as executing. */
async function planOf(client: SetupClient, execute: string, setting: Setting): Promise<PlanNode> {
  if (setting.executions > 1) await client.query(`explain ${execute};`.repeat(setting.executions - 1));
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) ${execute}`);
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  assert.ok(plan);
  return plan;
}

async function readablePlan(client: SetupClient, execute: string): Promise<string> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${execute}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

function stockId(kind: string, restaurant: number, number: number): string {
  const since = Date.parse('2024-12-01T00:00:00Z').toString(16).padStart(12, '0');
  const digits = createHash('md5').update(`${kind} ${restaurant} ${number}`).digest('hex');
  return `${since}7${digits.slice(13, 16)}a${digits.slice(17)}`;
}

function sampleFor(statement: string, type: string, position: number, year: YearOfTrade): string | null {
  const noun = statement.replace(/\..*/, '');
  const sample = (SPECIAL_SAMPLES[statement] ?? SPECIAL_SAMPLES[noun])?.[position];
  if (sample !== undefined) return sample;
  if (type === 'uuid' && statement.startsWith('import.')) return year.runningImport;
  const ordinary = SAMPLES[type];
  assert.ok(ordinary !== undefined, `${statement} takes a ${type}, of which there is no sample`);
  return ordinary;
}

/** `isPaged`: its rows go as they come into a limit, so that no more of them are read. */
interface PlacedNode {
  node: PlanNode;
  isPaged: boolean;
}

function* nodesOf(node: PlanNode, isPaged = false): Generator<PlacedNode> {
  yield { node, isPaged };
  const type = node['Node Type'];
  const passesOn = type === 'Limit' || (isPaged && !GATHERING.test(type));
  for (const child of node.Plans ?? []) yield* nodesOf(child, passesOn);
}

/** @returns what is wrong with the way a node reads its table */
function faultOf({ node, isPaged }: PlacedNode, setting: Setting, schema: Schema): string | undefined {
  if (node['Node Type'] === 'Seq Scan') {
    const { name, pages } = schema.tables.get(node['Relation Name'] ?? '') ?? { name: 'an unknown table', pages: 0 };
    return setting.seqScan && pages <= SMALL_TABLE_PAGES ? undefined : `scans ${name}, ${pages} pages`;
  }
  const index = schema.indexes.get(node['Index Name'] ?? '');
  if (!index) return undefined;
  const condition = node['Index Cond'] ?? '';
  const twice = isPaged ? startedTwice(condition) : undefined;
  if (twice !== undefined) return `begins ${index.name} at a position and at a bound of ${twice}`;
  const narrowing = index.columns.filter(
    (column) => condition.includes(`(${column} `) || condition.includes(`ROW(${column},`),
  );
  if (narrowing.length === 0) return `reads the whole index ${index.name}`;
  const tenant = tenantColumn(index.table);
  if (tenant !== undefined && !narrowing.includes(tenant) && !ACROSS_RESTAURANTS.includes(index.name))
    return `uses ${index.name} without the restaurant`;
  if (!setting.seqScan || !GROWING.includes(index.table)) return undefined;
  // All ids before one are all there are, unless they end with a page. Positions may have two ends.
  const isBounded = (column: string) =>
    isPaged || (column === 'id' ? !/\(id [<>]/.test(condition) : column !== 'position' || / <= /.test(condition));
  const isNarrow = narrowing.some((column) => column !== tenant && isBounded(column));
  return isNarrow ? undefined : `reads all ${index.table} of a restaurant by ${index.name}`;
}

/**
 * The column of a position (`(a, id) < ($1, $2)`) that has a bound on the same side as well. The
 * index may begin at the bound, and then a page reads all that is before its position. Two
 * positions are the ends of a range, and no page.
 */
function startedTwice(condition: string): string | undefined {
  const [position, other] = condition.matchAll(/\(ROW\((\w+), \w+\) ([<>])/g);
  const [, column = '', side = ''] = position ?? [];
  return position && !other && condition.includes(`(${column} ${side}`) ? column : undefined;
}
