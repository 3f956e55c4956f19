// The OpenID conformance suite plays the person: as it calls `automated_ciba_approval_url`, with POST and nothing but an address.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

let assent: RunningAssent;
let agent: Agent;
beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: unlimitedBank(),
    controlToken: 'a-token-of-the-test-0123456789',
  });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

const address = (authReqId: string, action: string): string => {
  const template =
    '/control/automated-approval?auth_req_id={auth_req_id}&action={action}&control_token=a-token-of-the-test-0123456789';
  return assent.url + template.replace('{auth_req_id}', authReqId).replace('{action}', action);
};

/** As Spring's RestTemplate sends it. */
const post = (url: string) =>
  call(url, { method: 'POST', headers: { accept: 'application/json', 'content-length': '0' } });

test('allow and deny answer the request, and the agent gets the answer', async () => {
  const [allowed, denied] = [await agent.askFor(), await agent.askFor()];
  expect((await post(address(allowed, 'allow'))).status).toBe(200);
  expect((await agent.poll(allowed)).status).toBe(200);
  expect((await post(address(denied, 'deny'))).json().approval.state).toBe('denied');
  expect((await agent.poll(denied)).json().error).toBe('access_denied');
  expect((await post(address(denied, 'allow'))).status).toBe(409);
});

test('what is misspelt or unknown is explained', async () => {
  const authReqId = await agent.askFor();
  const misspelt = await post(address(authReqId, 'approve'));
  expect([misspelt.status, misspelt.json().detail]).toEqual([400, expect.stringContaining('"allow"')]);
  expect((await post(address('nothing', 'allow'))).status).toBe(404);
  expect((await post(`${assent.url}/control/automated-approval`)).status).toBe(401);
  expect((await assent.control.request(authReqId)).state).toBe('pending');
});

test('no GET answers for a person, and no page of another origin does', async () => {
  const authReqId = await agent.askFor();
  expect((await call(address(authReqId, 'allow'))).status).toBe(405);
  const foreign = { method: 'POST', headers: { origin: 'https://evil.example' } };
  expect((await call(address(authReqId, 'allow'), foreign)).status).toBe(403);
  expect((await assent.control.request(authReqId)).state).toBe('pending');
});
