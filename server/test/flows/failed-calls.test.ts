// What nobody foresaw. A snapshot puts documents in place that no program of ours writes, and whatever reads them fails as it would
// by a mistake of ours: programs are told in the form of the endpoint they called, whichever way their answers take inside.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';
import { nextWarning } from '../next-warning.ts';

let assent: RunningAssent;
let agent: Agent;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-failed-calls-'));
  assent = await startAssent({
    tls: false,
    dataFile: join(folder, 'assent.db'),
    config: unlimitedBank({ registration: { enabled: true } }),
  });
  agent = new Agent(assent);
});
afterAll(async () => {
  await assent.close();
  await rm(folder, { recursive: true });
});

/** There is nothing in that document from now on. */
async function spoil(collection: string, id: string): Promise<void> {
  const { documents, ...rest } = (await call(`${assent.url}/control/snapshot`)).json() as Snapshot;
  const others = documents.filter((one) => one.collection !== collection || one.id !== id);
  const spoilt = { collection, id, version: 1, expires_at: null, value: {} };
  const put = await call(`${assent.url}/control/snapshot`, {
    method: 'PUT',
    body: { ...rest, documents: [...others, spoilt] },
  });
  expect(put.status).toBe(200);
}

const SERVER_ERROR = {
  error: 'server_error',
  error_description: 'Assent failed to answer. Its log has the cause.',
};

const ofAnswer = ({ status, headers, json }: Answer): unknown[] => [
  status,
  headers['content-type'],
  headers['cache-control'],
  json(),
];

const FAILED = [500, 'application/json; charset=utf-8', 'no-store', SERVER_ERROR];

test.each([
  ['the short way', {}],
  ['the long way', { scope: 'openid' }],
])('a poll that fails on %s is told so as OAuth says, and the log has the cause', async (_way, more) => {
  const authReqId = await agent.askFor();
  await spoil('approval-ids-by-auth-req-id', authReqId);
  const warned = nextWarning('UNEXPECTED');
  expect(ofAnswer(await agent.poll(authReqId, more))).toEqual(FAILED);
  const { name, message } = await warned;
  expect([name, message]).toEqual([
    'AssentWarning',
    expect.stringMatching(/^POST \/oauth\/token failed: TypeError: /),
  ]);
  expect(message).not.toContain(authReqId);
});

test('a client that manages itself is told in the same way', async () => {
  const client = (
    await call(`${assent.url}/oidc/register`, {
      method: 'POST',
      body: { redirect_uris: ['https://app.example/callback'] },
    })
  ).json();
  await spoil('client-registrations', client.client_id);
  const warned = nextWarning('UNEXPECTED');
  const answer = await call(client.registration_client_uri, {
    headers: { Authorization: `Bearer ${client.registration_access_token}` },
  });
  expect(ofAnswer(answer)).toEqual(FAILED);
  expect((await warned).message).toMatch(/^GET \/oidc\/register\/\S+ failed: TypeError: /);
});
