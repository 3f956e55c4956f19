// How a browser becomes a device, gets a name, brings another one along, and leaves. Joining is public (same origin);
// everything else is signed by a device of the same person.
import type { RouterContext } from '@koa/router';
import {
  APPROVER_API,
  type Device,
  type Devices,
  type EnrolmentTicket,
  pairDeviceRequestSchema,
  renameDeviceSchema,
  type TicketHolder,
  ticketLookupSchema,
} from '../contract/index.ts';
import { ownUrl } from '../own-url.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import { type EnrolledDevice, type Tenant, type Ticket, toDevice } from '../tenant/index.ts';
import type { CallingDevice } from './device-proof.ts';
import { verifyPairing } from './device-signatures.ts';
import { type Reach, wayForOthers } from './reach.ts';
import { readJson } from './request-body.ts';

export interface DeviceRoutesParts extends Reach {
  tenant: Tenant;
  /** Wraps an answer that only a paired device may have. */
  forDevices(answer: (ctx: RouterContext, caller: CallingDevice) => Promise<void>): Route['answer'];
}

export function deviceRoutes(parts: DeviceRoutesParts): Route[] {
  const { tenant, forDevices } = parts;
  return [
    {
      method: 'POST',
      path: `${APPROVER_API}/devices`,
      purpose: 'pair a browser',
      answer: async (ctx) => {
        ctx.body = await pairDevice(ctx, tenant);
        ctx.status = 201;
      },
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/tickets/lookup`,
      purpose: 'learn for whom an enrolment ticket is',
      answer: async (ctx) => {
        ctx.body = await describeTicket(ctx, tenant);
      },
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/tickets`,
      purpose: 'start enrolling another device',
      answer: forDevices(async (ctx, { device }) => {
        ctx.body = await issueTicket(ctx, parts, device.userId);
        ctx.status = 201;
      }),
    },
    {
      method: 'GET',
      path: `${APPROVER_API}/devices`,
      purpose: 'list the devices of one person',
      answer: forDevices(async (ctx, { device, userName }) => {
        const devices = await tenant.devices.of(device.userId);
        ctx.body = { devices: devices.map((each) => toDevice(each, userName)) } satisfies Devices;
      }),
    },
    {
      method: 'PATCH',
      path: `${APPROVER_API}/devices/:id`,
      purpose: 'rename a device',
      answer: forDevices(async (ctx, caller) => {
        const { name } = await readJson(ctx, renameDeviceSchema);
        const { id } = await findOwnDevice(ctx, tenant, caller);
        const renamed = await tenant.devices.rename(id, name);
        if (!renamed) throw unknownDevice(id, caller);
        ctx.body = toDevice(renamed, caller.userName);
      }),
    },
    {
      method: 'DELETE',
      path: `${APPROVER_API}/devices/:id`,
      purpose: 'un-pair a device',
      answer: forDevices(async (ctx, caller) => {
        await removeDevice(ctx, tenant, caller);
        ctx.status = 204;
      }),
    },
  ];
}

async function pairDevice(ctx: RouterContext, tenant: Tenant): Promise<Device> {
  const request = await readJson(ctx, pairDeviceRequestSchema);
  const { user_id: userId, name, public_key: publicKey } = request;
  const user = tenant.directory.user(userId);
  if (!user) {
    throw new Problem('not_found', `Nobody here has the user_id "${userId}".`, {
      status: 404,
      hint: `GET ${APPROVER_API}/people lists everybody.`,
    });
  }
  await verifyPairing(request, { url: ownUrl(ctx, tenant), nowMs: tenant.clock.now() });
  const device =
    request.ticket === undefined
      ? await tenant.devices.pair({ userId, name, publicKey })
      : await redeemTicket(tenant, request.ticket, userId, { name, publicKey });
  tenant.log.append({ type: 'device.paired', user_id: userId, user_name: user.name, device: device.name });
  return toDevice(device, user.name);
}

async function redeemTicket(
  tenant: Tenant,
  ticketId: string,
  userId: string,
  device: Pick<EnrolledDevice, 'name'> & { publicKey: NonNullable<EnrolledDevice['publicKey']> },
): Promise<EnrolledDevice> {
  const ticket = await tenant.tickets.find(ticketId);
  // A ticket is for one person; whoever is named besides, it enrols nobody else.
  const enrolled = ticket?.userId === userId ? await tenant.tickets.redeem(ticketId, device) : undefined;
  if (!enrolled) throw ticketNotGood();
  return enrolled;
}

async function issueTicket(
  ctx: RouterContext,
  { tenant, ...reach }: DeviceRoutesParts,
  userId: string,
): Promise<EnrolmentTicket> {
  const ticket = await tenant.tickets.issue(userId);
  const { origin, trustUrl } = wayForOthers(ctx, tenant, reach);
  return {
    ...toEnrolmentTicket(ticket, origin),
    ...(trustUrl === undefined ? {} : { trust_url: trustUrl }),
  };
}

/** @param origin where the browser that will bring it reaches this server */
export function toEnrolmentTicket(ticket: Ticket, origin: string): EnrolmentTicket {
  return {
    ticket: ticket.id,
    url: `${origin}/approve/#ticket=${ticket.id}`,
    code: ticket.code,
    device_id: ticket.deviceId,
    expires_at: new Date(ticket.expiresAtMs).toISOString(),
  };
}

async function describeTicket(ctx: RouterContext, tenant: Tenant): Promise<TicketHolder> {
  const { ticket: id } = await readJson(ctx, ticketLookupSchema);
  const ticket = await tenant.tickets.find(id);
  const user = ticket && tenant.directory.user(ticket.userId);
  if (!user) throw ticketNotGood();
  return {
    tenant: tenant.displayName,
    user_id: user.user_id,
    user_name: user.name,
    code: ticket.code,
    pairs_at_once: ticket.pairsAtOnce ?? false,
    expires_at: new Date(ticket.expiresAtMs).toISOString(),
  };
}

function ticketNotGood(): Problem {
  return new Problem(
    'not_found',
    'This ticket is not good: it was used, it has ended, or it is for somebody else.',
    {
      status: 404,
      hint: 'Make a new one on a device that is paired: Devices, Pair another phone.',
    },
  );
}

/** Removes a device of the caller's person, most often the calling one. */
async function removeDevice(ctx: RouterContext, tenant: Tenant, caller: CallingDevice): Promise<void> {
  const device = await findOwnDevice(ctx, tenant, caller);
  // Of two removals at once, one finds nothing left.
  if (!(await tenant.devices.remove(device.id))) throw unknownDevice(device.id, caller);
  tenant.log.append({
    type: 'device.removed',
    user_id: device.userId,
    user_name: caller.userName,
    device: device.name,
  });
}

async function findOwnDevice(
  ctx: RouterContext,
  tenant: Tenant,
  caller: CallingDevice,
): Promise<EnrolledDevice> {
  const id = pathParameter(ctx, 'id');
  const device = await tenant.devices.get(id);
  if (device?.userId !== caller.device.userId) throw unknownDevice(id, caller);
  return device;
}

function unknownDevice(id: string, caller: CallingDevice): Problem {
  return new Problem('not_found', `${caller.userName} has no device "${id}".`, { status: 404 });
}
