// For SDKs that start and poll but leave the waiting to the program: the loop that their manuals show. CIBA Core §11.
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Agent,
  type Answer,
  answerOf,
  type OpenQuestion,
  type Question,
  type SdkError,
} from './driver.ts';

/** A question that was accepted, and how often its answer may be asked for. */
export interface StartedQuestion extends OpenQuestion {
  readonly intervalSeconds: number;
}

/** Polls every `intervalSeconds`, or later when the server says so, until there is a final answer. */
async function pollUntilAnswered(question: StartedQuestion): Promise<Answer> {
  for (;;) {
    const answer = await question.poll();
    if (!('error' in answer)) return answer;
    const { error, retryAfter } = answer.error;
    if (error !== 'authorization_pending' && error !== 'slow_down') return answer;
    await wait(1000 * (retryAfter === undefined ? question.intervalSeconds : Number(retryAfter)));
  }
}

/** A program that waits by itself. */
export function createPollingAgent(
  start: (question: Question) => Promise<StartedQuestion>,
  readError: (error: unknown) => SdkError | undefined,
): Agent {
  return {
    start,
    ask: (question) => answerOf(async () => pollUntilAnswered(await start(question)), readError),
  };
}
