// The run that scenes repeat: asked by an agent, approved and redeemed.
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, unlimitedBank } from '../agent.ts';

export async function startSceneBank(): Promise<RunningAssent> {
  return startAssent({ config: unlimitedBank(), clock: createManualClock(Date.now()) });
}

/** Answers its short name. */
export async function recordRun(
  assent: RunningAssent,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const agent = new Agent(assent);
  const id = await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]), ...parameters });
  const { name } = await assent.control.request('latest');
  await agent.poll(id);
  await assent.control.approve(name);
  await agent.poll(id);
  return name;
}
