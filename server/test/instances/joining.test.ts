// Who may be an instance beside the others, and what one brings along that is not theirs.
import { expect, test } from 'vitest';
import { type RunningAssent, type StartOptions, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { nextWarning } from '../next-warning.ts';
import { startRedis } from '../redis-server.ts';

const ISSUER = 'http://assent.test/';

const start = (options: StartOptions): Promise<RunningAssent> =>
  startAssent({ tls: false, issuer: ISSUER, config: unlimitedBank(), ...options });

const named = (name: string) => unlimitedBank({ tenant: { name: 'bank', friendly_name: name } });

test('one with another issuer is refused while there are others, is told theirs, and harms nobody', async () => {
  await using redis = await startRedis();
  await using first = await start({ store: redis.url });
  const agent = new Agent(first);
  const authReqId = await agent.askFor();
  await expect(start({ store: redis.url, issuer: 'http://other.test/' })).rejects.toMatchObject({
    code: 'usage',
    message: `The instances on this store serve ${ISSUER}, this one was to serve http://other.test/.`,
    hint: expect.stringContaining(`assent --issuer ${ISSUER}`),
  });
  await first.control.approve(authReqId);
  expect((await agent.poll(authReqId)).status).toBe(200);
  await first.close();
  await using moved = await start({ store: redis.url, issuer: 'http://other.test/' });
  expect(moved.issuer).toBe('http://other.test/');
});

test('one with another tenant file puts that in place for all of them, and says what that takes away', async () => {
  await using redis = await startRedis();
  await using first = await start({ store: redis.url, config: named('Old') });
  let warned = nextWarning('OTHER_TENANT_FILE');
  await using second = await start({ store: redis.url, config: named('New') });
  expect((await warned).message).toMatch(/not that of the other instances; it counts for all of them now\.$/);
  await second.control.rules.add({ answer: 'deny' });
  warned = nextWarning('OTHER_TENANT_FILE');
  await using third = await start({ store: redis.url, config: named('Newest') });
  expect((await warned).message).toMatch(/What the console, tools and people .* is gone\.$/);
  for (const { control } of [first, second, third]) expect(await control.rules.list()).toEqual([]);
});

test('one with another control token is told that calls with one of them are refused by the other', async () => {
  await using redis = await startRedis();
  await using first = await start({ store: redis.url, controlToken: 'the-first-token-of-all' });
  const warned = nextWarning('OTHER_CONTROL_TOKEN');
  await using second = await start({ store: redis.url, controlToken: 'the-second-token-of-all' });
  expect((await warned).message).toMatch(/take another control token than this one/);
  expect(second.issuer).toBe(first.issuer);
  const kept = redis.run('--scan', '--pattern', 'assent:{bank}:doc:instances:*').split('\n');
  const text = kept.map((key) => redis.run('GET', key)).join();
  expect(text).toMatch(/"tokenMark":"[0-9a-f]{4}"/);
  expect(text).not.toMatch(/token-of-all/);
});
