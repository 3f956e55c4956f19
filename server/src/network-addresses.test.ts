import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { networkAddresses } from './network-addresses.ts';

function ipv4(address: string, internal = false): NetworkInterfaceInfo {
  return { address, netmask: '255.255.255.0', family: 'IPv4', mac: '', internal, cidr: null };
}

const ipv6: NetworkInterfaceInfo = {
  address: 'fe80::1',
  netmask: 'ffff:ffff:ffff:ffff::',
  family: 'IPv6',
  mac: '',
  internal: false,
  cidr: null,
  scopeid: 2,
};

test('the address that a phone most probably reaches comes first, whatever containers and tunnels add', () => {
  const found = networkAddresses({
    lo: [ipv4('127.0.0.1', true)],
    docker0: [ipv4('172.17.0.1')],
    utun3: [ipv4('10.8.0.2')],
    eth0: [ipv4('203.0.113.9')],
    'vEthernet (WSL)': [ipv4('192.168.99.1')],
    wlan0: [ipv6, ipv4('192.168.1.7')],
    eth1: [ipv4('10.1.2.3')],
    eth2: [ipv4('169.254.7.7')],
  });
  expect(found.map(({ interfaceName, address }) => `${interfaceName} ${address}`)).toEqual([
    'wlan0 192.168.1.7',
    'eth1 10.1.2.3',
    'eth0 203.0.113.9',
    'vEthernet (WSL) 192.168.99.1',
    'utun3 10.8.0.2',
    'docker0 172.17.0.1',
  ]);
});

test('a computer without a network has no such address', () => {
  expect(networkAddresses({ lo: [ipv4('127.0.0.1', true)] })).toEqual([]);
});
