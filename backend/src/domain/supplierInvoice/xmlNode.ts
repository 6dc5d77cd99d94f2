/** An element of an XML file, by local names, and how mappings walk through it. */
import { decimalOf, moneyOf } from './decimals.js';

export interface XmlNode {
  /** Local name, without prefix. */
  name: string;
  namespace: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  /** Its own text, without that of its children, trimmed. */
  text: string;
}

/** All elements at a path of local names below `node`. */
export function nodesAt(node: XmlNode, path: string): XmlNode[] {
  let found = [node];
  for (const name of path.split('/'))
    found = found.flatMap((one) => one.children.filter((child) => child.name === name));
  return found;
}

export function nodeAt(node: XmlNode | undefined, path: string): XmlNode | undefined {
  return node && nodesAt(node, path)[0];
}

/** The text of the first element at one of the paths that is not empty. */
export function textAt(node: XmlNode | undefined, ...paths: string[]): string | null {
  if (!node) return null;
  for (const path of paths) {
    const text = nodesAt(node, path).find((one) => one.text !== '')?.text;
    if (text !== undefined) return text;
  }
  return null;
}

/** Collects what could not be read, for the person who reviews. */
export class Reader {
  readonly remarks: string[] = [];

  /** A quantity, price or rate. */
  decimal(node: XmlNode | undefined, ...paths: string[]): string | null {
    return this.#number(decimalOf, node, paths);
  }

  money(node: XmlNode | undefined, ...paths: string[]): string | null {
    return this.#number(moneyOf, node, paths);
  }

  #number(read: (text: string) => string | undefined, node: XmlNode | undefined, paths: string[]): string | null {
    const text = textAt(node, ...paths);
    if (text === null) return null;
    const value = read(text);
    if (value === undefined) this.remarks.push(`${paths[0]} is no decimal number: "${text.slice(0, 40)}".`);
    return value ?? null;
  }
}

/** `2018-03-05`, also written `2018-03-05+01:00` or `20180305`; null for another text. */
export function dateOf(text: string | null): string | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:Z|[+-]\d{2}:\d{2}|T.*)?$/.exec(text ?? '');
  if (!match) return null;
  const [, year = '', month = '', day = ''] = match;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
  return isReal ? `${year}-${month}-${day}` : null;
}

/** A currency code in capitals, or null. */
export function currencyOf(text: string | null): string | null {
  return text !== null && /^[A-Z]{3}$/.test(text) ? text : null;
}
