// Somebody, or a disk, has damaged entries of the trace and of the tenant log: the rest of the story can be read.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/contract/index.ts';
import { startAssent } from '../../src/index.ts';
import { Agent, type Asked, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { administratorOf } from '../management/administrator.ts';
import { nextWarning } from '../next-warning.ts';

let folder: string;

async function traceOf({ url }: Asked): Promise<TraceEvent[]> {
  const answer = await call(`${url}/control/trace`);
  expect(answer.status).toBe(200);
  return answer.json().events;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-damaged-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a damaged entry is left out of the trace and the log, and that is said once', async () => {
  const dataFile = join(folder, 'assent.db');
  const start = () =>
    startAssent({ tls: false, issuer: 'http://assent.test/', config: unlimitedBank(), dataFile });
  const first = await start();
  const authReqId = await new Agent(first).askFor();
  await first.control.approve(authReqId);
  const whole = await traceOf(first);
  await first.close();
  const file = new DatabaseSync(dataFile);
  // The newest of each: cut off, and something that was never an entry.
  const damage = file.prepare(
    'UPDATE journal_entries SET text = ? WHERE journal = ? AND number = (SELECT max(number) FROM journal_entries WHERE journal = ?)',
  );
  damage.run('{"type":"request.sett', 'trace', 'trace');
  damage.run('{}', 'log', 'log');
  file.close();

  await using second = await start();
  const warned = nextWarning('DAMAGED_ENTRY');
  expect((await traceOf(second)).filter(({ number }) => number <= (whole.at(-1)?.number ?? 0))).toEqual(
    whole.slice(0, -1),
  );
  expect((await warned).message).toMatch(/Entry \d+ of the trace is damaged in the store, and is left out/);
  expect((await new Agent(second).poll(authReqId)).status).toBe(200);
  expect((await second.control.trace(authReqId)).at(-1)?.type).toBe('token.issued');
  const logs = await (await administratorOf(second)).get('/logs');
  expect(logs.status).toBe(200);
  expect((await second.control.snapshot()).memory).toHaveProperty('trace');
});
