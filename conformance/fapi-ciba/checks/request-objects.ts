// Modules that send a wrong signed request: each changes one thing about one that would be accepted.
import type { Answer } from '../../client/exchange.ts';
import { breakSignature, type Claims, unsecured } from '../../client/jwt.ts';
import { asAlgorithm } from '../../lab/clients.ts';
import { expectRefusal } from '../../lab/expectations.ts';
import { ADA } from '../../lab/people.ts';
import type { Check, Checks, Plan } from '../plan.ts';

const MINUTE = 60;

/** Refused with `invalid_request`, and nobody is asked. */
const refuses =
  (send: (plan: Plan) => Promise<Answer>): Check =>
  (plan) =>
    plan.lab.nobodyIsAsked(async () => expectRefusal(await send(plan), 400, 'invalid_request'));

/** The claims of a good request, changed. */
const refusesClaims = (change: (nowSeconds: number, plan: Plan) => Claims): Check =>
  refuses((plan) => plan.first.askAsUsual(change(plan.first.seconds(), plan)));

const named = (part: string): string => `fapi-ciba-id1-ensure-request-object-${part}-fails`;

export const REQUEST_OBJECTS: Checks = {
  ...Object.fromEntries(
    ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'].map((claim) => [
      named(`missing-${claim}`),
      refusesClaims(() => ({ [claim]: undefined })),
    ]),
  ),
  [named('bad-aud')]: refusesClaims(() => ({ aud: 'https://www.other1.example.com/' })),
  [named('bad-iss')]: refusesClaims((_now, { second }) => ({ iss: second.clientId })),
  [named('expired-exp')]: refusesClaims((now) => ({ exp: now - 60 * MINUTE })),
  [named('exp-is-70-minutes-in-future')]: refusesClaims((now) => ({ exp: now + 70 * MINUTE })),
  [named('nbf-is-10-minutes-in-future')]: refusesClaims((now) => ({ nbf: now + 10 * MINUTE })),
  [named('nbf-is-70-minutes-in-past')]: refusesClaims((now) => ({ nbf: now - 70 * MINUTE })),
  [named('signature-algorithm-is-none')]: refuses(({ first }) =>
    first.askByJwt(unsecured(first.requestClaims())),
  ),
  [named('signature-algorithm-is-bad')]: refuses(async ({ first }) =>
    first.askByJwt(breakSignature(await first.signedRequest())),
  ),
  [named('signature-algorithm-is-RS256')]: refuses(async ({ first }) => {
    const { key } = first.identity;
    if (!key) throw new Error('the first client of the plan signs');
    const { alg, privateKey } = await asAlgorithm(key, 'RS256');
    return first.askSigned({}, { header: { alg }, key: privateKey });
  }),
  [named('signed-by-other-client')]: refuses(({ first, second }) => {
    const { key } = second.identity;
    if (!key) throw new Error('the second client of the plan signs');
    return first.askSigned({}, { header: { alg: key.alg, kid: key.kid }, key: key.privateKey });
  }),
  'fapi-ciba-id1-ensure-authorization-request-with-multiple-hints-fails': refusesClaims(() => ({
    binding_message: undefined,
    login_hint: 'somebody@nowhere.example',
    login_hint_token: 'a hint that is no token',
  })),
  'fapi-ciba-id1-ensure-unsigned-backchannel-authorization-request-fails': refuses(({ first, lab }) =>
    first.ask({ login_hint: lab.hint(ADA) }),
  ),
  'fapi-ciba-id1-ensure-authorization-request-with-potentially-bad-binding-message': (plan) =>
    plan.lab.nobodyIsAsked(async () => {
      const binding_message = '👩🏽‍🚒 你好，世界 - confirm the transfer of the whole amount. '
        .repeat(12)
        .slice(0, 450);
      expectRefusal(await plan.first.askAsUsual({ binding_message }), 400, 'invalid_binding_message');
    }),
};
