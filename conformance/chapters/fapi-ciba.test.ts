// FAPI-CIBA ID1 §5.2.2, §5.3 and §7.10: what a client of the FAPI profile must do, and what is refused to it.
import type { TenantConfigInput } from 'assent/contract';
import { expect } from 'vitest';
import { assertionFields } from '../client/relying-party.ts';
import { openChapter } from '../lab/chapter.ts';
import { asAlgorithm } from '../lab/clients.ts';
import {
  claimsOf,
  expectAccepted,
  expectErrorShape,
  expectOneRefusal,
  expectRefusal,
  isRefused,
} from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { PAYMENT, PAYMENTS_API } from '../lab/people.ts';

const { requirement, startLab } = openChapter();

const HOUR = 3_600;

/** A tenant whose FAPI client is otherwise registered. */
function startWithFapi(changes: Partial<NonNullable<TenantConfigInput['clients']>[number]>): Promise<Lab> {
  return startLab('standard', (config) => ({
    ...config,
    clients: (config.clients ?? []).map((client) =>
      client.client_id === 'lab-fapi' ? { ...client, ...changes } : client,
    ),
  }));
}

requirement('FAPICIBA-5.2.2-01', async (lab) => {
  await lab.nobodyIsAsked(async () => {
    const answer = await lab.client('public_asking').ask();
    expectRefusal(answer, [400, 401], 'unauthorized_client', 'invalid_client');
  });
  await expect(startWithFapi({ token_endpoint_auth_method: 'none' })).rejects.toThrow(/config/);
});

requirement('FAPICIBA-5.2.2-02', async (lab) => {
  const client = lab.client('fapi');
  await lab.nobodyIsAsked(async () => {
    const bare = await client.askSigned({ binding_message: undefined });
    expectRefusal(bare, 400, 'invalid_request', 'invalid_binding_message');
  });
  expectAccepted(await client.askSigned());
  const details = { authorization_details: [PAYMENT], audience: PAYMENTS_API, binding_message: undefined };
  expectAccepted(await client.askSigned(details));
});

requirement('FAPICIBA-5.2.2-03', async () => {
  const pushed = {
    backchannel_token_delivery_mode: 'push',
    backchannel_client_notification_endpoint: 'https://client.example/push',
  } as const;
  await expect(startWithFapi(pushed)).rejects.toThrow(/config/);
  // The same client in ping mode is a good one.
  await using good = await startWithFapi({ ...pushed, backchannel_token_delivery_mode: 'ping' });
  expect(good.provider.issuer).toEqual(expect.any(String));
});

requirement('FAPICIBA-5.2.2-06', (lab) =>
  lab.nobodyIsAsked(async () => {
    const answer = await lab.client('fapi').ask();
    expectRefusal(answer, 400, 'invalid_request');
    expectErrorShape(answer);
  }),
);

async function completeSigned(lab: Lab, name: string, claims: Readonly<Record<string, unknown>> = {}) {
  const authReqId = expectAccepted(await lab.client(name).askSigned(claims));
  return { authReqId, tokens: await lab.approveAndCollect(name, authReqId) };
}

requirement('FAPICIBA-5.2.2-08', async (lab) => {
  const [acr = ''] = lab.provider.list('acr_values_supported');
  const { tokens } = await completeSigned(lab, 'fapi', { acr_values: acr });
  expect(claimsOf(tokens['id_token'])['acr']).toBe(acr);
});

requirement('FAPICIBA-5.2.2-09', async (lab) => {
  const client = lab.client('fapi');
  const now = client.seconds();
  for (const [nbf, exp] of [
    [now, now + 4_200],
    [now - 4_200, now + 300],
  ]) {
    expectRefusal(await client.askSigned({ nbf, exp }), 400, 'invalid_request');
  }
  expectAccepted(await client.askSigned({ nbf: now, exp: now + HOUR }));
});

requirement('FAPICIBA-5.3-01', async (lab) => {
  const request_context = { device: { os: 'lab-os', marker: 'context-marker' } };
  const { tokens } = await completeSigned(lab, 'fapi', { request_context, audience: PAYMENTS_API });
  for (const token of [tokens['id_token'], tokens['access_token']]) {
    expect(JSON.stringify(claimsOf(token))).not.toContain('context-marker');
  }
  for (const other of ['context', ['context']]) {
    const answer = await lab.client('fapi').askSigned({ request_context: other });
    if (isRefused(answer)) expectRefusal(answer, 400, 'invalid_request');
    else expectAccepted(answer);
  }
});

requirement('FAPICIBA-7.10-01', async (lab) => {
  const { key } = lab.registered('fapi');
  if (!key) throw new Error('the client has no key');
  const request = await lab
    .client('fapi')
    .with({ key: await asAlgorithm(key, 'RS256') })
    .signedRequest();
  expectRefusal(await lab.client('fapi').askByJwt(request), 400, 'invalid_request');
});

requirement('FAPICIBA-7.10-02', async (lab) => {
  const client = lab.client('fapi');
  const { key } = lab.registered('fapi');
  if (!key) throw new Error('the client has no key');
  const weak = client.with({ key: await asAlgorithm(key, 'RS256') });
  const asked = await client.askByJwt(await client.signedRequest(), assertionFields(await weak.assertion()));
  expectOneRefusal(
    asked,
    [400, 'invalid_client'],
    [401, 'invalid_client'],
    [400, 'invalid_request'],
    [403, 'access_denied'],
  );
  const authReqId = expectAccepted(await client.askSigned());
  const polled = await client.poll(authReqId, assertionFields(await weak.assertion()));
  expectRefusal(polled, [400, 401], 'invalid_client');
});

requirement('FAPICIBA-7.10-04', async (lab) => {
  for (const name of ['fapi', 'fapi_other']) {
    const { tokens } = await completeSigned(lab, name);
    const { header } = await lab.provider.verify(tokens['id_token']);
    expect(['PS256', 'ES256']).toContain(header.alg);
    expect(header.kid).toEqual(expect.any(String));
  }
  for (const { kty, n = '' } of (await lab.provider.keySet()).keys) {
    if (kty === 'RSA') expect(Buffer.from(n, 'base64url').length * 8).toBeGreaterThanOrEqual(2_048);
  }
});
