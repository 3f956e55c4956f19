// docs/reference/{control-api,approver-api}.md. The routes are those that the server mounts; a route without a description
// here, or a description without a route, fails the run.
import type { z } from 'zod';
import { createMovableClock } from '../../src/clock.ts';
import * as contract from '../../src/contract/index.ts';
import { Transactions } from '../../src/guardian/index.ts';
import { approverRoutes } from '../../src/http/approver-routes.ts';
import { browserRoutes } from '../../src/http/browser-routes.ts';
import { clockRoutes } from '../../src/http/clock-routes.ts';
import { controlRoutes } from '../../src/http/control-routes.ts';
import { mailboxRoutes } from '../../src/http/mailbox-routes.ts';
import { ruleRoutes } from '../../src/http/rule-routes.ts';
import { worldRoutes } from '../../src/http/world-routes.ts';
import { createRandomIds } from '../../src/ids.ts';
import { Mailbox, Outbox } from '../../src/notify/index.ts';
import type { RouteSummary } from '../../src/routes.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { checkConfig } from '../../src/tenant/config-file.ts';
import { createMemoryStore, createTenant } from '../../src/tenant/index.ts';
import { describeSchema, formatMembers, listSections } from './schema-tables.ts';

interface RouteShapes {
  query?: z.ZodType;
  body?: z.ZodType;
  answer?: z.ZodType;
  /** What the shapes do not say. */
  note?: string;
}

const APPROVAL = '[approval](#an-approval)';
const REF = '`ref` is an id, a short name (`r7`), an `auth_req_id`, or `latest`.';

const DECISION = `200 for the first decision, 409 for every later one. Answers \`{ "result": …, "approval": … }\`: the result is ${listResults()}, and the ${APPROVAL} says what it has become.`;

const CONTROL: Readonly<Record<string, RouteShapes>> = {
  'GET /control/health': { answer: contract.healthSchema, note: '503 while the server starts or stops.' },
  'GET /control/requests': {
    query: contract.requestsQuerySchema,
    note: `Newest first. Answers \`{ "requests": [ … ] }\`, each an ${APPROVAL}.`,
  },
  'GET /control/requests/next': {
    query: contract.nextQuerySchema,
    note: `Waits until a pending request exists that is newer than the one named by \`after\`, and answers this ${APPROVAL}. 204 when none came in time.`,
  },
  'GET /control/requests/:ref': { note: `Answers an ${APPROVAL}. ${REF}` },
  'GET /control/requests/:ref/trace': { note: 'Answers `{ "events": [ … ] }`, see [events](events.md).' },
  'POST /control/requests/:ref/decision': {
    body: contract.controlDecisionSchema,
    note: DECISION,
  },
  'POST /control/requests/:ref/expire': {
    note: `Lets a pending request expire now. Answers the ${APPROVAL}.`,
  },
  'GET /control/clock': { answer: contract.clockReadingSchema },
  'POST /control/clock': {
    body: contract.clockMoveSchema,
    answer: contract.clockReadingSchema,
    note: 'One of the two members. Answers once everything that falls due until then has happened, in the order of time. 400 for an instant that is over.',
  },
  'POST /control/tickets': {
    body: contract.controlTicketSchema,
    answer: contract.enrolmentTicketSchema,
    note: 'For a browser that whoever calls this has in hand: it pairs as soon as it opens `url`, without asking. Five minutes. Answers 201.',
  },
  'GET /control/devices': {
    query: contract.devicesQuerySchema,
    answer: contract.devicesSchema,
    note: 'Oldest first.',
  },
  'POST /control/chromium-push': {
    answer: contract.chromiumPushSchema,
    note: 'For a Chromium that is started with these switches and trusts the certificate: it then receives real pushes without the internet. The body is `{}`. 409 on plain http.',
  },
  'GET /control/mailbox': {
    query: contract.mailboxQuerySchema,
    answer: contract.mailboxSchema,
    note: 'Newest first. Empty where the tenant file names a mail server.',
  },
  'GET /control/mailbox/:id': { answer: contract.mailboxMessageSchema },
  'POST /control/reset': {
    answer: contract.worldSchema,
    note: 'The body is `{}`. Address, issuer and signing key stay; whoever is connected is let go. Answers once the next request is answered from the start.',
  },
  'GET /control/snapshot': {
    answer: contract.snapshotSchema,
    note: 'It holds secrets: keys, passwords, sessions and tokens.',
  },
  'PUT /control/snapshot': {
    answer: contract.worldSchema,
    note: 'The body is what `GET` answered. 409 for a snapshot of another issuer, tenant, tenant file or version; nothing has changed then.',
  },
  'GET /control/rules': {
    answer: contract.rulesSchema,
    note: 'In their order: the first one that matches a request takes it.',
  },
  'POST /control/rules': {
    body: contract.ruleSchema,
    answer: contract.ruleViewSchema,
    note: 'Behind the others. Requests that wait already are none of its business. Answers 201; 400 names every mistake in the rule.',
  },
  'DELETE /control/rules/:id': {
    note: 'And the answers that it still owes. Answers what is left, like `GET /control/rules`.',
  },
  'DELETE /control/rules': {
    note: 'And the answers that they still owe. Answers like `GET /control/rules`.',
  },
  'GET /control/events': {
    note: 'Server-sent events. `id` is the number of the event, `event` its type, `data` the [event](events.md). Resumable with `Last-Event-ID`.',
  },
};

const APPROVER: Readonly<Record<string, RouteShapes>> = {
  'GET /approver/people': { answer: contract.peopleSchema, note: 'Public.' },
  'POST /approver/devices': {
    body: contract.pairDeviceRequestSchema,
    answer: contract.deviceSchema,
    note: 'Public, but only for pages of this server. `proof` is a compact JWS by the new key: header `alg: ES256`, `typ: device-proof+jwt`, `jwk`; claims `sub` (the user), `aud` (URL of this call), `iat`, `exp`. Answers 201.',
  },
  'POST /approver/tickets': {
    answer: contract.enrolmentTicketSchema,
    note: 'For another device of the same person. Until a browser pairs with the ticket, the enrolment is pending and makes nobody reachable. Answers 201.',
  },
  'POST /approver/tickets/lookup': {
    body: contract.ticketLookupSchema,
    answer: contract.ticketHolderSchema,
    note: 'Public, but only for pages of this server. Does not use the ticket. 404 when it is not good.',
  },
  'PATCH /approver/devices/:id': { body: contract.renameDeviceSchema, answer: contract.deviceSchema },
  'GET /approver/devices': { answer: contract.devicesSchema },
  'DELETE /approver/devices/:id': { note: 'Answers 204.' },
  'POST /approver/devices/:id/passkey/challenge': {
    answer: contract.passkeyCreationSchema,
    note: 'Signed by that device, which has none yet, where `guardian.factors` ask for passkeys. Answers what `navigator.credentials.create` is to be asked, in its JSON form (WebAuthn §5.1.8).',
  },
  'PUT /approver/devices/:id/passkey': {
    body: contract.passkeyRegistrationSchema,
    answer: contract.deviceSchema,
    note: 'Brings what the browser made for the challenge. One that is lost is replaced by pairing anew.',
  },
  'GET /approver/push': { answer: contract.pushSetupSchema },
  'PUT /approver/devices/:id/push': { body: contract.pushRegistrationSchema, answer: contract.deviceSchema },
  'DELETE /approver/devices/:id/push': { note: 'Answers 204.' },
  'GET /approver/inbox': {
    note: `Answers \`{ "device": …, "now": …, "passkey_required": …, "quick_actions": …, "waiting": [ … ], "decided": [ … ] }\`: the lists hold one ${APPROVAL} each, waiting oldest first, decided newest first; \`now\` is the server’s time; the other two say what the tenant file set.`,
  },
  'GET /approver/mailbox': {
    answer: contract.ownMailboxSchema,
    note: 'The built-in mailbox, newest first: only what went to the address of this person.',
  },
  'GET /approver/mailbox/:id': { answer: contract.mailboxMessageSchema },
  'GET /approver/requests/:id': { note: `Answers an ${APPROVAL}.` },
  'POST /approver/requests/:id/challenge': {
    body: contract.passkeyChallengeRequestSchema,
    answer: contract.passkeyRequestSchema,
    note: 'Answers what `navigator.credentials.get` is to be asked. The challenge is good once, for two minutes, for this request, this device and this content. 409 and a decision’s answer where the request cannot be decided any more.',
  },
  'POST /approver/requests/:id/transaction': {
    answer: contract.deviceTransactionSchema,
    note: 'Answers 201. The device then answers by POST `/appliance-mfa/api/resolve-transaction`, as a Guardian app does, with `Authorization: Bearer` and `transaction_token`: a body of `challenge_response`, a compact JWS by its key that signs the challenge, that URL and the hash of what was shown, and `passkey` where one is asked for.',
  },
  'GET /approver/events': {
    note: `Server-sent events for one person: ${contract.approverEventNames.map((name) => `\`${name}\``).join(', ')}.`,
  },
  'POST /approver/demo-request': { answer: contract.demoRequestAnswerSchema, note: 'Answers 202.' },
};

const ERRORS =
  'Errors are `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, a stable `code` and often a `hint`.';

export async function writeApiPages(): Promise<{ controlApi: string; approverApi: string }> {
  const { control, approver } = await listRoutes();
  return {
    controlApi: writePage({
      title: 'Control API',
      introduction: `For tests and scripts. JSON in and out; refused to web pages of other origins. ${ERRORS} In TypeScript, \`createControlClient\` from \`assent\` calls it.`,
      routes: control,
      shapes: CONTROL,
    }),
    approverApi: writePage({
      title: 'Approver API',
      introduction: `For approver apps. No cookies: each call except the public ones carries \`Authorization: Device <proof>\`, a JWT that the device’s key signed for this method and URL and that lives at most a minute. ${ERRORS}`,
      routes: approver,
      shapes: APPROVER,
    }),
  };
}

/** The routes of a real tenant that is never asked anything. */
async function listRoutes(): Promise<{ control: RouteSummary[]; approver: RouteSummary[] }> {
  const clock = createMovableClock();
  const tenant = await createTenant({
    config: checkConfig(bankTenant),
    issuer: 'https://localhost/',
    clock,
    ids: createRandomIds(),
    store: createMemoryStore(clock),
    keys: { private: [], public: [] },
    ports: { announce: () => undefined, settle: async () => undefined },
  });
  const outbox = new Outbox(() => undefined);
  const shutdown = new AbortController().signal;
  const control = [
    ...controlRoutes({ tenant, isReady: () => false, version: '', startedAtMs: 0, shutdown }),
    ...clockRoutes(tenant),
    ...browserRoutes({ tenant, openForChromium: async () => undefined }),
    ...mailboxRoutes(new Mailbox(tenant)),
    ...worldRoutes({
      worlds: {
        reset: async () => tenant,
        snapshot: () => Promise.reject(new Error('nobody asks')),
        restore: async () => tenant,
      },
    }),
    ...ruleRoutes(tenant),
  ];
  const push = { publicKey: '', register: async () => undefined, unregister: async () => undefined };
  const approver = approverRoutes({
    tenant,
    transactions: new Transactions(tenant),
    outbox,
    push,
    mailbox: new Mailbox(tenant),
    askDemo: async () => '',
    shutdown,
    networkUrls: [],
    caPem: undefined,
  });
  outbox.close();
  await tenant.close();
  return { control, approver };
}

interface Page {
  title: string;
  introduction: string;
  routes: readonly RouteSummary[];
  shapes: Readonly<Record<string, RouteShapes>>;
}

function writePage({ title, introduction, routes, shapes }: Page): string {
  const names = routes.map(({ method, path }) => `${method} ${path}`);
  const undescribed = names.filter((name) => !(name in shapes));
  const gone = Object.keys(shapes).filter((name) => !names.includes(name));
  if (undescribed.length + gone.length > 0)
    throw new Error(
      `${title}: describe ${undescribed.join(', ') || 'nothing'}; forget ${gone.join(', ') || 'nothing'}`,
    );
  return [
    `# ${title}`,
    '',
    introduction,
    '',
    ...routes.flatMap((route) => describeRoute(route, shapes[`${route.method} ${route.path}`] ?? {})),
    '## An approval',
    '',
    ...describeShape('Approval', contract.approvalViewSchema, 'output'),
  ].join('\n');
}

function describeRoute(
  { method, path, purpose }: RouteSummary,
  { query, body, answer, note }: RouteShapes,
): string[] {
  return [
    `## ${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    '',
    `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}.${note === undefined ? '' : ` ${note}`}`,
    '',
    ...(query ? describeShape('Query', query, 'input') : []),
    ...(body ? describeShape('Body', body, 'input') : []),
    ...(answer ? describeShape('Answer', answer, 'output') : []),
  ];
}

function describeShape(name: string, schema: z.ZodType, io: 'input' | 'output'): string[] {
  return listSections('', describeSchema(schema, io)).flatMap(({ path, node }) => [
    `**${name}**${path === '' ? '' : ` \`${path}\``}`,
    '',
    formatMembers(node, io),
    '',
  ]);
}

function listResults(): string {
  const { oneOf = [] } = describeSchema(contract.decisionResultSchema, 'output');
  return oneOf.map((variant) => `\`${String(variant.properties?.['result']?.const)}\``).join(', ');
}
