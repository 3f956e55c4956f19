import { expect, it } from 'vitest';
import { clientSchema } from '../contract/index.ts';
import { NEVER_SECONDS, refreshTokenLifetimeSeconds } from './refresh-tokens.ts';

const client = (refresh_token: object) => clientSchema.parse({ client_id: 'a', name: 'A', refresh_token });
const expiring = client({ expiration_type: 'expiring', token_lifetime: 1_000 });

it('a rotated token gets what is left of the lifetime, counted from the first one', () => {
  expect(refreshTokenLifetimeSeconds(expiring, {}, 5_000)).toBe(1_000);
  expect(refreshTokenLifetimeSeconds(expiring, { iiat: 5_000 }, 5_600)).toBe(400);
  expect(refreshTokenLifetimeSeconds(expiring, { iiat: 5_000 }, 5_990)).toBe(10);
});

it('a token whose lifetime is over is dead within a second, since none may live for ever', () => {
  expect(refreshTokenLifetimeSeconds(expiring, { iiat: 5_000 }, 9_000)).toBe(1);
});

it('a token that does not expire lives on for years', () => {
  expect(refreshTokenLifetimeSeconds(client({}), { iiat: 0 }, 9_000)).toBe(NEVER_SECONDS);
});
