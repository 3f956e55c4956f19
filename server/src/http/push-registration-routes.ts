// How a device says where it can be reached while its page is closed. Signed by that device.
import type { RouterContext } from '@koa/router';
import {
  APPROVER_API,
  type PushRegistration,
  type PushSetup,
  pushRegistrationSchema,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import { type Tenant, toDevice } from '../tenant/index.ts';
import type { CallingDevice } from './device-proof.ts';
import { readJson } from './request-body.ts';

/** What these routes need of push. */
export interface PushPort {
  /** base64url. */
  readonly publicKey: string;
  register(deviceId: string, registration: PushRegistration): Promise<void>;
  unregister(deviceId: string): Promise<void>;
}

export interface PushRegistrationRoutesParts {
  tenant: Tenant;
  push: PushPort;
  /** Wraps an answer that only a paired device may have. */
  forDevices(answer: (ctx: RouterContext, caller: CallingDevice) => Promise<void>): Route['answer'];
}

export function pushRegistrationRoutes(parts: PushRegistrationRoutesParts): Route[] {
  const { tenant, push, forDevices } = parts;
  return [
    {
      method: 'GET',
      path: `${APPROVER_API}/push`,
      purpose: 'learn the key to subscribe with',
      answer: forDevices(async (ctx) => {
        ctx.body = { vapid_public_key: push.publicKey } satisfies PushSetup;
      }),
    },
    {
      method: 'PUT',
      path: `${APPROVER_API}/devices/:id/push`,
      purpose: 'say where a device can be reached',
      answer: forDevices(async (ctx, caller) => {
        const registration = await readJson(ctx, pushRegistrationSchema);
        requireSelf(ctx, caller);
        await push.register(caller.device.id, registration);
        const device = await tenant.devices.get(caller.device.id);
        ctx.body = toDevice(device ?? caller.device, caller.userName);
      }),
    },
    {
      method: 'DELETE',
      path: `${APPROVER_API}/devices/:id/push`,
      purpose: 'send a device nothing more',
      answer: forDevices(async (ctx, caller) => {
        requireSelf(ctx, caller);
        await push.unregister(caller.device.id);
        ctx.status = 204;
      }),
    },
  ];
}

/** A device speaks for itself: another one could otherwise send its notifications elsewhere. */
function requireSelf(ctx: RouterContext, { device }: CallingDevice): void {
  const id = pathParameter(ctx, 'id');
  if (id === device.id) return;
  throw new Problem('forbidden', `The device "${device.id}" cannot say where "${id}" is reached.`, {
    status: 403,
  });
}
