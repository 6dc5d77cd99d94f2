/**
 * `servio deplete --from 2025-01-01 --to 2025-12-31`: arguments in, one service call, a report out.
 */
import { parseArgs } from 'node:util';
import { systemCall } from '../domain/shared/call.js';
import type { Depletion, Depletions } from '../services/inventory/Depletions.js';
import { type CommandStreams, DONE, FAILED, type FindRestaurant, WRONG_USAGE } from './command.js';

export const DEPLETE_USAGE = 'servio deplete --from YYYY-MM-DD --to YYYY-MM-DD [--dry-run] [--restaurant ID or NAME]';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MAX_SHOWN = 100;

interface Services {
  depletions: Depletions;
  findRestaurant: FindRestaurant;
}

/** @returns the exit code: 0 when it finished; 1 when it did not; 2 for wrong usage. */
export async function depleteStock(
  argv: readonly string[],
  services: Services,
  streams: CommandStreams,
): Promise<number> {
  const options = readOptions(argv);
  if ('fault' in options) {
    streams.err.write(`${options.fault}\nUsage: ${DEPLETE_USAGE}\n`);
    return WRONG_USAGE;
  }
  try {
    const { restaurant: wanted, ...request } = options;
    const restaurant = await services.findRestaurant(wanted);
    const onProgress = (orders: number) =>
      streams.err.isTTY === true && streams.err.write(`\r\u001b[K${orders} orders`);
    const result = await services.depletions.run(systemCall(restaurant.id, 'command line'), { ...request, onProgress });
    if (streams.err.isTTY === true) streams.err.write('\r\u001b[K');
    streams.out.write(reportOf(result, restaurant.name));
    return DONE;
  } catch (error) {
    // The message says what to do, and what is wrong when the database does not answer.
    streams.err.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return FAILED;
  }
}

interface Options {
  from: string;
  to: string;
  dryRun: boolean;
  restaurant: string | undefined;
}

function readOptions(argv: readonly string[]): Options | { fault: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        restaurant: { type: 'string' },
      },
    });
    const { from, to } = values;
    if (!isDate(from) || !isDate(to))
      return { fault: 'Name the first and the last business date, for example 2025-01-31.' };
    return { from, to, dryRun: values['dry-run'], restaurant: values.restaurant };
  } catch (error) {
    // parseArgs names the option that it does not know.
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function isDate(text: string | undefined): text is string {
  return text !== undefined && DATE.test(text) && !Number.isNaN(Date.parse(text));
}

function reportOf(result: Depletion, restaurant: string): string {
  const { dryRun, from, to, ordersDepleted, ordersSkipped, withoutRecipe, consumption, short } = result;
  const lines = [
    `${dryRun ? 'Dry run, nothing taken: ' : ''}${restaurant}, ${from} to ${to}`,
    `  orders   ${ordersDepleted} ${dryRun ? 'would take' : 'took'} their ingredients, ${ordersSkipped} skipped`,
    ...consumption.map(({ name, quantity, unit }) => `  taken    ${quantity} ${unit} ${name}`),
    ...short.map(
      ({ name, unit, wanted, left }) => `  short    ${name}: ${wanted} ${unit} wanted, ${left} ${unit} left`,
    ),
    ...withoutRecipe.slice(0, MAX_SHOWN).map(({ name, variantName, lines: sold, units }) => {
      return `  no recipe for ${variantName === null ? name : `${name}, ${variantName}`}: ${sold} lines, ${units} units`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}
