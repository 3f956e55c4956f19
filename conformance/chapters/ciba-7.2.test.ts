// CIBA Core 1.0 §7.2: how a request is judged.
import { afterAll, expect } from 'vitest';
import { signClaims, tamper } from '../client/jwt.ts';
import { makeSigningKey } from '../client/keys.ts';
import { openChapter } from '../lab/chapter.ts';
import {
  claimsOf,
  expectAccepted,
  expectBadCredentials,
  expectRefusal,
  isRefused,
} from '../lab/expectations.ts';
import { ADA } from '../lab/people.ts';
import { nobodyIsTold, startPushService, withPushServices } from '../lab/push-service.ts';

const observer = await startPushService();
afterAll(() => observer[Symbol.asyncDispose]());

const { requirement } = openChapter(withPushServices(observer.host));

requirement('CIBA-7.2-01', async (lab) => {
  const stranger = lab.client('agent').with({ secret: 'not-its-secret' });
  const known = await stranger.ask();
  const unknown = await stranger.ask({ login_hint: lab.hint('auth0|nobody') });
  expectBadCredentials(lab, known);
  expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
});

requirement('CIBA-7.2-02', {
  standard: async (lab) => {
    const { tokens } = await lab.complete('signing');
    const id_token_hint = tokens['id_token'];
    const client = lab.client('signing');
    await lab.nobodyIsAsked(async () => {
      for (const second of [{ id_token_hint }, { login_hint_token: 'a.b.c' }]) {
        expectRefusal(await client.ask(second), 400, 'invalid_request');
        expectRefusal(await client.askSigned(second), 400, 'invalid_request');
      }
    });
  },
  auth0: async (lab) => {
    // auth0: CIBA, parameters: it knows `login_hint`; the others are ignored like every parameter that it does not know.
    expectAccepted(await lab.client('agent').ask({ login_hint_token: 'a.b.c' }));
  },
});

requirement('CIBA-7.2-03', (lab) =>
  lab.nobodyIsAsked(async () => {
    const answer = await lab.client('agent').ask({ login_hint: lab.hint('auth0|nobody') });
    expectRefusal(answer, 400, 'unknown_user_id');
  }),
);

requirement('CIBA-7.2-04', (lab) =>
  lab.nobodyIsAsked(async () => {
    const iss = lab.provider.issuer;
    const hints = [
      JSON.stringify({ format: 'iss_sub', iss: 'https://other.example/', sub: ADA }),
      JSON.stringify({ format: 'iss_sub', iss }),
      JSON.stringify({ format: 'iss_sub', iss, sub: { $ne: '' } }),
      JSON.stringify({ format: 'email', sub: ADA }),
      '{"format":',
      '[]',
      'null',
      '*',
      '%',
      '\u0000',
      'x'.repeat(20_000),
    ];
    for (const login_hint of hints) {
      expectRefusal(await lab.client('agent').ask({ login_hint }), 400, 'invalid_request', 'unknown_user_id');
    }
  }),
);

requirement('CIBA-7.2-05', async (lab) => {
  expectAccepted(await lab.client('agent').ask({ foo: 'bar', 'x-y': '1' }));
});

requirement('CIBA-7.2-06', async (lab) => {
  const agent = lab.client('agent');
  await nobodyIsTold(lab, { observer, userId: ADA }, async () => {
    const refused = [
      await agent.with({ secret: 'not-its-secret' }).ask(),
      await lab.client('no_ciba').ask(),
      await agent.ask({ scope: undefined }),
      await agent.ask({ login_hint: undefined }),
      await agent.ask({ login_hint: lab.hint('auth0|nobody') }),
      await agent.ask({ requested_expiry: 'abc' }),
      await agent.ask({ binding_message: 'a\u202eb' }),
      await agent.ask({ scope: ['openid', 'profile'] }),
      await agent.ask({ authorization_details: 'not json' }),
      await agent.ask({ authorization_details: '[{"type":"urn:nobody:knows"}]' }),
      await agent.ask({ request: 'a.b.c', login_hint: undefined }),
    ];
    expect(refused.map((answer) => isRefused(answer))).toEqual(refused.map(() => true));
  });
});

requirement('CIBA-7.2-07', async (lab) => {
  const { tokens } = await lab.complete('agent');
  const genuine = String(tokens['id_token']);
  const foreign = await makeSigningKey('ES256', 'foreign');
  await lab.nobodyIsAsked(async () => {
    for (const id_token_hint of [
      tamper(genuine, { sub: 'auth0|grace' }),
      await signClaims(foreign, claimsOf(genuine)),
    ]) {
      const answer = await lab.client('agent').ask({ login_hint: undefined, id_token_hint });
      expectRefusal(answer, 400, 'invalid_request', 'unknown_user_id');
    }
  });
});

requirement('CIBA-7.2-08', async (lab) => {
  const client = lab.client('signing');
  const { key } = lab.registered('signing');
  if (!key) throw new Error('the client has no key');
  const now = client.seconds();
  const hintToken = (exp: number): Promise<string> =>
    signClaims(key, {
      iss: client.clientId,
      aud: lab.provider.issuer,
      iat: now - 600,
      exp,
      jti: `hint-${exp}`,
      sub_id: { format: 'iss_sub', iss: lab.provider.issuer, sub: ADA },
      sub: ADA,
    });
  await lab.nobodyIsAsked(async () => {
    const expired = { login_hint: undefined, login_hint_token: await hintToken(now - 300) };
    expectRefusal(await client.ask(expired), 400, 'expired_login_hint_token');
  });
  expectAccepted(await client.ask({ login_hint: undefined, login_hint_token: await hintToken(now + 300) }));
});
