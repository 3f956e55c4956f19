// The server stops while agents wait for it: each gets a proper answer or the end of its connection, never something between.
import { expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { arrivals } from '../world.ts';

const POLLS = 60;
const CLOSED = /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE)$/;

/** What an agent sees: the status and code of a proper answer, or that the connection ended. */
async function outcomeOf(answer: Promise<Answer>): Promise<unknown> {
  try {
    const { status, headers, text, json } = await answer;
    if (!headers['content-type']?.startsWith('application/json')) return text;
    return status === 200 ? 'asked' : `${status} ${json().error}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && CLOSED.test(String(error.code))) return 'closed';
    throw error;
  }
}

it.each([1, POLLS / 2, POLLS])(
  `of ${POLLS} polls and as many requests in flight, with %i of them begun, none gets anything but an answer or the end`,
  async (begun) => {
    const assent: RunningAssent = await startAssent({ tls: false, config: unlimitedBank() });
    const agent = new Agent(assent);
    const ids = await Promise.all(Array.from({ length: POLLS }, () => agent.askFor()));
    const enough = arrivals('/oauth/token', begun);
    const polls = ids.map((id) => outcomeOf(agent.poll(id)));
    const requests = ids.map(() => outcomeOf(agent.ask()));
    await enough;
    await assent.close();

    const outcomes = new Set(await Promise.all(polls));
    expect([...outcomes].filter((one) => one !== 'closed')).toEqual(
      outcomes.has('400 authorization_pending') ? ['400 authorization_pending'] : [],
    );
    const asked = new Set(await Promise.all(requests));
    expect([...asked].filter((one) => one !== 'closed' && one !== 'asked')).toEqual([]);
  },
  30_000,
);
