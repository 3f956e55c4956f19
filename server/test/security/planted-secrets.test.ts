// Secrets that a tenant, its clients and its people bring along, planted in a server that runs as a command, and looked for in
// everything that leaves it to be read, kept or passed on. What must hold them is named in SECURITY.md: the tenant itself, a
// snapshot, and the requests as they came in, each behind the control API.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { DEVICE_GRANT_TYPE, type RunFile } from '../../src/contract/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFER, TRANSFERS } from '../agent.ts';
import { Browser } from '../browser.ts';
import { type RunningCommand, runCommand, startCommand } from '../command.ts';
import { call } from '../http-call.ts';
import { bankByEmail } from '../mail-tenant.ts';
import { addressOfLogin, CALLBACK } from '../web-application.ts';

/** Each of them once, and recognisable wherever it turns up. */
const SECRETS: Record<string, string> = {
  clientSecret: 'planted-secret-of-the-client',
  wrongClientSecret: 'planted-secret-that-is-wrong',
  signingSecret: 'planted-signing-secret-of-an-api',
  password: 'planted-password-of-ada',
  wrongPassword: 'planted-password-mistyped',
  userCode: 'planted-user-code',
  wrongUserCode: 'planted-user-code-mistyped',
  controlToken: 'planted-control-token-0123456789',
  mailPassword: 'planted-password-of-the-mail-server',
  notificationToken: 'planted-notification-token',
  inAddress: 'planted-secret-in-an-address',
  inUnknownParameter: 'planted-secret-in-an-unknown-parameter',
  inHeader: 'planted-secret-in-a-header',
  inMetadata: 'planted-secret-in-metadata',
};

let home: string;
let server: RunningCommand;
let run: RunFile;
/** What the server itself has made that opens something. */
const made: Record<string, string> = {};

const authorized = (): { Authorization: string } => ({ Authorization: `Bearer ${SECRETS['controlToken']}` });
const read = async (path: string): Promise<string> =>
  (await call(`${run.url}${path}`, { headers: authorized() })).text;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assent-secrets-'));
  const clients = (bankTenant.clients ?? []).map((client) => ({
    ...client,
    ...(client.client_id === 'aiya'
      ? {
          client_secret: SECRETS['clientSecret'],
          backchannel_user_code_parameter: true,
          profile: 'standard' as const,
        }
      : {}),
  }));
  const users = (bankTenant.users ?? []).map((user) =>
    user.user_id === 'auth0|ada'
      ? {
          ...user,
          password: SECRETS['password'],
          user_code: SECRETS['userCode'],
          app_metadata: { key: SECRETS['inMetadata'] },
        }
      : user,
  );
  const provider = {
    host: 'localhost',
    port: 1,
    secure: false,
    user: 'mail',
    password: SECRETS['mailPassword'] ?? '',
  };
  await writeFile(join(home, 'assent.yaml'), stringify(bankByEmail({ provider }, { clients, users })));
  await writeFile(join(home, 'token'), `${SECRETS['controlToken']}\n`);
  server = startCommand(
    ['start', '--http', '--port', '0', '--control-token-file', 'token', '--data', 'kept.db'],
    { folder: home },
  );
  await server.says('Ready.');
  run = JSON.parse(await readFile(join(home, '.assent/server.json'), 'utf8'));
  await useEverything();
});
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true });
});

/** Flows that succeed and fail, with every secret at its place and at some that are wrong. */
async function useEverything(): Promise<void> {
  const client_secret = SECRETS['clientSecret'];
  const agent = new Agent(run, { client_id: 'aiya', client_secret });
  const asked = {
    authorization_details: JSON.stringify([TRANSFER]),
    client_notification_token: SECRETS['notificationToken'],
  };
  await agent.ask({ ...asked, user_code: SECRETS['wrongUserCode'] });
  made['authReqId'] = await agent.askFor({
    ...asked,
    user_code: SECRETS['userCode'],
    anything: SECRETS['inUnknownParameter'],
  });
  await agent.poll(made['authReqId']);
  await call(`${run.url}/control/requests/latest/decision`, {
    method: 'POST',
    body: { decision: 'approve' },
    headers: authorized(),
  });
  keep((await agent.poll(made['authReqId'])).json(), 'ciba');
  await agent.poll(made['authReqId']);
  await new Agent(run, { client_id: 'aiya', client_secret: SECRETS['wrongClientSecret'] }).ask();
  await agent.token({ grant_type: 'client_credentials', client_secret: SECRETS['wrongClientSecret'] });
  keep((await agent.token({ grant_type: 'client_credentials', audience: TRANSFERS })).json(), 'machine');
  await agent.post('/oauth/token', {
    grant_type: 'password',
    password: SECRETS['wrongPassword'],
    username: 'ada@bank.example',
  });
  await agent.post('/oauth/revoke', { token: SECRETS['inUnknownParameter'] });

  const address = addressOfLogin(run.url);
  const browser = new Browser();
  const login = await browser.open(address);
  const wrong = await login.press('Log in', {
    username: 'ada@bank.example',
    password: SECRETS['wrongPassword'] ?? '',
  });
  const back = await wrong.press('Log in', {
    username: 'ada@bank.example',
    password: SECRETS['password'] ?? '',
  });
  made['code'] = back.url.searchParams.get('code') ?? '';
  const granted = { grant_type: 'authorization_code', code: made['code'], redirect_uri: CALLBACK };
  keep((await agent.token(granted)).json(), 'login');
  for (const { name, value } of browser.cookies.values())
    if (value.length > 20) made[`cookie ${name}`] = value;
  await agent.token({ grant_type: 'refresh_token', refresh_token: made['login refresh_token'] });
  await agent.token({ grant_type: DEVICE_GRANT_TYPE, device_code: SECRETS['inUnknownParameter'] });

  const secret = SECRETS['inAddress'] ?? '';
  for (const path of [
    '/nowhere',
    '/oauth/token',
    '/control/requests',
    '/userinfo',
    '/api/v2/users',
    '/guardian/enroll',
    '/bc-verify',
    '/v2/logout',
  ]) {
    await call(
      `${run.url}${path}?client_secret=${secret}&access_token=${secret}&ticket=${secret}&consent=${secret}&id_token_hint=${secret}`,
      {
        headers: { Authorization: `Bearer ${SECRETS['inHeader']}`, Cookie: `session=${SECRETS['inHeader']}` },
      },
    );
  }
  await call(`${run.url}/${secret}/${secret}`);
  const ticket = await call(`${run.url}/control/tickets`, {
    method: 'POST',
    body: { user_id: 'auth0|ada' },
    headers: authorized(),
  });
  made['ticket'] = ticket.json().ticket;
}

function keep(answer: Record<string, unknown>, flow: string): void {
  for (const name of ['access_token', 'id_token', 'refresh_token']) {
    const token = answer[name];
    if (typeof token !== 'string') continue;
    // What a JWT says may be read; what makes it one may not be copied.
    made[`${flow} ${name}`] = token;
    const signature = token.split('.')[2];
    if (signature !== undefined) made[`signature of ${flow} ${name}`] = signature;
  }
}

/** Names of the secrets in a text, also where it is written as base64, as in an address, or as JSON. */
function secretsIn(text: string): string[] {
  const decoded = text.replaceAll('\\u002d', '-');
  return Object.entries({ ...SECRETS, ...made }).flatMap(([name, secret]) => {
    const spellings = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64url').slice(0, -2),
      Buffer.from(`aiya:${secret}`).toString('base64').slice(0, -4),
    ];
    return spellings.some((spelling) => decoded.includes(spelling)) ? [name] : [];
  });
}

it('everything was planted', () => {
  expect(Object.keys(made)).toEqual(
    expect.arrayContaining([
      'authReqId',
      'code',
      'ticket',
      'ciba access_token',
      'machine access_token',
      'login id_token',
      'login refresh_token',
    ]),
  );
  expect(Object.values(made).every((secret) => secret.length > 20)).toBe(true);
});

describe('no secret is in', () => {
  it.each([
    ['the trace', '/control/trace'],
    ['the story of a request', '/control/requests/r1/trace'],
    ['the list of requests', '/control/requests'],
    ['the list of devices', '/control/devices'],
    ['the mailbox', '/control/mailbox'],
    ['the list of people that everybody sees', '/approver/people'],
    ['the state of the server', '/control/health'],
    ['the reference of the API', '/control/openapi.json'],
    ['discovery', '/.well-known/openid-configuration'],
    ['the published keys', '/.well-known/jwks.json'],
    ['the settings of step mode', '/control/steps'],
    ['the lessons', '/control/lessons'],
  ])('%s', async (_what, path) => {
    const text = await read(path);
    expect(text.length).toBeGreaterThan(10);
    expect(secretsIn(text)).toEqual([]);
  });

  it('the log of the tenant', async () => {
    const token = await call(`${run.url}/control/management-token`, {
      method: 'POST',
      body: {},
      headers: authorized(),
    });
    const { access_token } = token.json();
    const logs = await call(`${run.url}/api/v2/logs?per_page=100`, {
      headers: { Authorization: `Bearer ${access_token}` },
    });
    expect([logs.status, logs.json().length > 5]).toEqual([200, true]);
    expect(secretsIn(logs.text)).toEqual([]);
  });

  it.each(['json', 'mermaid', 'svg', 'html'])('the story as a file in the form %s', async (form) => {
    const { code, stdout, stderr } = await runCommand(['trace', '--request', 'r1', '--format', form], {
      folder: home,
    });
    expect([code, stdout.length > 500]).toEqual([0, true]);
    expect(secretsIn(stdout + stderr)).toEqual([]);
  });

  it('what the server and the commands beside it write, and how they are called', async () => {
    const { stdout, stderr } = server.output();
    expect(stderr + stdout).toContain('r1');
    // Its banner has the variables of the agent, to be copied: that is what they are for, and the one place.
    const written = (stdout + stderr).replace(`AUTH0_CLIENT_SECRET=${SECRETS['clientSecret']}`, '');
    expect(secretsIn(written)).toEqual([]);
    for (const words of [
      ['requests'],
      ['show', 'r1'],
      ['doctor'],
      ['rules'],
      ['devices'],
      ['watch', '--since', '0', '--until', 'decided', '--request', 'r1'],
    ]) {
      const result = await runCommand(words, { folder: home });
      expect([words, secretsIn(result.stdout + result.stderr)]).toEqual([words, []]);
    }
    if (process.platform !== 'linux') return;
    expect(secretsIn(await readFile(`/proc/${server.pid}/cmdline`, 'utf8'))).toEqual([]);
    expect(secretsIn(await readFile(`/proc/${server.pid}/environ`, 'utf8'))).toEqual([]);
  });
});

it('what must hold secrets says so, and is closed without the token of the control API', async () => {
  const reference = JSON.stringify((await call(`${run.url}/control/openapi.json`)).json());
  expect(reference).toContain('It holds secrets: keys, passwords, sessions and tokens.');
  expect(reference).toContain('Holds secrets: what the caller sent, with credentials and tokens.');
  for (const path of ['/control/tenant', '/control/snapshot', '/control/trace/1/original']) {
    const { status, text } = await call(`${run.url}${path}`);
    expect([path, status, secretsIn(text)]).toEqual([path, 401, []]);
  }
});
