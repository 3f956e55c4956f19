// One tenant, clients of both profiles at the same addresses: each is answered by its own, whatever the other does meanwhile.
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Changes } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { ADA, BANK_API, StandardBank } from './standard-bank.ts';

const STANDARD = 'assistant';
const DIALECT = 'legacy';

let bank: StandardBank;

beforeAll(async () => {
  bank = await StandardBank.start((config) => ({
    ...config,
    // Both ask about one person, more often than Auth0 lets them.
    ciba: { ...config.ciba, requests_per_minute_per_user: 0 },
  }));
});
afterAll(() => bank.assent.close());

const errorOf = (answer: Answer) => [answer.status, answer.json().error];
const hint = (): string => bank.agent().hint(ADA);
/** A request that both profiles take. */
const ask = (client: string, changes: Changes = {}) =>
  bank.ask({ login_hint: hint(), audience: BANK_API, scope: 'openid accounts', ...changes }, client);

describe('the same request of two clients of one tenant', () => {
  it.each<[string, Changes, unknown, unknown]>([
    ['without a binding message', { binding_message: undefined }, 200, [400, 'invalid_request']],
    ['with an e-mail address as its hint', { login_hint: 'ada@bank.example' }, 200, [400, 'invalid_request']],
    ['for a scope that nobody knows', { scope: 'openid fly' }, [400, 'invalid_scope'], 200],
    [
      'for an API that nobody knows',
      { audience: 'urn:none' },
      [400, 'invalid_target'],
      [403, 'access_denied'],
    ],
    ['with a wrong secret', { client_secret: 'wrong' }, [401, 'invalid_client'], [401, 'access_denied']],
  ])('%s is answered by the profile of each', async (_what, changes, standard, dialect) => {
    const outcome = (answer: Answer) => (answer.status === 200 ? 200 : errorOf(answer));
    const [first, second] = await Promise.all([ask(STANDARD, changes), ask(DIALECT, changes)]);
    expect([outcome(first), outcome(second)]).toEqual([standard, dialect]);
  });

  it('ends in the words of each', async () => {
    const [standard, dialect] = await Promise.all([
      ask(STANDARD, { requested_expiry: '10' }),
      ask(DIALECT, { requested_expiry: '10' }),
    ]);
    bank.clock.advance(80_000);
    expect(errorOf(await bank.agent(STANDARD).poll(standard.json().auth_req_id))).toEqual([
      400,
      'expired_token',
    ]);
    expect(errorOf(await bank.agent(DIALECT).poll(dialect.json().auth_req_id))).toEqual([
      400,
      'access_denied',
    ]);
  });
});

describe('requests of both that are under way together', () => {
  it('lead to tokens in the shape of each, none of them to those of the other', async () => {
    const clients = [STANDARD, DIALECT, STANDARD, DIALECT, STANDARD, DIALECT];
    const asked = await Promise.all(
      clients.map(async (client, index) => {
        const answer = await ask(client, { binding_message: `ROUND-${index}` });
        return { client, authReqId: answer.json().auth_req_id as string };
      }),
    );
    await Promise.all(asked.map(({ authReqId }) => bank.assent.control.approve(authReqId)));
    for (const { client, authReqId } of asked) {
      const other = client === STANDARD ? DIALECT : STANDARD;
      expect(errorOf(await bank.agent(other).poll(authReqId))).toEqual([400, 'invalid_grant']);
    }
    const tokens = await Promise.all(
      asked.map(({ client, authReqId }) => bank.agent(client).poll(authReqId)),
    );
    tokens.forEach((answer, index) => {
      expect(answer.status).toBe(200);
      const { access_token } = answer.json();
      const claims = decodeJwt(access_token);
      const isStandard = clients[index] === STANDARD;
      expect(decodeProtectedHeader(access_token).typ).toBe(isStandard ? 'at+jwt' : 'JWT');
      expect(claims[isStandard ? 'client_id' : 'azp']).toBe(clients[index]);
      expect(claims[isStandard ? 'azp' : 'client_id']).toBeUndefined();
      expect(claims.sub).toBe(ADA);
      expect([claims.aud].flat()[0]).toBe(BANK_API);
    });
  });
});
