// Quick answers as a whole: how they are turned on, where they are shown, and that nothing but a start decides.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTROL_API } from '../../src/contract/index.ts';
import { type StartOptions, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { startCommand } from '../command.ts';
import { call } from '../http-call.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-quick-'));
});
afterAll(() => rm(folder, { recursive: true }));

const start = (options: StartOptions) => startAssent({ tls: false, config: unlimitedBank(), ...options });

describe('a start', () => {
  test('without a word about them keeps Auth0’s pace', async () => {
    await using assent = await start({});
    expect((await assent.control.health()).quick_answers).toEqual({ on: false, interval: 5, held_poll: 0 });
    expect((await new Agent(assent).ask()).json().interval).toBe(5);
  });

  test.each<[StartOptions['quickAnswers'], object]>([
    [true, { on: true, interval: 0.05, held_poll: 4 }],
    [false, { on: false, interval: 5, held_poll: 0 }],
    [{ interval: 0.1 }, { on: true, interval: 0.1, held_poll: 0 }],
    [{ held_poll: 2.5 }, { on: true, interval: 5, held_poll: 2.5 }],
  ])('with quickAnswers %j shows in health what that means', async (quickAnswers = false, shown) => {
    await using assent = await start({ quickAnswers });
    expect((await assent.control.health()).quick_answers).toEqual(shown);
  });

  test.each([{ interval: 0 }, { interval: -1 }, { held_poll: 26 }, { held_poll: -1 }, { intervall: 1 }])(
    'with quickAnswers %j is refused with what is expected',
    async (quickAnswers) => {
      await expect(start({ quickAnswers })).rejects.toMatchObject({
        code: 'usage',
        message: `Quick answers are not possible with ${JSON.stringify(quickAnswers)}.`,
        hint: expect.stringContaining('held_poll from 0 to 25'),
      });
    },
  );

  test('by the command line says so before anything else happens', async () => {
    const command = startCommand(['--port', '0', '--http', '--quick-answers', '--interval', '0.1'], {
      folder,
    });
    await command.says('Ready.');
    await command.stop();
    expect(command.output().stderr).toContain(
      'Quick answers          on; polls may come every 0.1 s, and wait up to 4 s for the decision\n',
    );
  });

  test('by the command line is refused for a pace that cannot be', async () => {
    const refused = await startCommand(['--port', '0', '--http', '--held-poll', '30'], { folder }).ends();
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(
      "option '--held-poll <seconds>' argument '30' is invalid. Expected seconds from 0 to 25",
    );
  });
});

test('they stand over a tenant file that is put in place later, and are not kept', async () => {
  const dataFile = join(folder, 'kept.db');
  const config = unlimitedBank();
  {
    await using assent = await start({ config, dataFile, quickAnswers: true });
    const changed = { ciba: { interval: 3, slow_down_increment: 1 } };
    const answer = await call(`${assent.url}${CONTROL_API}/tenant`, { method: 'PATCH', body: changed });
    expect(answer.status).toBe(200);
    expect((await assent.control.health()).quick_answers).toMatchObject({ interval: 0.05, held_poll: 4 });
  }
  await using next = await start({ config, dataFile });
  expect((await next.control.health()).quick_answers).toMatchObject({ interval: 3, held_poll: 0 });
});
