import { expect, test } from 'vitest';
import { changedPaths, changesBetween, isMarked, partWith } from './file-changes.ts';

const FILE = {
  clients: [
    { client_id: 'aiya', name: 'Aiya', grant_types: ['authorization_code'] },
    { client_id: 'old', name: 'Old' },
  ],
  client_grants: [{ client_id: 'aiya', audience: 'urn:api', scope: ['read'] }],
  guardian: { factors: { 'push-notification': false } },
};

const NOW = {
  clients: [{ client_id: 'aiya', name: 'Aiya', grant_types: ['authorization_code', 'ciba'] }],
  client_grants: [
    { client_id: 'aiya', audience: 'urn:api', scope: ['read'] },
    { client_id: 'aiya', audience: 'urn:api', subject_type: 'user', scope: ['write'] },
  ],
  ciba: { interval: 2 },
};

test('changes are found as deep as they can be told, by the names of things and not by their places', () => {
  expect(changedPaths(NOW, FILE)).toEqual([
    ['clients', 0, 'grant_types', 1],
    ['client_grants', 1],
    ['guardian'],
    ['ciba'],
  ]);
  expect(changedPaths(FILE, FILE)).toEqual([]);
  const changed = changedPaths(NOW, FILE);
  expect(isMarked(['client_grants', 1, 'scope', 0], changed)).toBe(true);
  expect(isMarked(['clients', 0, 'grant_types', 0], changed)).toBe(false);
});

test('a list that only lost something is marked as a whole', () => {
  const now = { clients: [{ ...FILE.clients[0], grant_types: [] }, FILE.clients[1]] };
  expect(changedPaths(now, { clients: FILE.clients })).toEqual([['clients', 0, 'grant_types']]);
});

test('what the file leaves out is compared with what holds then', () => {
  const whole = {
    clients: [{ ...FILE.clients[1], grant_types: ['a', 'b'], jwt: { lifetime: 1, deep: { x: 1 } } }],
    guardian: { factors: { push: true, email: true } },
  };
  const now = {
    clients: [{ ...FILE.clients[1], grant_types: ['a', 'b', 'c'], jwt: { lifetime: 2 } }],
    guardian: { factors: { email: false } },
  };
  expect(changedPaths(now, { clients: [FILE.clients[1]] }, whole)).toEqual([
    ['clients', 0, 'grant_types', 2],
    ['clients', 0, 'jwt', 'lifetime'],
    ['guardian', 'factors', 'email'],
  ]);
});

test('the part that says the changes names each thing, and what it cannot say is listed', () => {
  expect(changesBetween(NOW, FILE)).toEqual({
    part: {
      clients: [{ client_id: 'aiya', grant_types: ['authorization_code', 'ciba'] }],
      client_grants: [{ client_id: 'aiya', audience: 'urn:api', subject_type: 'user', scope: ['write'] }],
      ciba: { interval: 2 },
    },
    gone: [['clients', 'old'], ['guardian']],
  });
  expect(changesBetween(FILE, FILE)).toEqual({ part: {}, gone: [] });
});

test('where the tenant has come to what holds anyway, the part says it, so that the file says nothing else', () => {
  const file = {
    clients: [{ client_id: 'aiya', name: 'Aiya', grant_types: ['authorization_code'] }],
    guardian: { factors: { push: false, email: true } },
  };
  const now = { clients: [{ client_id: 'aiya', name: 'Aiya' }], guardian: { factors: { email: true } } };
  const whole = {
    clients: [{ client_id: 'aiya', name: 'Aiya', grant_types: ['authorization_code', 'ciba'], jwt: {} }],
    guardian: { factors: { push: true, email: true, otp: false } },
  };
  expect(changesBetween(now, file, whole)).toEqual({
    part: {
      clients: [{ client_id: 'aiya', grant_types: ['authorization_code', 'ciba'] }],
      guardian: { factors: { push: true } },
    },
    gone: [],
  });
  expect(changesBetween({ clients: now.clients }, file, whole)).toMatchObject({
    part: { guardian: { factors: { push: true } } },
    gone: [],
  });
});

test('one thing stands alone in its list', () => {
  expect(partWith(FILE, 'clients', ({ client_id: id }) => id === 'old')).toEqual({
    clients: [{ client_id: 'old', name: 'Old' }],
  });
  expect(partWith(FILE, 'roles', () => true)).toEqual({});
});
