/**
 * First step: stages every row of the file in the database, faulty rows with only their line and
 * order.
 */
import type { StagedRow } from '../../repositories/import/ImportStage.js';
import type { Dictionary } from './dictionary.js';
import type { ImportJournal } from './ImportJournal.js';
import type { FileRecord } from '../../formats/csv/records.js';
import { rowReader, type RowReading } from '../../formats/csv/orderRows.js';
import type { OpenedFile } from '../../formats/csv/source.js';

const BATCH_ROWS = 2000;

export async function stageFile(journal: ImportJournal, dictionary: Dictionary, file: OpenedFile): Promise<void> {
  const { mapping, settings, fileBytes } = journal.job;
  const { currency, timezone } = settings;
  const read = rowReader(mapping, file.find, { currency, timezone, damaged: file.damaged });
  let staged: StagedRow[] = [];
  for await (const batch of file.batches) {
    for (const record of batch.records) {
      if (journal.pace.isUp) await journal.pace.rest();
      staged.push(toRow(journal, dictionary, record, read));
      if (staged.length < BATCH_ROWS) continue;
      await add(journal, staged);
      staged = [];
    }
    journal.report('reading', batch.bytesRead, fileBytes);
  }
  await add(journal, staged);
}

function toRow(
  journal: ImportJournal,
  dictionary: Dictionary,
  record: FileRecord,
  read: (cells: readonly string[]) => RowReading,
): StagedRow {
  const { line } = record;
  journal.countRow();
  const reading = 'fault' in record ? { fault: record.fault, orderKey: undefined } : read(record.cells);
  if ('fault' in reading) {
    journal.fault(line, reading.fault);
    return { line, orderKey: reading.orderKey ?? '', isFaulty: true };
  }
  const { row } = reading;
  const itemNo = dictionary.itemNo(row);
  return {
    line,
    orderKey: row.orderKey,
    isFaulty: false,
    orderedAt: new Date(row.orderedAt).toISOString(),
    orderType: row.orderType,
    itemNo,
    variantNo: dictionary.variantNo(itemNo, row.variant),
    choices: dictionary.choiceNos(row.choices),
    quantity: row.quantity,
    ...(row.measured && { measured: row.measured }),
    unitPrice: row.unitPrice,
    discountAmount: row.discountAmount,
    amount: row.amount,
  };
}

function add(journal: ImportJournal, rows: readonly StagedRow[]): Promise<void> {
  const { id, call } = journal.job;
  return journal.step(async (tx) => {
    if (rows.length > 0) await journal.deps.repository.stage.add(call.restaurantId, tx, id, rows);
    await journal.save(tx);
  });
}
