// RFC 9126, RFC 9207 and RFC 9700 §2.1: pushed requests and the front channel.
import { expect } from 'vitest';
import { Browser } from '../client/browser.ts';
import type { Parameters } from '../client/exchange.ts';
import { sha256 } from '../client/jwt.ts';
import { openChapter } from '../lab/chapter.ts';
import {
  claimsOf,
  expectAccepted,
  expectBadCredentials,
  expectRefusal,
  expectTokens,
} from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { PAYMENT, PAYMENTS_API } from '../lab/people.ts';

const { requirement } = openChapter();

const ENDPOINT = 'pushed_authorization_request_endpoint';
const REDIRECT = 'https://client.lab.example/callback';
const VERIFIER = 'a-verifier-of-the-lab-that-is-at-least-43-characters';

const authorization: Parameters = {
  response_type: 'code',
  redirect_uri: REDIRECT,
  scope: 'openid payments',
  audience: PAYMENTS_API,
  state: 'the-state',
  nonce: 'the-nonce',
  code_challenge: sha256(VERIFIER),
  code_challenge_method: 'S256',
};

function addressOf(lab: Lab, parameters: Readonly<Record<string, string>>): string {
  return `${lab.provider.endpoint('authorization_endpoint')}?${new URLSearchParams(parameters)}`;
}

async function push(lab: Lab, changes: Parameters = {}): Promise<string> {
  const answer = await lab.client('agent').call(ENDPOINT, { ...authorization, ...changes });
  expect(answer.status, answer.text).toBe(201);
  return answer.json().request_uri;
}

requirement('PAR-2.1-01', async (lab) => {
  const answer = await lab.client('agent').call(ENDPOINT, { ...authorization, request_uri: 'urn:x' });
  const code = lab.profile === 'auth0' ? 'request_uri_not_supported' : 'invalid_request';
  expectRefusal(answer, 400, code);
});

requirement('PAR-2.1-02', async (lab) => {
  const unknown = await lab.client('agent').call(ENDPOINT, {
    ...authorization,
    authorization_details: '[{"type":"urn:nobody:knows"}]',
  });
  expectRefusal(unknown, 400, 'invalid_authorization_details');
  expect(await push(lab, { authorization_details: JSON.stringify([PAYMENT]) })).toEqual(expect.any(String));
});

requirement('PAR-2.2-01', async (lab) => {
  const bare = await lab.provider.exchange.post(lab.provider.endpoint(ENDPOINT), {
    ...authorization,
    client_id: 'lab-agent',
  });
  expectBadCredentials(lab, bare);
  const answers = [
    await lab.client('agent').call(ENDPOINT, authorization),
    await lab.client('agent').call(ENDPOINT, authorization),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(201);
    expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
    expect(answer.headers['cache-control']).toContain('no-store');
    const { request_uri: reference, expires_in: expiresIn } = answer.json();
    expect(String(reference).length).toBeGreaterThan(32);
    expect(Number.isInteger(expiresIn) && expiresIn > 0).toBe(true);
  }
  expect(answers[0]?.json().request_uri).not.toBe(answers[1]?.json().request_uri);
});

/** An error for the person or for the client, and no code. */
async function expectNoCode(lab: Lab, parameters: Readonly<Record<string, string>>): Promise<void> {
  await using browser = new Browser(lab.ca);
  const { url, answer } = await browser.open(addressOf(lab, parameters));
  expect(url.searchParams.has('code')).toBe(false);
  const isError = answer.status >= 400 || url.searchParams.has('error');
  expect([isError, answer.status, url.href]).toEqual([true, answer.status, url.href]);
}

/** Logs in, says yes where that is asked, and comes back to the client. */
async function comeBack(lab: Lab, parameters: Readonly<Record<string, string>>): Promise<URL> {
  await using browser = new Browser(lab.ca);
  let visit = await browser.open(addressOf(lab, parameters));
  visit = await browser.press(visit, 'Ada Lovelace');
  if (visit.url.host === new URL(lab.url).host) visit = await browser.press(visit, 'Approve');
  return visit.url;
}

requirement('PAR-4-01', async (lab) => {
  const foreign = await push(lab);
  await expectNoCode(lab, { client_id: 'lab-other', request_uri: foreign });
  const late = await push(lab);
  await lab.advance(3_600_000);
  await expectNoCode(lab, { client_id: 'lab-agent', request_uri: late });
  const beside = {
    client_id: 'lab-agent',
    request_uri: await push(lab),
    authorization_details: JSON.stringify([PAYMENT]),
  };
  const back = await comeBack(lab, beside);
  const tokens = expectTokens(
    await lab.client('agent').token({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
    }),
  );
  expect(tokens).not.toHaveProperty('authorization_details');
  expect(claimsOf(String(tokens['access_token']))).not.toHaveProperty('authorization_details');
});

requirement('PAR-CIBA-01', async (lab) => {
  expectAccepted(await lab.client('pushed_only').ask());
});

requirement('ISS-2-01', async (lab) => {
  expect(lab.provider.metadata['authorization_response_iss_parameter_supported']).toBe(true);
  const back = await comeBack(lab, { client_id: 'lab-agent', request_uri: await push(lab) });
  expect(back.searchParams.get('code')).toEqual(expect.any(String));
  expect(back.searchParams.get('iss')).toBe(lab.provider.issuer);
  await using browser = new Browser(lab.ca);
  const refused = await browser.open(
    addressOf(lab, { client_id: 'lab-agent', request_uri: await push(lab, { prompt: 'none' }) }),
  );
  expect(refused.url.searchParams.get('error')).toBe('login_required');
  expect(refused.url.searchParams.get('iss')).toBe(lab.provider.issuer);
});

requirement('BCP-2.1-01', async (lab) => {
  for (const redirect_uri of [
    `${REDIRECT}/longer`,
    `${REDIRECT}?more=1`,
    'https://other.client.lab.example/callback',
    `${REDIRECT}/../callback`,
  ]) {
    await using browser = new Browser(lab.ca);
    const { url, answer } = await browser.open(
      addressOf(lab, { ...(authorization as Record<string, string>), client_id: 'lab-agent', redirect_uri }),
    );
    expect([redirect_uri, url.host]).toEqual([redirect_uri, new URL(lab.url).host]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers).not.toHaveProperty('location');
  }
});
