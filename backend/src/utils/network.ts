/** The network that an address belongs to. */
import { isIPv6 } from 'node:net';

/**
 * A /56, the network of a site: whole groups of four hexadecimal digits, and digits of the next
 * group.
 */
const WHOLE_GROUPS = 3;
const DIGITS_OF_NEXT = 2;
const GROUPS = 8;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * An IPv4 address itself; the /56 of an IPv6 address, because the owner of a site owns every
 * address in it.
 */
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
