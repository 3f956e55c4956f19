// docs/reference/{control-api,approver-api}.md and the OpenAPI document. The routes are those that the server mounts. Those of the
// control API describe themselves; for the approver API, a route without a description here, or a description without a
// route, fails the run.
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { createMovableClock } from '../../src/clock.ts';
import * as contract from '../../src/contract/index.ts';
import { Faults } from '../../src/faults/index.ts';
import { Readings, Transactions } from '../../src/guardian/index.ts';
import { approverRoutes } from '../../src/http/approver-routes.ts';
import { controlApi } from '../../src/http/control-api.ts';
import type { ControlRoute, RouteShapes } from '../../src/http/control-route.ts';
import { describeControlApi } from '../../src/http/openapi.ts';
import { createRandomIds } from '../../src/ids.ts';
import { Lessons } from '../../src/lessons/index.ts';
import { Mailbox, Outbox } from '../../src/notify/index.ts';
import type { RouteSummary } from '../../src/routes.ts';
import { InnerSteps, Stepping } from '../../src/stepping/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { checkConfig } from '../../src/tenant/config-check.ts';
import { createMemoryStore, createTenant, SigningKeys } from '../../src/tenant/index.ts';
import { describeSchema, formatMembers, listSections } from './schema-tables.ts';

const REF = '`ref` is an id, a short name (`r7`), an `auth_req_id`, or `latest`.';
const APPROVAL = '[approval](#an-approval)';
/** Shapes that have a place of their own. */
const ELSEWHERE = new Map<z.ZodType, string>([
  [contract.approvalViewSchema, `An ${APPROVAL}.`],
  [contract.requestsSchema, `\`{ "requests": [ … ] }\`, each an ${APPROVAL}.`],
  [contract.storySchema, '`{ "events": [ … ], "last_number": … }`, see [events](events.md).'],
  [contract.faultsSchema, '`{ "faults": [ … ] }`, each a [fault](#post-controlfaults).'],
  [
    contract.faultSchema,
    'What was sent, and `id` (`f1`), `text` in words, how often it has `matched` and was `applied`.',
  ],
  [contract.traceSchema, '`{ "events": [ … ] }`, see [events](events.md).'],
  [
    contract.decisionResultSchema,
    `\`{ "result": …, "approval": … }\`: the result is ${listResults()}, and the ${APPROVAL} says what it has become.`,
  ],
]);

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
    note: `Answers \`{ "device": …, "now": …, "passkey_required": …, "quick_actions": …, "faults": [ … ], "waiting": [ … ], "decided": [ … ] }\`: the lists hold one ${APPROVAL} each, waiting oldest first, decided newest first; \`now\` is the server’s time; the other two say what the tenant file set.`,
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

export async function writeApiPages(): Promise<{ controlApi: string; approverApi: string; openApi: string }> {
  const { control, approver } = await listRoutes();
  requireDescriptions(approver);
  return {
    controlApi: writePage({
      title: 'Control API',
      introduction: `For tests and scripts. JSON in and out; refused to web pages of other origins. Programs of the same computer need nothing else; those of others, and everybody where the server was started with a token, send \`Authorization: Bearer TOKEN\`. ${ERRORS} In TypeScript, \`createControlClient\` from \`assent\` calls it; for other languages there is an [OpenAPI document](control-api.openapi.json), which the server also answers under \`/control/openapi.json\`.`,
      routes: control,
    }),
    approverApi: writePage({
      title: 'Approver API',
      introduction: `For approver apps. No cookies: each call except the public ones carries \`Authorization: Device <proof>\`, a JWT that the device’s key signed for this method and URL and that lives at most a minute. ${ERRORS}`,
      routes: approver.map((route) => ({
        ...route,
        shapes: APPROVER[`${route.method} ${route.path}`] ?? {},
      })),
    }),
    openApi: JSON.stringify(describeControlApi(control, await readVersion()), null, 2),
  };
}

/** The routes of a real tenant that is never asked anything. */
async function listRoutes(): Promise<{ control: ControlRoute[]; approver: RouteSummary[] }> {
  const clock = createMovableClock();
  const store = createMemoryStore(clock);
  const tenant = await createTenant({
    config: checkConfig(bankTenant),
    issuer: 'https://localhost/',
    clock,
    ids: createRandomIds(),
    store,
    keys: new SigningKeys([], store),
    ports: { announce: () => undefined, settle: async () => undefined },
  });
  const faults = await Faults.open({
    store,
    approvals: tenant.approvals,
    instances: tenant.instances,
    seed: () => '',
    hasTls: false,
    record: () => undefined,
  });
  const outbox = new Outbox(() => undefined);
  const shutdown = new AbortController().signal;
  const stepping = new Stepping({ clock, record: () => undefined, shutdown });
  const mailbox = new Mailbox(tenant);
  const control = controlApi({
    tenant,
    isReady: () => false,
    version: '',
    startedAtMs: 0,
    shutdown,
    openForChromium: async () => undefined,
    askDemo: async () => '',
    previewConsent: () => undefined,
    mailbox,
    faults,
    lessons: new Lessons(tenant, { url: '', ca: undefined }),
    stepping,
    scenes: {
      list: () => ({ what_if: [], attacks: [] }),
      whatIf: () => Promise.reject(new Error('nobody asks')),
      attack: () => Promise.reject(new Error('nobody asks')),
    },
    worlds: {
      reset: async () => tenant,
      snapshot: () => Promise.reject(new Error('nobody asks')),
      restore: async () => tenant,
    },
  });
  const push = { publicKey: '', register: async () => undefined, unregister: async () => undefined };
  const approver = approverRoutes({
    tenant,
    transactions: new Transactions(tenant),
    readings: new Readings(tenant),
    outbox,
    push,
    mailbox,
    faults,
    steps: new InnerSteps(stepping),
    askDemo: async () => '',
    shutdown,
    networkUrls: [],
    caPem: undefined,
  });
  outbox.close();
  faults.close();
  stepping.close();
  await tenant.close();
  return { control, approver };
}

function requireDescriptions(routes: readonly RouteSummary[]): void {
  const names = routes.map(({ method, path }) => `${method} ${path}`);
  const undescribed = names.filter((name) => !(name in APPROVER));
  const gone = Object.keys(APPROVER).filter((name) => !names.includes(name));
  if (undescribed.length + gone.length > 0)
    throw new Error(
      `Approver API: describe ${undescribed.join(', ') || 'nothing'}; forget ${gone.join(', ') || 'nothing'}`,
    );
}

interface DescribedRoute extends RouteSummary {
  shapes: RouteShapes;
}

interface Page {
  title: string;
  introduction: string;
  routes: readonly DescribedRoute[];
}

function writePage({ title, introduction, routes }: Page): string {
  return [
    `# ${title}`,
    '',
    introduction,
    '',
    ...routes.flatMap(describeRoute),
    '## An approval',
    '',
    ...describeShape('Approval', contract.approvalViewSchema, 'output'),
  ].join('\n');
}

function describeRoute({ method, path, purpose, shapes }: DescribedRoute): string[] {
  const { query, body, answer, note } = shapes;
  return [
    `## ${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    '',
    `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}.${note === undefined ? '' : ` ${note}`}`,
    '',
    ...(path.includes(':ref') ? [REF, ''] : []),
    ...(query ? describeShape('Query', query, 'input') : []),
    ...(body ? describeShape('Body', body, 'input') : []),
    ...(answer ? describeShape('Answer', answer, 'output') : []),
    ...describeStatuses(shapes),
  ];
}

function describeStatuses({ status, others = {}, errors = {} }: RouteShapes): string[] {
  const told = [
    ...(status === undefined ? [] : [`Answers ${status}.`]),
    ...Object.entries(others).map(([code, { meaning }]) => `${code}: ${meaning}`),
    ...Object.entries(errors).map(([code, meaning]) => `${code}: ${meaning}`),
  ];
  return told.length === 0 ? [] : [told.join(' '), ''];
}

function describeShape(name: string, schema: z.ZodType, io: 'input' | 'output'): string[] {
  const elsewhere = ELSEWHERE.get(schema);
  if (elsewhere !== undefined && name !== 'Approval') return [`**${name}**: ${elsewhere}`, ''];
  return listSections('', describeSchema(schema, io))
    .filter(({ node }) => Object.keys(node.properties ?? {}).length > 0)
    .flatMap(({ path, node }) => [
      `**${name}**${path === '' ? '' : ` \`${path}\``}`,
      '',
      ...(path === '' || node.description === undefined ? [] : [node.description, '']),
      formatMembers(node, io),
      '',
    ]);
}

function listResults(): string {
  const { oneOf = [] } = describeSchema(contract.decisionResultSchema, 'output');
  return oneOf.map((variant) => `\`${String(variant.properties?.['result']?.const)}\``).join(', ');
}

async function readVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
