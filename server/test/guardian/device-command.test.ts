// `assent device` as a script uses it: a real process that plays a phone beside a real server.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { unlimitedBank } from '../agent.ts';
import { type RunningCommand, runCommand, startCommand } from '../command.ts';

let home: string;
let server: RunningCommand;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assent-device-'));
  await writeFile(join(home, 'assent.yaml'), stringify(unlimitedBank({ ciba: { interval: 0.1 } })));
  server = startCommand(['--port', '0'], { folder: home });
  await server.says('Ready.');
});
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true });
});

const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test.each([
  ['ios', 'approve', 0],
  ['android', 'deny', 4],
] as const)(
  'a phone of the kind %s answers with "%s" and leaves nothing behind',
  async (platform, answer, code) => {
    const phone = startCommand(
      [
        'device',
        '--user',
        'charles',
        '--platform',
        platform,
        '--answer',
        answer,
        '--once',
        '--format',
        'ndjson',
      ],
      { folder: home },
    );
    await phone.says('"enrolled"');
    const asked = await runCommand(['ask', 'Pay 42 EUR to Grace', '--user', 'charles'], { folder: home });
    expect(asked.code).toBe(code);
    const ended = await phone.ends();
    expect(ended.code).toBe(0);
    expect(lines(ended.stdout)).toMatchObject([
      { event: 'enrolled', user_id: 'auth0|charles' },
      {
        event: 'asked',
        consent: { requested_details: { authorization_details: [{ type: 'transfer_funds', to: 'Grace' }] } },
      },
      { event: 'answered', outcome: answer === 'approve' ? 'approved' : 'denied' },
    ]);
    const again = await runCommand(['ask', 'Pay 42 EUR to Grace', '--user', 'charles'], { folder: home });
    expect(again.stderr).toContain('does not have push notifications set up');
    expect(again.code).not.toBe(0);
  },
);

test('a phone that is stopped ends its enrolment', async () => {
  const phone = startCommand(['device', '--user', 'charles', '--answer', 'nothing'], { folder: home });
  await phone.says('Ctrl-C ends that');
  expect((await phone.stop('SIGINT')).code).toBe(0);
  const people = await runCommand(['ask', 'x', '--user', 'charles', '--no-wait'], { folder: home });
  expect(people.code).not.toBe(0);
});

test('a phone whose server stops says so and ends', async () => {
  const folder = await mkdtemp(join(home, 'short-'));
  await writeFile(join(folder, 'assent.yaml'), stringify(unlimitedBank()));
  const short = startCommand(['--port', '0'], { folder });
  await short.says('Ready.');
  const phone = startCommand(['device', '--user', 'charles', '--answer', 'nothing'], { folder });
  await phone.says('Ctrl-C ends that');
  await short.stop();
  const ended = await phone.ends();
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toContain('The server has stopped, or does not know this device any more.');
});

test('without anybody who could be asked, it says how to answer beforehand', async () => {
  const { code, stderr } = await runCommand(['device'], { folder: home });
  expect(code).toBe(2);
  expect(stderr).toContain('assent device --answer approve');
});
