/** Who owns an address. */
import { isIPv6 } from 'node:net';

/** Groups of four hexadecimal digits, and digits of the fourth one, in a /56: a site's network. */
const WHOLE_GROUPS = 3;
const DIGITS_OF_NEXT = 2;
const GROUPS = 8;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An IPv4 address itself; of an IPv6 one the /56, since whoever owns a site owns every address in it. */
export function networkOf(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [plain = address] = address.split('%');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0').toLowerCase());
  return [...groups.slice(0, WHOLE_GROUPS), groups[WHOLE_GROUPS]?.slice(0, DIGITS_OF_NEXT)].join(':');
}
