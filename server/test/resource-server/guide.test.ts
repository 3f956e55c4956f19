// docs/resource-server.md: each of its examples in a program of its own, in front of an approval of a running server.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';

const SERVER = join(import.meta.dirname, '../..');
const guide = await readFile(join(SERVER, '../docs/resource-server.md'), 'utf8');
const examples = new Map(
  [...guide.matchAll(/<!-- example: (\w+) -->\n\n```ts\n(.*?)```/gs)].map(([, name = '', code = '']) => [
    name,
    code,
  ]),
);
const [, beginning = ''] = /```ts\n(.*?)```/s.exec(guide) ?? [];

/** What each framework needs around its example: to begin, and to answer on `port`. */
const SURROUNDINGS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  express: [
    "import express from 'express';\nimport { requireTokenInExpress } from 'assent/resource-server';\nconst app = express();",
    'const server = app.listen(0, () => begin(server.address().port));',
  ],
  fastify: [
    "import fastify, { type FastifyRequest } from 'fastify';\nimport { requireTokenInFastify } from 'assent/resource-server';\nconst app = fastify();",
    "await app.listen({ host: '127.0.0.1', port: 0 });\nbegin(app.server.address().port);",
  ],
  koa: [
    "import Koa from 'koa';\nimport Router from '@koa/router';\nimport { json } from 'node:stream/consumers';\nimport { requireTokenInKoa } from 'assent/resource-server';\ntype Context = Router.RouterContext;\nconst router = new Router();\nconst app = new Koa().use(async (ctx, next) => { ctx.request.body = await json(ctx.req); await next(); });",
    'const server = app.use(router.routes()).listen(0, () => begin(server.address().port));',
  ],
  fetch: [
    "import { Hono } from 'hono';\nimport { serve } from '@hono/node-server';\nimport { requireTokenInFetch } from 'assent/resource-server';\nconst app = new Hono();",
    'serve({ fetch: app.fetch, port: 0 }, ({ port }) => begin(port));',
  ],
  matcher: [
    "import { z } from 'zod';\nimport { matchDetail } from 'assent/resource-server';\nconst request = ['Bearer', process.env.TOKEN].join(' ');",
    'const judged = await verifier.verify(request, { details: upTo50 });\nconsole.log(JSON.stringify([judged.accepted]));',
  ],
};

/** Calls the route of an example: with another amount, with the approved one, and with that again. */
const CALLS = `
async function begin(port: number) {
  const pay = async (amount: string) => {
    const response = await fetch(\`http://127.0.0.1:\${port}/transfers\`, {
      method: 'POST',
      headers: { authorization: \`Bearer \${process.env.TOKEN}\`, 'content-type': 'application/json' },
      body: JSON.stringify({ to: 'Grace', amount }),
    });
    const body = await response.json();
    return [response.status, body.error ?? body.paidBy];
  };
  console.log(JSON.stringify([await pay('90.00'), await pay('40.00'), await pay('40.00')]));
  process.exit();
}
`;

let folder: string;
let assent: RunningAssent;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({ config: unlimitedBank(), quickAnswers: true });
  agent = new Agent(assent);
  // Inside of the package, so that Node finds its dependencies.
  await mkdir(join(SERVER, 'dist'), { recursive: true });
  folder = await mkdtemp(join(SERVER, 'dist/guide-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await assent.close();
});

async function approvedToken(): Promise<string> {
  const detail = { type: 'transfer_funds', to: 'Grace', amount: '40.00', currency: 'EUR' };
  const id = await agent.askFor({ authorization_details: JSON.stringify([detail]) });
  await assent.control.approve('latest');
  return (await agent.poll(id)).json().access_token;
}

async function runExample(name: string, token: string): Promise<unknown> {
  const [before, after] = SURROUNDINGS[name] ?? [];
  const code = `${before}\n${beginning}\n${examples.get(name)}\n${CALLS}\n${after}\n`;
  const file = join(folder, `${name}.ts`);
  const placed = code
    .replace("issuer: 'https://localhost:4443/'", 'issuer: process.env.ISSUER')
    .replace(/\bca,/, 'ca: process.env.CA,')
    .replaceAll("'assent/resource-server'", `'${join(SERVER, 'src/resource-server/index.ts')}'`);
  await writeFile(file, placed);
  const env = { PATH: process.env['PATH'], TOKEN: token, ISSUER: assent.issuer, CA: assent.ca };
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, env });
  return JSON.parse(stdout);
}

test('the audience of the guide is that of the bank', () => {
  expect(beginning).toContain(TRANSFERS);
});

test.each(['express', 'fastify', 'koa', 'fetch'])(
  'the example for %s pays what was approved, once, and nothing else',
  async (name) => {
    expect(await runExample(name, await approvedToken())).toEqual([
      [403, 'insufficient_authorization_details'],
      [201, 'auth0|ada'],
      [401, 'invalid_token'],
    ]);
  },
);

test('the example of a matcher accepts what is below its limit', async () => {
  expect(await runExample('matcher', await approvedToken())).toEqual([true]);
});

test('every example of the guide is run', () => {
  expect([...examples.keys()].sort()).toEqual(Object.keys(SURROUNDINGS).sort());
});
