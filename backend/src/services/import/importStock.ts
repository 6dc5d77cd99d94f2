/**
 * Imports stock data. Its files are short compared to those of sales: rows are read into memory,
 * and their services store them in transactions of some hundred rows. A dry run rolls each
 * transaction back.
 */
import type { Tx } from '../../config/database.js';
import { invalid } from '../../domain/shared/errors.js';
import { nameKey } from '../../domain/shared/names.js';
import { takeOverItems } from '../inventory/takeover/ItemTakeover.js';
import { takeOverOpenings } from '../inventory/takeover/OpeningTakeover.js';
import { takeOverRecipes } from '../inventory/takeover/RecipeTakeover.js';
import { groupKeyOf } from '../inventory/takeover/menuTargets.js';
import type { OpeningRow } from '../../domain/import/takeover.js';
import type { Takeover } from '../inventory/takeover/takeoverRows.js';
import { faultOfCells, type Read } from '../../formats/csv/cells.js';
import type { ImportJournal } from './ImportJournal.js';
import type { OpenedFile } from '../../formats/csv/source.js';
import type { ItemMapping, OpeningMapping, RecipeMapping, StockMapping } from '../../formats/csv/stockMappings.js';
import { itemReader, openingReader, recipeOfReader, recipeReader } from '../../formats/csv/stockRows.js';

const MAX_ROWS = 20_000;
const BATCH_ROWS = 200;

type Numbered<T> = T & { line: number };

export async function importStock(
  journal: ImportJournal<StockMapping['mapping']>,
  request: StockMapping,
  file: OpenedFile,
): Promise<void> {
  switch (request.kind) {
    case 'inventory_items':
      await importItems(journal, request.mapping, file);
      break;
    case 'recipes':
      await importRecipes(journal, request.mapping, file);
      break;
    case 'opening_stock':
      await importOpenings(journal, request.mapping, file);
      break;
  }
  await journal.step((tx) => journal.save(tx));
}

type Journal = ImportJournal<StockMapping['mapping']>;

async function importItems(journal: Journal, mapping: ItemMapping, file: OpenedFile): Promise<void> {
  const rows = await readAll(journal, file, itemReader(mapping, file.find, journal.job.settings.currency));
  const isUpdating = mapping.onExisting === 'update';
  for (const batch of inBatches(rows)) {
    await store(journal, (tx) => takeOverItems(journal.deps.stock, journal.job.call, tx, batch, isUpdating));
  }
}

async function importOpenings(journal: Journal, mapping: OpeningMapping, file: OpenedFile): Promise<void> {
  const rows = await readAll(journal, file, openingReader(mapping, file.find, journal.job.settings.currency));
  // All rows of an item are in one transaction: after the first one the item has movements.
  const byItem = new Map<string, Numbered<OpeningRow>[]>();
  for (const row of rows) {
    const key = nameKey(row.item);
    const own = byItem.get(key);
    if (own) own.push(row);
    else byItem.set(key, [row]);
  }
  for (const batch of inBatches([...byItem.values()])) {
    await store(journal, (tx) => takeOverOpenings(journal.deps.stock, journal.job.call, tx, batch.flat()));
  }
}

/** All in one transaction: a recipe may use any other. */
async function importRecipes(journal: Journal, mapping: RecipeMapping, file: OpenedFile): Promise<void> {
  const brokenKeys = new Set<string>();
  const recipeOf = recipeOfReader(mapping, file.find);
  const rows = await readAll(journal, file, recipeReader(mapping, file.find), (cells) => {
    const name = recipeOf(cells);
    if ('value' in name) brokenKeys.add(groupKeyOf(name.value));
  });
  const isReplacing = mapping.onExisting === 'replace';
  await store(journal, async (tx) => {
    const menu = await journal.deps.repository.menu.load(journal.job.call.restaurantId, tx);
    return takeOverRecipes(journal.deps.stock, journal.job.call, tx, {
      rows,
      brokenKeys,
      menu,
      isReplacing,
      pace: journal.pace,
    });
  });
}

async function readAll<T>(
  journal: Journal,
  file: OpenedFile,
  read: Read<T>,
  onFaulty: (cells: readonly string[]) => void = () => undefined,
): Promise<Numbered<T>[]> {
  const rows: Numbered<T>[] = [];
  for await (const batch of file.batches) {
    for (const record of batch.records) {
      if (journal.pace.isUp) await journal.pace.rest();
      journal.countRow();
      const reading = 'fault' in record ? record : readRow(record.cells, file.damaged, read);
      if ('fault' in reading) {
        journal.fault(record.line, reading.fault);
        if ('cells' in record) onFaulty(record.cells);
      } else rows.push({ ...reading.value, line: record.line });
    }
    if (journal.rows > MAX_ROWS)
      throw invalid('/file', `The file has more than ${MAX_ROWS} rows. Split it into several files.`);
    journal.report('reading', batch.bytesRead, journal.job.fileBytes);
  }
  return rows;
}

function readRow<T>(cells: readonly string[], damaged: boolean, read: Read<T>) {
  const fault = faultOfCells(cells, damaged);
  return fault === undefined ? read(cells) : { fault };
}

/** Runs one transaction and counts its results after the commit. */
async function store(journal: Journal, work: (tx: Tx) => Promise<Takeover>): Promise<void> {
  const { counts, faults } = await attempt(journal, work);
  const { created, changed, skipped, locationsCreated } = journal.counts;
  journal.add({
    created: created + counts.created,
    changed: changed + counts.changed,
    skipped: skipped + counts.skipped,
    locationsCreated: locationsCreated + counts.locationsCreated,
  });
  for (const { line, reason } of faults) journal.fault(line, reason);
  await journal.step((tx) => journal.save(tx));
}

function attempt(journal: Journal, work: (tx: Tx) => Promise<Takeover>): Promise<Takeover> {
  const { repository } = journal.deps;
  const locked = async (tx: Tx) => {
    await repository.lock(journal.job.call.restaurantId, tx);
    return work(tx);
  };
  return journal.job.dryRun ? journal.rehearse(locked) : journal.step(locked);
}

function inBatches<T>(things: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < things.length; start += BATCH_ROWS) batches.push(things.slice(start, start + BATCH_ROWS));
  return batches;
}
