/**
 * `servio jobs`: an operator looks at the queues, stops and resumes them, and retries failed jobs.
 */
import type { JobService, QueueState } from '../services/JobService.js';
import { type CommandStreams, DONE, FAILED, WRONG_USAGE } from './command.js';

export const JOBS_USAGE = 'servio jobs [pause|resume|retry QUEUE]';

interface Services {
  jobs: Pick<JobService, 'queues' | 'pause' | 'resume' | 'retryFailed'>;
}

/** @returns the exit code: 0 when it is done; 1 when there is no such queue; 2 for wrong usage. */
export async function operateQueues(
  argv: readonly string[],
  { jobs }: Services,
  streams: CommandStreams,
): Promise<number> {
  const [action, queue, ...rest] = argv;
  if (action === undefined) {
    streams.out.write((await jobs.queues()).map(describe).join(''));
    return DONE;
  }
  if (queue === undefined || rest.length > 0 || !['pause', 'resume', 'retry'].includes(action)) {
    streams.err.write(`Usage: ${JOBS_USAGE}\n`);
    return WRONG_USAGE;
  }
  try {
    streams.out.write(await operate(action, queue, jobs));
    return DONE;
  } catch (error) {
    streams.err.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return FAILED;
  }
}

async function operate(action: string, queue: string, jobs: Services['jobs']): Promise<string> {
  if (action === 'retry') return `${await jobs.retryFailed(queue)} failed jobs of ${queue} run again.\n`;
  if (action === 'resume') return (await jobs.resume(queue)) ? `${queue} is resumed.\n` : `${queue} was not paused.\n`;
  await jobs.pause(queue);
  return `${queue} is paused: running jobs end, and no other one begins.\n`;
}

function describe({ kind, queued, running, failed, oldestSeconds, blockedKeys, isPaused }: QueueState): string {
  const notes = [
    ...(oldestSeconds >= 1 ? [`oldest ${Math.round(oldestSeconds)} s`] : []),
    ...(blockedKeys > 0 ? [`${blockedKeys} keys blocked`] : []),
    ...(isPaused ? ['paused'] : []),
  ];
  return `${kind.padEnd(22)} ${queued} queued, ${running} running, ${failed} failed${notes.map((note) => `, ${note}`).join('')}\n`;
}
