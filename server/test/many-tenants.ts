// A program of its own, for `many-tenants.test.ts`: many servers in one process, all of them busy at once, several times over.
// Run with --expose-gc. Tells what it found as one line of JSON, and ends by itself, which is part of what is tested.
import { Agent as HttpAgent } from 'node:http';
import { createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, type JWK, jwtVerify } from 'jose';
import { CIBA_GRANT_TYPE, type TenantConfigInput } from '../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../src/index.ts';
import { requestOver } from './http-agent-call.ts';

const [SERVERS = 0, FLOWS = 0, CYCLES = 0] = process.argv.slice(2).map(Number);
/** Of the cycles around the busy one: enough for each part of a server to have been used. */
const FEW_FLOWS = 3;

interface Findings {
  /** What one tenant saw of another, or got wrong; empty if all is well. */
  crossTalk: string[];
  flows: number;
  /** Heap in use after each cycle, everything closed and collected, in bytes. */
  heap: number[];
  /** What still keeps the process alive at the end. */
  resources: string[];
}

/** Ids are the same everywhere, secrets and keys are not. */
function tenantOf(index: number, key: JWK): TenantConfigInput {
  return {
    tenant: { name: `tenant-${index}` },
    clients: [
      { client_id: 'agent', client_secret: `secret-${index}`, name: 'Agent', grant_types: [CIBA_GRANT_TYPE] },
    ],
    resource_servers: [
      {
        identifier: 'https://api.example/',
        authorization_details: [{ type: 'payment' }],
        subject_type_authorization: { user: { policy: 'allow_all' } },
      },
    ],
    users: [
      {
        user_id: 'auth0|ada',
        name: `Ada ${index}`,
        devices: [{ id: 'dev_AAAAAAAAAAAAAAAA', name: 'Phone' }],
      },
    ],
    ciba: { requests_per_minute_per_user: 0, requests_per_minute_per_tenant: 0 },
    signing_keys: [{ ...key, kty: 'RSA', kid: `key-${index}` }],
  };
}

interface Parts {
  index: number;
  flows: number;
  agent: HttpAgent;
  findings: Findings;
}

async function playFlows(assent: RunningAssent, { index, flows, agent, findings }: Parts): Promise<void> {
  const call = requestOver(agent, assent.url);
  const keys = createLocalJWKSet((await call('GET', '/.well-known/jwks.json')).json as { keys: JWK[] });
  const client = { client_id: 'agent', client_secret: `secret-${index}` };
  const expect = (isRight: boolean, what: string): void => {
    if (!isRight && findings.crossTalk.length < 20) findings.crossTalk.push(`tenant ${index}: ${what}`);
  };
  const play = async (number: number): Promise<void> => {
    const amount = `${index}.${number}`;
    const asked = await call('POST', '/bc-authorize', {
      ...client,
      scope: 'openid',
      audience: 'https://api.example/',
      binding_message: `M-${index}-${number}`,
      login_hint: JSON.stringify({ format: 'iss_sub', iss: assent.issuer, sub: 'auth0|ada' }),
      authorization_details: JSON.stringify([{ type: 'payment', amount }]),
    });
    const authReqId = String(asked.json['auth_req_id']);
    expect(asked.status === 200, `asking answered ${asked.status} ${JSON.stringify(asked.json)}`);
    const isDenied = number % 5 === 0;
    const request = await assent.control.request(authReqId);
    expect(request.binding_message === `M-${index}-${number}`, `saw ${request.binding_message}`);
    await (isDenied ? assent.control.deny(request.name) : assent.control.approve(request.name));
    const answer = await call('POST', '/oauth/token', {
      ...client,
      grant_type: CIBA_GRANT_TYPE,
      auth_req_id: authReqId,
    });
    findings.flows += 1;
    if (isDenied)
      return expect(
        answer.json['error'] === 'access_denied',
        `was not denied: ${JSON.stringify(answer.json)}`,
      );
    const token = String(answer.json['access_token']);
    expect(answer.status === 200, `the token endpoint answered ${JSON.stringify(answer.json)}`);
    if (answer.status !== 200) return;
    const { iss, authorization_details: details } = decodeJwt(token);
    expect(iss === assent.issuer, `a token of ${iss}`);
    expect(
      JSON.stringify(details) === JSON.stringify([{ type: 'payment', amount }]),
      `details ${JSON.stringify(details)}`,
    );
    if (number === 1) await jwtVerify(token, keys, { issuer: assent.issuer });
  };
  await Promise.all(Array.from({ length: flows }, (_, number) => play(number + 1)));
  const listed = await assent.control.requests({ limit: 1000 });
  expect(listed.length === flows, `${listed.length} requests`);
  expect(
    listed.every((one) => one.approver.name === `Ada ${index}`),
    'a request of somebody else',
  );
}

/** What is good at one tenant is nothing at the next one: neither a secret nor a request. */
async function tryAtNeighbour(
  assent: RunningAssent,
  servers: readonly RunningAssent[],
  { index, agent, findings }: Parts,
): Promise<void> {
  const neighbour = (index + 1) % servers.length;
  const ask = requestOver(agent, assent.url);
  const hint = JSON.stringify({ format: 'iss_sub', iss: assent.issuer, sub: 'auth0|ada' });
  const own = { client_id: 'agent', client_secret: `secret-${index}` };
  const asked = await ask('POST', '/bc-authorize', {
    ...own,
    scope: 'openid',
    binding_message: 'X',
    login_hint: hint,
  });
  const call = requestOver(agent, servers[neighbour]?.url ?? '');
  const poll = { grant_type: CIBA_GRANT_TYPE, auth_req_id: String(asked.json['auth_req_id']) };
  const answers = await Promise.all(
    [index, neighbour].map((owner) =>
      call('POST', '/oauth/token', { client_id: 'agent', client_secret: `secret-${owner}`, ...poll }),
    ),
  );
  const seen = answers.map(({ json }) => json['error']).join(', ');
  if (asked.status !== 200 || seen !== 'access_denied, invalid_grant')
    findings.crossTalk.push(`tenant ${neighbour} answered ${seen}`);
}

async function runCycle(flows: number, keys: readonly JWK[], findings: Findings): Promise<void> {
  const servers = await Promise.all(
    keys.map((key, index) => startAssent({ config: tenantOf(index, key), tls: false })),
  );
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 4 });
  try {
    const parts = { flows, agent, findings };
    await Promise.all(servers.map((assent, index) => playFlows(assent, { index, ...parts })));
    await Promise.all(servers.map((assent, index) => tryAtNeighbour(assent, servers, { index, ...parts })));
  } finally {
    agent.destroy();
    await Promise.all(servers.map((assent) => assent.close()));
  }
}

/** Twice, with a turn between: what a finalizer lets go is collected by the second one. */
async function measureHeap(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

const findings: Findings = { crossTalk: [], flows: 0, heap: [], resources: [] };
const keys = await Promise.all(
  Array.from({ length: SERVERS }, async () =>
    exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey),
  ),
);
await runCycle(FEW_FLOWS, keys, findings);
findings.heap.push(await measureHeap());
await runCycle(FLOWS, keys, findings);
findings.heap.push(await measureHeap());
for (let cycle = 0; cycle < CYCLES; cycle += 1) {
  await runCycle(FEW_FLOWS, keys, findings);
  findings.heap.push(await measureHeap());
}
// Our own stdout is a pipe.
findings.resources = process
  .getActiveResourcesInfo()
  .filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap');
process.stdout.write(`${JSON.stringify(findings)}\n`);
