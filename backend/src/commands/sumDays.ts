/**
 * `servio sums`: an operator compares the stored sums of business days with their rows, or makes
 * them now instead of in the background.
 */
import { parseArgs } from 'node:util';
import { systemCall } from '../domain/shared/call.js';
import type { DaySums } from '../services/report/DaySums.js';
import { type CommandStreams, DONE, FAILED, type FindRestaurant, WRONG_USAGE } from './command.js';

export const SUMS_USAGE =
  'servio sums audit|make [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--again] [--restaurant ID or NAME]';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const [FIRST, LAST] = ['0001-01-01', '9999-12-31'];

interface Services {
  reports: { daySums: Pick<DaySums, 'audit' | 'make' | 'makeParts' | 'makeSome' | 'summed'> };
  findRestaurant: FindRestaurant;
}

interface Options {
  action: 'audit' | 'make';
  from: string;
  to: string;
  again: boolean;
  restaurant: string | undefined;
}

/** @returns the exit code: 0 when all sums are right; 1 when some are not; 2 for wrong usage. */
export async function sumDays(
  argv: readonly string[],
  { reports, findRestaurant }: Services,
  streams: CommandStreams,
): Promise<number> {
  const options = readOptions(argv);
  if ('fault' in options) {
    streams.err.write(`${options.fault}\nUsage: ${SUMS_USAGE}\n`);
    return WRONG_USAGE;
  }
  try {
    const { id, name } = await findRestaurant(options.restaurant);
    const call = systemCall(id, 'command line');
    const work = options.action === 'audit' ? audit : make;
    return await work(reports.daySums, call, options, (text) => streams.out.write(`${name}: ${text}\n`));
  } catch (error) {
    // The message says what to do, and what is wrong when the database does not answer.
    streams.err.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return FAILED;
  }
}

type Work = (
  sums: Services['reports']['daySums'],
  call: ReturnType<typeof systemCall>,
  options: Options,
  say: (text: string) => unknown,
) => Promise<number>;

const audit: Work = async (sums, call, { from, to }, say) => {
  const [days, wrong] = [new Set<string>(), new Set<string>()];
  for await (const { date, faults } of sums.audit(call, from, to)) {
    days.add(date);
    if (faults.length > 0) wrong.add(date);
    for (const { kind, key } of faults) say(`${date}: ${kind} ${key} differs from the rows of the day.`);
  }
  if (wrong.size === 0) {
    say(`${days.size} days have sums, and all of them equal their rows.`);
    return DONE;
  }
  say(`${wrong.size} of ${days.size} days have wrong sums. Make them again: servio sums make --again`);
  return FAILED;
};

const make: Work = async (sums, call, { from, to, again }, say) => {
  let days = 0;
  if (again) for (const date of await sums.summed(call, from, to)) days += (await sums.make(call, date)) ? 1 : 0;
  for (let made = 1; made > 0; days += made) made = await sums.makeSome(call);
  if (again) await sums.makeParts(call, { again });
  say(`the sums of ${days} days are made.`);
  return DONE;
};

function readOptions(argv: readonly string[]): Options | { fault: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        from: { type: 'string', default: FIRST },
        to: { type: 'string', default: LAST },
        again: { type: 'boolean', default: false },
        restaurant: { type: 'string' },
      },
    });
    const [action, ...rest] = positionals;
    if ((action !== 'audit' && action !== 'make') || rest.length > 0) return { fault: 'Say audit or make.' };
    const { from, to, again, restaurant } = values;
    if (!isDate(from) || !isDate(to)) return { fault: 'Dates are written YYYY-MM-DD.' };
    return { action, from, to, again, restaurant };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text));
}
