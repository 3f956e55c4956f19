// Where this server may call by itself: public hosts by https, and those that the tenant names, also by http. Addresses of a
// client's metadata are anybody's choice, so an address that leads into this computer or its network is not called unless
// whoever runs the tenant has named its host. CIBA Core §9 wants TLS; OpenID Connect Core §16 and RFC 7591 §5 warn of the rest.
import { BlockList, isIP } from 'node:net';

export type Destination =
  | {
      allowed: true;
      url: URL;
      /** Named by the tenant: whatever its address is, it may be called. */
      isNamed: boolean;
    }
  /** Says what is wrong without path and query, which may be secrets. */
  | { allowed: false; why: string };

/** @param namedHosts `ciba.notification_hosts` of the tenant */
export function judgeDestination(address: string, namedHosts: readonly string[]): Destination {
  const url = URL.parse(address);
  if (!url) return { allowed: false, why: 'The address is not a URL.' };
  const place = `${url.protocol}//${url.host}`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { allowed: false, why: `Expected an https address, received one of ${place}.` };
  }
  if (url.username !== '' || url.password !== '') {
    return { allowed: false, why: `Expected an address without a user name, received one at ${url.host}.` };
  }
  const host = bare(url.hostname);
  const isNamed = namedHosts.some((name) => bare(name) === host);
  if (isNamed) return { allowed: true, url, isNamed };
  if (url.protocol === 'http:') {
    return {
      allowed: false,
      why: `${place} is plain http: expected https, or "${host}" among ciba.notification_hosts of the tenant.`,
    };
  }
  const isInside = isIP(host) === 0 ? isLocalName(host) : !isPublicAddress(host);
  if (isInside) return { allowed: false, why: whyNotPublic(host, host) };
  return { allowed: true, url, isNamed };
}

export function whyNotPublic(host: string, address: string): string {
  const leads = host === address ? host : `${host} has the address ${address}, which`;
  return `${leads} is of this computer or of a private network: name "${host}" among ciba.notification_hosts of the tenant if it may be called.`;
}

/** Whether an address is one of the internet: none of the special ones of RFC 6890 and its registries. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SPECIAL_IPV4.check(address, 'ipv4');
    case 6:
      return GLOBAL_IPV6.check(address, 'ipv6') && !SPECIAL_IPV6.check(address, 'ipv6');
    default:
      return false;
  }
}

const SPECIAL_IPV4 = subnets('ipv4', [
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
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);
/** RFC 4291 §2.4: all that has been given out for use everywhere. Loopback, link-local, unique local and mapped ones lie outside. */
const GLOBAL_IPV6 = subnets('ipv6', [['2000::', 3]]);
const SPECIAL_IPV6 = subnets('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

function subnets(type: 'ipv4' | 'ipv6', nets: ReadonlyArray<readonly [string, number]>): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, type);
  return list;
}

/** RFC 6761 §6.3. */
function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** As two spellings of a host are compared: lower case, an IPv6 address without its brackets. */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}
