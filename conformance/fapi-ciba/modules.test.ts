// The catalogue of the plan: as many modules as the Foundation runs for each variant, each with a check, the rest with a reason.
import { expect, test } from 'vitest';
import { CHECKS } from './checks/index.ts';
import { type ClientAuth, type Mode, modulesOf, readModules } from './modules.ts';

test.each<[Mode, ClientAuth, number]>([
  ['poll', 'private_key_jwt', 35],
  ['ping', 'private_key_jwt', 40],
  ['poll', 'mtls', 33],
  ['ping', 'mtls', 38],
])('%s with %s has its modules, and each of them a check', (mode, clientAuth, count) => {
  const names = modulesOf({ mode, clientAuth }).map(({ name }) => name);
  expect(names).toHaveLength(count);
  expect(names.filter((name) => CHECKS[name] === undefined)).toEqual([]);
});

test('a module that does not apply says why', () => {
  for (const { name, modes, does, not_applicable: why } of readModules()) {
    expect([name, (modes.length === 0 ? why : does) ?? '']).toEqual([name, expect.stringMatching(/\.$/)]);
  }
});
