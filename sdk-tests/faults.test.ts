// What an agent meets on a bad day, through SDKs as they are: each fault is injected by the control API and seen by whoever uses
// the SDK. Where they differ, that is the point.
import { type RunningAssent, startAssent } from 'assent';
import type { FaultInput, TraceEvent } from 'assent/contract';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { auth0AiVercelDriver } from './drivers/auth0-ai-vercel.ts';
import { auth0AuthJsDriver } from './drivers/auth0-auth-js.ts';
import type { Driver, OpenQuestion } from './drivers/driver.ts';
import { openidClientDriver } from './drivers/openid-client.ts';
import { managementDrivers } from './management-clients.ts';
import { ADMINISTRATOR, EMPTY_TENANT } from './management-setup.ts';
import { connectTo, nextApproval, question, tokensOf } from './stage.ts';
import { AGENT, AUDIENCE, createTenantConfig, peopleOf } from './tenant.ts';

const { approver } = peopleOf(0);
let assent: RunningAssent;

beforeEach(async () => {
  assent = await start();
});
afterEach(() => assent.close());

function start(): Promise<RunningAssent> {
  return startAssent({ config: createTenantConfig({ interval: 5 }, 1), dataFolder: inject('dataFolder') });
}

function connect(driver: Driver) {
  return connectTo(assent, driver);
}

/** A question that waits; its id, and polls through the SDK. */
async function ask(driver: Driver): Promise<OpenQuestion & { id: string }> {
  const open = await (await connect(driver)).start(question(approver));
  const [{ id } = { id: '' }] = await assent.control.requests({ user_id: approver });
  return { ...open, id };
}

interface Failure {
  name: string;
  code: unknown;
  message: string;
  /** Code of what is behind it. */
  cause: unknown;
}

/** The answer, or what the SDK throws, as its users see it. */
async function outcomeOf<T>(call: Promise<T>): Promise<T | Failure> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      name: error.name,
      code: 'code' in error ? error.code : undefined,
      message: error.message,
      cause: innermostCode(error),
    };
  }
}

function innermostCode({ cause }: Error): unknown {
  if (!(cause instanceof Error)) return undefined;
  return innermostCode(cause) ?? ('code' in cause ? cause.code : undefined);
}

async function eventsOf(ref: string): Promise<string[]> {
  return (await assent.control.trace(ref)).map((event) => event.type);
}

async function untilEvent(type: TraceEvent['type']): Promise<void> {
  const abort = new AbortController();
  for await (const event of assent.control.events({ afterNumber: 0, signal: abort.signal })) {
    if (event.type === type) return abort.abort();
  }
}

const MID_POLL: ReadonlyArray<{ what: string; does: FaultInput['does']; through: Driver; seen: object }> = [
  {
    what: '429 with Retry-After',
    does: { kind: 'answer', status: 429, retry_after: 7 },
    through: openidClientDriver,
    seen: { error: { error: 'too_many_requests', status: 429, retryAfter: '7' } },
  },
  {
    what: '429 without',
    does: { kind: 'answer', status: 429 },
    through: auth0AiVercelDriver,
    seen: {
      error: {
        class: 'AuthApiError',
        error: 'too_many_requests',
        description: 'Global limit has been reached',
      },
    },
  },
  {
    what: '503 with Retry-After',
    does: { kind: 'answer', status: 503, retry_after: 1 },
    through: auth0AuthJsDriver,
    seen: { error: { class: 'BackchannelAuthenticationError', status: 503, retryAfter: '1' } },
  },
  {
    what: '500',
    does: { kind: 'answer', status: 500 },
    through: openidClientDriver,
    seen: { name: 'ClientError', code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' },
  },
  {
    what: 'a dropped connection',
    does: { kind: 'drop', when: 'before' },
    through: auth0AiVercelDriver,
    seen: { name: 'FetchError', message: 'fetch failed' },
  },
  {
    what: 'a truncated body',
    does: { kind: 'truncate' },
    through: auth0AiVercelDriver,
    seen: { name: 'TypeError', message: 'terminated', cause: 'UND_ERR_SOCKET' },
  },
];

describe('amid the polls of a request', () => {
  test.each(MID_POLL)('$what is seen through $through.name, and then all is well', async (one) => {
    const { does, through, seen } = one;
    const open = await ask(through);
    await assent.control.faults.inject({
      on: 'token',
      does,
      times: 1,
      request: open.id,
      client_id: AGENT.client_id,
    });
    expect(await outcomeOf(open.poll())).toMatchObject(seen);
    expect(await assent.control.faults.list()).toEqual([]);

    await assent.control.approve(open.id);
    expect(tokensOf(await open.poll()).accessToken).toMatch(/^ey/);
    expect((await eventsOf(open.id)).filter((type) => type.startsWith('fault'))).toEqual(['fault.applied']);
  });

  test('a burst of slow_down has an SDK wait longer each time', async () => {
    const open = await ask(openidClientDriver);
    await assent.control.faults.inject({
      on: 'token',
      does: { kind: 'slow_down' },
      times: 2,
      request: 'latest',
    });
    for (const retryAfter of ['10', '15']) {
      expect(await open.poll()).toMatchObject({ error: { error: 'slow_down', status: 400, retryAfter } });
    }
    await assent.control.clock.advance(15_000);
    expect(await open.poll()).toMatchObject({ error: { error: 'authorization_pending' } });
  });

  test('an answer that never came is a redemption that happened', async () => {
    const open = await ask(auth0AuthJsDriver);
    await assent.control.approve(open.id);
    await assent.control.faults.inject({ on: 'token', does: { kind: 'drop', when: 'after' }, times: 1 });
    expect(await open.poll()).toEqual({
      error: { class: 'BackchannelAuthenticationError', code: 'backchannel_authentication_error' },
    });
    expect(await assent.control.request(open.id)).toMatchObject({ state: 'redeemed' });
    expect(await open.poll()).toMatchObject({ error: { error: 'invalid_grant' } });
  });

  test('a slow answer comes when the clock of the tenant says so', async () => {
    const open = await ask(openidClientDriver);
    await assent.control.approve(open.id);
    await assent.control.faults.inject({ on: 'token', does: { kind: 'delay', ms: 60_000 }, times: 1 });
    const polling = open.poll();
    await untilEvent('fault.applied');
    await assent.control.clock.advance(60_000);
    expect(tokensOf(await polling).accessToken).toMatch(/^ey/);
  });

  test.each(['decision', 'expiry'] as const)(
    'an answer races the expiry, and the %s is first',
    async (first) => {
      const open = await ask(auth0AiVercelDriver);
      await assent.control.faults.inject({
        on: 'decision',
        does: { kind: 'race_expiry', first },
        request: open.id,
      });
      const deciding = assent.control.approve(open.id);
      await untilEvent('fault.applied');
      const { expires_at } = await assent.control.request(open.id);
      await assent.control.clock.moveTo(expires_at);
      expect((await deciding).result).toBe(first === 'decision' ? 'decided' : 'expired');
      const answer = await open.poll();
      if (first === 'decision') expect(tokensOf(answer).accessToken).toMatch(/^ey/);
      else expect(answer).toMatchObject({ error: { code: 'ASYNC_AUTHORIZATION_ACCESS_DENIED' } });
    },
  );
});

test('a request whose answer was cut off is there all the same', async () => {
  await assent.control.faults.inject({
    on: 'backchannel_authentication',
    does: { kind: 'drop', when: 'after' },
    times: 1,
  });
  const agent = await connect(auth0AuthJsDriver);
  expect(await outcomeOf(agent.ask(question(approver)))).toMatchObject({
    error: { class: 'BackchannelAuthenticationError' },
  });
  expect(await nextApproval(assent.control, approver)).toMatchObject({ state: 'pending' });
});

test('a Management API that is asked too often is asked again by its SDK, and one that breaks is not there', async () => {
  await using server = await startAssent({ config: EMPTY_TENANT, dataFolder: inject('dataFolder') });
  const { faults } = server.control;
  const administration = managementDrivers[0]?.connect({
    domain: new URL(server.issuer).host,
    clientId: ADMINISTRATOR.client_id,
    clientSecret: ADMINISTRATOR.client_secret,
  });
  await faults.inject({ on: 'management', does: { kind: 'answer', status: 429 }, times: 2 });
  expect(await administration?.listFactors()).toContainEqual(
    expect.objectContaining({ name: 'push-notification' }),
  );
  expect(await faults.list()).toEqual([]);

  await faults.inject({
    on: 'management',
    does: { kind: 'answer', status: 503 },
    client_id: ADMINISTRATOR.client_id,
  });
  expect(await outcomeOf(administration?.listFactors() ?? Promise.resolve())).toMatchObject({
    message: 'Service Unavailable',
  });
});

test('discovery that is cut off keeps an SDK from starting', async () => {
  await assent.control.faults.inject({ on: 'discovery', does: { kind: 'drop', when: 'before' }, times: 1 });
  expect(await outcomeOf(connect(openidClientDriver))).toMatchObject({ message: 'fetch failed' });
  await connect(openidClientDriver);
});

describe('a signing key is rotated amid the flow', () => {
  /** Tokens from before and after a rotation, which the second redemption sets off. */
  async function tokensAround(old: 'keep' | 'withdraw') {
    const tokens: string[] = [];
    for (const _ of [1, 2]) {
      const open = await ask(openidClientDriver);
      await assent.control.approve(open.id);
      tokens.push(tokensOf(await open.poll()).accessToken);
      await assent.control.faults.inject({ on: 'token', does: { kind: 'rotate_keys', old }, times: 1 });
    }
    const [before = '', after = ''] = tokens;
    return { before, after };
  }

  const verify = (
    token: string,
    keys = createRemoteJWKSet(new URL('.well-known/jwks.json', assent.issuer)),
  ) => jwtVerify(token, keys, { issuer: assent.issuer, audience: AUDIENCE });

  test('with the old key kept, tokens from before and after verify against the remote key set', async () => {
    const { before, after } = await tokensAround('keep');
    const [one, other] = [await verify(before), await verify(after)];
    expect(one.protectedHeader.kid).not.toBe(other.protectedHeader.kid);
  });

  test('with the old key withdrawn, those from before do not verify any more', async () => {
    const { before, after } = await tokensAround('withdraw');
    expect((await verify(after)).payload.sub).toBe(approver);
    await expect(verify(before)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  test('while the key set is stale, what the new key signed does not verify; then it does', async () => {
    const { before, after } = await tokensAround('keep');
    await assent.control.faults.inject({ on: 'jwks', does: { kind: 'stale_keys' }, times: 2 });
    expect((await verify(before)).payload.sub).toBe(approver);
    await expect(verify(after)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    expect((await verify(after)).payload.sub).toBe(approver);
  });
});

describe('TLS breaks for new connections', () => {
  test.each([
    ['refuse', /ALERT_HANDSHAKE_FAILURE/],
    ['expired', /^CERT_HAS_EXPIRED$/],
    ['untrusted', /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$|^SELF_SIGNED_CERT_IN_CHAIN$/],
  ] as const)('%s is what an SDK meets, and not who takes it back', async (how, code) => {
    await assent.control.faults.inject({ on: 'connection', does: { kind: 'break_tls', how } });
    expect(await outcomeOf(connect(openidClientDriver))).toMatchObject({
      message: 'fetch failed',
      cause: expect.stringMatching(code),
    });
    expect(await assent.control.health()).toMatchObject({ faults: [{ id: 'f1' }] });
    await assent.control.faults.clear();
    await connect(openidClientDriver);
  });
});

test('the same seed gives an SDK the same bad days twice', async () => {
  const run = async (): Promise<string> => {
    await using server = await start();
    const { control } = server;
    await control.faults.inject({
      on: 'token',
      does: { kind: 'answer', status: 503 },
      probability: 0.4,
      seed: 'a rainy day',
    });
    const agent = await connectTo(server, openidClientDriver);
    const open = await agent.start(question(approver));
    const seen: string[] = [];
    for (const _ of Array.from({ length: 12 })) {
      const outcome = await outcomeOf(open.poll());
      seen.push(
        'name' in outcome ? outcome.name : 'error' in outcome ? (outcome.error.error ?? '') : 'tokens',
      );
    }
    const story = (await control.trace('latest')).map((event) => event.type);
    return JSON.stringify([seen, story]);
  };
  const first = await run();
  expect(await run()).toBe(first);
  expect(first).toContain('ClientError');
  expect(first).toContain('slow_down');
});
