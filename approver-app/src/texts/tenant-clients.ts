// What the page of clients says, by the names of the dashboard.
import type { PluralForms } from './shared.ts';

export const clientTexts = {
  title: 'Clients',
  thisOne: 'This client',
  application: 'Application',
  ciba: 'CIBA',
  create: 'New',
  newTitle: 'Create Application',
  newSubmit: 'Create',
  created: '{name} was created.',
  none: 'No client yet',
  noneLead: 'A client is the program that asks, usually an agent. Make one with *New*.',
  labNames: 'the names below are those of the dashboard: Settings, APIs, Advanced Settings, Grant Types.',
  firstParty: 'first party',
  thirdParty: 'third party',
  public: 'public',
  confidential: 'confidential',
  goesWith: {
    one: 'Its client grant goes with it, and its tokens are not renewed any more.',
    other: 'Its {count} client grants go with it, and its tokens are not renewed any more.',
  } satisfies PluralForms,

  settings: 'Settings',
  name: 'Name',
  nameHint: 'What the approver reads.',
  renamed: '{name} is called {next} now.',
  appType: 'Application Type',
  appTypes: [
    { value: 'regular_web', name: 'Regular Web Application' },
    { value: 'spa', name: 'Single Page Application' },
    { value: 'native', name: 'Native' },
    { value: 'non_interactive', name: 'Machine to Machine' },
  ],
  callbacks: 'Allowed Callback URLs',
  allowed_logout_urls: 'Allowed Logout URLs',
  onePerLine: 'One on each line.',

  channels: 'Notification channels for approval',
  channelOrder: 'Channels, in order',
  channelHint:
    'Requests of up to {seconds} s go to push, longer ones to e-mail. Who has no device is asked by e-mail, where the client has it.',
  channelChoices: [
    { value: '', name: 'as Auth0 begins: guardian-push' },
    { value: 'guardian-push', name: 'guardian-push' },
    { value: 'guardian-push email', name: 'guardian-push, then email' },
    { value: 'email guardian-push', name: 'email, then guardian-push' },
    { value: 'email', name: 'email' },
  ],

  advanced: 'Advanced Settings',
  grantTypes: 'Grant Types',
  grants: {
    authorizationCode: { name: 'Authorization Code', hint: 'A person signs in with a browser.' },
    refreshToken: { name: 'Refresh Token', hint: 'Keep access after the first token ends.' },
    clientCredentials: {
      name: 'Client Credentials',
      hint: 'The application acts for itself, without a person.',
    },
    ciba: {
      name: 'Client Initiated Backchannel Authentication (CIBA)',
      hint: 'Ask a person on another device. Needs a first party, confidential, OIDC conformant application.',
    },
    deviceCode: { name: 'Device Code', hint: 'Sign in on a second device with a short code.' },
    others: 'Also kept for tools, without effect here: {grants}.',
  },

  oauth: 'OAuth',
  oidc_conformant: 'OIDC Conformant',
  is_first_party: 'First party',
  neededForCiba: 'CIBA needs it.',

  credentials: 'Credentials',
  authMethod: 'Authentication Method',
  authHint: 'How the application proves itself at the token endpoint. Post and Basic are taken alike.',
  authByKey: 'It proves itself with a key, which the Management API or the tenant file sets.',
  setByKeys: 'set by its keys',
  authMethods: [
    { value: 'client_secret_post', name: 'Client Secret (Post)' },
    { value: 'client_secret_basic', name: 'Client Secret (Basic)' },
    { value: 'none', name: 'None' },
    { value: 'private_key_jwt', name: 'Private Key JWT' },
  ],
  secret: 'Client Secret',
  secretHint: 'Read from the server only when you ask for it.',
  showSecret: 'Show secret',
  hideSecret: 'Hide',
  copySecret: 'Copy client secret',
  noSecret: 'There is none. Rotate to make one.',
  rotate: 'Rotate',
  rotated: '{name} has a new secret. The old one is refused from now on.',
} as const;
