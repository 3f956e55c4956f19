// CIBA Core 1.0 §7.1.1: signed authentication requests.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { CompactEncrypt } from 'jose';
import { expect } from 'vitest';
import { breakSignature, signWithSecret, unsecured } from '../client/jwt.ts';
import { openChapter } from '../lab/chapter.ts';
import { expectAccepted, expectRefusal, isRefused } from '../lab/expectations.ts';
import { ADA } from '../lab/people.ts';

const { requirement } = openChapter();

const HOUR = 3_600;

requirement('CIBA-7.1.1-01', async (lab) => {
  const authReqId = expectAccepted(await lab.client('signing').askSigned({ binding_message: 'SIGNED-1' }));
  const device = await lab.device(ADA);
  const { id } = await lab.approval(authReqId);
  expect((await device.inbox()).find((one) => one.id === id)?.['binding_message']).toBe('SIGNED-1');
});

requirement('CIBA-7.1.1-02', async (lab) => {
  const client = lab.client('signing');
  const both = await client.askSigned({ binding_message: 'INSIDE' }, {}, { binding_message: 'OUTSIDE' });
  if (isRefused(both)) expectRefusal(both, 400, 'invalid_request');
  else expect((await lab.approval(expectAccepted(both))).binding_message).toBe('INSIDE');
  await lab.nobodyIsAsked(async () => {
    const beside = await client.askSigned({ login_hint: undefined }, {}, { login_hint: lab.hint(ADA) });
    expectRefusal(beside, 400, 'invalid_request');
  });
});

requirement('CIBA-7.1.1-04', async (lab) => {
  // A client that has a secret and signs with it, beside one that never had any.
  const secretive = lab.client('agent');
  const { secret = '' } = lab.registered('agent');
  expectRefusal(
    await secretive.askByJwt(signWithSecret(secret, secretive.requestClaims())),
    400,
    'invalid_request',
  );
  const signing = lab.client('signing');
  expectRefusal(
    await signing.askByJwt(signWithSecret(secret, signing.requestClaims())),
    400,
    'invalid_request',
  );
});

requirement('CIBA-7.1.1-05', async (lab) => {
  const client = lab.client('signing');
  expectRefusal(await client.askByJwt(unsecured(client.requestClaims())), 400, 'invalid_request');
});

requirement('CIBA-7.1.1-06', (lab) =>
  lab.nobodyIsAsked(async () => {
    for (const claim of ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti']) {
      const answer = await lab.client('signing').askSigned({ [claim]: undefined });
      expectRefusal(answer, 400, 'invalid_request');
    }
  }),
);

requirement('CIBA-7.1.1-12', async (lab) => {
  const client = lab.client('signing');
  expectRefusal(await client.askSigned({ aud: 'https://www.other1.example.com/' }), 400, 'invalid_request');
  expectAccepted(await client.askSigned({ aud: ['https://www.other1.example.com/', lab.provider.issuer] }));
});

requirement('CIBA-7.1.1-13', async (lab) => {
  const { clientId } = lab.client('signing_ping');
  expectRefusal(await lab.client('signing').askSigned({ iss: clientId }), 400, 'invalid_request');
});

requirement('CIBA-7.1.1-14', async (lab) => {
  const client = lab.client('signing');
  const now = client.seconds();
  expectRefusal(await client.askSigned({ exp: now - HOUR }), 400, 'invalid_request');
  expectRefusal(await client.askSigned({ nbf: now + 600, exp: now + 900 }), 400, 'invalid_request');
  expectAccepted(await client.askSigned({ nbf: client.seconds() + 5 }));
});

requirement('CIBA-7.1.1-16', async (lab) => {
  const client = lab.client('signing');
  expectRefusal(await client.askByJwt(breakSignature(await client.signedRequest())), 400, 'invalid_request');
});

requirement('CIBA-7.1.1-17', async (lab) => {
  const foreign = lab.registered('signing_ping').key;
  for (const kid of [foreign?.kid, lab.registered('signing').key?.kid]) {
    const answer = await lab
      .client('signing')
      .askSigned({}, { header: { kid }, ...(foreign && { key: foreign.privateKey }) });
    expectRefusal(answer, 400, 'invalid_request');
  }
});

requirement('CIBA-7.1.1-18', async (lab) => {
  for (const [name, other] of [
    ['must_sign_ps256', 'ES256'],
    ['must_sign_es256', 'PS256'],
  ] as const) {
    const client = lab.client(name);
    expectAccepted(await client.askSigned());
    const key = lab.registered(name).otherKeys?.get(other);
    if (!key) throw new Error(`${name} has no key for ${other}`);
    const answer = await client.with({ key }).askSigned({}, {}, {});
    // The assertion beside it is signed by the same other key, which its client may use.
    expectRefusal(answer, 400, 'invalid_request');
  }
});

requirement('CIBA-7.1.1-19', async (lab) => {
  const client = lab.client('signing');
  const { keys } = await lab.provider.keySet();
  const encryptTo = keys.find(({ kty }) => kty === 'RSA');
  if (!encryptTo) throw new Error('the server has no RSA key');
  const { alg: _alg, use: _use, ...jwk } = encryptTo;
  const encrypted = await new CompactEncrypt(Buffer.from(await client.signedRequest()))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM', cty: 'JWT' })
    .encrypt(jwk);
  expect(encrypted.split('.')).toHaveLength(5);
  expectRefusal(await client.askByJwt(encrypted), 400, 'invalid_request');
});

requirement('CIBA-7.1.1-20', async (lab) => {
  const lifetimes = [];
  for (const requested_expiry of [30, '30']) {
    const answer = await lab.client('signing').askSigned({ requested_expiry });
    expectAccepted(answer);
    lifetimes.push(answer.json().expires_in);
  }
  expect(lifetimes).toEqual([30, 30]);
});

requirement('CIBA-7.1.1-22', async (lab) => {
  for (const typ of [undefined, 'JWT', 'oauth-authz-req+jwt', 'OautH-auThZ-REQ+jWt']) {
    expectAccepted(await lab.client('signing').askSigned({}, { header: { typ } }));
  }
});

requirement('CIBA-7.1.1-23', async (lab) => {
  const fetched: string[] = [];
  const server = createServer((request, response) => {
    fetched.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const agent = lab.client('agent');
  const pushed = await agent.call('pushed_authorization_request_endpoint', {
    response_type: 'code',
    redirect_uri: 'https://client.lab.example/callback',
    scope: 'openid',
  });
  const references = [
    `http://localhost:${port}/ro.jwt`,
    'https://client.example/ro.jwt',
    pushed.json().request_uri,
  ];
  for (const request_uri of references) {
    expect(request_uri).toEqual(expect.any(String));
    const byReference = await agent.ask({
      request_uri,
      login_hint: undefined,
      scope: undefined,
      binding_message: undefined,
    });
    expectRefusal(byReference, 400, 'invalid_request', 'request_uri_not_supported');
    expectRefusal(await agent.ask({ request_uri }), 400, 'invalid_request', 'request_uri_not_supported');
  }
  expect(fetched).toEqual([]);
  const closed = once(server, 'close');
  server.close();
  await closed;
});
