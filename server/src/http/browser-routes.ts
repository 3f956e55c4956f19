// What `assent browser` and `assent device` need of a server: a ticket for what they enrol, its push service, and what became
// of both.
import type { RouterContext } from '@koa/router';
import {
  APPROVER_API,
  type ChromiumPush,
  CONTROL_API,
  type ControlTicket,
  chromiumPushSchema,
  controlTicketAnswerSchema,
  controlTicketSchema,
  type Device,
  type Devices,
  devicesQuerySchema,
  devicesSchema,
} from '../contract/index.ts';
import { barcodeUri } from '../guardian/index.ts';
import { ownOrigin } from '../own-url.ts';
import { Problem } from '../problem.ts';
import { type Tenant, toDevice } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { toEnrolmentTicket } from './device-routes.ts';
import { readJson, readQuery } from './request-body.ts';

export interface BrowserRoutesParts {
  tenant: Tenant;
  /** Undefined on plain http. */
  openForChromium(): Promise<readonly string[] | undefined>;
}

export function browserRoutes({ tenant, openForChromium }: BrowserRoutesParts): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL_API}/tickets`,
      purpose: 'enrol a browser, or a Guardian app, in hand',
      shapes: {
        body: controlTicketSchema,
        answer: controlTicketAnswerSchema,
        status: 201,
        errors: { 404: 'Nobody here has this user_id.' },
        note: 'For a browser that whoever calls this has in hand: it pairs as soon as it opens `url`, without asking. Five minutes.',
      },
      answer: async (ctx) => {
        const { user_id: userId } = await readJson(ctx, controlTicketSchema);
        requirePerson(tenant, userId);
        const ticket = await tenant.tickets.issue(userId, undefined, { pairsAtOnce: true });
        ctx.body = {
          ...toEnrolmentTicket(ticket, ownOrigin(ctx, tenant.issuer)),
          barcode_uri: barcodeUri(tenant, ticket),
        } satisfies ControlTicket;
        ctx.status = 201;
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/devices`,
      purpose: 'list the devices of a person, or of everybody',
      shapes: {
        query: devicesQuerySchema,
        answer: devicesSchema,
        errors: { 404: 'Nobody here has this user_id.' },
        note: 'Oldest first, person by person.',
      },
      answer: async (ctx) => {
        ctx.body = await listDevices(ctx, tenant);
      },
    },
    {
      method: 'POST',
      path: `${CONTROL_API}/chromium-push`,
      purpose: 'imitate Chromium’s push service from now on',
      shapes: {
        answer: chromiumPushSchema,
        errors: { 409: 'The server speaks plain http.' },
        note: 'For a Chromium that is started with these switches and trusts the certificate: it then receives real pushes without the internet. The body is `{}`.',
      },
      answer: async (ctx) => {
        const switches = await openForChromium();
        if (!switches) {
          throw new Problem('bad_request', 'Chromium’s push needs TLS, and this server speaks plain http.', {
            status: 409,
            hint: 'Start it without --http.',
          });
        }
        ctx.body = { switches: [...switches] } satisfies ChromiumPush;
      },
    },
  ];
}

async function listDevices(ctx: RouterContext, tenant: Tenant): Promise<Devices> {
  const { user_id: userId } = readQuery(ctx, devicesQuerySchema);
  const people =
    userId === undefined
      ? tenant.directory.users().map((user) => ({ id: user.user_id, name: user.name }))
      : [{ id: userId, name: requirePerson(tenant, userId).name }];
  const devices: Device[] = [];
  for (const { id, name } of people)
    devices.push(...(await tenant.devices.of(id)).map((device) => toDevice(device, name)));
  return { devices };
}

function requirePerson(tenant: Tenant, userId: string): { name: string } {
  const user = tenant.directory.user(userId);
  if (user) return user;
  throw new Problem('not_found', `Nobody here has the user_id "${userId}".`, {
    status: 404,
    hint: `GET ${APPROVER_API}/people lists everybody.`,
  });
}
