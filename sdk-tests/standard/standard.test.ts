// The profile `standard` with the libraries that know it: each way to prove oneself, each way to get the answer.
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { type RunningAssent, startAssent } from 'assent';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  ADA,
  AUDIENCE,
  COMBINATIONS,
  type Credentials,
  clientIdOf,
  createBank,
  type Delivery,
  makeAssertionKey,
  type Proof,
} from './clients.ts';
import type { Granted, Library } from './library.ts';
import { Notifications } from './notifications.ts';
import { oauth4webapi } from './oauth4webapi.ts';
import { openidClient } from './openid-client.ts';

const libraries = [openidClient, oauth4webapi];

let assent: RunningAssent;
let notifications: Notifications;
let assertionKey: Awaited<ReturnType<typeof makeAssertionKey>>;

beforeAll(async () => {
  notifications = await Notifications.open();
  assertionKey = await makeAssertionKey();
  const names = libraries.map(({ name }) => name);
  assent = await startAssent({
    config: createBank(names, assertionKey.jwk, notifications.url),
    dataFolder: inject('dataFolder'),
  });
});
afterAll(async () => {
  await assent.close();
  await notifications[Symbol.asyncDispose]();
});

async function credentialsOf(library: Library, proof: Proof, delivery: Delivery): Promise<Credentials> {
  const clientId = clientIdOf(library.name, proof, delivery);
  const certificate = proof === 'certificate' ? await assent.makeClientCertificate(clientId) : undefined;
  return { clientId, proof, delivery, key: assertionKey.key, certificate };
}

describe.each(libraries)('$name', (library) => {
  test.each(COMBINATIONS)('$delivery, with $proof', async ({ proof, delivery }) => {
    const credentials = await credentialsOf(library, proof, delivery);
    const agent = await library.connect(assent.issuer, credentials);
    const notificationToken = `token-${randomUUID()}`;
    const started = await agent.ask({
      scope: 'openid create:transfer',
      resource: AUDIENCE,
      login_hint: ADA,
      binding_message: 'RENT-4K9',
      ...(delivery === 'poll' ? {} : { client_notification_token: notificationToken }),
    });
    const answered = delivery === 'poll' ? agent.poll(started) : undefined;
    // A program that polls goes on doing so; nobody looks at it before the person has answered.
    answered?.catch(() => undefined);
    await assent.control.approve(started.auth_req_id);
    const granted = answered ? await answered : await collect(started.auth_req_id);

    expect(decodeJwt(granted.access_token)['cnf']).toEqual(expectedBinding(credentials));
    expect(granted.token_type.toLowerCase()).toBe(proof === 'dpop' ? 'dpop' : 'bearer');
    expect(await agent.readSubject(granted.access_token, ADA)).toBe(ADA);

    async function collect(authReqId: string): Promise<Granted> {
      const { authorization, body } = await notifications.of(authReqId);
      expect(authorization).toBe(`Bearer ${notificationToken}`);
      if (delivery === 'ping') return agent.redeem(authReqId);
      await verifyPushed(authReqId, credentials.clientId, body);
      return body as unknown as Granted;
    }
  });

  test('a refusal of the person is told as one', async () => {
    const credentials = await credentialsOf(library, 'dpop', 'poll');
    const agent = await library.connect(assent.issuer, credentials);
    const started = await agent.ask({ scope: 'openid', login_hint: ADA, binding_message: 'RENT-4K9' });
    await assent.control.deny(started.auth_req_id);
    await expect(agent.poll(started)).rejects.toMatchObject({ error: 'access_denied' });
  });
});

/** RFC 8705 §3.1, RFC 9449 §6.1. */
function expectedBinding({ proof, delivery, certificate }: Credentials): unknown {
  if (delivery === 'push' || proof === 'private_key_jwt') return undefined;
  if (certificate === undefined) return { jkt: expect.stringMatching(/^[\w-]{43}$/) };
  const { raw } = new X509Certificate(certificate.cert);
  return { 'x5t#S256': createHash('sha256').update(raw).digest('base64url') };
}

/** CIBA Core §10.3.1: what a client must look at before it believes a token that was pushed. */
async function verifyPushed(
  authReqId: string,
  clientId: string,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  expect(body['auth_req_id']).toBe(authReqId);
  const keys = createRemoteJWKSet(new URL('.well-known/jwks.json', assent.issuer));
  const { payload } = await jwtVerify(String(body['id_token']), keys, {
    issuer: assent.issuer,
    audience: clientId,
    algorithms: ['ES256'],
  });
  expect(payload['urn:openid:params:jwt:claim:auth_req_id']).toBe(authReqId);
  expect(payload['at_hash']).toBe(halfHash(String(body['access_token'])));
}

/** OpenID Connect Core §3.1.3.6. */
function halfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
