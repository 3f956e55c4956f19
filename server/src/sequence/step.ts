// The words of the drawing: arrows, steps, marks, runs. What is here holds for live and recorded stories alike; ids, numbers
// and order depend on the events alone, so a trace that is read again gives the same drawing.
import type { Exchange, TraceEvent } from '../contract/index.ts';

/** In the order of the columns. */
export const PARTICIPANTS = ['agent', 'server', 'push', 'approver', 'api'] as const;
export type Participant = (typeof PARTICIPANTS)[number];

/** Values that can be followed: a `auth_req_id`, b binding message, d details, c consent and challenge, t access token. */
export const LETTERS = ['a', 'b', 'd', 'c', 't'] as const;
export type Letter = (typeof LETTERS)[number];

/** Every kind of arrow. Whoever explains them has words for each. */
export const STEP_KINDS = [
  'ask',
  'ask-answered',
  'ask-refused',
  'push-sent',
  'push-received',
  'inbox-told',
  'email-sent',
  'notification-failed',
  'details-read',
  'details-shown',
  'poll',
  'poll-pending',
  'poll-too-fast',
  'poll-unread',
  'poll-refused',
  'tokens',
  'pinged',
  'tokens-pushed',
  'error-pushed',
  'callback-taken',
  'callback-refused',
  'callback-failed',
  'approved',
  'denied',
  'decision-taken',
  'decision-late',
  'decision-refused',
  'token-asked',
  'token-refused',
  'api-called',
  'api-answered',
  'api-refused',
  'attack',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** One line between two participants. */
export interface Arrow {
  /** The number of its event, and which arrow of that event it is: `12.1`. */
  id: string;
  /** Number of the event that tells of it. */
  event: number;
  kind: StepKind;
  from: Participant;
  to: Participant;
  /** The answer to a request: drawn dashed. */
  isResponse: boolean;
  /** `stopped`: it did not get where it was going. */
  outcome: 'plain' | 'good' | 'bad' | 'stopped';
  at: string;
  /** As on the wire: `POST /bc-authorize`, `200 auth_req_id`. */
  label: string;
  /** What it is, in general and in few words: a heading. */
  title: string;
  /** The same with the names of this run: one sentence. */
  sentence: string;
  values: readonly Letter[];
  /** Of a request and of its answer: both sides. */
  exchange?: Exchange | undefined;
}

/** One arrow with its number, or several that say the same. What it says of itself is the first arrow's. */
export interface Step extends Arrow {
  number: number;
  /** One, unless it repeats. In order. */
  arrows: readonly Arrow[];
  /** Numbers of all its events. */
  events: readonly number[];
}

export type MarkKind = 'waiting' | 'rule' | 'expired' | 'fault' | 'clock' | 'hold' | 'reset';

/** Something between two arrows that is no message. */
export interface Mark {
  id: string;
  event: number;
  kind: MarkKind;
  tone: 'plain' | 'pending' | 'danger';
  at: string;
  text: string;
}

export type Row = { type: 'step'; step: Step } | { type: 'mark'; mark: Mark };

export type RunOutcome = 'pending' | 'approved' | 'denied' | 'expired' | 'redeemed' | 'refused';

/** One request in a list of requests. */
export interface RunHeading {
  /** Of the approval; `event-12` for a story without one, such as a request that was refused. */
  id: string;
  /** Short name: `r7`; `e12` without an approval. */
  name: string;
  /** What was asked, as the approver reads it, or why it was refused. */
  title: string;
  outcome: RunOutcome;
  startedAt: string;
  clientName?: string | undefined;
  approverName?: string | undefined;
}

export interface Run extends RunHeading {
  /** Who is who: the client, the channel, the approver and the device, the API. Absent where nobody is known. */
  names: Readonly<Partial<Record<Participant, string>>>;
  /** What each letter stands for, as far as it may be shown. */
  values: Readonly<Partial<Record<Letter, string>>>;
  steps: readonly Step[];
  /** Steps and marks in order. */
  rows: readonly Row[];
  /** What it was read from. */
  events: readonly TraceEvent[];
}
