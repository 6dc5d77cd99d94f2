/**
 * Messages for faults without a message in the schema, and the rules that all faults break. Each
 * message says what to send instead.
 */
import { z } from 'zod';
import { type BrokenRule, FAULT_RULES, type FaultRule } from '../domain/shared/errors.js';

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

const RULE_OF_TYPE: Record<string, FaultRule> = {
  string: 'text',
  number: 'number',
  int: 'whole_number',
  array: 'list',
};
/** Above it, a bound is one of minor units or of computers, which no person counts. */
const MOST_SAID = 1_000_000_000;
/** More than these are no help in a sentence. */
const MOST_VALUES = 12;

/** The rule that a fault breaks; empty when only its message says it. */
export function brokenRule(issue: z.core.$ZodIssue): BrokenRule | undefined {
  if (issue.input === undefined) return { rule: 'missing' };
  switch (issue.code) {
    case 'invalid_type': {
      const rule = RULE_OF_TYPE[issue.expected];
      return rule && { rule };
    }
    case 'invalid_value':
      if (issue.values.length > MOST_VALUES) return { rule: 'format' };
      return { rule: 'one_of', params: { values: issue.values.map(String).join(', ') } };
    case 'too_small':
      return { rule: LEAST[issue.origin] ?? bound(issue, 'at_least', 'above'), params: limit(issue.minimum) };
    case 'too_big':
      if (issue.maximum > MOST_SAID) return { rule: 'too_large' };
      return { rule: MOST[issue.origin] ?? bound(issue, 'at_most', 'below'), params: limit(issue.maximum) };
    case 'invalid_format':
      return { rule: issue.format === 'email' ? 'email' : 'format' };
    case 'invalid_union':
      return { rule: 'format' };
    case 'custom':
      return ownRule(issue.params);
    default:
      return undefined;
  }
}

const LEAST: Record<string, FaultRule> = { string: 'min_chars', array: 'min_entries' };
const MOST: Record<string, FaultRule> = { string: 'max_chars', array: 'max_entries' };

function bound(issue: { inclusive?: boolean | undefined }, within: FaultRule, beyond: FaultRule): FaultRule {
  return issue.inclusive === false ? beyond : within;
}

function limit(value: number | bigint): Record<string, string> {
  return { limit: String(value) };
}

/** The rule that a check of a schema names in its `params`. */
function ownRule(params: Record<string, unknown> | undefined): BrokenRule | undefined {
  const rule = FAULT_RULES.find((one) => one === params?.['rule']);
  return rule && { rule };
}
