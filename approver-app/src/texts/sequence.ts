// The texts of the sequence view's own controls. What a step says of itself is in the server's `sequence/sentences.ts`, why it is
// there in texts/explanations. Patterns are written as in texts/shared.ts.
import type { PluralForms } from './shared.ts';

export const sequenceTexts = {
  title: 'Sequence',
  pageTitle: '{run} · Sequence · Assent',
  home: 'Assent: approver app',

  participants: {
    agent: 'Agent',
    server: 'Authorization server',
    push: 'Push service',
    approver: 'Approver',
    api: 'API',
  },

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
    fileLead: 'A recorded story: *{title}*. It is not followed live.',
    close: 'Back to the server',
    complete: 'complete',
  },

  playback: {
    label: 'Playback',
    first: 'First step',
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

  empty: {
    title: 'Nothing has happened yet',
    lead: 'When an agent asks for approval, every message appears here, in order, while it happens.',
    demo: 'Start a demo request',
    demoWhom: 'It asks {person}.',
    terminal: 'Or from a terminal, against this server:',
    ask: 'assent ask "Pay 42 EUR to Grace"',
    open: 'Open a recorded trace',
    openLead: 'works without a server',
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
    help: 'This list',
  },
} as const;
