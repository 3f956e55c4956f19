// The English texts of the approver's screens that are loaded when they are opened: joining, devices, notifications, mailbox,
// settings. Patterns are written as in texts/shared.ts.
import type { PluralForms } from './shared.ts';

export const furtherTexts = {
  request: {
    missing: 'This request is not here',
    forAnother: 'This request is for {name}',
    forAnotherLead: 'You are here as {current}. This browser can answer for {name} as well.',
    switchTo: 'Switch to {name}',
    missingLead:
      'It may belong to another person, or the server has forgotten it. Nothing was decided by opening this address.',
    missingOffline:
      'This browser has not read it yet, and the server cannot be reached. Nothing was decided by opening this address.',
  },

  json: {
    title: 'As the client sent it',
    sub: 'The content of the request {name}, before it was put into words.',
  },

  notifications: {
    title: 'Hear about requests when this page is closed',
    lead: 'Your browser will ask for permission next.',
    leadGranted: 'Your browser allows notifications already.',
    answers: {
      none: 'A notification shows who asks and the code. It cannot approve: that is done on the full screen.',
      both: 'A notification shows who asks and the code. Where these words say all that is asked, it offers Approve and Deny at once; whatever has more to read opens the full screen.',
      deny: 'A notification shows who asks and the code. Where these words say all that is asked, it offers Deny at once; approving needs your passkey and is done on the full screen.',
    },
    delivery: 'Delivery',
    webPush: 'Web push',
    webPushWhy: 'Through the push service of your browser. Works while this page is closed.',
    ifFails: 'If push fails',
    relayWhy:
      'This page keeps a connection to the server and shows requests itself: only while this page is open. Labelled “relay” in the inbox.',
    lockScreen: 'On the lock screen',
    example: 'Travel agent asks for your approval',
    exampleBody: 'Pay 420.00 EUR · TRIP-7F2',
    ask: 'Ask for permission',
    turnOn: 'Turn on',
    later: 'Not now',
    asking: 'Your browser asks you now…',
    connecting: 'Connecting…',
    connectingLead: 'If the push service does not answer within five seconds, the relay takes over.',
    dismissed: 'You closed the question without an answer. You can be asked again.',
    failed: 'The server could not be reached, so nothing was turned on.',
    onTitle: 'Notifications are on',
    onWebPush: 'Requests reach this browser by web push, also while this page is closed.',
    onRelay:
      'Requests reach this browser through the relay, *only while this page is open*. The push service of the browser did not answer; it is tried again whenever the app starts, and takes over once it answers.',
    turnOff: 'Turn off',
    turnedOff: 'Notifications are off.',
    turnedOn: { 'web-push': 'Notifications are on, by web push.', relay: 'Notifications are on, by relay.' },
    blockedTitle: 'Notifications are blocked',
    blockedLead:
      'This browser was told not to show notifications of `{host}`. Only its own settings can undo that:',
    blockedSteps: [
      'Open the settings of this site: the sign before the address, or the settings of the browser.',
      'Set *Notifications* to *Allow*.',
      'Come back here and turn them on.',
    ],
    blockedStill: 'Requests still appear while this page is open.',
    unavailableTitle: 'No notifications here',
    why: {
      insecure:
        'This address uses plain HTTP from another computer. Browsers receive notifications only over HTTPS or on localhost.',
      unsupported: 'This browser cannot show notifications. Requests appear while this page is open.',
      certificate:
        'This browser does not trust the certificate of the server, so it shows this page but receives nothing behind it. Make this device trust it, and load the page again.',
      failed:
        'The part of the app that receives notifications could not be installed. Load the page again; private windows and full disks are known reasons.',
      'home-screen': 'On iPhone and iPad, notifications reach only an app on the home screen.',
    },
    trust: 'How to trust this server',
    iosTitle: 'On iPhone and iPad, first',
    iosSteps: ['Share, then *Add to Home Screen*.', 'Open Assent from the home screen and come back here.'],
  },

  mailbox: {
    lead: 'E-mail to *{address}*. It stays in this server: nothing was sent, and nobody else’s mail is here.',
    noAddress:
      '*{name}* has no e-mail address, so requests cannot go by e-mail. Add `email` to this person in the tenant file.',
    elsewhere:
      'The tenant file names a mail server, which gets the messages. Look into the mailbox of *{address}* there.',
    empty:
      'Requests go by e-mail when they may wait longer than push allows, and only for clients that list `email` in `async_approval_notification_channels`. Each message has a link that shows its request after a login.',
    emptyTitle: 'No e-mail yet',
    first:
      'If the client that asks does not list it yet, add it first: under *Clients* in the console, or in the tenant file. Then:',
    command: 'npx assent ask "Pay 42 EUR to Grace" --user {user} --expiry 3600',
    failed: 'The mailbox could not be read.',
    retry: 'Try again',
    messages: 'Messages',
    facts: 'From {from} to {to}, {time}. Request {request}',
    factsAlone: 'From {from} to {to}, {time}',
    requestGone: '{name}, forgotten by now',
    openLink: 'Open the link',
    linkWhy:
      'Opening the link decides nothing: it asks for a login and shows the request. The message itself runs no scripts, and nothing is loaded for it from elsewhere.',
    enrolmentWhy:
      'Opening the link changes nothing; it leads to a page on which another device can be enrolled. The message itself runs no scripts, and nothing is loaded for it from elsewhere.',
    copyLink: 'Copy link',
    asSent: 'As sent',
    asText: 'Text version',
    version: 'Version of the message',
    missing: 'This message is not here',
    missingLead: 'It may be somebody else’s, or it made room for newer ones.',
  },

  passkey: {
    heading: 'Passkey',
    lead: 'This tenant wants to know that it is you who approves. A passkey checks that with the screen lock, fingerprint or face of your device, or with a security key. Denying works without one.',
    register: 'Register a passkey',
    registering: 'Follow your browser…',
    registered:
      'Approving in this browser asks for its passkey. If you lose it, un-pair this browser, pair it again and register a new one.',
    done: 'The passkey is registered.',
    notMade:
      'No passkey was made: the question was closed, or took too long. If your browser asked nothing, it may have no screen lock or security key to use, or may not trust the certificate of this server.',
    unreachable: 'The server could not be reached, so no passkey was registered.',
    denyStill: 'You can still deny here, and approve on another device.',
  },

  people: {
    title: 'Who are you?',
    lead: 'Approvers of *{tenant}*. Nobody is asked for a password here.',
    notPaired: 'No device yet: push requests fail',
    devices: { one: '1 device', other: '{count} devices' } satisfies PluralForms,
    pairedHere: 'This browser can answer',
    current: 'You are here',
    none: 'This tenant has no people. Add one under `users` in the tenant file.',
    failed: 'The list of people could not be loaded.',
    retry: 'Try again',
    insecure:
      'This address uses plain HTTP from another computer. Browsers sign answers only over HTTPS or on localhost. Open the `https://` address that the server printed.',
    forgotten:
      'The server does not know this browser any more. It forgets its devices when it is reset, and when it stops without having kept them in a file. Pair again to go on.',
    removed: 'This browser was un-paired. Its key is destroyed.',
  },

  pairing: {
    title: 'Let this browser approve for {name}?',
    tenant: 'Tenant',
    server: 'Server',
    deviceName: 'Name of this browser',
    deviceNameHint: 'Shown beside every decision that is made here.',
    deviceNameMissing: 'Give this browser a name.',
    key: 'A signing key is made in this browser and stays here. The server keeps the public half and checks every answer with it.',
    submit: 'Pair this browser',
    submitting: 'Pairing…',
    someoneElse: 'Someone else',
    unreachable: 'The server could not be reached. Nothing was paired.',
    code: 'Pairing code',
    wrongCode: 'This is not the code I see',
    cancel: 'Cancel',
    again:
      'This browser answers for {name} already. Pairing gives it a new key and takes the old enrolment away.',
  },

  enrol: {
    checking: 'Checking the pairing link…',
    notGood: 'This pairing link is not good any more',
    notGoodLead: 'It works once, and for a few minutes. It was used, it has ended, or it was cancelled.',
    notGoodSteps: [
      'On a device that is paired, open *Settings*, *Devices*, *Pair another phone*.',
      'Open the new link here, or point this phone’s camera at the new code.',
    ],
    unreachable: 'The server could not be reached',
    unreachableLead: 'Nothing was paired, and the link was not used.',
    refused: 'Nothing was paired',
    refusedLead:
      'If the codes differ, this link was made by somebody else. It was not used, and it ends by itself. Cancel the pending device on the screen that you trust, and make a new code there.',
    goOn: 'Go on without pairing',
    retry: 'Try again',
  },

  pairPhone: {
    title: 'Pair another phone',
    back: 'Devices',
    left: 'code ends in',
    timeLeft: 'The code ends in {time}',
    qr: 'Pairing link for {name} as a QR code',
    steps: [
      'Point the other phone’s camera at the code. It works once.',
      'On that phone, check that it says *{name}* and {code}.',
    ],
    trust:
      'First, that phone must trust this server: open {url} on it. The page says how, and what works without.',
    copy: 'Copy pairing link',
    plain:
      'This address uses plain HTTP. A phone cannot pair through it: browsers sign answers and receive push only over HTTPS. Open this page under the `https://` address that the server printed.',
    loopback:
      'This address, `{host}`, exists on this computer only. The link pairs another browser here; for a phone, start Assent with `--host 0.0.0.0`.',
    failed: 'The code could not be made',
    ended: 'The code has ended',
    endedLead: 'Nobody used it, and the pending device is gone.',
    again: 'Make a new code',
    cancelled: 'The code was cancelled',
    cancelledLead: 'The pending device was taken away before anybody used the code.',
    paired: '{device} is paired',
    pairedLead: 'It can answer for *{name}* from now on.',
    toDevices: 'To the devices',
  },

  devices: {
    title: 'Devices',
    back: 'Settings',
    lead: 'What can answer for *{name}*.',
    failed: 'The list of devices could not be loaded.',
    here: 'This browser',
    pending: 'Pending',
    pendingName: 'New device',
    pendingWhy: 'Waits until a browser uses the pairing link',
    since: 'Since {time}',
    withoutKey: 'From the tenant file: it can be reached, but has no key to answer with',
    passkey: 'With a passkey',
    push: {
      none: 'No notifications',
      'web-push': 'Web push',
      relay: 'Relay: while its page is open',
      lost: 'Push is lost: its push service gave it up. It comes back when Assent is opened there',
    },
    rename: 'Rename',
    renameTitle: 'Rename {name}',
    renameHint: 'Shown beside every decision that is made there, from now on.',
    name: 'Name',
    nameMissing: 'Give it a name.',
    save: 'Save name',
    saving: 'Saving…',
    renamed: 'It is called {name} now.',
    renameFailed: 'The server could not be reached, so the name stays.',
    unpair: 'Un-pair',
    cancel: 'Cancel',
    unpaired: '{name} is un-paired.',
    cancelled: 'The pairing link was cancelled.',
    unpairFailed: '{name} could not be un-paired.',
    pairAnother: 'Pair another phone',
  },

  settings: {
    title: 'Settings',
    theme: 'Appearance',
    themeSystem: 'As the system',
    themeLight: 'Light',
    themeDark: 'Dark',
    letters: 'Letter shortcuts',
    lettersHint: '`A`, `D`, `J`, `K` and `?`. Turn them off if speech input types letters for you.',
    device: 'This browser',
    deviceName: 'Name',
    deviceId: 'Enrolment',
    pairedFor: 'Answers for',
    shortcuts: 'Show all shortcuts',
    devices: 'Devices of {name}',
    notifications: 'Notifications',
  },

  sheet: {
    title: 'Who are you here?',
    sub: 'Approvers of *{tenant}*. Switching takes effect in this browser only.',
    waiting: { one: '1 waiting', other: '{count} waiting' } satisfies PluralForms,
    tapToPair: 'Not paired in this browser',
    unpair: 'Un-pair {name} from this browser',
    unpairQuestion: 'Un-pair {name}?',
    unpairLead:
      'The key of *{device}* is destroyed. Requests that are waiting stay open, and you can pair again at any time.',
    unpairConfirm: 'Un-pair',
    keep: 'Keep',
    unpairFailed: 'The server could not be reached, so nothing was un-paired.',
  },
} as const;

/** Where the approver may change what is granted. */
export const grantTexts = {
  struck_out: 'Struck out',
  chosen: 'Chosen',
  keep: 'Grant this one',
  keepEntry: 'Grant this one: {title}',
  lastStays: 'The last one stays. To grant nothing, deny.',
  chooseOne: 'The request leaves this open. Choose one.',
  chooseSome: 'The request leaves this open. Choose one or more.',
} as const;
