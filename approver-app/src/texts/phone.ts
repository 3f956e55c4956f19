// The English texts of the approver's page that it needs from the start; those of screens that are loaded later are in
// texts/phone-further.ts, the few of the service worker in push/notification-texts.ts. Patterns as in texts/shared.ts.
import type { PluralForms } from './shared.ts';

export const texts = {
  app: {
    skipPurpose: 'Stand-in for Guardian. For tests and teaching, not for real accounts.',
    back: 'Inbox',
  },

  notifications: {
    relay: 'Relay',
  },

  notice: {
    title: 'Notifications',
    off: 'Off for this browser. Requests appear only while this page is open.',
    offer: 'The next request could find you while this page is closed.',
    blocked: 'Blocked in the settings of this browser. Requests appear only while this page is open.',
    unavailable: 'Not possible here. Requests appear only while this page is open.',
    'web-push': 'On, by web push: also while this page is closed.',
    relay: 'On, only while this page is open.',
    setUp: 'Set up notifications',
    change: 'Notification settings',
    why: 'Why?',
    noThanks: 'No, thanks',
  },

  passkey: {
    title: 'Approving needs a passkey',
    failures: {
      unsupported: 'This browser knows no passkeys (WebAuthn).',
      address:
        'Browsers make passkeys for a host name, never for an IP address or under another name than the server’s own. Open the address that the server printed, and pair this browser there.',
      certificate:
        'This browser does not trust the certificate of the server, and such pages get no passkeys. Install `ca.pem`, which the server offers, and load the page again.',
      unsuitable:
        'Nothing here can check that it is you. Set up a screen lock, or use a security key that has a PIN.',
      failed: 'The browser could not use a passkey. Try again; loading the page anew may help.',
    },
  },

  inbox: {
    screen: 'Inbox',
    heading: { one: '{count} waiting for you', other: '{count} waiting for you' } satisfies PluralForms,
    headingEmpty: 'Nothing is waiting',
    empty:
      'When an agent asks for your approval, it appears here. You read it, compare the code, and decide.',
    demo: 'Send me a demo request',
    demoBusy: 'Asking…',
    demoSent: 'Request {name} is on its way.',
    demoUnreachable: 'The server could not be reached. No request was made.',
    terminal: 'Or from a terminal',
    command: 'npx assent ask "Pay 42 EUR to Grace" --user {user}',
    relay: 'Relay',
    relayWhy: 'Notifications come only while this page is open.',
    waiting: 'Waiting',
    decided: 'Decided',
    byRule: 'by a rule',
    open: 'Read and decide',
    timeLeft: 'time left',
    code: 'code',
    switchPerson: 'switch person',
    settings: 'Settings',
    places: 'Other screens',
    arrived: 'New request from {who}: {summary}. Code {code}.',
    arrivedWithoutCode: 'New request from {who}: {summary}. It has no code.',
    similarTwo: 'Two similar requests came within a minute. Compare the codes.',
    similarSeveral: '{count} requests each look like another that came within a minute. Compare the codes.',
  },

  mailbox: {
    title: 'Mailbox',
    arrived: 'New e-mail: {subject}',
  },

  request: {
    screen: 'Request {name}',
    unknownKind:
      'This kind of request is new here: the tenant has no wording for it. Every value is listed as it was sent.',
    asked: 'Asked {asked}. The request ends at {ends}; the agent can ask again.',
    client: 'Client `{client}` {check} known to this tenant',
    decision: 'Your decision',
    approve: 'Approve',
    approving: 'Approving…',
    deny: 'Deny',
    denying: 'Denying…',
    notNow: 'Not now',
    json: 'Show as JSON',
    readToEnd: 'Read to the end to approve.',
    chooseFirst: 'Choose what is left open to approve.',
    grantsChanged: 'Approve grants what you changed, not all that was asked.',
    passkeyFirst: 'Register a passkey to approve. Denying needs none.',
    passkeyAsked: 'Approve asks for your passkey.',
    notVerified:
      '*You were not verified, so nothing was decided.* The question was closed, or took too long. The request is still open.',
    notVerifiedWhy: '*You were not verified, so nothing was decided.* {why}',
    offlineHint: 'Your tap would not reach the server.',
    armed: 'Press A again to approve, or Escape to stop.',
    disarmed: 'Not armed any more.',
    similarTitle: {
      one: 'A similar request came within a minute. Compare the codes.',
      other: '{count} similar requests came within a minute of this one. Compare the codes.',
    } satisfies PluralForms,
    similarItem: '{name}, {state}: code',
    changed:
      '*The request has changed since you read it.* Nothing was decided. This is the new content; read it again.',
    unreachable:
      '*It is not certain that your answer arrived.* Decide again when the connection is back: only the first answer counts.',
    refused: '*The server refused the answer, so nothing was decided.* {message}',
  },

  deny: {
    title: 'Deny: {summary}?',
    sub: 'A reason is optional. It goes to the request log; the agent is told `access_denied`.',
    reasons: 'Reason',
    notMe: 'I did not ask for this',
    wrongDetails: 'The details are wrong',
    changedMind: 'I changed my mind',
    other: 'Another reason',
    otherLabel: 'Your reason',
    otherMissing: 'Write a reason, or deny without one.',
    chooseReason: 'Choose a reason, or deny without one.',
    submit: 'Deny',
    back: 'Back to the request',
    skip: 'Deny without reason',
    notReady: 'Ready in a moment, so that no tap meant for what was here before can deny.',
  },

  outcome: {
    screen: 'Outcome {name}',
    youApproved: 'You approved',
    youDenied: 'You denied',
    alreadyApproved: 'Already approved',
    alreadyDenied: 'Already denied',
    approved: 'Approved',
    denied: 'Denied',
    expired: 'Expired at {time}',
    timeOver: 'The time is over',
    timeOverLead:
      'There was no connection when it ended, so this page cannot say whether another device decided. It will know once it is connected.',
    expiredLead: 'Nothing was approved: {summary}',
    elsewhereSurface: 'Decided for you through the *{from}*, {when}.',
    elsewhereYou: 'You decided this on *{device}*, {when}.',
    elsewhereRule: 'Answered by the rule *{rule}*, {when}. Nobody decided.',
    elsewhereLink: 'You decided this through the *link of an e-mail*, {when}.',
    what: 'What',
    code: 'Code',
    reason: 'Reason',
    decided: 'Decided',
    decidedOn: '{time}, on {device}',
    decidedBy: '{time}, {from}',
    decidedByRule: '{time}, by a rule',
    ruleNote: 'Nobody decided. The rule is *{rule}*.',
    verifiedBy: 'Verified by passkey',
    request: 'Request',
    requestValue: '{name} · {client}',
    openFor: 'Open for',
    token: 'Token',
    tokenValue: 'Handed out at {time}',
    next: 'What happens now',
    approvedNext: [
      'The agent’s next poll receives an access token that carries exactly these details.',
      'The API compares the details before it acts.',
      'This cannot be undone: the agent may already hold the token.',
    ],
    redeemedNext: [
      'The agent has its access token, which carries exactly these details.',
      'The API compares the details before it acts.',
      'This cannot be undone.',
    ],
    deniedNext: [
      'The agent’s next poll receives `access_denied`. No token is issued.',
      'The tool behind the request never runs.',
    ],
    expiredNext: [
      'The agent’s next poll receives `access_denied`, the same answer as a denial.',
      'The agent can ask again. You would see a new request.',
    ],
    elsewhereNext: ['There is one decision for each request. This page only shows it.'],
    devices: 'Devices that can answer',
    notYou: 'Not you? Deny the next one with “I did not ask for this”, and un-pair that device.',
    nextWaiting: { one: 'Next: 1 waiting', other: 'Next: {count} waiting' } satisfies PluralForms,
    toInbox: 'Back to the inbox',
    showFull: 'Show the full request',
    hideFull: 'Hide the full request',
  },

  faults: {
    active: {
      one: 'A test makes something fail on purpose:',
      other: 'A test makes {count} things fail on purpose:',
    } satisfies PluralForms,
    more: 'and {count} more',
  },

  connection: {
    lost: '*No connection to the server since {time}.*',
    readable: 'You can read this request. Deciding works again when the connection is back.',
    waiting: 'New requests will appear when the connection is back.',
    retry: 'Try now',
    command: 'If the server stopped, start it again:',
    start: 'assent start',
    back: 'Connected again.',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    off: 'Letter shortcuts are turned off in the settings.',
    next: 'Next request',
    previous: 'Previous request',
    open: 'Open the request that has focus',
    approve: 'Arm Approve; a second A approves',
    deny: 'Open the reasons for denying',
    help: 'This list',
    escape: 'Close a sheet, or disarm; never a decision',
  },
} as const;
