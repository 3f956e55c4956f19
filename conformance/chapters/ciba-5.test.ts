// CIBA Core 1.0 §5 and §7: the ways to a result, and the one way to ask.
import { expect } from 'vitest';
import { openChapter } from '../lab/chapter.ts';

const { requirement } = openChapter();

requirement('CIBA-5-01', async (lab) => {
  const { tokens } = await lab.complete('agent', { client_notification_token: 'abc123' });
  expect(tokens['id_token']).toEqual(expect.any(String));
  await lab.advance(10_000);
  expect(lab.callbacks.received).toEqual([]);
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
