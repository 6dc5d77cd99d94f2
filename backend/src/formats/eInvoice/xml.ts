/** Builds XML text: elements in the given order, characters escaped, absent parts left out. */

export type XmlPart = string | null | undefined | false | XmlPart[];

/** @param content text of the element, which is escaped, or elements made by this function. */
export function element(
  name: string,
  content: { text: string } | XmlPart,
  attributes: Record<string, string> = {},
): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inner =
    typeof content === 'object' && content !== null && 'text' in content ? escaped(content.text) : joined(content);
  return `<${name}${given.join('')}>${inner}</${name}>`;
}

/** A whole document. */
export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function joined(part: XmlPart): string {
  if (Array.isArray(part)) return part.map(joined).join('');
  return part || '';
}

/** Escapes text. Control characters are not allowed in XML 1.0, escaped or not. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
