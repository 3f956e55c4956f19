// What the approver app calls. Every route but the list of people is for paired devices only, and shows nothing but what
// belongs to the person whose device it is.
import type { RouterContext } from '@koa/router';
import { type Approval, toApprovalView } from '../approvals/index.ts';
import { APPROVER_API, type Inbox, type People } from '../contract/index.ts';
import type { Readings, Transactions } from '../guardian/index.ts';
import type { Mailbox, Outbox } from '../notify/index.ts';
import type { Route } from '../routes.ts';
import { type Tenant, toDevice } from '../tenant/index.ts';
import { decisionRoutes } from './decision-routes.ts';
import { authenticateDevice, type CallingDevice } from './device-proof.ts';
import { deviceRoutes } from './device-routes.ts';
import { ownMailboxRoutes } from './mailbox-routes.ts';
import { type FaultNews, type HeldNews, OpenInboxes } from './open-inboxes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { type PushPort, pushRegistrationRoutes } from './push-registration-routes.ts';

export interface ApproverRoutesParts {
  tenant: Tenant;
  transactions: Transactions;
  readings: Readings;
  push: PushPort;
  outbox: Outbox;
  mailbox: Mailbox;
  faults: FaultNews;
  steps: HeldNews;
  shutdown: AbortSignal;
  askDemo(userId: string): Promise<string>;
  networkUrls: readonly string[];
  caPem: string | undefined;
}

/** How much of the history an inbox carries. */
const MOST_DECIDED = 100;

export function approverRoutes(parts: ApproverRoutesParts): Route[] {
  const { tenant } = parts;
  const inboxes = new OpenInboxes(parts);

  type DeviceAnswer = (ctx: RouterContext, caller: CallingDevice) => Promise<void>;
  const forDevices = (answer: DeviceAnswer) => async (ctx: RouterContext) =>
    answer(ctx, await authenticateDevice(ctx, tenant));

  return [
    ...ownMailboxRoutes({ tenant, mailbox: parts.mailbox, forDevices }),
    ...pushRegistrationRoutes({ tenant, push: parts.push, forDevices }),
    ...passkeyRoutes({ tenant, forDevices }),
    ...deviceRoutes({
      tenant,
      forDevices,
      networkUrls: parts.networkUrls,
      hasAuthority: parts.caPem !== undefined,
    }),
    {
      method: 'GET',
      path: `${APPROVER_API}/people`,
      purpose: 'list who can be asked',
      answer: async (ctx) => {
        ctx.body = await listPeople(tenant);
      },
    },
    {
      method: 'GET',
      path: `${APPROVER_API}/inbox`,
      purpose: 'read what waits for one person',
      answer: forDevices(async (ctx, caller) => {
        ctx.body = await readInbox(parts, caller);
      }),
    },
    ...decisionRoutes({
      tenant,
      transactions: parts.transactions,
      readings: parts.readings,
      forDevices,
    }),
    {
      method: 'GET',
      path: `${APPROVER_API}/events`,
      purpose: 'follow one person’s requests',
      answer: forDevices((ctx, caller) => inboxes.open(ctx, caller)),
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/demo-request`,
      purpose: 'be asked something harmless',
      answer: forDevices(async (ctx, { device }) => {
        ctx.body = { name: await parts.askDemo(device.userId) };
        ctx.status = 202;
      }),
    },
  ];
}

async function listPeople(tenant: Tenant): Promise<People> {
  const people = tenant.directory.users().map(async (user) => ({
    user_id: user.user_id,
    name: user.name,
    ...(user.email === undefined ? {} : { email: user.email }),
    ...(user.picture === undefined ? {} : { picture: user.picture }),
    devices: (await tenant.devices.of(user.user_id)).filter((device) => device.status === 'confirmed').length,
  }));
  return {
    tenant: { name: tenant.config.tenant.name, friendly_name: tenant.displayName },
    people: await Promise.all(people),
  };
}

async function readInbox(
  { tenant, faults }: ApproverRoutesParts,
  { device, userName }: CallingDevice,
): Promise<Inbox> {
  const nowMs = tenant.clock.now();
  const approvals = await tenant.approvals.list({ userId: device.userId });
  const isWaiting = (approval: Approval): boolean => approval.state === 'pending';
  const endedAtMs = (approval: Approval): number => approval.decision?.atMs ?? approval.expiresAtMs;
  const view = (approval: Approval) => toApprovalView(approval, nowMs);
  return {
    device: toDevice(device, userName),
    now: new Date(nowMs).toISOString(),
    passkey_required: tenant.passkeys.areRequired,
    quick_actions: tenant.config.guardian.quick_actions,
    faults: faults.active(),
    waiting: approvals.filter(isWaiting).reverse().map(view),
    decided: approvals
      .filter((approval) => !isWaiting(approval))
      .sort((a, b) => endedAtMs(b) - endedAtMs(a))
      .slice(0, MOST_DECIDED)
      .map(view),
  };
}
