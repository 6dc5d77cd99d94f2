/**
 * `servio assistant check`: asks the configured language model real questions and says what works.
 */
import type { ModelCheck } from '../services/assistant/modelCheck.js';
import { type CommandStreams, DONE, FAILED, WRONG_USAGE } from './command.js';

export const ASSISTANT_USAGE = 'servio assistant check';

interface Services {
  /** Absent: no key is set. */
  checkModel: (() => AsyncIterable<ModelCheck>) | undefined;
}

/** @returns the exit code: 0 when all works; 1 when something does not; 2 for wrong usage. */
export async function checkAssistant(
  argv: readonly string[],
  { checkModel }: Services,
  streams: CommandStreams,
): Promise<number> {
  if (argv.length !== 1 || argv[0] !== 'check') {
    streams.err.write(`Usage: ${ASSISTANT_USAGE}\n`);
    return WRONG_USAGE;
  }
  if (!checkModel) {
    streams.err.write('Set OPENAI_API_KEY, and for a server of your own OPENAI_BASE_URL and OPENAI_MODEL.\n');
    return FAILED;
  }
  let isFine = true;
  for await (const { what, isOk, note, ms } of checkModel()) {
    isFine &&= isOk;
    streams.out.write(
      `${isOk ? 'works ' : 'FAILS '} ${what} (${Math.round(ms)} ms)${note === '' ? '' : `: ${note}`}\n`,
    );
  }
  streams.out.write(
    isFine ? 'The assistant can use this model.\n' : 'This model is not good enough; see docs/assistant.md.\n',
  );
  return isFine ? DONE : FAILED;
}
