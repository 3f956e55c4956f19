import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import { answerProblems } from './problem-responses.ts';

/** What a caller of a route that throws `error` receives. */
async function answerTo(error: unknown, isStopping = false) {
  const app = new Koa().use(answerProblems(() => isStopping)).use(() => {
    throw error;
  });
  const server = createServer(app.callback());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/some/path?secret=1`, {
    headers: { Connection: 'close' },
  });
  const received = {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: await answer.json(),
    ...(answer.headers.has('retry-after') ? { retryAfter: answer.headers.get('retry-after') } : {}),
  };
  server.close();
  await once(server, 'close');
  return received;
}

test('a problem is answered with everything it knows', async () => {
  const problem = new Problem('config_invalid', 'Two mistakes.', {
    status: 422,
    hint: 'Mend them.',
    findings: ['a: wrong', 'b: missing'],
    cause: new Error('internal'),
  });
  expect(await answerTo(problem)).toEqual({
    status: 422,
    type: 'application/problem+json',
    body: {
      type: 'urn:assent:problem:config_invalid',
      title: 'The tenant file has mistakes',
      status: 422,
      detail: 'Two mistakes.',
      code: 'config_invalid',
      hint: 'Mend them.',
      findings: ['a: wrong', 'b: missing'],
    },
  });
});

test('a failure of ours is answered without its cause, which is reported to whoever runs the server', async () => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const answer = await answerTo(new Error('the disk is full of secrets'));
  expect([answer.status, answer.type]).toEqual([500, 'application/problem+json']);
  expect(JSON.stringify(answer.body)).not.toContain('secrets');
  const warning = await warned;
  expect(warning).toMatchObject({ name: 'AssentWarning', code: 'UNEXPECTED' });
  expect(warning.message).toContain('GET /some/path failed: Error: the disk is full of secrets');
});

test('what fails because the server stops is no failure: the caller may come again, and nobody is alarmed', async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listen);
  const answer = await answerTo(new Error('the store is closed'), true);
  process.off('warning', listen);
  expect(answer).toMatchObject({
    status: 503,
    body: { code: 'not_ready', detail: 'The server is stopping.' },
    retryAfter: '1',
  });
  expect(warnings).toEqual([]);
});

test('what a package blames on the caller is answered so, unless it says that it may not be shown', async () => {
  const blamed = (expose: boolean) => Object.assign(new Error('Malicious path'), { status: 403, expose });
  expect(await answerTo(blamed(true))).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const warned = new Promise((resolve) => process.once('warning', resolve));
  expect((await answerTo(blamed(false))).status).toBe(500);
  await warned;
});
