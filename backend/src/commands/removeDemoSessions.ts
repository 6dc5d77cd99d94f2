/** `servio demo remove-expired`: removes expired demos once, by hand. */
import type { DemoService } from '../services/DemoService.js';
import { type CommandStreams, DONE } from './command.js';

export const REMOVE_DEMOS_USAGE = 'servio demo remove-expired';

/** @returns the exit code. */
export async function removeDemoSessions(
  { demo }: { demo: Pick<DemoService, 'removeExpired'> },
  { out }: CommandStreams,
): Promise<number> {
  const { restaurants, rows } = await demo.removeExpired();
  out.write(`${restaurants} expired demo restaurants removed, ${rows} rows\n`);
  return DONE;
}
