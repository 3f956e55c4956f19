// What the page of APIs says: permissions, types of authorization details and their words.
import type { PluralForms } from './shared.ts';

const DIALECTS = [
  { value: 'access_token', name: 'Auth0' },
  { value: 'rfc9068_profile', name: 'RFC 9068' },
] as const;

export const apiTexts = {
  title: 'APIs and detail types',
  short: 'APIs',
  thisOne: 'This API',
  api: 'API',
  typeCount: 'Types',
  create: 'New',
  newTitle: 'Create API',
  newSubmit: 'Create',
  created: '{name} was created.',
  none: 'No API yet',
  noneLead: 'An API is what a token is for. Make one with *New*.',
  management: 'Auth0 Management API',
  system: 'is of the tenant itself and cannot be changed.',
  settings: 'Settings',
  name: 'Name',
  nameHint: 'What the approver reads.',
  identifier: 'Identifier',
  identifierHint: 'The audience of its tokens. Any text, a URL by custom; it cannot be changed later.',
  identifierLock: 'set when it was created',
  accessToken: 'Access token',
  dialect: 'JSON Web Token (JWT) Profile',
  dialectHint: 'RFC 9068 adds jti and client_id, and the header type at+jwt.',
  newDialects: DIALECTS,
  dialects: [
    ...DIALECTS,
    { value: 'access_token_authz', name: 'Auth0, with permissions' },
    { value: 'rfc9068_profile_authz', name: 'RFC 9068, with permissions' },
  ],
  token_lifetime: { name: 'Maximum Access Token Lifetime', hint: 'In seconds. Auth0 begins with 86400.' },
  token_lifetime_for_web: {
    name: 'Implicit / Hybrid Flow Access Token Lifetime',
    hint: 'In seconds, where a browser flow issued it. Auth0 begins with 7200.',
  },
  allow_offline_access: { name: 'Allow Offline Access', hint: 'offline_access yields a refresh token.' },
  enforce_policies: { name: 'Enable RBAC', hint: 'Grant only the permissions that the person holds.' },
  policies: 'Application Access Policy',
  policy: {
    user: {
      name: 'User access',
      hint: 'Who may ask for a token on behalf of a person.',
      choices: [
        { value: 'allow_all', name: 'Allow all' },
        { value: 'require_client_grant', name: 'Require client grant' },
        { value: 'deny_all', name: 'Deny all' },
      ],
    },
    client: {
      name: 'Client access',
      hint: 'Who may ask for a token for itself.',
      choices: [
        { value: 'require_client_grant', name: 'Require client grant' },
        { value: 'deny_all', name: 'Deny all' },
      ],
    },
  },
  goesWith: {
    one: '1 client grant and the permissions of people and roles go with it.',
    other: '{count} client grants and the permissions of people and roles go with it.',
  } satisfies PluralForms,
} as const;

export const permissionTexts = {
  title: 'Permissions',
  none: 'None yet. A token for this API says nothing that its bearer may do.',
  holders: { one: '1 client', other: '{count} clients' } satisfies PluralForms,
  value: 'Permission',
  description: 'Description',
  add: 'Add',
  added: '{permission} was added to {name}.',
  twice: '{permission} is there already.',
  remove: 'Remove {permission}',
  removed: '{permission} was removed from {name}, and from whoever held it.',
} as const;

export const typeTexts = {
  title: 'Authorization detail types',
  none: 'None yet. A request with authorization details is refused.',
  type: 'Type',
  register: 'Register',
  registered: '{type} is registered at {name}.',
  twice: '{type} is registered already.',
  auth0Schema: 'Auth0’s schema · Guardian can show it',
  ownSchema: 'Own schema',
  plain: 'No wording: shown as a plain list',
  worded: 'worded “{words}”',
  hasWords: 'worded',
  noWords: 'no wording',
} as const;

export const wordingTexts = {
  title: 'Wording and schema',
  name: { name: 'Name', hint: 'What the approver reads for this type.' },
  action: { name: 'Action', hint: 'Verb of the question: Transfer.' },
  amount: { name: 'Amount', hint: 'JSON Pointer to the main value: /amount' },
  currency: { name: 'Currency', hint: 'JSON Pointer to its unit: /currency' },
  preposition: { name: 'Preposition', hint: 'Before whom or what it concerns: to, from, for.' },
  to: { name: 'Concerns', hint: 'JSON Pointer to whom or what it concerns: /to' },
  labels: { name: 'Labels', hint: 'JSON: a label for a field, by JSON Pointer.' },
  schema: { name: 'JSON Schema', hint: 'What each object must satisfy (2020-12). Auth0 has none.' },
  noJson: 'This is no JSON.',
  save: 'Save wording and schema',
} as const;
