// What a step is copied as, run as it was copied: the curl in a real shell, the programs in Node, the test in Vitest, each
// against a real server.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type RunningAssent, startAssent } from 'assent';
import type { Exchange } from 'assent/contract';
import { type Run, readRun, type Step, type StepKind } from 'assent/sequence';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { type CopyKind, readCopies } from '../src/sequence/panel/copy/copies.ts';
import { redactedCurl, runnableCurl } from '../src/sequence/panel/copy/curl.ts';
import { fetchCall } from '../src/sequence/panel/copy/fetch-call.ts';

const run = promisify(execFile);
/** Programs are started, which a busy computer takes its time for. */
const SLOW = { timeout: 120_000 };
/** Whatever a shell, a form, JSON or a program might take for its own. */
const DETAILS = [
  {
    type: 'transfer_funds',
    amount: '250.00',
    to: `O'Hara "& Søn" $(id) \`id\` \\ %41 +?\n\u2028漢字`,
    currency: 'EUR',
    'x-ref.1': { pattern: ['[1-3]', '{a,b}', "''"] },
  },
];

interface World {
  assent: RunningAssent;
  env: Record<string, string>;
}

async function startWorld(): Promise<World> {
  const assent = await startAssent({ quickAnswers: true });
  onTestFinished(() => assent.close());
  return { assent, env: { PATH: process.env['PATH'] ?? '', ...assent.env } };
}

/** Asks as an agent does; `changes` come on top. */
async function ask(
  { assent }: World,
  changes: Record<string, string> = {},
  how: 'form' | 'json' | 'basic' = 'form',
) {
  const {
    AUTH0_CLIENT_ID: id = '',
    AUTH0_CLIENT_SECRET: secret = '',
    AUTH0_AUDIENCE: audience = '',
  } = assent.env;
  const parameters = {
    ...(how === 'basic' ? {} : { client_id: id, client_secret: secret }),
    audience,
    scope: 'openid',
    binding_message: 'RENT-4K9',
    login_hint: JSON.stringify({ format: 'iss_sub', iss: assent.issuer, sub: 'auth0|ada' }),
    authorization_details: JSON.stringify(DETAILS),
    ...changes,
  };
  const answer = await post(
    assent,
    'bc-authorize',
    parameters,
    how === 'basic' ? `${id}:${secret}` : undefined,
    how === 'json',
  );
  return answer as { auth_req_id: string };
}

async function poll({ assent }: World, authReqId: string, asJson = false): Promise<unknown> {
  const { AUTH0_CLIENT_ID: client_id = '', AUTH0_CLIENT_SECRET: client_secret = '' } = assent.env;
  const grant_type = 'urn:openid:params:grant-type:ciba';
  return post(
    assent,
    'oauth/token',
    { client_id, client_secret, grant_type, auth_req_id: authReqId },
    undefined,
    asJson,
  );
}

async function post(
  assent: RunningAssent,
  path: string,
  parameters: Record<string, string>,
  credentials?: string,
  asJson = false,
): Promise<unknown> {
  const request = https.request(new URL(path, assent.issuer), {
    method: 'POST',
    ca: assent.ca,
    ...(credentials === undefined ? {} : { auth: credentials }),
    headers: { 'content-type': asJson ? 'application/json' : 'application/x-www-form-urlencoded' },
  });
  const body = asJson ? JSON.stringify(parameters) : new URLSearchParams(parameters).toString();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject).end(body);
  });
  return json(answer);
}

async function lastRun({ assent }: World): Promise<Run> {
  const found = readRun((await assent.control.story()).events);
  if (found === undefined) throw new Error('There is no run.');
  return found;
}

function stepOf(story: Run, kind: StepKind): Step {
  const step = story.steps.findLast((each) => each.kind === kind);
  if (step === undefined)
    throw new Error(`No step ${kind} among ${story.steps.map((each) => each.kind).join(', ')}.`);
  return step;
}

function copyOf(world: World, story: Run, kind: StepKind, as: CopyKind): string {
  const text = readCopies(story, stepOf(story, kind), world.assent.url).get(as);
  if (text === undefined) throw new Error(`${kind} cannot be copied as ${as}.`);
  return text;
}

/** Skips where there is no curl to run. */
async function needsCurl(context: TestContext): Promise<void> {
  const isThere = await run('curl', ['--version']).then(
    () => true,
    () => false,
  );
  if (!isThere) context.skip('there is no curl here');
}

async function inShell(
  world: World,
  command: string,
  variables: Record<string, string> = {},
): Promise<unknown> {
  const { stdout } = await run('sh', ['-c', command], { env: { ...world.env, ...variables } });
  return JSON.parse(stdout);
}

/** @param packages folder of the workspace whose packages its programs may import */
async function makeProject(packages?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-copies-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (packages !== undefined) {
    await symlink(join(import.meta.dirname, '../..', packages, 'node_modules'), join(folder, 'node_modules'));
  }
  return folder;
}

async function inNode(
  world: World,
  program: string,
  variables: Record<string, string> = {},
  packages?: string,
) {
  const folder = await makeProject(packages);
  await writeFile(join(folder, 'program.mjs'), program);
  const { stdout } = await run(process.execPath, [join(folder, 'program.mjs')], {
    env: { ...world.env, ...variables, NO_COLOR: '1' },
  });
  return stdout;
}

async function detailsOfNewest({ assent }: World): Promise<unknown> {
  const [newest] = (await assent.control.requests()).toSorted((one, other) =>
    other.requested_at.localeCompare(one.requested_at),
  );
  return newest?.authorization_details;
}

for (const how of ['form', 'json', 'basic'] as const) {
  test(
    `a redacted curl of a request sent as ${how} asks the same again, with the secret from the environment`,
    SLOW,
    async (context) => {
      await needsCurl(context);
      const world = await startWorld();
      await ask(world, {}, how);
      const command = copyOf(world, await lastRun(world), 'ask', 'curl');
      expect(command).not.toContain(world.assent.env['AUTH0_CLIENT_SECRET']);
      expect(await inShell(world, command)).toMatchObject({ expires_in: 300 });
      expect(await detailsOfNewest(world)).toEqual(DETAILS);
      expect(await world.assent.control.requests()).toHaveLength(2);
    },
  );
}

test('a redacted curl of a poll takes the reference from the environment', SLOW, async (context) => {
  await needsCurl(context);
  const world = await startWorld();
  const { auth_req_id } = await ask(world);
  await world.assent.control.approve('latest');
  await poll(world, auth_req_id);
  const command = copyOf(world, await lastRun(world), 'poll', 'curl');
  expect(command).not.toContain(auth_req_id);
  expect(await inShell(world, command, { AUTH_REQ_ID: auth_req_id })).toMatchObject({
    error: 'invalid_grant',
  });
});

for (const how of ['form', 'json', 'basic'] as const) {
  test(`the runnable curl of a request sent as ${how} runs as it is`, SLOW, async (context) => {
    await needsCurl(context);
    const world = await startWorld();
    await ask(world, {}, how);
    const step = stepOf(await lastRun(world), 'ask');
    const original = await world.assent.control.original(step.event);
    const { AUTH0_CLIENT_SECRET: _secret, ...env } = world.env;
    expect(await inShell({ ...world, env }, runnableCurl(original))).toMatchObject({ expires_in: 300 });
    expect(await detailsOfNewest(world)).toEqual(DETAILS);
  });
}

test('the shell runs nothing that a request carries in its names and values', SLOW, async (context) => {
  await needsCurl(context);
  const world = await startWorld();
  const trap = {
    "'; touch gone; '": '$(touch gone)',
    '@/etc/passwd': '`touch gone`',
    'a=b&c': "'$(touch gone)'",
  };
  await ask(world, trap);
  const story = await lastRun(world);
  const folder = await makeProject();
  const original = await world.assent.control.original(stepOf(story, 'ask').event);
  for (const command of [copyOf(world, story, 'ask', 'curl'), runnableCurl(original)]) {
    const { stdout } = await run('sh', ['-c', `${command}\nls`], { env: world.env, cwd: folder });
    expect(stdout).toMatch(/"expires_in":300[^}]*\}\s*$/);
  }
});

test(
  'what a recorded story carries is not run either, whatever somebody wrote into the file',
  SLOW,
  async (context) => {
    await needsCurl(context);
    const trap = "'; touch gone; process.mainModule; `touch gone`; $(touch gone) \\' \n//";
    const folder = await makeProject();
    for (const contentType of ['application/json', trap]) {
      const exchange: Exchange = {
        request: {
          method: trap,
          path: `/${trap}`,
          content_type: contentType,
          parameters: { [trap]: trap, auth_req_id: `${trap}…[9 characters]` },
        },
        response: { status: 200, headers: {} },
      };
      // Nobody listens there, so what runs does nothing by itself.
      const origin = 'http://127.0.0.1:9';
      await run('sh', ['-c', `${redactedCurl(exchange, origin)} || true`], { cwd: folder });
      const program = fetchCall(exchange, origin);
      await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder }).catch(
        (error: { stderr: string }) =>
          expect(error.stderr).toMatch(/is not a valid HTTP method|fetch failed/),
      );
    }
    expect(await readdir(folder)).toEqual([]);
  },
);

for (const how of ['form', 'json', 'basic'] as const) {
  test(`the fetch of a request sent as ${how} runs in Node`, SLOW, async () => {
    const world = await startWorld();
    await ask(world, {}, how);
    const program = copyOf(world, await lastRun(world), 'ask', 'fetch');
    expect(program).not.toContain(world.assent.env['AUTH0_CLIENT_SECRET']);
    expect(await inNode(world, program)).toMatch(/^200 .*auth_req_id/);
    expect(await detailsOfNewest(world)).toEqual(DETAILS);
  });
}

test('the SDK calls run with the unmodified package: one asks, the other redeems', SLOW, async () => {
  const world = await startWorld();
  const { auth_req_id } = await ask(world);
  await poll(world, auth_req_id);
  const story = await lastRun(world);
  expect(await inNode(world, copyOf(world, story, 'ask', 'sdk'), {}, 'approver-app')).toContain(
    'auth_req_id',
  );
  expect(await detailsOfNewest(world)).toEqual(DETAILS);
  await world.assent.control.approve(auth_req_id);
  const redeem = copyOf(world, story, 'poll', 'sdk');
  const tokens = await inNode(world, redeem, { AUTH_REQ_ID: auth_req_id }, 'approver-app');
  expect(tokens).toContain('access_token');
});

test('the AI SDK call runs with the unmodified package and waits for the person', SLOW, async () => {
  const world = await startWorld();
  const { auth_req_id } = await ask(world, { binding_message: 'FIRST' });
  await world.assent.control.deny(auth_req_id);
  const program = copyOf(world, await lastRun(world), 'ask', 'aiSdk').replace('FIRST', 'SECOND');
  const running = inNode(world, program, {}, 'sdk-tests');
  const asked = await world.assent.control.nextApproval({ after: auth_req_id });
  if (asked === undefined) throw new Error('Nobody was asked.');
  expect(asked.authorization_details).toEqual(DETAILS);
  await world.assent.control.approve(asked.id);
  expect(await running).toBe('approved\n');
});

const ENDINGS = {
  approved: async ({ assent }: World, id: string) => assent.control.approve(id),
  denied: async ({ assent }: World, id: string) => assent.control.deny(id, "Don't"),
  expired: async ({ assent }: World, id: string) => assent.control.expire(id),
  waiting: async () => undefined,
};

test(
  'the assertions of asking, of each ending and of a refusal pass as tests of their own',
  SLOW,
  async () => {
    const folder = await makeProject('approver-app');
    const files = new Map<string, string>();
    for (const [ending, end] of Object.entries(ENDINGS)) {
      const world = await startWorld();
      const { auth_req_id } = await ask(world);
      await end(world, auth_req_id);
      await poll(world, auth_req_id);
      const story = await lastRun(world);
      files.set(`asked-before-${ending}`, copyOf(world, story, 'ask-answered', 'test'));
      files.set(ending, readCopies(story, story.steps.at(-1) as Step, world.assent.url).get('test') ?? '');
    }
    const world = await startWorld();
    await ask(world, { binding_message: "What's this?" });
    files.set('refused', copyOf(world, await lastRun(world), 'ask-refused', 'test'));
    for (const [name, text] of files) await writeFile(join(folder, `${name}.test.ts`), text);
    const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
    const { stdout } = await run(
      process.execPath,
      [vitest, 'run', '--root', folder, '--testTimeout', '30000'],
      {
        env: { PATH: process.env['PATH'], NO_COLOR: '1' },
      },
    ).catch((error: { stdout: string; stderr: string }) => ({ stdout: `${error.stdout}${error.stderr}` }));
    expect(stdout).toContain(`${files.size} passed (${files.size})`);
    expect(stdout).not.toContain('failed');
  },
);
