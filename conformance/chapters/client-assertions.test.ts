// RFC 7521, RFC 7523, OpenID Connect Core 1.0 §9 and RFC 10070: client authentication by assertion.
import type { Answer, Parameters } from '../client/exchange.ts';
import { newJti, unsecured } from '../client/jwt.ts';
import { assertionFields } from '../client/relying-party.ts';
import { openChapter } from '../lab/chapter.ts';
import {
  expectAccepted,
  expectBadCredentials,
  expectErrorShape,
  expectOneRefusal,
  expectRefusal,
} from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';

const { requirement, startLab } = openChapter();

const ENDPOINTS = ['backchannel_authentication_endpoint', 'token_endpoint'] as const;

/** The same credentials where one asks and where one polls. */
async function atBothEndpoints(lab: Lab, fields: () => Promise<Parameters>): Promise<Answer[]> {
  const client = lab.client('jwt');
  return [await client.ask(await fields()), await client.poll(newJti(), await fields())];
}

requirement('RFC7523-3-01', async (lab) => {
  const client = lab.client('jwt');
  const now = client.seconds();
  const wrong: ReadonlyArray<() => Promise<string>> = [
    () => client.assertion({ iss: 'somebody-else' }),
    () => client.assertion({ sub: 'somebody-else' }),
    () => client.assertion({ exp: undefined }),
    () => client.assertion({ iat: now - 900, exp: now - 600 }),
    () => client.assertion({ aud: undefined }),
    async () =>
      unsecured({
        iss: client.clientId,
        sub: client.clientId,
        aud: lab.provider.issuer,
        exp: client.seconds() + 60,
        jti: newJti(),
      }),
  ];
  for (const assertion of wrong) {
    const answers = await atBothEndpoints(lab, async () => assertionFields(await assertion()));
    for (const answer of answers) expectBadCredentials(lab, answer);
  }
});

requirement('RFC7523-3-02', async (lab) => {
  const client = lab.client('jwt');
  const once = assertionFields(await client.assertion());
  expectAccepted(await client.ask(once));
  expectBadCredentials(lab, await client.ask(once));
  expectBadCredentials(lab, await client.poll(newJti(), once));
  for (const answer of await atBothEndpoints(lab, async () =>
    assertionFields(await client.assertion({ jti: undefined })),
  )) {
    expectBadCredentials(lab, answer);
  }
});

requirement('RFC7521-4.2-01', async (lab) => {
  const client = lab.client('jwt');
  for (const client_assertion_type of ['urn:wrong', undefined]) {
    const answers = await atBothEndpoints(lab, async () => ({
      ...assertionFields(await client.assertion()),
      client_assertion_type,
    }));
    for (const answer of answers) {
      if (lab.profile === 'auth0') {
        expectOneRefusal(answer, [400, 'invalid_request'], [401, 'access_denied']);
      } else expectRefusal(answer, [400, 401], 'invalid_client', 'invalid_request');
    }
  }
  const contradicting = await atBothEndpoints(lab, async () => ({
    ...assertionFields(await client.assertion()),
    client_id: 'lab-other',
  }));
  for (const answer of contradicting) {
    if (lab.profile === 'auth0') expectRefusal(answer, 400, 'invalid_request');
    else expectBadCredentials(lab, answer);
  }
});

requirement('RFC10070-3-01', async () => {
  await using lab = await startLab('standard', (config) => ({
    ...config,
    tenant: { ...config.tenant, client_assertion_audience: 'issuer' },
  }));
  const client = lab.client('jwt');
  const { issuer } = lab.provider;
  const ask = async (aud: unknown, typ?: string): Promise<Answer> =>
    client.ask(assertionFields(await client.assertion({ aud }, { header: { typ } })));
  for (const aud of [issuer, [issuer]]) {
    expectAccepted(await ask(aud));
    expectAccepted(await ask(aud, 'client-authentication+jwt'));
  }
  const others = ENDPOINTS.map((name) => lab.provider.endpoint(name));
  for (const aud of [...others, [issuer, 'https://other.example'], [issuer, ...others]]) {
    const answer = await ask(aud);
    expectBadCredentials(lab, answer);
    expectErrorShape(answer);
  }
});
