// For which names the authority may speak: those that nobody else can own, private addresses, and what it was asked for. A
// phone that trusts it believes nothing about the rest of the web, whoever may get hold of its key. RFC 5280 §4.2.1.10.
import { BlockList, isIP } from 'node:net';

/** Names that are nobody's on the internet: RFC 6761 §6, RFC 6762 §3, RFC 8375 §3, and ICANN's `internal`. */
const PRIVATE_SUFFIXES = ['localhost', 'test', 'local', 'home.arpa', 'internal'];

/** Addresses that are nobody's either: RFC 1122 §3.2.1.3, RFC 1918 §3, RFC 3927, RFC 6598, RFC 4291 §2.5, RFC 4193. */
const PRIVATE_NETWORKS = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const;

/** DER of `NameConstraints` that permits the private names and `names`. */
export function encodeNameConstraints(names: readonly string[]): Buffer {
  const permitted = [
    ...PRIVATE_SUFFIXES.map(dnsSubtree),
    ...PRIVATE_NETWORKS.map(([address, bits]) => ipSubtree(address, bits)),
    ...names.filter((name) => !isPrivate(name)).map(ownSubtree),
  ];
  // permittedSubtrees [0], excludedSubtrees left out.
  return der(0x30, der(0xa0, ...permitted));
}

/** Whether an authority that we made may speak for `name`. */
export function permitsName(authority: { readonly raw: Buffer }, name: string): boolean {
  const constraints = authority.raw.includes(dnsSubtree('localhost'));
  return constraints && (isPrivate(name) || authority.raw.includes(ownSubtree(name)));
}

function isPrivate(name: string): boolean {
  const version = isIP(name);
  if (version === 0) return PRIVATE_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
  return PRIVATE_NETWORKS.some(([network, bits]) => {
    if (isIP(network) !== version) return false;
    const list = new BlockList();
    const family = version === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(network, bits, family);
    return list.check(name, family);
  });
}

function ownSubtree(name: string): Buffer {
  const version = isIP(name);
  return version === 0 ? dnsSubtree(name) : ipSubtree(name, version === 6 ? 128 : 32);
}

/** GeneralSubtree of a dNSName: the name and everything below it. */
function dnsSubtree(name: string): Buffer {
  return der(0x30, der(0x82, Buffer.from(name.replace(/^\*\./, ''), 'ascii')));
}

/** GeneralSubtree of an iPAddress: the network and its mask, as RFC 4632 writes them. */
function ipSubtree(address: string, bits: number): Buffer {
  const bytes = addressBytes(address);
  const mask = bytes.map((_, index) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - index * 8))));
  return der(0x30, der(0x87, Buffer.from([...bytes, ...mask])));
}

function addressBytes(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  // The URL parser writes out what an IPv6 address abbreviates in other ways, but keeps its "::".
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = groups(tail ?? '');
  const between = new Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...between, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}

/** Tag, length, content. X.690 §8.1.3. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const lengthBytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), body]);
}
