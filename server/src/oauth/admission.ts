// The admission of the profile `auth0`: every rule that a CIBA request must pass, in one order: required parameters, login hint,
// person, audience, scopes, details, channel, limits. The provider has authenticated the client and checked its grant before
// this is called. Rules and words: auth0: Client-Initiated Backchannel Authentication; CIBA Core §7.1.
import {
  CIBA_GRANT_TYPE,
  type ClientConfig,
  type NotificationChannel,
  type UserConfig,
} from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { type Tenant, whyNotCiba } from '../tenant/index.ts';
import { authorizeAudience, grantScopes, readAudience } from './access-rules.ts';
import type { AdmissionParts, AdmittedRequest } from './admitted-request.ts';
import { parseAuthorizationDetails } from './authorization-details.ts';
import { hasPushFactor, reasonAgainstEmail, reasonAgainstPush } from './notification-channels.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { invalidRequest, Refusal } from './refusal.ts';
import { pendingCountOf, type RequestLimits } from './request-limits.ts';

/** auth0: CIBA, binding_message. */
const LONGEST_BINDING_MESSAGE = 64;
const BINDING_MESSAGE = /^[A-Za-z0-9 \t\r\n+\-_.,:#]+$/;
/** A provider, "|", an id. auth0: user profile structure, user_id. */
const USER_ID = /^[^|\s]+\|\S+$/;

const HINT_FAILED = 'login_hint parameter validation failed:';
const NO_CHANNEL = 'No eligible notification channels were found.';

export async function admit(
  tenant: Tenant,
  rules: AdmissionParts,
  client: ClientConfig,
  parameters: RequestParameters,
): Promise<AdmittedRequest> {
  checkClient(client);
  const bindingMessage = readBindingMessage(tenant, parameter(parameters, 'binding_message'));
  const requested = readScope(parameter(parameters, 'scope'));
  const expiresInSeconds = readExpiry(tenant, parameter(parameters, 'requested_expiry'));
  const user = findUser(tenant, parameter(parameters, 'login_hint'));
  const access = authorizeAudience(tenant, client, readAudience(tenant, parameters, client));
  if (access.resourceServer?.consent_policy === 'transactional-authorization-with-mfa') {
    throw configured(tenant, 'consent_policy');
  }
  const scope = grantScopes(tenant, client, user.user_id, access, requested);
  const detailsText = parameter(parameters, 'authorization_details');
  const authorizationDetails =
    detailsText === undefined
      ? undefined
      : parseAuthorizationDetails(detailsText, { config: tenant.config, client, ...access }, rules.schemas);
  const channel = await selectChannel(tenant, client, user, expiresInSeconds);
  checkLimits(tenant, rules.limits, user);
  return { client, user, bindingMessage, scope, access, authorizationDetails, channel, expiresInSeconds };
}

function checkClient(client: ClientConfig): void {
  const why = whyNotCiba(client);
  if (why) {
    throw new Refusal(
      403,
      'unauthorized_client',
      `Grant type '${CIBA_GRANT_TYPE}' not allowed for the client.`,
      `"${client.client_id}" is ${why}; CIBA needs a confidential, first-party, OIDC conformant client`,
    );
  }
}

function readBindingMessage(tenant: Tenant, text: string | undefined): string {
  // White space alone would leave the approver nothing to compare.
  if (text === undefined || text.trim() === '') throw invalidRequest('binding_message is required');
  if (text.length > LONGEST_BINDING_MESSAGE) {
    throw configured(tenant, 'binding_message_too_long', `received ${text.length} characters`);
  }
  if (!BINDING_MESSAGE.test(text)) {
    const odd = [...new Set(text.replaceAll(/[A-Za-z0-9 \t\r\n+\-_.,:#]/g, ''))].join(' ');
    throw invalidRequest(
      'binding_message can contain only alphanumerics, whitespace and `+-_.,:#` characters',
      `not allowed in it: ${odd}`,
    );
  }
  return text;
}

/** `openid` is mandatory: CIBA Core §7.1. The other values are judged later, against the API. */
function readScope(text: string | undefined): string[] {
  const requested = (text ?? '').split(/\s+/).filter((scope) => scope !== '');
  if (!requested.includes('openid')) throw invalidRequest('openid scope must be requested');
  return requested;
}

function readExpiry(tenant: Tenant, text: string | undefined): number {
  const { default_expiry, expiry_limit } = tenant.config.ciba;
  if (text === undefined) return default_expiry;
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= 1 && seconds <= expiry_limit)) {
    throw configured(tenant, 'requested_expiry', `received "${text.slice(0, 40)}", at most ${expiry_limit}`);
  }
  return seconds;
}

/** auth0: CIBA, login_hint: a JSON text in the `iss_sub` format of RFC 9493 §3.2.3. */
function findUser(tenant: Tenant, text: string | undefined): UserConfig {
  if (text === undefined) throw invalidRequest(`${HINT_FAILED} "login_hint" is required`);
  const hint = parseHint(text);
  if (hint['format'] !== 'iss_sub') throw invalidRequest(`${HINT_FAILED} "format" must be [iss_sub]`);
  if (hint['iss'] !== tenant.issuer) {
    throw configured(
      tenant,
      'login_hint_issuer',
      `received ${JSON.stringify(hint['iss'])?.slice(0, 120)}, expected exactly "${tenant.issuer}", with the slash`,
    );
  }
  const sub = hint['sub'];
  if (typeof sub !== 'string' || sub === '') throw invalidRequest(`${HINT_FAILED} "sub" is required`);
  if (!USER_ID.test(sub)) throw invalidRequest(`${HINT_FAILED} "sub" contains unsupported format`);
  const user = tenant.directory.user(sub);
  if (!user) {
    const known = tenant.directory.users().map((one) => one.user_id);
    throw new Refusal(
      400,
      'unknown_user_id',
      'User ID is malformed or unknown',
      `received "${sub.slice(0, 120)}". People of this tenant: ${known.slice(0, 10).join(', ') || 'none'}`,
    );
  }
  if (user.blocked) {
    throw configured(
      tenant,
      'user_blocked',
      `unblock ${user.name}: PATCH /api/v2/users/{id} with blocked: false`,
    );
  }
  return user;
}

function parseHint(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJsonObject(parsed)) return parsed;
  } catch {
    // Not JSON: answered below, as every other text that is not an object.
  }
  throw invalidRequest(
    `${HINT_FAILED} "login_hint" must be a JSON object`,
    'send {"format":"iss_sub","iss":ISSUER,"sub":USER_ID} as text',
  );
}

/**
 * The way to reach this person. auth0: CIBA notification channels. The expiry decides first: a short request goes by push
 * where the client has it, and by e-mail only if the person has no device; a long one goes by e-mail alone. A tenant without
 * the push factor fails short requests. The refusal names one reason per channel, in the client's order.
 */
async function selectChannel(
  tenant: Tenant,
  client: ClientConfig,
  user: UserConfig,
  expiresInSeconds: number,
): Promise<NotificationChannel> {
  const channels = client.async_approval_notification_channels ?? ['guardian-push'];
  const isLong = expiresInSeconds > tenant.config.ciba.push_expiry_limit;
  const hasPush = hasPushFactor(tenant);
  const against: Record<NotificationChannel, string | undefined> = {
    'guardian-push': isLong
      ? `requested_expiry of ${expiresInSeconds} seconds is longer than push allows`
      : await reasonAgainstPush(tenant, user),
    email: reasonAgainstEmail(tenant, user),
  };
  const usesPush = channels.includes('guardian-push');
  const candidates = (['guardian-push', 'email'] as const).filter((channel) => channels.includes(channel));
  const judged = usesPush && !isLong && !hasPush ? candidates.slice(0, 1) : candidates;
  const chosen = judged.find((channel) => against[channel] === undefined);
  if (chosen !== undefined) return chosen;
  throw invalidRequest(
    [
      NO_CHANNEL,
      ...channels
        .filter((channel) => judged.includes(channel))
        .map((channel) => `${channel}: ${against[channel] ?? ''}`),
    ].join(' '),
    isLong && !channels.includes('email')
      ? `add "email" to async_approval_notification_channels of the client, or ask for at most ${tenant.config.ciba.push_expiry_limit} seconds`
      : channels.includes('email')
        ? `pair a device for ${user.name} in the approver app, or give them an e-mail address with email_verified: true`
        : `pair a device for ${user.name} in the approver app, choose a person who has one, or add "email" to async_approval_notification_channels of the client`,
  );
}

/** auth0: CIBA rate limits: per person, per tenant, and how many may be pending. */
function checkLimits(tenant: Tenant, limits: RequestLimits, user: UserConfig): void {
  const { ciba } = tenant.config;
  const exceeded = limits.take(user.user_id, pendingCountOf(tenant));
  if (exceeded === 'user') {
    throw configured(
      tenant,
      'user_rate_limit',
      `${ciba.requests_per_minute_per_user} a minute for one person; ciba.requests_per_minute_per_user: 0 turns it off`,
      { 'retry-after': '60' },
    );
  }
  if (exceeded === 'tenant') {
    const resetAt = Math.ceil(tenant.clock.now() / 1000) + 60;
    throw configured(
      tenant,
      'tenant_rate_limit',
      'ciba.requests_per_minute_per_tenant or ciba.pending_requests_per_tenant: 0 turns it off',
      {
        'x-ratelimit-limit': String(ciba.requests_per_minute_per_tenant),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(resetAt),
      },
    );
  }
}

/** An answer that Auth0 does not document and that the tenant file may therefore change. */
function configured(
  tenant: Tenant,
  name: keyof Tenant['config']['ciba']['errors'],
  hint?: string,
  headers?: Readonly<Record<string, string>>,
): Refusal {
  const answer = tenant.config.ciba.errors[name];
  return new Refusal(answer.status, answer.error, answer.error_description, hint, headers);
}
