// CIBA Core 1.0 §4: what the server says about itself, and how clients are registered.
import { expect } from 'vitest';
import type { Parameters } from '../client/exchange.ts';
import { CIBA_GRANT } from '../client/relying-party.ts';
import { openChapter } from '../lab/chapter.ts';
import { expectAccepted, expectErrorShape, expectRefusal } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { register, withRegistration } from '../lab/registration.ts';

const { requirement, startLab } = openChapter(withRegistration);

const SIGNING_ALGORITHMS = 'backchannel_authentication_request_signing_alg_values_supported';
const DELIVERY_MODES = 'backchannel_token_delivery_modes_supported';

requirement('CIBA-4-01', async ({ provider }) => {
  expect(new URL(provider.endpoint('backchannel_authentication_endpoint')).protocol).toBe('https:');
  const answer = await provider.exchange.post(provider.endpoint('backchannel_authentication_endpoint'), {
    nonsense: 'yes',
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).not.toBe(404);
  expectErrorShape(answer);
});

const modesWork = async (lab: Lab, clientOfMode: Readonly<Record<string, string>>): Promise<void> => {
  const modes = lab.provider.list(DELIVERY_MODES);
  expect(modes.length).toBeGreaterThan(0);
  expect(new Set(modes).size).toBe(modes.length);
  expect(Object.keys(clientOfMode).sort()).toEqual([...modes].sort());
  for (const mode of modes) {
    const { tokens } = await lab.complete(clientOfMode[mode] ?? '');
    expect(tokens).toMatchObject({ access_token: expect.any(String), id_token: expect.any(String) });
  }
};

requirement('CIBA-4-02', {
  standard: async (lab) => {
    await modesWork(lab, { poll: 'agent', ping: 'ping', push: 'push' });
    expectRefusal(
      await register(lab, { backchannel_token_delivery_mode: 'carrier-pigeon' }),
      400,
      'invalid_client_metadata',
    );
  },
  auth0: (lab) => modesWork(lab, { poll: 'agent' }),
});

requirement('CIBA-4-03', {
  standard: async ({ provider }) => expect(provider.list('grant_types_supported')).toContain(CIBA_GRANT),
  auth0: async ({ provider }) => expect(provider.metadata).not.toHaveProperty('grant_types_supported'),
});

requirement('CIBA-4-04', {
  standard: async (lab) => {
    const algorithms = lab.provider.list(SIGNING_ALGORITHMS);
    expectAccepted(await lab.client('signing').askSigned());
    expect(algorithms.length).toBeGreaterThan(0);
    expect(algorithms.filter((alg) => alg === 'none' || alg.startsWith('HS'))).toEqual([]);
  },
  auth0: async (lab) => {
    expect(lab.provider.metadata).not.toHaveProperty(SIGNING_ALGORITHMS);
    expectRefusal(await lab.client('jwt').askSigned(), 400, 'invalid_request', 'request_not_supported');
  },
});

requirement('CIBA-4-06', async (lab) => {
  const methods = lab.provider.list('token_endpoint_auth_methods_supported');
  const names = lab.names().filter((name) => methods.includes(lab.registered(name).method));
  const clientOf = new Map(names.map((name) => [lab.registered(name).method, name]));
  const plain: Parameters = {};
  // One client for each of them, the simplest.
  const simplest = ['agent', 'basic', 'jwt', 'secret_jwt', 'mtls', 'self_signed'];
  for (const name of simplest.filter((one) => names.includes(one))) {
    expectAccepted(await lab.client(name).ask(plain));
    clientOf.delete(lab.registered(name).method);
  }
  clientOf.delete('none');
  expect([...clientOf.keys()]).toEqual([]);
  const tried = new Set(
    simplest.filter((one) => names.includes(one)).map((name) => lab.registered(name).method),
  );
  expect(methods.filter((method) => method !== 'none' && !tried.has(method as never))).toEqual([]);
});

requirement('CIBA-4-08', async (lab) => {
  for (const backchannel_token_delivery_mode of ['ping', 'push']) {
    expectRefusal(await register(lab, { backchannel_token_delivery_mode }), 400, 'invalid_client_metadata');
  }
});

requirement('CIBA-4-09', async (lab) => {
  const answer = await register(lab, {
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: 'http://client.example/cb',
  });
  expectRefusal(answer, 400, 'invalid_client_metadata');
  // Nor at its own machine, where the tenant does not say so.
  await using plain = await startLab('standard', (config) => {
    const { notification_hosts: _hosts, ...ciba } = config.ciba ?? {};
    const clients = (config.clients ?? []).filter(
      (client) => client.backchannel_client_notification_endpoint === undefined,
    );
    return withRegistration({ ...config, ciba, clients });
  });
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    const loopback = await register(plain, {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: `http://${host}:4000/cb`,
    });
    expectRefusal(loopback, 400, 'invalid_client_metadata');
  }
});

requirement('CIBA-4-10', async (lab) => {
  for (const mode of ['pushpush', ['poll', 'ping'], 7]) {
    expectRefusal(
      await register(lab, { backchannel_token_delivery_mode: mode }),
      400,
      'invalid_client_metadata',
    );
  }
  const without = await register(lab, { backchannel_token_delivery_mode: undefined });
  if (without.status === 201) expect(without.json().backchannel_token_delivery_mode).toBe('poll');
  else expectRefusal(without, 400, 'invalid_client_metadata');
});

requirement('CIBA-4-11', async (lab) => {
  for (const alg of ['none', 'HS256']) {
    const answer = await register(lab, { backchannel_authentication_request_signing_alg: alg });
    expectRefusal(answer, 400, 'invalid_client_metadata');
  }
  const [alg = ''] = lab.provider.list(SIGNING_ALGORITHMS);
  const { key } = lab.registered('signing');
  const answer = await register(lab, {
    backchannel_authentication_request_signing_alg: alg,
    jwks: { keys: [key?.publicJwk] },
  });
  expect(answer.status, answer.text).toBe(201);
  expect(answer.json().backchannel_authentication_request_signing_alg).toBe(alg);
});

requirement('CIBA-4-12', {
  standard: async (lab) => {
    // With nothing to anchor them, whether or not the server offers them.
    expectRefusal(await register(lab, { subject_type: 'pairwise' }), 400, 'invalid_client_metadata');
  },
  auth0: async ({ provider }) => expect(provider.list('subject_types_supported')).toEqual(['public']),
});
