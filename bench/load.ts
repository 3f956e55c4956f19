// The process that asks. It was started with the servers' certificate authority in its environment, as an agent would be; it
// plays the rounds that it is told, the two paces by turns, and sends the times of each.
import { z } from 'zod';
import { type Pace, type Round, type Times, targetSchema } from './messages.ts';
import { WholeTest } from './whole-test.ts';

const planSchema = z.object({
  targets: z.array(targetSchema),
  rounds: z.number().int(),
  /** Tests of each round at quick answers, whose times are short. At the other pace a round has one. */
  quickPerRound: z.number().int(),
  warmUps: z.number().int(),
});

const plan = planSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const tests = new Map(plan.targets.map((target) => [target.pace, new WholeTest(target)]));

async function repeat(pace: Pace, count: number): Promise<Times[]> {
  const test = tests.get(pace);
  if (!test) throw new Error(`there is no server at the pace "${pace}"`);
  const times: Times[] = [];
  for (let done = 0; done < count; done += 1) times.push(await test.run());
  return times;
}

await repeat('quick', plan.warmUps);
await repeat('auth0', 1);
for (let number = 0; number < plan.rounds; number += 1) {
  const round: Round = { quick: [], auth0: [] };
  const order: Pace[] = number % 2 === 0 ? ['quick', 'auth0'] : ['auth0', 'quick'];
  for (const pace of order) round[pace] = await repeat(pace, pace === 'quick' ? plan.quickPerRound : 1);
  process.send?.(round);
}
process.disconnect?.();
