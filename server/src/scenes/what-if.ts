// A recorded run twice: as it was, and with one thing changed. Both are played anew, by the same agent and phone in the same world, so
// that what differs between them is the change alone.
import type { TraceEvent, WhatIfChange } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { changeDetails } from './question.ts';
import { RUN_WORDS } from './scene-words.ts';
import type { Stage } from './stage.ts';

type Outcome = 'approved' | 'denied' | 'expired';

export interface RecordedRun {
  outcome: Outcome;
  reason: string | undefined;
  /** Polls that found no answer. */
  polls: number;
}

/** More would be folded anyway. */
const MOST_POLLS = 5;

export function readRecordedRun(events: readonly TraceEvent[]): RecordedRun {
  const decision = events.findLast((event) => event.type === 'decision.made');
  const isExpired = events.some((event) => event.type === 'request.expired');
  const polls = events.filter((event) => event.type === 'poll.answered').length;
  return {
    // One that still waits is repeated as if it were approved.
    outcome: isExpired ? 'expired' : (decision?.outcome ?? 'approved'),
    reason: decision?.reason,
    polls: Math.min(Math.max(polls, 1), MOST_POLLS),
  };
}

/** @throws Problem 409 for a change that such a run cannot have */
export function requireSense(
  change: WhatIfChange,
  run: RecordedRun,
  name: string,
  stageHasApi: boolean,
): void {
  const needsToken = change === 'wrong_details' || change === 'replayed';
  if (needsToken && run.outcome !== 'approved') {
    throw new Problem('bad_request', `${name} was ${run.outcome}: there was no token to use otherwise.`, {
      status: 409,
      hint: 'Choose a run that was approved.',
    });
  }
  if (change === 'wrong_details' && !stageHasApi) {
    throw new Problem(
      'bad_request',
      `${name} named no audience: there is no API that could look at its token.`,
      {
        status: 409,
        hint: 'Choose a run with an audience.',
      },
    );
  }
}

/** @param change undefined: as it was. @returns the short name of the run */
export async function playRun(
  stage: Stage,
  {
    run,
    details,
    change,
  }: { run: RecordedRun; details: Parameters<Stage['callApi']>[1]; change?: WhatIfChange },
): Promise<string> {
  const isLost = change === 'push_lost';
  const outcome: Outcome =
    change === 'denied' ? 'denied' : change === 'expired' || isLost ? 'expired' : run.outcome;
  if (isLost) await stage.losePush();
  const asked = await stage.ask();
  const answer = isLost ? undefined : await stage.read(asked);
  for (let poll = 0; poll < run.polls; poll += 1) {
    await stage.poll(asked);
    if (change === 'polled_too_fast' && poll === 0) await stage.poll(asked, false);
  }
  if (outcome === 'expired') stage.pass(asked.expiresInSeconds);
  else if (outcome === 'approved') await answer?.().allow();
  else await answer?.().deny(run.reason ?? RUN_WORDS.denialReason);

  const { status, body } = await stage.poll(asked);
  const token = body['access_token'];
  if (status !== 200 || typeof token !== 'string') return asked.name;
  if (stage.hasApi) {
    await stage.callApi(token, change === 'wrong_details' ? changeDetails(details ?? []) : details);
  }
  if (change === 'replayed') {
    await stage.poll(asked);
    if (stage.hasApi) await stage.callApi(token, details);
  }
  return asked.name;
}
