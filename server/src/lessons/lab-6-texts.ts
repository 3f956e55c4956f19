// What the steps of Lab 6 say. The ways are those of Auth0's dashboard, by the names that the lab uses.

export const LAB_6 = {
  id: 'lab-6',
  title: 'Lab 6: asynchronous authorization with CIBA',
  aim: 'Aiya may transfer money for a customer of the bAInk, and only after that customer has approved exactly this transfer.',
} as const;

interface StepTexts {
  title: string;
  why: string;
  where: string[];
  change: string[];
  fails: string;
  passes: string;
}

/** In their order. */
export const STEP_IDS = [
  'enable-ciba',
  'enable-push',
  'enrol',
  'create-api',
  'authorize-application',
  'register-type',
  'wrap-tool',
  'transfer',
] as const;
export type StepId = (typeof STEP_IDS)[number];

export const LAB_6_STEPS: Readonly<Record<StepId, StepTexts>> = {
  'enable-ciba': {
    title: 'Enable CIBA for the application',
    why: 'CIBA lets the application ask a person who sits somewhere else. An application may use only the grants that it was given.',
    where: ['Applications', 'Applications', 'the bAInk', 'Advanced Settings', 'Grant Types'],
    change: ['Enable Client Initiated Backchannel Authentication (CIBA).', 'Save.'],
    fails: '403 unauthorized_client: the grant is not allowed for the client.',
    passes: 'The request gets further: the grant is no longer what stops it.',
  },
  'enable-push': {
    title: 'Enable Guardian push',
    why: 'The question must reach a device that only this person has. Push is the way that Auth0 takes for CIBA.',
    where: ['Security', 'Multi-factor Auth', 'Push Notification using Auth0 Guardian'],
    change: ['Switch the factor on.', 'Save.'],
    fails: '400 invalid_request: push notifications are not enabled on the tenant.',
    passes: 'The request gets further: now it is the person who cannot be reached yet.',
  },
  enrol: {
    title: 'Enrol a device, through Aiya',
    why: 'Nobody can be asked before they have tied a device to their account. Aiya notices that, gets a ticket and offers it.',
    where: ['Aiya', 'You need to enrol for push notifications', 'Continue'],
    change: [
      'Press Try it: Aiya asks, is told that nobody is enrolled, and gets a ticket.',
      'Open the ticket and enrol the browser or the phone.',
    ],
    fails:
      '400 invalid_request: the user does not have push notifications set up. Aiya then asks for a ticket.',
    passes:
      '200 with an auth_req_id: the person is asked. This question asks for a login alone and ends after a minute.',
  },
  'create-api': {
    title: 'Create the API',
    why: 'A token is for one API and for some of its permissions. Without them a token for anything would move money.',
    where: ['Applications', 'APIs', 'Create API'],
    change: [
      'Identifier: http://localhost:3000/api/accounts/transfers.',
      'JSON Web Token (JWT) profile: RFC 9068.',
      'Permissions: create:transfer, “Initiate an account transfer”.',
      'Application access policy, for user access: per-app authorization.',
    ],
    fails: '403 access_denied: service not found.',
    passes: 'The request gets further: the API is known, and the application is not authorized for it yet.',
  },
  'authorize-application': {
    title: 'Authorize the application',
    why: 'That an API exists opens it to nobody. The bAInk gets one permission, and no more than that.',
    where: ['Applications', 'Applications', 'the bAInk', 'APIs'],
    change: ['Enable the API for user access.', 'Enable create:transfer.', 'Update, Continue.'],
    fails: '403 access_denied: the client is not authorized to access the API.',
    passes:
      '200 with an auth_req_id: the application may ask for create:transfer. This question ends after a minute.',
  },
  'register-type': {
    title: 'Register the type of the details',
    why: 'A scope says “transfers”. The details say how much and to whom, and only types that the API knows may be asked for.',
    where: ['Applications', 'APIs', 'Accounts API', 'Authorization details'],
    change: ['Add the type transfer_funds.', 'At the bAInk, APIs: allow the type for the application.'],
    fails: '400 invalid_authorization_details: the type is not allowed for this API.',
    passes:
      '200 with an auth_req_id: the question carries the amount and the payee. This question ends after a minute.',
  },
  'wrap-tool': {
    title: 'Wrap the tool',
    why: 'The model decides when to call a tool. What wraps it decides that nothing happens before the person said yes.',
    where: ['lib/ai/tools/transfer-funds.ts', 'withAsyncAuthorization'],
    change: [
      'bindingMessage: a short text that the person sees on both sides.',
      'authorizationDetails: an object of the type transfer_funds with amount, currency and to.',
      'Fill them in below, or run your own agent; then try.',
    ],
    fails: '401 unauthorized: the tool called the bank and had no token, for it had asked nobody.',
    passes:
      '200 with an auth_req_id: the tool waits, and the person sees the binding message and every detail.',
  },
  transfer: {
    title: 'Try the transfer, and approve it',
    why: 'The token carries what was approved. The bank compares it with what is asked of it, and takes it once.',
    where: ['Approver app', 'the request', 'Approve'],
    change: [
      'Try it first: nobody has approved yet.',
      'Read the question in the approver app and approve it.',
      'Try it again.',
    ],
    fails: '400 authorization_pending: the person has not answered.',
    passes: '201: the bank has checked the token and moved the money.',
  },
};

export const LAB_6_FINDINGS = {
  grant: 'The grant CIBA is enabled for the application',
  push: 'The factor push notification is on',
  device: (name: string): string => `${name} has a device that can be asked`,
  api: (identifier: string): string => `There is an API ${identifier}`,
  profile: 'Its tokens have the profile of RFC 9068',
  permission: 'It has the permission create:transfer',
  policy: 'Only authorized applications reach it in the name of a person',
  authorized: 'The application is authorized for create:transfer',
  type: 'The API has the type transfer_funds',
  typeAllowed: 'The application may ask for that type',
  message: 'A request of the tool has a binding message',
  details: 'It has details of the type transfer_funds with amount, currency and to',
  redeemed: 'A transfer with its details was approved, and the agent has its token',
  moved: 'The bank has accepted that token',
} as const;

/** What a try came to. */
export const LAB_6_SAYS = {
  refused: (status: number, error: string, description: string): string =>
    `${status} ${error}: ${description}`,
  further: (status: number, error: string, description: string): string =>
    `It gets further now, as far as the next step: ${status} ${error}: ${description}`,
  asked: (name: string): string => `${name} is asked.`,
  waiting: (name: string): string => `${name} has not answered yet. Open the approver app, then try again.`,
  tooFast: 'Asked again too fast. Wait a few seconds, then try again.',
  ended: (error: string): string => `${error}: the request has ended. Go back one step and ask anew.`,
  noRequest: 'There is no request of the tool that waits. Go back one step and ask.',
  moved: 'The bank has checked the token and moved the money.',
  stopped: (description: string): string => `The bank refuses: ${description}`,
  unwrapped: (description: string): string => `The tool asked nobody, and the bank refuses: ${description}`,
  incomplete: (what: string): string => `It was sent, and it is not enough: ${what}.`,
  badDetails: 'Expected authorization details as JSON: a list with one object.',
} as const;
