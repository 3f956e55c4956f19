// The ways in that are neither the protocol nor one of the APIs.
import { expect, test } from 'vitest';
import { startAssent } from '../../src/index.ts';
import { call } from '../http-call.ts';
import { World } from '../world.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test('the front door leads people to the app and programs to the rest', async () => {
  await using world = await World.start({ issuer: 'https://bank.assent.example/' });
  const browser = await call(`${world.url}/`, { headers: { Accept: BROWSER } });
  expect([browser.status, browser.headers.location]).toEqual([302, '/approve']);
  expect((await call(`${world.url}/`)).json()).toMatchObject({
    issuer: 'https://bank.assent.example/',
    discovery: 'https://bank.assent.example/.well-known/openid-configuration',
  });
});

test('the certificate authority is handed out where there is one', async () => {
  await using secure = await startAssent();
  const { ca = '' } = secure;
  const answer = await call(`${secure.url}/ca.pem`, { ca });
  expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([
    200,
    'application/x-pem-file',
    ca,
  ]);
  await using plain = await World.start();
  expect((await call(`${plain.url}/ca.pem`)).status).toBe(404);
});
