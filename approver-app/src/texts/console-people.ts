// What the pages of people, of devices and of the mailbox say.
import type { PluralForms } from './shared.ts';

export const peopleTexts = {
  title: 'People',
  count: { one: '1 person', other: '{count} people' } satisfies PluralForms,
  filter: 'Filter people',
  columns: { name: 'Name', email: 'E-mail', id: 'User id', devices: 'Devices' },
  devices: { one: '1 device', other: '{count} devices' } satisfies PluralForms,
  noDevice: 'No device: push requests fail',
  nothingMatches: 'Nobody matches this filter.',
  none: 'Nobody is here',
  noneLead: 'People of this tenant can be asked for approval. They stand under `users` in the tenant file.',
  command: 'assent start --config tenant.yaml',
  ask: 'Send a demo request',
  asked: '{name} is asked something harmless.',
  invite: 'Pair a device',
  inviteTitle: 'Pair a device for {name}',
  inviteCode: 'Pairing link for {name} as a QR code',
  inviteLead:
    'Whoever opens this link answers for {name} from that browser on, without being asked. It works once, until {time}.',
  inviteHere: 'Open it in this browser',
  copyInvite: 'Copy pairing link',
  block: 'Block',
  unblock: 'Unblock',
  blocked: '{name} is blocked: requests to them are refused.',
  unblocked: '{name} is not blocked any more.',
  remove: 'Delete…',
  removeTitle: 'Delete {name}?',
  removeName: 'Delete {name}',
  removeLead: {
    one: 'The person goes, with 1 device. This cannot be undone; a reset brings back whom the tenant file has.',
    other:
      'The person goes, with {count} devices. This cannot be undone; a reset brings back whom the tenant file has.',
  } satisfies PluralForms,
  removed: '{name} is deleted.',
  keep: 'Keep',
  devicesTitle: 'Devices',
  noDevices: '{name} has no device: requests by push are refused.',
  requests: 'Requests',
  noRequests: 'Nobody has asked {name} yet.',
  allRequests: { one: 'The request', other: 'All {count} requests' } satisfies PluralForms,
  profile: 'Profile, as the Management API shows it',
  add: 'Add a person',
  addTitle: 'Add a person',
  addSubmit: 'Add',
  added: '{name} is added.',
  cancel: 'Cancel',
  form: { name: 'Name', email: 'E-mail', password: 'Password' },
  formHint: {
    name: 'Shown to clients and on every screen. Left out, the address stands in its place.',
    email: 'Where requests go that may wait longer than push allows.',
    password: 'For the login page. Of a test tenant: nothing that is used elsewhere.',
  },
} as const;

export const deviceTexts = {
  title: 'Devices',
  count: { one: '1 device', other: '{count} devices' } satisfies PluralForms,
  filter: 'Filter devices',
  columns: { name: 'Name', person: 'Person', push: 'How it hears', since: 'Since', acts: 'Ends' },
  nothingMatches: 'No device matches this filter.',
  none: 'No device is paired',
  noneLead:
    'A browser or a Guardian app that answers for a person is listed here. Pair one from the page of a person.',
  toPeople: 'To the people',
  command: 'assent browser chromium',
  pending: 'New device',
  pendingWhy: 'waits until a browser uses its pairing link',
  push: {
    none: 'no notifications',
    'web-push': 'web push',
    relay: 'relay, while its page is open',
    lost: 'push is lost: its push service gave it up',
  },
  noKey: 'of the tenant file, cannot answer',
  passkey: 'with a passkey',
  unpair: 'Un-pair…',
  unpairName: 'Un-pair {name}',
  unpairTitle: 'Un-pair {name} of {person}?',
  unpairLead:
    'It is told of nothing any more, and its answers are refused. This cannot be undone; it can be paired again.',
  unpaired: '{name} is un-paired.',
  keep: 'Keep',
} as const;

export const mailboxTexts = {
  title: 'Mailbox',
  message: 'Message',
  count: { one: '1 message', other: '{count} messages' } satisfies PluralForms,
  filter: 'Filter messages',
  columns: { to: 'To', subject: 'Subject', request: 'Request' },
  none: 'No e-mail yet',
  noneLead:
    'Requests go by e-mail when they may wait longer than push allows, and only for clients that list `email` in `async_approval_notification_channels`. They stay in this server, unless the tenant names a mail server.',
  first:
    'If the client that asks does not list it yet, add it first: under *Clients*, or in the tenant file. Then ask, and let it wait longer than push allows.',
  command: 'npx assent ask "Pay 42 EUR to Grace" --expiry 3600',
  stays: 'Messages never leave this server. Tests read them at `/control/mailbox`.',
  noRequest: 'none',
  facts: 'From {from} to {to}, {time}',
  copyLink: 'Copy link',
  openLink: 'Open the link',
  asText: 'Text version',
  linkWhy:
    'Opening the link decides nothing: it asks for a login and shows the request. That is why a scanner that follows links cannot approve.',
  enrolmentWhy: 'Opening the link changes nothing; it leads to a page on which a device can be enrolled.',
} as const;
