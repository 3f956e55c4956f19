import { expect, it } from 'vitest';
import { isPublicAddress, judgeDestination } from './destinations.ts';

it.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  'fe80::1',
  'fd00::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'ff02::1',
  '64:ff9b::7f00:1',
  'localhost',
])('%s is no address of the internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each<[string, string[], boolean]>([
  ['https://client.example/cb', [], true],
  ['http://client.example/cb', [], false],
  ['http://client.example/cb', ['Client.Example'], true],
  ['https://192.168.1.1/cb', [], false],
  ['https://192.168.1.1/cb', ['192.168.1.1'], true],
  ['http://[::1]:8080/cb', ['::1'], true],
  ['http://[::1]:8080/cb', ['[::1]'], true],
  // As a URL is read: other spellings of 127.0.0.1.
  ['https://2130706433/cb', [], false],
  ['https://0x7f.1/cb', [], false],
  ['https://localhost/cb', [], false],
  ['https://client.localhost/cb', ['localhost'], false],
  ['https://localhost.example/cb', [], true],
  ['https://ada:secret@client.example/cb', [], false],
  ['ftp://client.example/cb', ['client.example'], false],
  ['client.example', ['client.example'], false],
])('%s, where %j are named', (address, named, allowed) => {
  expect(judgeDestination(address, named).allowed).toBe(allowed);
});
