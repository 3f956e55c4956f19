// How a device gets the passkey with which its person approves, where the tenant asks for one. Signed by that device.
import { isIP } from 'node:net';
import type { RouterContext } from '@koa/router';
import { APPROVER_API, passkeyRegistrationSchema } from '../contract/index.ts';
import { ownOrigin } from '../own-url.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import { type Tenant, toDevice } from '../tenant/index.ts';
import type { CallingDevice } from './device-proof.ts';
import { readJson } from './request-body.ts';

export interface PasskeyRoutesParts {
  tenant: Tenant;
  /** Wraps an answer that only a paired device may have. */
  forDevices(answer: (ctx: RouterContext, caller: CallingDevice) => Promise<void>): Route['answer'];
}

export function passkeyRoutes({ tenant, forDevices }: PasskeyRoutesParts): Route[] {
  return [
    {
      method: 'POST',
      path: `${APPROVER_API}/devices/:id/passkey/challenge`,
      purpose: 'have a browser asked for a passkey',
      answer: forDevices(async (ctx, caller) => {
        requireRegistrable(ctx, tenant, caller);
        ctx.body = await tenant.passkeys.beginRegistration(caller.device, caller.userName);
      }),
    },
    {
      method: 'PUT',
      path: `${APPROVER_API}/devices/:id/passkey`,
      purpose: 'register a passkey',
      answer: forDevices(async (ctx, caller) => {
        const registration = await readJson(ctx, passkeyRegistrationSchema);
        requireRegistrable(ctx, tenant, caller);
        const outcome = await tenant.passkeys.register(caller.device, registration);
        if ('refused' in outcome) {
          throw new Problem('passkey_invalid', `The answer of the passkey ${outcome.refused}.`, {
            hint: 'Nothing was registered. Ask for a new challenge and try again.',
          });
        }
        const { device } = outcome;
        tenant.log.append({
          type: 'device.passkey_registered',
          user_id: device.userId,
          user_name: caller.userName,
          device: device.name,
        });
        ctx.body = toDevice(device, caller.userName);
      }),
    },
  ];
}

/** WebAuthn §5.1.3 and §5.1.4: a browser uses passkeys for the host of its page only, and never for an IP address. */
export function requirePasskeyAddress(ctx: RouterContext, { passkeys, issuer }: Tenant): void {
  if (!passkeys.areRequired) {
    throw unavailable(
      'This tenant asks for no passkeys.',
      'The tenant file turns them on: guardian.factors.',
    );
  }
  // The hostname of a URL has an IPv6 address in brackets.
  if (isIP(passkeys.rpId) !== 0 || passkeys.rpId.startsWith('[')) {
    throw unavailable(
      `Browsers make no passkeys for an IP address, and the issuer is ${issuer}.`,
      'Start with a host name as --issuer, or with none for localhost.',
    );
  }
  const asked = ownOrigin(ctx, issuer);
  if (asked === passkeys.origin) return;
  throw unavailable(
    `Received a call under ${asked}; passkeys are made for ${passkeys.origin} alone.`,
    `Open ${passkeys.origin}/approve instead, and pair the browser there.`,
  );
}

function requireRegistrable(ctx: RouterContext, tenant: Tenant, { device }: CallingDevice): void {
  const id = pathParameter(ctx, 'id');
  if (id !== device.id) {
    throw new Problem('forbidden', `The device "${device.id}" cannot register a passkey for "${id}".`, {
      status: 403,
    });
  }
  requirePasskeyAddress(ctx, tenant);
  if (device.passkey === undefined) return;
  throw unavailable(
    `The device "${device.name}" has a passkey already.`,
    'One that was lost is replaced by un-pairing the device and pairing it again.',
  );
}

function unavailable(message: string, hint: string): Problem {
  return new Problem('passkey_unavailable', message, { status: 409, hint });
}
