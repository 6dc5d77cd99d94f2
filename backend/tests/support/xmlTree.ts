/** A small reader of well-formed XML for tests. It shares no code with what writes ours. */

export interface XmlNode {
  /** Without its prefix. */
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @throws Error when tags do not match. */
export function parseXml(source: string): XmlNode {
  const root: XmlNode = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let end = 0;
  for (const match of source.replace(/^\ufeff/, '').matchAll(TOKEN)) {
    if (match.index !== end) throw new Error(`not XML at ${match.index}`);
    end = match.index + match[0].length;
    const [, closing, tag, attributes = '', selfClosing, text] = match;
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += unescaped(text);
    if (tag === undefined) continue;
    const name = tag.replace(/^.*:/, '');
    if (closing) {
      if (open.pop()!.name !== name) throw new Error(`</${tag}> closes nothing`);
      continue;
    }
    const node: XmlNode = { name, attributes: attributesOf(attributes), children: [], text: '' };
    parent.children.push(node);
    if (!selfClosing) open.push(node);
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('an element is not closed');
  return root.children[0]!;
}

/** All nodes at a path of names: `all(invoice, 'TaxTotal', 'TaxSubtotal')`. */
export function all(node: XmlNode, ...path: string[]): XmlNode[] {
  return path.reduce<XmlNode[]>(
    (nodes, name) => nodes.flatMap((one) => one.children.filter((child) => child.name === name)),
    [node],
  );
}

/** The text of the first node at a path, or nothing. */
export function textAt(node: XmlNode, ...path: string[]): string | undefined {
  return all(node, ...path)[0]?.text.trim();
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w:.-]+)\s*=\s*["']([^"']*)["']/g)].map(([, name, value]) => [name, unescaped(value ?? '')]),
  );
}

function unescaped(text: string): string {
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
