// The steps of Lab 6: what must be so in the tenant, and the same change as a call of the Management API. Reads the tenant and
// nothing else: a step that somebody undoes is not done any more.
import type { Approval } from '../approvals/index.ts';
import { CIBA_GRANT_TYPE, type LessonFinding, type LessonStep, type TraceEvent } from '../contract/index.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { TRIAL_MESSAGE } from './aiya.ts';
import { LAB_6_FINDINGS as FINDINGS, type StepId } from './lab-6-texts.ts';
import { audienceOf, type Subject, TRANSFER_SCOPE, TRANSFER_TYPE } from './subject.ts';

type Command = LessonStep['commands'][number];

export interface StepState {
  findings: LessonFinding[];
  commands: Command[];
  page?: string;
}

/** Newest first, as far as they are kept. */
export async function readRequests({ tenant, client }: Subject): Promise<Approval[]> {
  const approvals = await tenant.approvals.list();
  return approvals
    .filter(({ clientId }) => clientId === client.client_id)
    .sort((one, other) => other.requestedAtMs - one.requestedAtMs);
}

export const READ_STEP: Readonly<Record<StepId, (subject: Subject) => StepState | Promise<StepState>>> = {
  'enable-ciba': ({ client }) => {
    const done = client.grant_types.includes(CIBA_GRANT_TYPE);
    const body = { grant_types: [...client.grant_types, CIBA_GRANT_TYPE] };
    return {
      findings: [{ what: FINDINGS.grant, done }],
      commands: done ? [] : [{ method: 'PATCH', path: clientPath(client.client_id), body }],
      page: `${clientPage(client.client_id)}?at=grant-types`,
    };
  },

  'enable-push': ({ tenant }) => {
    const done = tenant.config.guardian.factors['push-notification'];
    return {
      findings: [{ what: FINDINGS.push, done }],
      commands: done
        ? []
        : [{ method: 'PUT', path: '/api/v2/guardian/factors/push-notification', body: { enabled: true } }],
      page: '/console/channels?at=factors',
    };
  },

  enrol: async ({ tenant, person }) => ({
    findings: [
      { what: FINDINGS.device(person.name), done: await tenant.devices.isReachable(person.user_id) },
    ],
    commands: [],
    page: '/approve/',
  }),

  'create-api': (subject) => {
    const { api } = subject;
    const identifier = audienceOf(subject);
    const hasProfile = api?.token_dialect.startsWith('rfc9068_profile') ?? false;
    const hasPermission = api?.scopes.some(({ value }) => value === TRANSFER_SCOPE) ?? false;
    const policy = api?.subject_type_authorization.user.policy;
    const wanted = {
      token_dialect: 'rfc9068_profile',
      scopes: [
        ...(api?.scopes ?? []).filter(({ value }) => value !== TRANSFER_SCOPE),
        { value: TRANSFER_SCOPE, description: 'Initiate an account transfer' },
      ],
      subject_type_authorization: { user: { policy: 'require_client_grant' } },
    };
    const findings = [
      { what: FINDINGS.api(identifier), done: api !== undefined },
      { what: FINDINGS.profile, done: hasProfile, ...found(api?.token_dialect) },
      { what: FINDINGS.permission, done: hasPermission },
      { what: FINDINGS.policy, done: policy === 'require_client_grant', ...found(policy) },
    ];
    const command: Command = api
      ? { method: 'PATCH', path: apiPath(identifier), body: wanted }
      : {
          method: 'POST',
          path: '/api/v2/resource-servers',
          body: { identifier, name: 'Accounts API', ...wanted },
        };
    return {
      findings,
      commands: findings.every(({ done }) => done) ? [] : [command],
      page: '/console/apis',
    };
  },

  'authorize-application': (subject) => {
    const { client, grant } = subject;
    const done = grant?.scope?.includes(TRANSFER_SCOPE) ?? false;
    const body = { scope: [...(grant?.scope ?? []), TRANSFER_SCOPE] };
    return {
      findings: [{ what: FINDINGS.authorized, done }],
      commands: done ? [] : grantCommand(subject, body),
      page: `${clientPage(client.client_id)}?at=apis`,
    };
  },

  'register-type': (subject) => {
    const { api, grant } = subject;
    const types = api?.authorization_details ?? [];
    const isKnown = types.some(({ type }) => type === TRANSFER_TYPE);
    const allowed = grant?.authorization_details_types ?? [];
    const isAllowed = allowed.includes(TRANSFER_TYPE);
    return {
      findings: [
        { what: FINDINGS.type, done: isKnown },
        { what: FINDINGS.typeAllowed, done: isAllowed },
      ],
      commands: [
        ...(isKnown
          ? []
          : [
              {
                method: 'PATCH' as const,
                path: apiPath(audienceOf(subject)),
                body: {
                  authorization_details: [...types.map(({ type }) => ({ type })), { type: TRANSFER_TYPE }],
                },
              },
            ]),
        ...(isAllowed
          ? []
          : grantCommand(subject, { authorization_details_types: [...allowed, TRANSFER_TYPE] })),
      ],
      page: api ? `/console/apis/${encodeURIComponent(api.identifier)}?at=detail-types` : '/console/apis',
    };
  },

  'wrap-tool': async (subject) => {
    const requests = await readRequests(subject);
    // What an earlier step tried is nothing that a tool asked for.
    const wrapped = requests.find(
      (one) => findTransfer(one) !== undefined && one.bindingMessage !== TRIAL_MESSAGE,
    );
    return {
      findings: [
        { what: FINDINGS.message, done: wrapped !== undefined, ...found(wrapped?.bindingMessage) },
        { what: FINDINGS.details, done: wrapped !== undefined },
      ],
      commands: [],
    };
  },

  transfer: async (subject) => {
    const requests = (await readRequests(subject)).filter((one) => findTransfer(one) !== undefined);
    const redeemed = requests.filter(({ state }) => state === 'redeemed');
    const accepted = new Set(
      subject.tenant.log
        .after(0)
        .flatMap((event) =>
          event.type === 'api.called' && hasMoved(event) && event.approval !== undefined
            ? [event.approval]
            : [],
        ),
    );
    return {
      findings: [
        { what: FINDINGS.redeemed, done: redeemed.length > 0, ...found(redeemed[0]?.name) },
        { what: FINDINGS.moved, done: redeemed.some(({ id }) => accepted.has(id)) },
      ],
      commands: [],
      page: '/approve/',
    };
  },
};

/** Any API may report that it was called; one that moved money has compared what was approved with what was asked. */
function hasMoved({ status, checks }: Extract<TraceEvent, { type: 'api.called' }>): boolean {
  return status < 300 && checks.some(({ check, passed }) => check === 'details' && passed);
}

/** The transfer that a request of the tool is about, without its type; undefined where it says too little. */
export function findTransfer({ authorizationDetails = [] }: Approval): JsonObject | undefined {
  return readTransfer(authorizationDetails);
}

export function readTransfer(details: readonly unknown[]): JsonObject | undefined {
  const [detail] = details;
  if (details.length !== 1 || !isJsonObject(detail)) return undefined;
  const { type, ...transfer } = detail;
  const isWhole = [transfer['amount'], transfer['currency'], transfer['to']].every(
    (value) => value !== undefined && value !== null && value !== '',
  );
  return type === TRANSFER_TYPE && isWhole ? transfer : undefined;
}

function grantCommand({ client, api, grant }: Subject, change: JsonObject): Command[] {
  if (!api) return [];
  // One of the tenant file has no id of its own; it is changed in the file.
  if (grant)
    return grant.id === undefined
      ? []
      : [{ method: 'PATCH', path: `/api/v2/client-grants/${grant.id}`, body: change }];
  const body = {
    client_id: client.client_id,
    audience: api.identifier,
    subject_type: 'user',
    scope: [],
    ...change,
  };
  return [{ method: 'POST', path: '/api/v2/client-grants', body }];
}

/** Of the console. `at` leads to the part of the page that the step is about. */
function clientPage(clientId: string): string {
  return `/console/clients/${encodeURIComponent(clientId)}`;
}

function clientPath(clientId: string): string {
  return `/api/v2/clients/${encodeURIComponent(clientId)}`;
}

function apiPath(identifier: string): string {
  return `/api/v2/resource-servers/${encodeURIComponent(identifier)}`;
}

function found(value: string | undefined): { found?: string } {
  return value === undefined ? {} : { found: value };
}
