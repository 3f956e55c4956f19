// What is beside CIBA in the profile `standard`: tokens of machines, and tools that change a client by the Management API.
import { expect, it } from 'vitest';
import { MANAGEMENT_API } from '../../src/contract/index.ts';
import { administratorOf } from '../management/administrator.ts';
import { BANK_API, StandardBank } from './standard-bank.ts';

/** The bank, and a client that may do everything there. */
const startWithAdministrator = () =>
  StandardBank.start((config) => ({
    ...config,
    clients: [
      ...(config.clients ?? []),
      {
        client_id: 'administrator',
        client_secret: 'administrator-secret-not-real',
        name: 'Administrator',
        grant_types: ['client_credentials'],
      },
    ],
    client_grants: [
      { client_id: 'administrator', audience: MANAGEMENT_API, allow_all_scopes: true },
      { client_id: 'administrator', audience: BANK_API, scope: ['accounts'] },
    ],
  }));

it('a machine is refused in the words of the standards', async () => {
  await using bank = await startWithAdministrator();
  const ask = async (changes: Record<string, string>) => {
    const answer = await bank.agent('administrator').token({ grant_type: 'client_credentials', ...changes });
    return [answer.status, answer.json().error];
  };
  expect(await ask({ resource: BANK_API, scope: 'accounts' })).toEqual([200, undefined]);
  expect(await ask({ resource: BANK_API, scope: 'payments' })).toEqual([400, 'invalid_scope']);
  expect(await ask({ resource: 'https://other.example/' })).toEqual([400, 'invalid_target']);
});

it('the Management API shows a client as Auth0 does, and leaves alone what Auth0 does not have', async () => {
  await using bank = await startWithAdministrator();
  const administrator = await administratorOf(bank.assent);
  const before = (await administrator.get('/clients/payments')).json();
  expect(before).toMatchObject({ name: 'Payments', jwt_configuration: { alg: 'ES256' } });
  expect(before).not.toHaveProperty('backchannel_authentication_request_signing_alg');
  expect(before).not.toHaveProperty('id_token_signed_response_alg');
  await administrator.patch('/clients/payments', { name: 'Payments of today' });
  await administrator.patch('/clients/terminal', { name: 'Terminal of today' });
  const metadata = (await bank.ask({}, 'terminal')).json();
  // It is a ping client still: it lacks its token.
  expect(metadata.error).toBe('invalid_request');
  const unsigned = await bank.agent('payments').post('/bc-authorize', { scope: 'openid' });
  expect([unsigned.status, unsigned.json().error]).toEqual([401, 'invalid_client']);
  const person = (await administrator.get('/users/bank%7Cgrace')).json();
  expect(person).not.toHaveProperty('user_code');
  expect((await bank.ask({ login_hint: person.user_id }, 'call-centre')).json().error).toBe(
    'missing_user_code',
  );
});
