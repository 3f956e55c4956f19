// The texts of the sequence view's own controls. What a step says of itself is in the server's `sequence/sentences.ts`, why it is
// there in texts/explanations. Patterns are written as in texts/shared.ts.
import type { Participant, StepKind } from 'assent/sequence';
import type { PluralForms } from './shared.ts';

export const sequenceTexts = {
  title: 'Sequence',
  pageTitle: '{run} · Sequence · Assent',
  home: 'Assent: approver app',
  notices: 'Notices',

  participants: {
    agent: 'Agent',
    server: 'Authorization server',
    push: 'Push service',
    approver: 'Approver',
    api: 'API',
  } satisfies Record<Participant, string>,

  /** Where the columns stand close. */
  shortParticipants: {
    agent: 'Agent',
    server: 'Server',
    push: 'Push',
    approver: 'Approver',
    api: 'API',
  } satisfies Record<Participant, string>,

  letters: {
    a: 'auth_req_id',
    b: 'code',
    d: 'details',
    c: 'consent and challenge',
    t: 'access token',
  },

  runs: {
    label: 'Request',
    none: 'No request yet',
    newest: 'Newest request',
    newer: { one: '1 new request', other: '{count} new requests' } satisfies PluralForms,
    unknown: 'There is no request {run} here. It may be of a story before the last reset.',
    outcomes: {
      pending: 'waiting',
      approved: 'approved',
      denied: 'denied',
      expired: 'expired',
      redeemed: 'approved, token taken',
      refused: 'refused',
    },
  },

  connection: {
    file: 'recorded',
    fileLead: 'A recorded story: *{title}*. Nothing here is live.',
    close: 'Back to the server',
  },

  playback: {
    label: 'Playback',
    previous: 'Previous step',
    next: 'Next step',
    play: 'Play',
    pause: 'Pause',
    speed: 'Speed {speed} times',
    speedShown: '{speed}×',
  },

  diagram: {
    label: 'Diagram',
    image: 'Sequence diagram of request {run}. Its steps are the list in the same place.',
    polls: 'polls {from}–{to} of {count}',
    repeated: '×{count}',
  },

  list: {
    label: 'Steps of {run}',
    item: '{from} to {to}: {label}. {sentence}',
    repeated: 'It comes {count} times.',
    fold: 'Enter shows each of them.',
    ofMany: '{index} of {count}',
    mark: 'Between the steps: {text}',
    asDiagram: 'As a diagram',
    asList: 'As a list',
    step: 'step {number}',
  },

  arrived: {
    bar: { one: '1 new step', other: '{count} new steps' } satisfies PluralForms,
    announced: { one: '1 new step.', other: '{count} new steps.' } satisfies PluralForms,
    last: 'The last one: {sentence}',
  },

  panel: {
    label: 'Step',
    number: 'Step {number} of {count}',
    tabs: 'Step details',
    why: 'Why',
    request: 'Request',
    response: 'Response',
    token: 'Token',
    specification: 'Specification',
    unavailable: '{tab}: not part of this step',
    noStep: 'Nothing is selected.',
  },

  legend: {
    label: 'Values to follow',
    step: 'step',
    pause: 'pause',
    space: 'Space',
    help: 'all keys',
  },

  dock: {
    label: 'Steps',
    previous: 'Previous',
    next: 'Next',
    details: '{number} of {count}: details',
    list: '{number} of {count}: list',
  },

  share: {
    button: 'Share',
    copied: 'The address of this step is copied.',
    failed: 'The browser did not allow copying. Take the address from its address bar.',
    fromFile: 'A recorded story has no address. Export it, and send the file.',
  },

  faults: {
    one: '*Fault on purpose:* {text}',
    more: 'and {count} more',
    off: 'Turn off',
    offAll: 'Turn all off',
    turnedOff: 'Nothing fails on purpose any more.',
  },

  exports: {
    button: 'Export',
    title: 'Export {run}',
    choices: {
      json: {
        label: 'This request as JSON',
        lead: 'An assent-trace file. Open it here again, or in a test.',
      },
      whole: {
        label: 'Everything as JSON',
        lead: {
          server: 'All requests that the server remembers, in one file.',
          file: 'All requests of this file, in one file.',
          scene: 'Everything that was played for this scene, in one file.',
        },
      },
      html: {
        label: 'A page that replays it',
        lead: 'One HTML file with this view in it. It needs no server and no network.',
      },
      mermaid: { label: 'Mermaid text', lead: 'A sequence diagram for documents.' },
      svg: { label: 'SVG picture', lead: 'The drawing, to be printed or shown.' },
    },
    saved: '{name} is saved.',
    failed: 'That could not be made: the server does not answer, or it was built without this page.',
    tooLong:
      'That could not be made: the browser has no room for a story of this length. Export a single request.',
    redacted: 'Not in any of them: `{names}`. These were shortened or taken out when it happened.',
    nothingRedacted: 'Nothing had to be taken out.',
  },

  open: {
    button: 'Open',
    label: 'A recorded story',
    dismiss: 'Dismiss',
    tooLarge: '{name} is larger than {most} MB. Export a single request, and open that.',
    unreadable: 'The browser cannot read {name}. Expected a file, and leave to read it.',
    noJson:
      '{name} is no JSON. Expected a file that this view, a test or the command assent trace has exported.',
    tooDeep: '{name} is nested more than {most} deep, and no story is. Export it again.',
    noStory:
      '{name} is no story of Assent: its "format" is {received}, expected "assent-trace". Export one here, or with: assent trace',
    otherVersion:
      '{name} is a story of version {version}, and this view reads version 1. Open it with a newer Assent.',
    broken: '{name} cannot be read at {path}: {why}. Export it again; it may have been changed by hand.',
  },

  presenter: {
    button: 'Present',
    of: 'of {count}',
    hidden: 'Secrets and addresses hidden',
    labels: {
      ask: 'ask',
      'ask-answered': 'reference',
      'ask-refused': 'refused',
      'push-sent': 'push',
      'push-received': 'shown',
      'inbox-told': 'shown',
      'email-sent': 'e-mail',
      'notification-failed': 'lost',
      'details-read': 'what is asked?',
      'details-shown': 'details',
      poll: 'decided?',
      'poll-pending': 'not yet',
      'poll-too-fast': 'slow down',
      'poll-unread': 'nobody listens',
      'poll-refused': 'no',
      tokens: 'token',
      pinged: 'ping',
      'tokens-pushed': 'token',
      'error-pushed': 'no',
      'callback-taken': 'thanks',
      'callback-refused': 'not taken',
      'callback-failed': 'out of reach',
      approved: 'approved',
      denied: 'denied',
      'decision-taken': 'taken',
      'decision-late': 'another answer',
      'decision-refused': 'refused',
      'token-asked': 'token?',
      'token-refused': 'refused',
      'api-called': 'do it',
      'api-answered': 'done',
      'api-refused': 'stopped',
      attack: 'attack',
    } satisfies Record<StepKind, string>,
  },

  empty: {
    title: 'Nothing has happened yet',
    lead: 'When an agent asks for approval, every message appears here, in order, while it happens.',
    demo: 'Start a demo request',
    demoWhom: 'It asks {person}.',
    terminal: 'Or from a terminal, against this server:',
    ask: 'npx assent ask "Pay 42 EUR to Grace"',
    variables: 'The same without Assent’s own command, with the variables of `npx assent env`:',
    open: 'Open a recorded trace',
    openLead: 'works without a server',
    file: 'No request is in this story.',
  },

  keys: {
    title: 'Keyboard shortcuts',
    next: 'Next step',
    previous: 'Previous step',
    first: 'First step',
    last: 'Last step, and follow what comes',
    play: 'Play or pause',
    unfold: 'Show each of the folded polls, or fold them',
    copy: 'Copy this step as…',
    console: 'Go to the console',
    requests: 'Go to the requests of the console',
    approve: 'Go to the approver app',
    presenter: 'Presenter mode on or off',
    palette: 'Find a request or a page',
    help: 'This list',
  },
} as const;
