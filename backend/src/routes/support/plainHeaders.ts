/** Headers of a usual GET, read without Node's object of all headers, which takes 2 µs to make. */

export interface PlainHeaders {
  authorization?: string;
  'x-request-id'?: string;
  traceparent?: string;
  'if-none-match'?: string;
  'accept-encoding'?: string;
}

/** By their length: most headers are told apart by it. */
const WANTED = byLength(['authorization', 'x-request-id', 'traceparent', 'if-none-match', 'accept-encoding']);
/** They announce a body. */
const UNUSUAL = byLength(['content-length', 'transfer-encoding']);

/** @returns undefined for a request with a body, or with a header twice that is read here. */
export function plainHeadersOf(raw: readonly string[]): PlainHeaders | undefined {
  const found: PlainHeaders = {};
  for (let at = 0; at < raw.length; at += 2) {
    const sent = raw[at] ?? '';
    if (nameIn(UNUSUAL, sent)) return undefined;
    const name = nameIn(WANTED, sent);
    if (name === undefined) continue;
    if (found[name] !== undefined) return undefined;
    found[name] = raw[at + 1] ?? '';
  }
  return found;
}

function nameIn<N extends string>(names: ReadonlyMap<number, readonly N[]>, sent: string): N | undefined {
  const candidates = names.get(sent.length);
  if (!candidates) return undefined;
  const lower = sent.toLowerCase();
  return candidates.find((name) => name === lower);
}

function byLength<N extends string>(names: readonly N[]): ReadonlyMap<number, readonly N[]> {
  const lengths = [...new Set(names.map(({ length }) => length))];
  return new Map(lengths.map((length) => [length, names.filter((name) => name.length === length)]));
}
