// CIBA Core 1.0 §13 and §14: the errors of the authentication endpoint, and hints by ID token.
import { expect } from 'vitest';
import type { Answer } from '../client/exchange.ts';
import { openChapter } from '../lab/chapter.ts';
import {
  expectAccepted,
  expectErrorShape,
  expectErrorText,
  expectRefusal,
  isRefused,
} from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';

const { requirement, startLab } = openChapter();

const ODD = 'naïve "quoted" \\ 漢字 🦜';

/** Refusals of many kinds, among them some whose input is beyond ASCII. */
async function refusals(lab: Lab): Promise<Answer[]> {
  const agent = lab.client('agent');
  const answers = [
    await agent.with({ secret: 'not-its-secret' }).ask(),
    await agent.with({ clientId: 'nobody' }).ask(),
    await lab.client('no_ciba').ask(),
    await agent.ask({ scope: undefined }),
    await agent.ask({ scope: ODD }),
    await agent.ask({ scope: ['openid', 'profile'] }),
    await agent.ask({ login_hint: undefined }),
    await agent.ask({ login_hint: ODD }),
    await agent.ask({ login_hint: lab.hint(`auth0|${ODD}`) }),
    await agent.ask({ requested_expiry: ODD }),
    await agent.ask({ binding_message: 'a\u0000b' }),
    await agent.ask({ audience: `https://${ODD}.example` }),
    await agent.ask({ authorization_details: ODD }),
    await agent.ask({ authorization_details: JSON.stringify([{ type: ODD }]) }),
    await agent.ask({ request: 'a.b.c', login_hint: undefined }),
  ];
  expect(answers.map((answer) => [answer.text.slice(0, 120), isRefused(answer)])).toEqual(
    answers.map((answer) => [answer.text.slice(0, 120), true]),
  );
  return answers;
}

requirement('CIBA-13-01', async (lab) => {
  for (const answer of await refusals(lab)) expectErrorShape(answer);
  const agent = lab.client('agent');
  const url = agent.endpoint('backchannel_authentication_endpoint');
  for (const [method, type, body] of [
    ['POST', undefined, undefined],
    ['POST', 'text/plain', 'scope=openid'],
    ['POST', 'application/json', '{"scope":'],
    ['POST', 'application/x-www-form-urlencoded', '%ff%fe=%'],
  ] as const) {
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = await agent.exchange.send(url, { method, headers, body });
    expect([method, type, isRefused(answer)]).toEqual([method, type, true]);
    expectErrorShape(answer);
  }
});

requirement('CIBA-13-02', {
  standard: async (lab) => {
    for (const answer of await refusals(lab)) expectErrorText(answer);
    const agent = lab.client('agent');
    const pushed = 'pushed_authorization_request_endpoint';
    const answers = [
      await agent.poll(ODD),
      await agent.token({ grant_type: ODD }),
      await agent.refresh(ODD),
      await agent.token({ grant_type: 'authorization_code', code: ODD, redirect_uri: ODD }),
      await agent.token({ grant_type: 'client_credentials', scope: ODD, audience: ODD }),
      await agent.with({ clientId: ODD }).poll(ODD),
      await agent.call(pushed, { response_type: ODD, redirect_uri: ODD, scope: ODD }),
      await agent.call(pushed, { response_type: 'code', redirect_uri: ODD }),
      await agent.call(pushed, { request: ODD }),
      await agent.call('introspection_endpoint', { token: [ODD, ODD] }),
    ];
    expect(answers.map((answer) => [answer.text, isRefused(answer)])).toEqual(
      answers.map((answer) => [answer.text, true]),
    );
    for (const answer of answers) expectErrorText(answer);
  },
  auth0: async (lab) => {
    const answer = await lab.client('agent').ask({ login_hint: undefined });
    expect(answer.json().error_description).toBe(
      'login_hint parameter validation failed: "login_hint" is required',
    );
  },
});

requirement('CIBA-13-03', {
  standard: async (lab) => expectRefusal(await lab.client('no_ciba').ask(), 400, 'unauthorized_client'),
  auth0: async (lab) => expectRefusal(await lab.client('no_ciba').ask(), 403, 'unauthorized_client'),
});

requirement('CIBA-13-04', {
  standard: (lab) =>
    lab.nobodyIsAsked(async () => {
      expectRefusal(await lab.client('agent').ask({ scope: 'openid no-such-scope' }), 400, 'invalid_scope');
    }),
  auth0: async (lab) => {
    const authReqId = await lab.client('agent').askFor({ scope: 'openid no-such-scope' });
    expect((await lab.approval(authReqId)).scope).not.toContain('no-such-scope');
  },
});

const policyRefusal = async (profile: 'standard' | 'auth0'): Promise<Answer> => {
  // A policy of the tenant: this person may not be asked.
  const startBlocked = startLab(profile, (config) => ({
    ...config,
    users: (config.users ?? []).map((user) => ({ ...user, blocked: true })),
  }));
  await using lab = await startBlocked;
  return await lab.client('agent').ask();
};

requirement('CIBA-13-05', {
  standard: async (lab) => {
    const unauthenticated = await lab.client('basic').with({ secret: 'not-its-secret' }).ask();
    expectRefusal(unauthenticated, 401, 'invalid_client');
    expect(unauthenticated.headers['www-authenticate']).toMatch(/^Basic\b/);
    expectRefusal(await policyRefusal('standard'), 403, 'access_denied');
    expectRefusal(await lab.client('agent').ask({ requested_expiry: 'abc' }), 400, 'invalid_request');
  },
  auth0: async (lab) => {
    const unauthenticated = await lab.client('basic').with({ secret: 'not-its-secret' }).ask();
    expectRefusal(unauthenticated, 401, 'access_denied');
    expectRefusal(await policyRefusal('auth0'), 403, 'unauthorized');
    expectRefusal(await lab.client('agent').ask({ requested_expiry: 'abc' }), 400, 'invalid_request');
  },
});

requirement('CIBA-13-06', (lab) =>
  lab.nobodyIsAsked(async () => {
    expectRefusal(await lab.client('agent').ask({ scope: ['openid', 'profile'] }), 400, 'invalid_request');
  }),
);

requirement('CIBA-14-01', async (lab) => {
  const { tokens } = await lab.complete('agent');
  const { exp = 0 } = (await lab.provider.verify(tokens['id_token'])).claims;
  await lab.advance((exp + 60) * 1000 - lab.now());
  expectAccepted(await lab.client('agent').ask({ login_hint: undefined, id_token_hint: tokens['id_token'] }));
});

requirement('CIBA-14-02', async (lab) => {
  const { tokens } = await lab.complete('agent');
  await lab.nobodyIsAsked(async () => {
    const answer = await lab
      .client('other')
      .ask({ login_hint: undefined, id_token_hint: tokens['id_token'] });
    expectRefusal(answer, 400, 'invalid_request', 'unknown_user_id');
  });
});
