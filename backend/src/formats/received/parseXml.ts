/**
 * Reads XML of strangers: no DOCTYPE and so no entities of its own, no external files, bounded
 * depth, elements and text. Ill-formed XML is refused. saxes is strict and stops at the first
 * fault.
 */
import { SaxesParser } from 'saxes';
import type { XmlNode } from '../../domain/supplierInvoice/xmlNode.js';
import { Unreadable } from './unreadable.js';

const MAX_DEPTH = 64;
/** An invoice of 5,000 lines has some 150,000 elements; each costs 2 µs. */
const MAX_ELEMENTS = 200_000;
const MAX_ATTRIBUTES = 64;
/** A part of the text at a time, so that a fault ends the work early. */
const PIECE_CHARS = 65_536;

/**
 * @returns the root element.
 * @throws Unreadable with the reason.
 */
export function parseXml(bytes: Uint8Array): XmlNode {
  return parseText(decode(bytes));
}

function parseText(text: string): XmlNode {
  const parser = new SaxesParser({ xmlns: true });
  const stack: XmlNode[] = [];
  let root: XmlNode | undefined;
  let elements = 0;
  parser.on('error', (error) => {
    throw new Unreadable(`This is not well-formed XML: ${error.message.slice(0, 200)}`);
  });
  parser.on('doctype', () => {
    throw new Unreadable('This XML has a DOCTYPE. Documents with entities of their own are not read.');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > MAX_ELEMENTS) throw new Unreadable(`This XML has more than ${MAX_ELEMENTS} elements.`);
    if (stack.length >= MAX_DEPTH) throw new Unreadable(`This XML is nested deeper than ${MAX_DEPTH} levels.`);
    const entries = Object.values(tag.attributes);
    if (entries.length > MAX_ATTRIBUTES)
      throw new Unreadable(`An element of this XML has more than ${MAX_ATTRIBUTES} attributes.`);
    const attributes = Object.fromEntries(entries.map(({ local, value }) => [local, value]));
    const node: XmlNode = { name: tag.local, namespace: tag.uri, attributes, children: [], text: '' };
    stack.at(-1)?.children.push(node);
    root ??= node;
    stack.push(node);
  });
  const append = (piece: string): void => {
    const open = stack.at(-1);
    if (open) open.text += piece;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    const closed = stack.pop();
    if (closed) closed.text = closed.text.trim();
  });
  for (let at = 0; at < text.length; at += PIECE_CHARS) parser.write(text.slice(at, at + PIECE_CHARS));
  parser.close();
  if (!root) throw new Unreadable('This XML has no element.');
  return root;
}

const DECLARED = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/;

/** By byte order mark, else by the declaration, else UTF-8. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decodeAs('utf-16le', bytes);
  if (first === 0xfe && second === 0xff) return decodeAs('utf-16be', bytes);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 300)).replace(/^\u00EF\u00BB\u00BF/, '');
  return decodeAs(DECLARED.exec(start)?.[1] ?? 'utf-8', bytes);
}

function decodeAs(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable(`The text of this XML is not in the encoding ${encoding}, as it says.`);
  }
}
