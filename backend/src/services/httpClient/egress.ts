/**
 * Decides which addresses Servio may call. Webhook addresses and similar ones come from users.
 * Without a check, they could reach machines behind our firewall, above all the metadata service of
 * the cloud (server-side request forgery).
 */
import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { AppError } from '../../domain/shared/errors.js';
import { isHostAndPort } from '../../utils/hostAndPort.js';

/** Special-purpose addresses (IANA registries of RFC 6890) that are not public hosts. */
const NOT_PUBLIC_V4: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/**
 * Not public within 2000::/3, the only public part: protocol assignments and Teredo, documentation,
 * 6to4, documentation.
 */
const NOT_PUBLIC_V6: readonly [network: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const notPublic = new BlockList();
for (const [network, prefix] of NOT_PUBLIC_V4) notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of NOT_PUBLIC_V6) notPublic.addSubnet(network, prefix, 'ipv6');
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
const mappedV4 = new BlockList();
mappedV4.addSubnet('::ffff:0:0', 96, 'ipv6');

/**
 * False for loopback, private, link-local, shared, multicast and reserved addresses. NAT64
 * (64:ff9b::/96) counts as not public: it can lead to a private IPv4 address.
 * @param address an IPv4 or IPv6 address without brackets.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublic.check(address, 'ipv4');
  // The rules for IPv4 apply to IPv4-mapped addresses too.
  return (publicV6.check(address, 'ipv6') || isMapped(address)) && !notPublic.check(address, 'ipv6');
}

/** Finds all addresses of a host name. */
export type Resolve = (hostname: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const resolveAll: Resolve = (hostname, done) => lookup(hostname, { all: true }, done);

/** Where a client may go. */
export interface EgressRules {
  /**
   * `host:port` as written in addresses, e.g. `localhost:9000`, `[::1]:9000`. They are called even
   * if they are not public.
   */
  allowed: readonly string[];
  /**
   * For a client with a host of its own setting: it reaches the allowed entries and nothing else.
   */
  onlyAllowed?: boolean;
  /**
   * For addresses that users give: ordinary ports only, and never this server itself. `ownHosts`:
   * names under which it is reached from outside; its network cards are known.
   */
  fromUsers?: { ownHosts: readonly string[] };
}

export class Egress {
  readonly #allowed: ReadonlySet<string>;
  readonly #rules: EgressRules;
  readonly #resolve: Resolve;

  /** @throws Error naming an allowed entry of another form. */
  constructor(rules: EgressRules, resolve: Resolve = resolveAll) {
    for (const entry of rules.allowed) {
      if (!isHostAndPort(entry)) throw new Error(`"${entry}" is not of the form host:port.`);
    }
    this.#allowed = new Set(rules.allowed.map((entry) => entry.toLowerCase()));
    this.#rules = rules;
    this.#resolve = resolve;
  }

  /** @param hostname without brackets. */
  isAllowed(hostname: string, port: number): boolean {
    const host = hostname.includes(':') ? `[${hostname}]` : hostname;
    return this.#allowed.has(`${host.toLowerCase()}:${port}`);
  }

  /**
   * Checks all that is known before a name is looked up.
   * @throws AppError forbidden for a literal IP address that is not public, and for a host or port
   *   that this client may not call.
   */
  assertMayCall(hostname: string, port: number): void {
    const { onlyAllowed, fromUsers } = this.#rules;
    if (fromUsers && isAmong(hostname, fromUsers.ownHosts))
      throw new AppError('forbidden', `${hostname} is Servio itself. Give the address of the receiver.`);
    if (this.isAllowed(hostname, port)) return;
    if (onlyAllowed)
      throw new AppError('forbidden', `${hostname}:${port} is not the server that this client was set to.`);
    if (fromUsers && !isOrdinaryPort(port))
      throw new AppError('forbidden', `Port ${port} is not allowed. Use 443, 80, or a port from 1024 upwards.`);
    if (isIP(hostname) !== 0 && !this.#isOpen(hostname)) throw blocked(hostname);
  }

  /**
   * Resolves a name to its public addresses only. The connection uses exactly the addresses that
   * were checked, so a name that resolves differently a moment later (DNS rebinding) has no effect.
   */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname, (error, addresses) => {
      const open = (addresses ?? []).filter(({ address }) => this.#isOpen(address));
      const [first] = open;
      if (error) callback(error, []);
      else if (!first) callback(blocked(hostname), []);
      else if (options.all) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };

  #isOpen(address: string): boolean {
    return isPublicAddress(address) && !(this.#rules.fromUsers && isOwnAddress(address));
  }
}

/** Lower ports belong to services that speak no HTTP, such as mail and remote logins. */
function isOrdinaryPort(port: number): boolean {
  return port === 443 || port === 80 || port >= 1024;
}

function isAmong(hostname: string, hosts: readonly string[]): boolean {
  const plain = (host: string): string => host.toLowerCase().replace(/\.$/, '');
  return hosts.some((host) => plain(host) === plain(hostname));
}

function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((cards) => cards?.some((card) => card.address === address));
}

function blocked(hostname: string): AppError {
  return new AppError('forbidden', `${hostname} is not a public address. Servio calls public addresses only.`);
}

function isMapped(address: string): boolean {
  return mappedV4.check(address, 'ipv6');
}
