/**
 * `servio import KIND FILE --mapping mapping.json`: arguments in, one service call, a report out.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Call, systemCall } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { Import, ImportKind } from '../domain/import/import.js';
import { formatMinor } from '../domain/number/money.js';
import type { ImportProgressReport } from '../services/import/ImportJournal.js';
import { mappingSchema } from '../formats/csv/orderMapping.js';
import {
  itemMappingSchema,
  type KindMapping,
  openingMappingSchema,
  recipeMappingSchema,
} from '../formats/csv/stockMappings.js';
import type { ImportService } from '../services/ImportService.js';
import { type CommandStreams, DONE, FAILED, type FindRestaurant, WRONG_USAGE } from './command.js';

export const IMPORT_USAGE =
  'servio import orders|items|recipes|opening-stock FILE --mapping mapping.json [--dry-run] [--restaurant ID or NAME]';

const KINDS = new Map<string, ImportKind>([
  ['orders', 'orders'],
  ['items', 'inventory_items'],
  ['recipes', 'recipes'],
  ['opening-stock', 'opening_stock'],
]);
const SCHEMAS = {
  orders: mappingSchema,
  inventory_items: itemMappingSchema,
  recipes: recipeMappingSchema,
  opening_stock: openingMappingSchema,
} as const;

const BAR_CHARS = 30;
const REDRAW_MS = 100;
const MAX_SHOWN_FAULTS = 50;

interface Services {
  imports: ImportService;
  findRestaurant: FindRestaurant;
}

/**
 * @returns the exit code: 0 when the import finished, even with faulty rows; 1 when it did not; 2
 *   for wrong usage.
 */
export async function importFile(
  argv: readonly string[],
  services: Services,
  streams: CommandStreams,
): Promise<number> {
  const options = readOptions(argv);
  if ('fault' in options) {
    streams.err.write(`${options.fault}\nUsage: ${IMPORT_USAGE}\n`);
    return WRONG_USAGE;
  }
  const bar = new ProgressBar(streams.err);
  try {
    const request = await readMapping(options.kind, options.mapping);
    const restaurant = await services.findRestaurant(options.restaurant);
    const call: Call = systemCall(restaurant.id, 'command line');
    const result = await services.imports.run(call, {
      ...request,
      path: options.file,
      fileName: path.basename(options.file),
      dryRun: options.dryRun,
      onProgress: (report) => bar.draw(report),
    });
    bar.clear();
    report(result, restaurant.name, streams);
    return DONE;
  } catch (error) {
    bar.clear();
    streams.err.write(`${explain(error)}\n`);
    return FAILED;
  }
}

interface Options {
  kind: ImportKind;
  file: string;
  mapping: string;
  dryRun: boolean;
  restaurant: string | undefined;
}

function readOptions(argv: readonly string[]): Options | { fault: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        mapping: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        restaurant: { type: 'string' },
      },
      allowPositionals: true,
    });
    const [word = '', file, ...rest] = positionals;
    const kind = KINDS.get(word);
    if (!kind) return { fault: `Name the kind of data in the file: ${[...KINDS.keys()].join(', ')}.` };
    if (file === undefined || rest.length > 0) return { fault: 'Name one file.' };
    if (values.mapping === undefined)
      return { fault: 'Name a mapping file with --mapping; docs/import.md explains it.' };
    return { kind, file, mapping: values.mapping, dryRun: values['dry-run'], restaurant: values.restaurant };
  } catch (error) {
    // parseArgs names the option that it does not know.
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

async function readMapping(kind: ImportKind, file: string): Promise<KindMapping> {
  const text = await readFile(file, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AppError('invalid_request', `${file} is not valid JSON.`, { cause });
  }
  const parsed = SCHEMAS[kind].safeParse(value);
  // The schema of a kind returns the mapping of that kind, but the compiler cannot infer this from
  // the table.
  if (parsed.success) return { kind, mapping: parsed.data } as KindMapping;
  const faults = parsed.error.issues.map(
    (issue) => `  ${issue.path.length === 0 ? 'the mapping' : issue.path.join('.')}: ${issue.message}`,
  );
  throw new AppError('invalid_request', `${file} is not a valid mapping:\n${faults.join('\n')}`);
}

function report(result: Import, restaurant: string, { out, err }: CommandStreams): void {
  for (const { file, line, reason } of result.errors.slice(0, MAX_SHOWN_FAULTS))
    err.write(`${file}:${line}: ${reason}\n`);
  const hidden = result.faultyRows - Math.min(result.errors.length, MAX_SHOWN_FAULTS);
  if (hidden > 0 && result.errors.length > 0) err.write(`... and ${hidden} more faulty rows\n`);
  const lines = [
    `${result.dryRun ? 'Dry run, nothing stored: ' : ''}${result.fileName} into ${restaurant}`,
    `  rows     ${number(result.rows)}, of which faulty ${number(result.faultyRows)}`,
    ...(result.kind === 'orders' ? ordersReport(result) : stockReport(result)),
    `  import   ${result.id}`,
  ];
  out.write(`${lines.join('\n')}\n`);
}

function ordersReport(result: Import): string[] {
  const lines = [
    `  orders   ${number(result.ordersCreated)} created, ${number(result.ordersCompleted)} completed, ${number(result.ordersSkipped)} there already`,
    `  lines    ${number(result.linesCreated)}`,
    `  units    ${number(result.units)}`,
    `  revenue  ${formatMinor(result.revenue, result.currency)} ${result.currency}`,
    `  menu     ${number(result.menuItemsCreated)} items and ${number(result.modifiersCreated)} modifiers created`,
  ];
  if (result.ordersDepleted + result.linesWithoutRecipe === 0) return lines;
  return [
    ...lines,
    `  stock    ${number(result.ordersDepleted)} orders took their ingredients, ${number(result.linesWithoutRecipe)} lines without recipe`,
  ];
}

function stockReport(result: Import): string[] {
  const name = result.kind === 'opening_stock' ? 'opened' : result.kind === 'recipes' ? 'recipes' : 'items';
  const counts = `${number(result.created)} created, ${number(result.changed)} changed, ${number(result.skipped)} there already`;
  return [`  ${name.padEnd(8)} ${counts}`, `  places   ${number(result.locationsCreated)} locations created`];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function explain(error: unknown): string {
  if (error instanceof AppError) {
    const faults = error.errors?.map(
      ({ pointer, message }) => `  ${pointer.replace(/^\/mapping\//, 'mapping: ').replace(/^\//, '')}: ${message}`,
    );
    return faults && faults.length > 1 ? `The import was refused:\n${faults.join('\n')}` : error.message;
  }
  // For example a file that does not exist: the system's message names it.
  return error instanceof Error ? error.message : String(error);
}

/** One line on a terminal that is redrawn. Shows nothing when the output is not a terminal. */
class ProgressBar {
  readonly #err: CommandStreams['err'];
  #drawnAt = -REDRAW_MS;
  #isVisible = false;

  constructor(err: CommandStreams['err']) {
    this.#err = err;
  }

  draw({ phase, done, total, rows, faultyRows }: ImportProgressReport): void {
    if (this.#err.isTTY !== true || performance.now() - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = performance.now();
    this.#isVisible = true;
    const share = total === 0 ? 1 : Math.min(done / total, 1);
    const filled = Math.floor(share * BAR_CHARS);
    const bar = '#'.repeat(filled).padEnd(BAR_CHARS, '.');
    const counted =
      phase === 'reading'
        ? `${number(rows)} rows, ${number(faultyRows)} faulty`
        : `${number(done)} of ${number(total)} orders`;
    this.#err.write(
      `\r\u001b[K${phase.padEnd(7)} [${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${counted}`,
    );
  }

  clear(): void {
    if (this.#isVisible) this.#err.write('\r\u001b[K');
  }
}
