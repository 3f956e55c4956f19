// Plays a client of the tenant for somebody who just wants to see a request arrive. Goes through the front door, like
// every other client, so it chooses a client and an API that the rules behind that door let through; words a payment
// from the display settings of the first type that has an amount. Called by the app on behalf of a paired device.
import {
  type AuthorizationDetail,
  CIBA_GRANT_TYPE,
  type ClientConfig,
  type NotificationChannel,
  type ResourceServerConfig,
} from './contract/index.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { namesInPointer } from './json-pointer.ts';
import { callOwnServer } from './own-call.ts';
import { Problem } from './problem.ts';
import { type Tenant, whyNotCiba } from './tenant/index.ts';

export interface DemoRequestParts {
  tenant: Tenant;
  /** Where this server listens, without a slash at the end. */
  url: string;
  ca: string | undefined;
}

interface Payment {
  audience: string;
  scope: string[];
  detail: AuthorizationDetail;
}

/** A client that proves itself by its secret. */
type SecretClient = ClientConfig & { client_secret: string };

/**
 * Asks `userId`; resolves to the auth_req_id.
 *
 * @throws Problem 409 when no client of the tenant could ask, or when the server refuses the request
 */
export async function sendDemoRequest(
  parts: DemoRequestParts,
  userId: string,
  channel?: NotificationChannel,
): Promise<string> {
  const { tenant } = parts;
  const { client, payment } = chooseDemo(tenant, channel);
  const form = new URLSearchParams({
    client_id: client.client_id,
    client_secret: client.client_secret,
    login_hint: JSON.stringify({ format: 'iss_sub', iss: tenant.issuer, sub: userId }),
    binding_message: tenant.ids.make('DEMO-', 3).toUpperCase(),
    scope: ['openid', ...(payment?.scope ?? [])].join(' '),
    // Named in any case: the tenant's default audience may be closed to this client.
    audience: payment?.audience ?? new URL('userinfo', tenant.issuer).href,
    ...(payment === undefined ? {} : { authorization_details: JSON.stringify([payment.detail]) }),
    // auth0: CIBA notification channels: what may wait longer than push allows goes by e-mail alone.
    ...(channel === 'email' ? { requested_expiry: String(tenant.config.ciba.push_expiry_limit + 1) } : {}),
  });
  const answer = await callOwnServer(parts, { method: 'POST', path: '/bc-authorize', body: form });
  if (typeof answer.body['auth_req_id'] === 'string') return answer.body['auth_req_id'];
  const why = answer.body['error_description'] ?? answer.body['error'] ?? `HTTP ${answer.status}`;
  throw new Problem('bad_request', `The demo request was refused: ${String(why)}`, { status: 409 });
}

/** The question of a demo request, for whoever asks it elsewhere. @throws Problem 409 as `sendDemoRequest` */
export function demoQuestion(tenant: Tenant) {
  const { client, payment } = chooseDemo(tenant);
  const person = tenant.directory.users().find(({ blocked }) => !blocked);
  if (!person) {
    throw new Problem('bad_request', 'This tenant has nobody who could be asked.', {
      status: 409,
      hint: 'Add a user to the tenant file.',
    });
  }
  return {
    clientId: client.client_id,
    userId: person.user_id,
    audience: payment?.audience,
    scope: ['openid', ...(payment?.scope ?? [])],
    bindingMessage: 'DEMO-4K9',
    details: payment && [payment.detail],
    more: {},
  };
}

/** A client that may ask, if possible one with something to pay for. */
function chooseDemo(
  tenant: Tenant,
  channel?: NotificationChannel,
): { client: SecretClient; payment?: Payment } {
  const able = tenant.directory.clients().filter(mayAsk);
  const clients =
    channel === undefined ? able : able.filter((client) => channelsOf(client).includes(channel));
  for (const client of clients) {
    const payment = demoPayment(tenant, client);
    if (payment) return { client, payment };
  }
  const [client] = clients;
  if (client) return { client };
  if (able.length > 0) {
    throw new Problem('bad_request', `No client of this tenant that may ask uses ${channel}`, {
      status: 409,
      hint: `Add "${channel}" to async_approval_notification_channels of ${able[0]?.name}`,
    });
  }
  throw new Problem('bad_request', 'This tenant has no client that may ask with a secret', {
    status: 409,
    hint: `add a first-party client with grant_types: ["${CIBA_GRANT_TYPE}"] and a client_secret to the tenant file`,
  });
}

/** auth0: CIBA notification channels: left out, it is push alone. */
function channelsOf(client: ClientConfig): readonly NotificationChannel[] {
  return client.async_approval_notification_channels ?? ['guardian-push'];
}

function mayAsk(client: ClientConfig): client is SecretClient {
  const { client_secret, token_endpoint_auth_method: method, grant_types } = client;
  const usesSecret = method === 'client_secret_post' || method === 'client_secret_basic';
  const isAllowed = grant_types.includes(CIBA_GRANT_TYPE) && whyNotCiba(client) === undefined;
  // Who is called back would hear of a question that it never asked.
  const isPolling = (client.backchannel_token_delivery_mode ?? 'poll') === 'poll';
  return isAllowed && isPolling && usesSecret && client_secret !== undefined;
}

/** 42 units of something, where a type that this client may ask for says in its display settings where the amount goes. */
function demoPayment({ config, directory }: Tenant, client: ClientConfig): Payment | undefined {
  // auth0: Configure Rich Authorization Requests. The Guardian app takes types of its own schema alone.
  if (config.guardian.consumer === 'guardian-app') return undefined;
  for (const api of directory.resourceServers()) {
    const grant = directory.clientGrant(client.client_id, api.identifier, 'user');
    for (const { type, display, schema } of api.authorization_details) {
      if (!isOpen(api, grant?.authorization_details_types.includes(type) ?? false)) continue;
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

/** auth0: API access policies for applications; a consent policy does not go with CIBA. */
function isOpen(api: ResourceServerConfig, isGranted: boolean): boolean {
  const { policy } = api.subject_type_authorization.user;
  return api.consent_policy === null && (policy === 'allow_all' || (policy !== 'deny_all' && isGranted));
}

/** Sets the value at a JSON Pointer, making objects on the way. */
function place(target: JsonObject, pointer: string, value: unknown): void {
  const names = namesInPointer(pointer);
  const last = names.pop();
  if (last === undefined) return;
  let at = target;
  for (const name of names) {
    const existing = at[name];
    const next = isJsonObject(existing) ? existing : {};
    at[name] = next;
    at = next;
  }
  at[last] = value;
}
