/** What is said of a fault where the schema has no words of its own: what to send instead. */
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

/** @returns undefined where zod's own words will do. */
export function faultMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? MISSING : EXPECTED[issue.expected];
    case 'invalid_value':
      return `Give ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return `Give at least ${String(issue.minimum)}${counted(issue.origin)}.`;
    case 'too_big':
      return `No more than ${String(issue.maximum)}${counted(issue.origin)}.`;
    case 'unrecognized_keys':
      return unknownField(issue.inst);
    default:
      return undefined;
  }
}

/** What a limit counts; of a number, nothing. */
function counted(origin: string): string {
  return { string: ' characters', array: ' entries' }[origin] ?? '';
}

/** @param schema of the object in which the field stood. */
function unknownField(schema: unknown): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return ['This field is not known here.', known.length > 0 && `Known are ${known.join(', ')}.`]
    .filter(Boolean)
    .join(' ');
}
