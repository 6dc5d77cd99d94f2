/**
 * Runs one import from the first row to the last order. Every step uses short transactions: rows
 * are staged in the database, grouped into orders there, and stored some hundred orders at a time.
 * Whatever the length of the file, memory holds only a piece of it, its names and one batch of
 * orders.
 */
import { decideOrders } from './decideOrders.js';
import { Dictionary } from './dictionary.js';
import type { ImportJournal } from './ImportJournal.js';
import { prepareMenu } from './prepareMenu.js';
import type { OpenedFile } from '../../formats/csv/source.js';
import { stageFile } from './stageFile.js';
import { storeOrders } from './storeOrders.js';

export async function runImport(journal: ImportJournal, file: OpenedFile): Promise<void> {
  const dictionary = new Dictionary();
  await stageFile(journal, dictionary, file);
  const { planned, used } = await decideOrders(journal);
  const menu = await prepareMenu(journal, dictionary, used);
  if (journal.job.dryRun) journal.add(planned);
  else await storeOrders(journal, menu);
  await journal.step((tx) => journal.save(tx));
}
