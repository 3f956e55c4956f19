// Modules about who asks: another client's id over a certificate, no assertion, one with an algorithm of the past.
import { expect } from 'vitest';
import type { Answer, Parameters } from '../../client/exchange.ts';
import { assertionFields, CIBA_GRANT } from '../../client/relying-party.ts';
import { asAlgorithm } from '../../lab/clients.ts';
import { expectOneRefusal, expectRefusal } from '../../lab/expectations.ts';
import type { Participant } from '../participant.ts';
import type { Checks, Plan } from '../plan.ts';

const BACKCHANNEL = 'backchannel_authentication_endpoint';

/** What the plan takes for a refused client at the backchannel endpoint: CIBA Core §13 leaves a choice. */
function expectRefusedClient(answer: Answer): void {
  expectOneRefusal(
    answer,
    [400, 'invalid_request'],
    [403, 'access_denied'],
    [400, 'invalid_client'],
    [401, 'invalid_client'],
  );
}

async function assertionWithRs256(client: Participant): Promise<Parameters> {
  const { key } = client.identity;
  if (!key) throw new Error(`the client ${client.clientId} has no key`);
  const { alg, privateKey } = await asAlgorithm(key, 'RS256');
  return assertionFields(await client.assertion({}, { header: { alg }, key: privateKey }));
}

/** A request of the first client that waits for its person. */
async function pending({ first }: Plan): Promise<string> {
  const answer = await first.askAsUsual();
  expect(answer.status, answer.text).toBe(200);
  return answer.json().auth_req_id;
}

const redeem = (authReqId: string, beside: Parameters = {}): Parameters => ({
  grant_type: CIBA_GRANT,
  auth_req_id: authReqId,
  ...beside,
});

const P = 'fapi-ciba-id1-ensure-';

export const CLIENT_AUTHENTICATION: Checks = {
  [`${P}different-client-id-and-issuer-in-backchannel-authorization-request`]: async ({ first, second }) => {
    const request = await first.signedRequest();
    expectRefusal(await first.askByJwt(request, { client_id: second.clientId }), 401, 'invalid_client');
  },
  [`${P}wrong-client-id-in-token-endpoint-request`]: async (plan) => {
    const authReqId = await pending(plan);
    const answer = await plan.first.poll(authReqId, { client_id: plan.second.clientId });
    expectRefusal(answer, [400, 401], 'invalid_client');
  },
  [`${P}wrong-client-id-in-backchannel-authorization-request`]: async ({ first, second }) => {
    const request = await first.signedRequest({ iss: second.clientId });
    expectRefusedClient(await first.askByJwt(request, { client_id: second.clientId }));
  },
  [`${P}without-client-assertion-in-token-endpoint-request`]: async (plan) => {
    const { first } = plan;
    const form = redeem(await pending(plan), { client_id: first.clientId });
    const answer = await first.exchange.post(first.endpoint('token_endpoint'), form);
    expectRefusal(answer, [400, 401], 'invalid_client', 'invalid_request');
  },
  [`${P}without-client-assertion-in-backchannel-authorization-request`]: async ({ first }) => {
    const form = { client_id: first.clientId, request: await first.signedRequest() };
    expectRefusedClient(await first.exchange.post(first.provider.endpoint(BACKCHANNEL), form));
  },
  [`${P}client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails`]: async ({
    first,
  }) => {
    expectRefusedClient(await first.askByJwt(await first.signedRequest(), await assertionWithRs256(first)));
  },
  [`${P}client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails`]: async (plan) => {
    const form = redeem(await pending(plan), await assertionWithRs256(plan.first));
    expectRefusal(await plan.first.token(form), [400, 401], 'invalid_client');
  },
  [`${P}client-assertion-with-iss-aud-to-token-endpoint-succeeds`]: async (plan) => {
    const { first } = plan;
    const aud = first.provider.issuer;
    const form = redeem(await pending(plan), assertionFields(await first.assertion({ aud })));
    expectRefusal(await first.token(form), 400, 'authorization_pending', 'slow_down');
  },
};
