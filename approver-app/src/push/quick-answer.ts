// An answer that is given on the notification: the same signed one as the page's, by the same key, about exactly the content
// that the notification told. The record is read anew for that; where it says anything else or more, nothing is decided.
// Runs in the service worker.
import type { ApprovalView, DecisionResult, QuickAction } from 'assent/contract';
import { type ApproverClient, createApproverClient, Refusal } from '../api/approver-client.ts';
import { type Pairing, readPairings } from '../api/device-key.ts';
import { inTime } from '../api/patience.ts';
import type { ServerClock } from '../api/server-clock.ts';
import { quickActionSchema } from '../wire/contract.ts';
import { readAs } from '../wire/schema.ts';
import { notificationTexts } from './notification-texts.ts';
import { type Asked, inOneLine, showAnswer } from './shown-push.ts';

export interface QuickAnswer {
  /** What the notification said. */
  asked: Asked;
  /** What it opens. */
  url: string;
  action: QuickAction;
  clock: ServerClock;
}

type Ending = keyof typeof notificationTexts.answers;

/** Browsers stop a worker that takes much longer. */
const PATIENCE_MS = 20_000;

const OVER: ReadonlySet<Ending> = new Set([
  'approved',
  'denied',
  'alreadyApproved',
  'alreadyDenied',
  'expired',
]);

export function isQuickAction(action: string): action is QuickAction {
  return readAs(quickActionSchema, action) !== undefined;
}

/** Sends the answer and says on the notification what became of it. A second tap while one is on its way does nothing. */
export async function giveQuickAnswer(
  registration: ServiceWorkerRegistration,
  answer: QuickAnswer,
): Promise<void> {
  const { asked, url } = answer;
  const lock = `assent.answer.${asked.approval_id}`;
  await navigator.locks.request(lock, { ifAvailable: true }, async (mine) => {
    if (mine === null) return;
    const ending = await send(answer);
    const { title, body } = notificationTexts.answers[ending];
    const fillIn = (text: string): string =>
      text.replace('{name}', () => asked.name).replace('{what}', () => inOneLine(asked.body, asked.code));
    await showAnswer(registration, {
      asked,
      url,
      title: fillIn(title),
      body: fillIn(body),
      isOver: OVER.has(ending),
    });
  });
}

async function send({ asked, action, clock }: QuickAnswer): Promise<Ending> {
  let isSent = false;
  const deciding = async (): Promise<Ending> => {
    const found = await findAsked(asked, clock);
    if (found === undefined) return 'unknown';
    const { approval, client, pairing } = found;
    if (approval.state !== 'pending') return endingOf(approval, action, pairing);
    if (!isAsTold(approval, asked)) return 'different';
    isSent = true;
    const { result, approval: now } = await client.decide({ approval, accepted: action === 'approve' });
    if (result === 'decided') return action === 'approve' ? 'approved' : 'denied';
    return result === 'changed' ? 'different' : endingOf(now, action, pairing);
  };
  try {
    return (await inTime(deciding(), PATIENCE_MS)) ?? (isSent ? 'uncertain' : 'unread');
  } catch (reason) {
    if (reason instanceof Refusal) return 'refused';
    return isSent ? 'uncertain' : 'unread';
  }
}

/** The request as it is now, for the one of this browser's persons who is asked. */
async function findAsked(
  { approval_id: id }: Asked,
  clock: ServerClock,
): Promise<{ approval: ApprovalView; client: ApproverClient; pairing: Pairing } | undefined> {
  for (const pairing of await readPairings()) {
    const client = createApproverClient(pairing, clock);
    const approval = await client.read(id).catch((reason: unknown) => {
      // The server has forgotten this device; another person of this browser may still be known.
      if (reason instanceof Refusal && reason.code === 'device_unknown') return undefined;
      throw reason;
    });
    if (approval !== undefined) return { approval, client, pairing };
  }
  return undefined;
}

/** Whether who reads the notification has read all of this request, in these words. */
function isAsTold({ consent, binding_message, name }: ApprovalView, asked: Asked): boolean {
  return (
    consent.summary_is_complete === true &&
    asked.title.startsWith(`${consent.who} `) &&
    asked.body === consent.summary &&
    asked.code === binding_message &&
    asked.name === name
  );
}

/** Of a request that was decided before. An answer of ours whose arrival was uncertain is told by the name of this device. */
function endingOf({ decision }: DecisionResult['approval'], action: QuickAction, here: Pairing): Ending {
  if (decision === undefined) return 'expired';
  const { outcome, device } = decision;
  const isOurs = device === here.deviceName && (outcome === 'approved') === (action === 'approve');
  if (isOurs) return outcome;
  return outcome === 'approved' ? 'alreadyApproved' : 'alreadyDenied';
}
