/** Reads the choices of an order line from one cell. */
import { type Reading, quoted } from './moneyText.js';
import { tidyName } from '../../domain/shared/names.js';

/**
 * `brackets`: `[a, [b, c]]`, nested up to 10 levels. `list`: `a, b, c`. `json`: an array of texts
 * or of objects with a `name` and optionally a `quantity`, nested up to 10 levels.
 */
export const CHOICE_SHAPES = ['brackets', 'list', 'json'] as const;
export type ChoiceShape = (typeof CHOICE_SHAPES)[number];

export interface ChoiceFormat {
  shape: ChoiceShape;
  /** Text between two choices of a list. */
  separator: string;
}

const MAX_CHOICES = 100;
const MAX_DEPTH = 10;

/** @returns names in the order of the text; a choice that was taken twice appears twice. */
export function readChoices(text: string, format: ChoiceFormat): Reading<string[]> {
  const read =
    format.shape === 'json'
      ? readJson(text)
      : format.shape === 'brackets'
        ? readBrackets(text, format.separator)
        : { value: splitList(text, format.separator) };
  if ('fault' in read) return { fault: `${quoted(text)} ${read.fault}` };
  const choices = read.value.map((name) => tidyName(withoutQuotes(name.trim()))).filter((name) => name !== '');
  if (choices.length > MAX_CHOICES) return { fault: `${quoted(text)} contains more than ${MAX_CHOICES} choices` };
  return { value: choices };
}

function readBrackets(text: string, separator: string): Reading<string[]> {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return { fault: 'is not a list in brackets' };
  const choices: string[] = [];
  let depth = 0;
  let atom = '';
  const endAtom = () => {
    choices.push(...splitList(atom, separator));
    atom = '';
  };
  for (let index = 0; index < trimmed.length; index += 1) {
    const char = trimmed.charAt(index);
    if (depth === 0 && index > 0) return { fault: 'has text after its closing bracket' };
    if (char === '[') {
      depth += 1;
      endAtom();
    } else if (char === ']') {
      depth -= 1;
      endAtom();
    } else atom += char;
    if (depth > MAX_DEPTH) return { fault: `is nested deeper than ${MAX_DEPTH}` };
  }
  return depth === 0 ? { value: choices } : { fault: 'has a bracket that is never closed' };
}

/**
 * A separator inside parentheses is part of the name: `Salsa (hot, red)`. Unpaired parentheses are
 * plain text.
 */
function splitList(text: string, separator: string): string[] {
  const parts = text.split(separator);
  if (!text.includes('(') || unclosed(text) !== 0) return parts;
  const choices: string[] = [];
  let open = '';
  for (const part of parts) {
    open = open === '' ? part : open + separator + part;
    if (unclosed(open) > 0) continue;
    choices.push(open);
    open = '';
  }
  return choices;
}

/** Opening minus closing parentheses. */
function unclosed(text: string): number {
  return text.split('(').length - text.split(')').length;
}

/** Some tills put every choice in quotes. */
function withoutQuotes(text: string): string {
  return /^(["']).*\1$/su.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

function readJson(text: string): Reading<string[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'is not JSON' };
  }
  if (!Array.isArray(value)) return { fault: 'is not a JSON array' };
  const choices: string[] = [];
  const fault = collect(value, choices, 1);
  return fault === undefined ? { value: choices } : { fault };
}

function collect(value: unknown, choices: string[], depth: number): string | undefined {
  if (typeof value === 'string') {
    choices.push(value);
    return undefined;
  }
  if (Array.isArray(value)) {
    if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH}`;
    for (const part of value) {
      const fault = collect(part, choices, depth + 1);
      if (fault !== undefined || choices.length > MAX_CHOICES) return fault;
    }
    return undefined;
  }
  const isNamed = typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
  if (!isNamed) return 'contains a value that is neither a text nor an object with a name';
  const quantity: unknown = 'quantity' in value ? value.quantity : 1;
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1 || quantity > MAX_CHOICES) {
    return `contains a choice whose quantity is not a whole number from 1 to ${MAX_CHOICES}`;
  }
  // `isNamed` checked the name; the compiler does not apply that check to the variable.
  const { name } = value as { name: string };
  for (let count = 0; count < quantity; count += 1) choices.push(name);
  return undefined;
}
