// A server is killed while a scripted person answers: at each of the writes that this takes, when it is done and nobody was told.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createControlClient } from '../../src/control-client.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { ServerUnderFault } from './server-under-fault.ts';

const KILL_AT_WRITE = fileURLToPath(
  new URL('../../../conformance/robustness/kill-at-write.mjs', import.meta.url),
);
const env = { NODE_OPTIONS: `--import=${KILL_AT_WRITE}` };

test('an answer that a rule owes is given once, whenever the server is killed', {
  timeout: 60_000,
}, async () => {
  const config = unlimitedBank({
    ciba: { interval: 0.001 },
    rules: [{ answer: 'approve', after_polls: 1 }],
  });
  await using server = await ServerUnderFault.start({ config, words: ['--data', 'assent.db'], env });
  const control = createControlClient({ url: server.url });
  for (const step of [1, 2, 3]) {
    // Counted from the last poll that had to come.
    const plan = { step, when: 'after', mark: '"pollsLeft":0}}' };
    await writeFile(join(server.folder, 'next-plan.json'), JSON.stringify(plan));
    // As a whole, since the server may look at any time.
    await rename(join(server.folder, 'next-plan.json'), join(server.folder, 'kill-plan.json'));
    const agent = new Agent(server);
    const authReqId = await agent.askFor();
    await expect(agent.poll(authReqId)).rejects.toThrow();
    await server.again({ env });
    expect([step, (await control.request(authReqId)).state]).toEqual([step, 'approved']);
    expect((await agent.poll(authReqId)).status).toBe(200);
    const story = await control.trace(authReqId);
    expect(story.map(({ type }) => type)).not.toContain('decision.refused');
  }
});
