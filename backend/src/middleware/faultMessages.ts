/** Messages for faults without a message in the schema. Each says what to send instead. */
import { z } from 'zod';

export const MISSING = 'This is missing.';

const EXPECTED: Record<string, string> = {
  string: 'Give a text.',
  number: 'Give a number.',
  int: 'Give a whole number.',
  boolean: 'Give true or false.',
  array: 'Give a list.',
  object: 'Give an object.',
};

/** @returns undefined if zod's own message is used. */
export function faultMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? MISSING : EXPECTED[issue.expected];
    case 'invalid_value':
      return `Give ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return `Give at least ${String(issue.minimum)}${counted(issue.origin)}.`;
    case 'too_big':
      return `Give at most ${String(issue.maximum)}${counted(issue.origin)}.`;
    case 'unrecognized_keys':
      return unknownField(issue.inst);
    default:
      return undefined;
  }
}

/** The noun that a limit counts; empty for a number. */
function counted(origin: string): string {
  return { string: ' characters', array: ' entries' }[origin] ?? '';
}

/** @param schema of the object that contained the field. */
function unknownField(schema: unknown): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return ['This field is unknown here.', known.length > 0 && `Known fields: ${known.join(', ')}.`]
    .filter(Boolean)
    .join(' ');
}
