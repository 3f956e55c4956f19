// Plays the tenant's first CIBA client for somebody who just wants to see a request arrive. Goes through the front door,
// like every other client; words a payment from the display settings of the first type that has an amount.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { type AuthorizationDetail, CIBA_GRANT_TYPE, type TenantConfig } from './contract/index.ts';
import { Problem } from './problem.ts';
import type { Tenant } from './tenant/index.ts';

export interface DemoRequestParts {
  tenant: Tenant;
  /** Where this server listens, without a slash at the end. */
  url: string;
  ca: string | undefined;
}

/** Asks `userId`; resolves to the auth_req_id. */
export async function sendDemoRequest(parts: DemoRequestParts, userId: string): Promise<string> {
  const { tenant } = parts;
  const client = tenant.directory
    .clients()
    .find((one) => one.grant_types.includes(CIBA_GRANT_TYPE) && one.client_secret !== undefined);
  if (!client?.client_secret) {
    throw new Problem('bad_request', 'This tenant has no client with a secret that may use CIBA', {
      status: 409,
      hint: `add a client with grant_types: ["${CIBA_GRANT_TYPE}"] and a client_secret to the tenant file`,
    });
  }
  const payment = demoPayment(tenant.config);
  const form = new URLSearchParams({
    client_id: client.client_id,
    client_secret: client.client_secret,
    login_hint: JSON.stringify({ format: 'iss_sub', iss: tenant.issuer, sub: userId }),
    binding_message: tenant.ids.make('DEMO-', 3).toUpperCase(),
    scope: ['openid', ...(payment?.scope ?? [])].join(' '),
    ...(payment === undefined
      ? {}
      : { audience: payment.audience, authorization_details: JSON.stringify([payment.detail]) }),
  });
  const answer = await post(new URL('/bc-authorize', parts.url), form.toString(), parts.ca);
  if (typeof answer['auth_req_id'] === 'string') return answer['auth_req_id'];
  throw new Problem('bad_request', `The demo request was refused: ${String(answer['error_description'])}`, {
    status: 409,
  });
}

/** 42 units of something, if the tenant has a type whose display settings say where the amount goes. */
function demoPayment(
  config: TenantConfig,
): { audience: string; scope: string[]; detail: AuthorizationDetail } | undefined {
  for (const api of config.resource_servers) {
    for (const { type, display, schema } of api.authorization_details) {
      if (display?.amount === undefined || display.currency === undefined || schema !== undefined) continue;
      const detail: AuthorizationDetail = { type };
      place(detail, display.amount, 42);
      place(detail, display.currency, 'EUR');
      if (display.to !== undefined) place(detail, display.to, 'Ada Lovelace');
      return { audience: api.identifier, scope: api.scopes.map((scope) => scope.value), detail };
    }
  }
  return undefined;
}

/** Sets the value at a JSON Pointer (RFC 6901), making objects on the way. */
function place(target: Record<string, unknown>, pointer: string, value: unknown): void {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  if (last === undefined) return;
  let at = target;
  for (const name of names) {
    const next = (at[name] ?? {}) as Record<string, unknown>;
    at[name] = next;
    at = next;
  }
  at[last] = value;
}

async function post(url: URL, form: string, ca: string | undefined): Promise<Record<string, unknown>> {
  const isHttps = url.protocol === 'https:';
  const body = await new Promise<string>((resolve, reject) => {
    const request = (isHttps ? requestHttps : requestHttp)(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        ...(isHttps && ca !== undefined ? { ca } : {}),
        agent: false,
      },
      (response) => text(response).then(resolve, reject),
    );
    request.on('error', reject);
    request.end(form);
  });
  return JSON.parse(body) as Record<string, unknown>;
}
