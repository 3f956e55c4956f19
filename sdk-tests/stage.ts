// What a scenario is played on: a running server, the bank, one SDK and people whom nobody else asks.
import type { RunningAssent } from 'assent';
import type { ApprovalView, TraceEvent } from 'assent/contract';
import type { BankApi } from './bank-api.ts';
import type { Agent, Answer, Driver, Question, Tokens } from './drivers/driver.ts';
import { AGENT, AUDIENCE, type People, TRANSFER_SCOPE } from './tenant.ts';

type ControlClient = RunningAssent['control'];

export interface Stage {
  readonly driver: Driver;
  readonly agent: Agent;
  readonly assent: RunningAssent;
  readonly bank: BankApi;
  readonly people: People;
}

/** The SDK as the client of this server, or as another one with these credentials. */
export function connectTo(
  server: RunningAssent,
  driver: Driver,
  credentials: { readonly client_id: string; readonly client_secret: string } = AGENT,
): Promise<Agent> {
  return driver.connect({
    domain: new URL(server.issuer).host,
    issuer: server.issuer,
    clientId: credentials.client_id,
    clientSecret: credentials.client_secret,
    ca: server.ca ?? '',
  });
}

/** Asks this person for a transfer. */
export function question(userId: string, more: Partial<Question> = {}): Question {
  return { userId, bindingMessage: 'Order 4711', audience: AUDIENCE, scope: [TRANSFER_SCOPE], ...more };
}

export function tokensOf(answer: Answer): Tokens {
  if ('error' in answer) throw new Error(`expected tokens, got ${JSON.stringify(answer.error)}`);
  return answer.tokens;
}

/** The oldest waiting request to this person that came after the request named `after`. */
export async function nextApproval(
  control: ControlClient,
  userId: string,
  after?: string,
): Promise<ApprovalView> {
  const approval = await control.nextApproval({ user_id: userId, ...(after === undefined ? {} : { after }) });
  if (!approval) throw new Error(`no request to ${userId} came in time`);
  return approval;
}

export async function waitForEvent(
  control: ControlClient,
  matches: (event: TraceEvent) => boolean,
): Promise<void> {
  const abort = new AbortController();
  try {
    for await (const event of control.events({ afterNumber: 0, signal: abort.signal })) {
      if (matches(event)) return;
    }
    throw new Error('the server stopped before the event came');
  } finally {
    abort.abort();
  }
}

/**
 * The request that `asking` led to, once its client has polled and been told to wait.
 * Fails at once when the SDK gives up before anybody decided.
 */
export async function waitingRequestOf(
  asking: Promise<Answer>,
  control: ControlClient,
  userId: string,
): Promise<ApprovalView> {
  const givenUp = asking.then((answer): never => {
    throw new Error(`the SDK ended before anybody decided: ${JSON.stringify(answer)}`);
  });
  const polled = async (): Promise<ApprovalView> => {
    const approval = await nextApproval(control, userId);
    await waitForEvent(control, (event) => event.type === 'poll.answered' && event.approval === approval.id);
    return approval;
  };
  return Promise.race([givenUp, polled()]);
}
