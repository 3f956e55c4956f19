// CIBA Core 1.0 §5 and §7: the ways to a result, and the one way to ask.
import { expect } from 'vitest';
import { openChapter } from '../lab/chapter.ts';
import type { Lab } from '../lab/lab.ts';

const { requirement } = openChapter();

const getsItByPolling = async (lab: Lab, name: string): Promise<void> => {
  const { authReqId, tokens } = await lab.complete(name, { client_notification_token: 'abc123' });
  expect(tokens['id_token']).toEqual(expect.any(String));
  await lab.advance(10_000);
  expect(lab.callbacks.of({ authReqId })).toEqual([]);
};

requirement('CIBA-5-01', {
  standard: async (lab) => {
    await getsItByPolling(lab, 'reachable');
    // A client that is called has come and gone since, on the same socket.
    const { authReqId } = await lab.complete('ping');
    expect(lab.callbacks.received).toEqual(lab.callbacks.of({ path: '/ping', authReqId }));
  },
  // No client of this profile has an address to be called at.
  auth0: (lab) => getsItByPolling(lab, 'agent'),
});

requirement('CIBA-7-01', async (lab) => {
  const agent = lab.client('agent');
  const { fields } = await agent.credentials();
  const query = new URLSearchParams({ ...fields, ...agent.baseline() } as Record<string, string>);
  const url = `${lab.provider.endpoint('backchannel_authentication_endpoint')}?${query}`;
  await lab.nobodyIsAsked(async () => {
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const answer = await lab.provider.exchange.send(url, { method });
      expect([404, 405]).toContain(answer.status);
      expect(answer.text).not.toContain('auth_req_id');
    }
  });
});
