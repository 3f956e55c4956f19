// The words of the steps, in one catalogue, ready for translation. {agent}, {approver} and the rest are filled in.
import type { MarkKind, Participant, RunOutcome, StepKind } from './step.ts';

interface StepText {
  title: string;
  sentence: string;
}

export const sentenceTexts = {
  agent: 'The agent',
  approver: 'The approver',
  device: 'a device',
  server: 'The authorization server',
  refusedRun: 'Refused: {error}',
  quoted: '“{text}”',
  apiRun: 'A call of an API: {method} {path}',
  attackRun: 'An attack: {attack}',
  steps: {
    ask: {
      title: 'The agent asks for approval',
      sentence: '{agent} asks for approval and names the person, the code and the details.',
    },
    'ask-answered': {
      title: 'The server answers with a reference',
      sentence: 'The server answers with a reference and {next}.',
    },
    'ask-refused': {
      title: 'The server refuses to ask anybody',
      sentence: 'The server refuses: {error}. Nobody is asked.',
    },
    'push-sent': {
      title: 'A push leaves for the phone',
      sentence: 'The push carries a pointer, not the details.',
    },
    'push-received': {
      title: 'The push reaches the device',
      sentence: '{device} takes the push and shows who asks and the code.',
    },
    'inbox-told': {
      title: 'The open page is told',
      sentence: '{device} of {approver} has its inbox open and is told at once.',
    },
    'email-sent': {
      title: 'An e-mail with a link is sent',
      sentence: 'An e-mail with a link goes to {approver}. The link alone decides nothing.',
    },
    'notification-failed': {
      title: 'A notification does not arrive',
      sentence: 'The notification does not arrive: {why}.',
    },
    'details-read': {
      title: 'The device fetches what is asked',
      sentence: '{device} fetches what is being asked, and proves its key.',
    },
    'details-shown': {
      title: 'The details reach the device',
      sentence: 'The details travel to the device over its own connection.',
    },
    poll: {
      title: 'The agent asks whether a decision exists',
      sentence: '{agent} asks whether a decision exists.',
    },
    'poll-pending': {
      title: 'Not yet: the server answers “pending”',
      sentence: 'Not yet: nobody has decided.',
    },
    'poll-too-fast': {
      title: 'Too soon: the server answers “slow down”',
      sentence: 'The agent asked too soon and must wait longer from now on.',
    },
    'poll-unread': {
      title: 'The agent left before the answer',
      sentence: 'The agent hung up before the server answered. Nothing was used up.',
    },
    'poll-refused': {
      title: 'The server gives no token',
      sentence: 'The agent gets no token: {error}.',
    },
    tokens: {
      title: 'The server hands out the token',
      sentence: 'The agent gets an access token for exactly what was approved.',
    },
    pinged: {
      title: 'The server pings the agent',
      sentence: 'The server calls {agent}: there is an answer to fetch. The call does not say which.',
    },
    'tokens-pushed': {
      title: 'The server brings the agent its tokens',
      sentence: 'The server calls {agent} and brings the tokens for exactly what was approved.',
    },
    'error-pushed': {
      title: 'The server tells the agent that there is no token',
      sentence: 'The server calls {agent}: no token will come, {error}.',
    },
    'callback-taken': {
      title: 'The agent takes the call',
      sentence: '{agent} has taken it. It is not called about this again.',
    },
    'callback-refused': {
      title: 'The agent does not take the call',
      sentence: 'The call was not taken: {why}.',
    },
    'callback-failed': {
      title: 'The call does not reach the agent',
      sentence: 'The call does not reach {agent}: {why}.',
    },
    approved: {
      title: 'The approver approves',
      sentence: '{approver} approves ({from}). The answer goes past the agent.',
    },
    denied: {
      title: 'The approver denies',
      sentence: '{approver} denies ({from}). The answer goes past the agent.',
    },
    'decision-taken': {
      title: 'The server takes the decision',
      sentence: 'The server has checked the answer and keeps it. It counts once.',
    },
    'decision-late': {
      title: 'An answer comes too late or differs',
      sentence: 'Another answer arrives ({from}).',
    },
    'decision-refused': {
      title: 'The server refuses the answer',
      sentence: 'The server refuses it: {why}.',
    },
    'token-asked': {
      title: 'A program asks for a token',
      sentence: '{agent} asks the token endpoint.',
    },
    'token-refused': {
      title: 'The server refuses a token',
      sentence: 'The server refuses: {error}.',
    },
    'api-called': {
      title: 'The agent calls the API',
      sentence: '{agent} calls the API with the token.',
    },
    'api-answered': {
      title: 'The API lets the call through',
      sentence: 'The API has checked the token against the call, and acts.',
    },
    'api-refused': {
      title: 'The API stops the call',
      sentence: 'The API stops the call at the check {check}.',
    },
    attack: {
      title: 'Somebody tries to pass without approval',
      sentence: '{did}',
    },
  } satisfies Record<StepKind, StepText>,
  labels: {
    tokens: 'access_token',
    // Short enough for the space between two participants.
    boundTokens: { 'a key': 'DPoP token', 'a certificate': 'mTLS token' },
    pending: 'pending',
    callback: '{says}: {call}',
    says: {
      ping: 'ping',
      tokens: 'access_token',
      access_denied: 'access_denied',
      expired_token: 'expired_token',
      transaction_failed: 'transaction_failed',
    } as Readonly<Record<string, string>>,
    next: { poll: 'how often to ask', push: 'for how long it is good' },
    whatIsAsked: 'what is asked',
    push: 'push, pointer only',
    delivered: 'delivered',
    inbox: 'told: new request',
    email: 'e-mail with a link',
    failed: '{channel} failed',
    unread: 'nobody reads the answer',
    approved: 'approved ({from})',
    denied: 'denied ({from})',
    answered: 'answer ({from})',
    refused: 'refused: {why}',
    accepted: 'resolve-transaction: accepted',
    rejected: 'resolve-transaction: rejected',
    letThrough: '{status} let through',
    stopped: '{status} stopped: {check}',
    tried: '{method} {path} {status}',
  },
  decisionRefusals: {
    already_decided: 'it was decided before',
    expired: 'the request had expired',
    changed: 'it was not what had been shown',
    not_verified: 'no passkey verified the person',
  },
  channels: {
    'guardian-push': 'web push',
    email: 'e-mail',
  } as Readonly<Record<string, string>>,
  marks: {
    waiting: 'Nobody has been reached yet: {why}.',
    retried: 'It is tried again at {time}.',
    calledAgain: 'It is called again at {time}.',
    rule: 'The rule {rule} takes it: {says}',
    expired: 'The request expires: nobody decided in time.',
    expiredByRule: 'The rule {rule} lets the request expire.',
    clock: 'The clock is put forward by {span}.',
    faultOn: 'Made to fail on purpose from here on: {text}',
    fault: 'A fault on purpose: {text}',
    faultOff: 'That fault is over: {fault}.',
    attack: 'An attack begins: {told}',
    held: 'Held on purpose for {span}.',
    heldUntil: 'Held on purpose for {span}. {what}',
    reset: 'The server is put back to its start.',
    restored: 'The server is put back to a snapshot.',
  },
} as const;

export type MarkTextKind = keyof typeof sentenceTexts.marks;

/** The kind that a mark is drawn as. */
export const MARK_KINDS: Readonly<Record<MarkTextKind, MarkKind>> = {
  waiting: 'waiting',
  retried: 'waiting',
  calledAgain: 'waiting',
  rule: 'rule',
  expired: 'expired',
  expiredByRule: 'expired',
  clock: 'clock',
  faultOn: 'fault',
  fault: 'fault',
  faultOff: 'fault',
  attack: 'fault',
  held: 'hold',
  heldUntil: 'hold',
  reset: 'reset',
  restored: 'reset',
};

export type Filling = Readonly<Record<string, string | number | undefined>>;

/** What nobody filled in stays readable as its name. */
export function fillText(text: string, values: Filling): string {
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? name));
}

/** What exports say beside the steps. */
export const exportTexts = {
  participants: {
    agent: 'Agent',
    server: 'Authorization server',
    push: 'Push service',
    approver: 'Approver',
    api: 'API',
  } satisfies Record<Participant, string>,
  outcomes: {
    pending: 'waiting for a decision',
    approved: 'approved',
    denied: 'denied',
    expired: 'expired',
    redeemed: 'approved, and the token was taken',
    refused: 'refused',
  } satisfies Record<RunOutcome, string>,
  description: '{count} steps; {outcome}.',
  notDrawn: '{count} more rows are not drawn. The JSON of this request has all of them.',
  redacted: 'Not told here: {names}',
} as const;
