// CIBA Core 1.0 §8 and §9: what the person sees, who may answer, and whom the server calls.
import { expect } from 'vitest';
import { CallbackReceiver } from '../client/callback-receiver.ts';
import { type Authority, makeAuthority, makeSelfSigned } from '../client/certificates.ts';
import { openChapter } from '../lab/chapter.ts';
import { expectRefusal, expectTokens } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { ADA, GRACE, PAYMENT, PAYMENTS_API } from '../lab/people.ts';

const { requirement, startLab } = openChapter();

requirement('CIBA-8-02', async (lab) => {
  const authReqId = await lab.client('agent').askFor({
    scope: 'openid payments',
    audience: PAYMENTS_API,
    authorization_details: JSON.stringify([PAYMENT]),
  });
  const { id } = await lab.approval(authReqId);
  const shown = (await (await lab.device(ADA)).read(id)).json();
  expect(shown).toMatchObject({
    client: { client_id: 'lab-agent', name: 'Client agent' },
    binding_message: 'W4-SCT1',
    authorization_details: [PAYMENT],
  });
  expect(shown.scope).toEqual(expect.arrayContaining(['openid', 'payments']));
  expect(JSON.stringify(shown.consent)).toContain('123.50');
});

requirement('CIBA-8-03', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  const { id } = await lab.approval(authReqId);
  const [asked, stranger] = [await lab.device(ADA), await lab.device(GRACE)];
  const request = (await asked.inbox()).find((one) => one.id === id);
  if (!request) throw new Error('the person was not asked');
  expect([403, 404]).toContain((await stranger.read(id)).status);
  expect([403, 404]).toContain((await stranger.decide(request, true)).status);
  expectRefusal(await lab.pollPaced(client, authReqId), 400, 'authorization_pending');
  expect((await asked.decide(request, true)).status).toBeLessThan(300);
  expectTokens(await lab.pollPaced(client, authReqId));
});

/** A lab whose ping client is called there. */
function startCalling(receiver: CallbackReceiver, authority?: Authority): Promise<Lab> {
  return startLab('standard', (config) => ({
    ...config,
    ciba: { ...config.ciba, ...(authority === undefined ? {} : { notification_ca: authority.ca }) },
    clients: (config.clients ?? []).map((client) =>
      client.client_id === 'lab-ping'
        ? { ...client, backchannel_client_notification_endpoint: receiver.url('/ping') }
        : client,
    ),
  }));
}

requirement('CIBA-9-01', async () => {
  const { cert, key } = await makeSelfSigned('CN=localhost');
  await using untrusted = await CallbackReceiver.start({ cert, key });
  await using lab = await startCalling(untrusted);
  const client = lab.client('ping');
  const authReqId = await client.askFor();
  await lab.control.approve(authReqId);
  expectTokens(await lab.pollPaced(client, authReqId));
  // Another client's callback has come and gone: so has the attempt before it.
  await lab.complete('signing_ping');
  expect(untrusted.received).toEqual([]);

  const authority = await makeAuthority();
  await using trusted = await CallbackReceiver.start(await authority.issueForLocalhost());
  await using trusting = await startCalling(trusted, authority);
  const asked = await trusting.client('ping').askFor();
  await trusting.control.approve(asked);
  expect(await trusted.arrival(asked)).toHaveLength(1);
});
