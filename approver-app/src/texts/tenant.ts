// The texts of the console's pages for the configuration. Names of settings are those of Auth0's dashboard, so that a lesson written
// for it can be followed here. Patterns are written as in texts/shared.ts.

import type { PluralForms } from './shared.ts';
import { apiTexts, permissionTexts, typeTexts, wordingTexts } from './tenant-apis.ts';
import { channelTexts, enrolmentTexts, factorTexts, faultTexts } from './tenant-channels.ts';
import { clientTexts } from './tenant-clients.ts';

export const tenantTexts = {
  loading: 'Reading the tenant …',
  failed: 'The tenant could not be read: {why}',
  retry: 'Try again',
  missing: 'Not here',
  missingLead: 'This tenant has no `{item}`. It may have been deleted, or the address is of another tenant.',
  on: 'on',
  off: 'off',
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  showAsFile: 'Show as file',
  notInFile: 'not in the file',
  changed: '{what} of {name} was changed.',
  turnedOn: '{what} is on for {name}.',
  turnedOff: '{what} is off for {name}.',

  remove: {
    begin: 'Delete {name} …',
    question: 'Delete {name}?',
    confirm: 'Delete {name}',
    keep: 'Keep it',
    done: '{name} is deleted.',
  },

  unfiled: {
    region: 'Changes that the file has not',
    count: {
      one: '1 thing lives only in memory:',
      other: '{count} things live only in memory:',
    } satisfies PluralForms,
    show: 'Show the changes',
    goBack: 'Back to the file',
    goBackQuestion: 'Go back to the file?',
    goBackLead: 'What was changed since is taken back, everywhere in the tenant: {places}.',
    keep: 'Keep the changes',
    wentBack: 'The tenant is what the file says again.',
    fileIt: 'The file has it now',
    filed: 'What the tenant is now counts as what is in the file.',
  },

  file: {
    title: 'The same settings, as a file',
    extent: 'Extent',
    extents: { all: 'Whole tenant', changes: 'Changes only' },
    noChanges: 'The file has everything that the tenant is now.',
    nothing: 'Nothing here differs from what holds anyway, so a file says nothing of it.',
    withSecrets: 'With secrets',
    secretsLeftOut: 'Secrets and passwords are left out. A file without them has mistakes to be filled in.',
    secretsShown: 'Secrets and passwords are on the screen, in what you copy and in what you download.',
    marked: 'Marked lines were changed here and are not in the file yet.',
    notMarked: 'All of it is in the file.',
    gone: {
      one: 'The file has 1 thing that the tenant has not. A part of a file cannot take it away; the whole tenant can:',
      other:
        'The file has {count} things that the tenant has not. A part of a file cannot take them away; the whole tenant can:',
    } satisfies PluralForms,
    exportLead: 'The same from a terminal:',
    mergeLead: 'What stands here, put into a file, is laid over a tenant from a terminal:',
    copy: 'Copy',
    download: 'Download {name}',
    downloaded: '{name} was downloaded.',
  },

  clients: clientTexts,

  clientApis: {
    title: 'APIs',
    none: 'There is no API yet.',
    createApi: 'Create one under APIs and detail types',
    user: { name: 'User access' },
    client: { name: 'Client access' },
    policies: {
      allow_all: 'Not needed: this API lets every client ask on behalf of a person.',
      require_client_grant: 'Not authorised: this API refuses without it.',
      deny_all: 'Without effect: this API refuses everybody.',
    },
    scopes: 'Permissions',
    types: 'Detail types',
    allPermissions: 'All permissions granted',
    noPermission: 'No permission granted',
    permissions: '{count} of {all} permissions granted: {scopes}',
    granted: '{name} is authorised for {api}: {access}.',
    revoked: '{name} is not authorised for {api} any more: {access}.',
    given: '{name} may ask for {what} at {api}.',
    taken: '{name} may not ask for {what} at {api} any more.',
    management: {
      one: 'Auth0 Management API: 1 permission, set by the tenant file or a tool.',
      other: 'Auth0 Management API: {count} permissions, set by the tenant file or a tool.',
    } satisfies PluralForms,
    managementAll: 'Auth0 Management API: every permission, set by the tenant file or a tool.',
  },

  apis: apiTexts,

  permissions: permissionTexts,

  types: typeTexts,

  typePanel: {
    label: 'Detail type {type}',
    title: 'Detail type',
    preview: 'As the approver sees it',
    loading: 'Asking the server …',
    code: 'DEMO-7Q4',
    example: 'Example, judged like a request',
    measures: '{objects} objects, {properties} properties, depth {depth}, {bytes} bytes.',
    of: '{is} of {most}',
    saved: 'Wording and schema of {type} were saved.',
    unregister: 'Take this type from the API',
    unregistered: '{type} is not registered at {name} any more.',
  },

  wording: wordingTexts,

  channels: channelTexts,

  factors: factorTexts,

  enrolments: enrolmentTexts,

  faults: faultTexts,
} as const;
