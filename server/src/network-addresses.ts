// Under which addresses other computers reach this one, the likeliest first: a phone is in the same home or office network,
// not in a virtual one that a container or a tunnel has made. IPv4 only: every such network has it, and it can be typed.
import type { NetworkInterfaceInfo } from 'node:os';

export interface NetworkAddress {
  address: string;
  /** As the system calls it: `en0`, `wlan0`. */
  interfaceName: string;
}

/** Bridges, virtual machines and tunnels, as Linux, macOS and Windows name them. */
const VIRTUAL =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|flannel|podman|tun|tap|utun|wg|ppp|zt|tailscale|bridge|awdl|llw)|vEthernet|VirtualBox|VMware|WSL|Hyper-V/i;

/** What home and office networks hand out, most usual first. RFC 1918 §3. */
const USUAL = [/^192\.168\./, /^10\./, /^172\.(1[6-9]|2\d|3[01])\./];

/** Given to itself by a computer that was given none. RFC 3927. */
const SELF_ASSIGNED = /^169\.254\./;

/** @param interfaces what `os.networkInterfaces()` says */
export function networkAddresses(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): NetworkAddress[] {
  return Object.entries(interfaces)
    .flatMap(([interfaceName, addresses = []]) =>
      addresses
        .filter(
          ({ family, internal, address }) => family === 'IPv4' && !internal && !SELF_ASSIGNED.test(address),
        )
        .map(({ address }) => ({ interfaceName, address })),
    )
    .map((one) => ({ one, rank: rankOf(one) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

function rankOf({ address, interfaceName }: NetworkAddress): number {
  const usual = USUAL.findIndex((pattern) => pattern.test(address));
  return (VIRTUAL.test(interfaceName) ? 10 : 0) + (usual < 0 ? USUAL.length : usual);
}

/**
 * Hosts by which the network reaches a server that listens on `host`; none for one that listens to this computer only.
 *
 * @param interfaces what `os.networkInterfaces()` says
 */
export function networkHosts(
  host: string,
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): NetworkAddress[] {
  if (isLoopback(host)) return [];
  const addresses = networkAddresses(interfaces);
  if (isWildcard(host)) return addresses;
  return [addresses.find(({ address }) => address === host) ?? { address: host, interfaceName: '' }];
}

/** Names and addresses that never leave this computer. RFC 6761 §6.3, RFC 1122 §3.2.1.3. */
export function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
}

/** "All addresses of this computer". */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
