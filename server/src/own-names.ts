// Under which names this server is meant to be reached: as its issuer, on this computer, in the network.
import { networkInterfaces } from 'node:os';
import { isWildcard, networkHosts } from './network-addresses.ts';
import { Problem } from './problem.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** An issuer is `https://HOST[:PORT]/`: Auth0's SDKs know a domain only, so there is nothing before or after it. */
export function checkIssuer(text: string): string {
  const parsed = URL.parse(text);
  // RFC 1123 §2.1: a star is no part of a host name, so nobody could resolve or verify it.
  const isOneHost = parsed !== null && !parsed.hostname.includes('*');
  const isPlain = isOneHost && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`;
  if (isPlain) return parsed.href;
  throw new Problem(
    'usage',
    `The issuer "${text}" is not usable, expected https://HOST[:PORT]/ with one host and no path.`,
    { hint: 'assent --issuer https://auth0.test/ --port 443' },
  );
}

export interface OwnNames {
  /** For the certificate: names and addresses, IPv6 without brackets. */
  readonly hostNames: readonly string[];
  /** Addresses at which other computers reach it, the likeliest first. */
  readonly reachedBy: readonly string[];
}

export function findOwnNames(options: {
  host: string;
  issuer: string | undefined;
  extraHostNames: readonly string[];
}): OwnNames {
  const { host, issuer, extraHostNames } = options;
  const reachedBy = networkHosts(host, networkInterfaces()).map(({ address }) => address);
  return {
    reachedBy,
    hostNames: [
      ...(issuer === undefined ? [] : [hostOf(issuer)]),
      ...extraHostNames,
      ...(isWildcard(host) ? reachedBy : [host]),
    ],
  };
}

/** Where it listens, without a slash at the end. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  const name = isWildcard(host) || host === '127.0.0.1' ? 'localhost' : hostInUrl(host);
  return `${scheme}://${name}:${port}`;
}

/** Values of the Host header, in lower case, under which it may be asked. */
export function allowedHosts(
  names: OwnNames,
  options: { host: string; port: number; issuer: string },
): ReadonlySet<string> {
  const { host, port, issuer } = options;
  return new Set(
    [...LOOPBACK_NAMES, ...names.hostNames.map(hostInUrl), ...(isWildcard(host) ? ownAddresses() : [])]
      .flatMap((name) => [`${name}:${port}`, name])
      .concat(new URL(issuer).host)
      .map((name) => name.toLowerCase()),
  );
}

export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Name or address in a URL, an IPv6 address without its brackets. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Addresses of this computer, for a server that listens on all of them. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => hostInUrl(address)),
  );
}
