// The admission of the profile `standard`: every rule that a CIBA request must pass, in one order. What the request says by itself
// comes first, then the person and their user code, then what is asked for, then the ways and the limits. The provider has
// authenticated the client and checked its grant before this is called. CIBA Core §7.1, §7.2 and §13.
import { showInvisible } from '../approvals/index.ts';
import type { ClientConfig, NotificationChannel, UserConfig } from '../contract/index.ts';
import { type Tenant, whyNotCiba } from '../tenant/index.ts';
import { authorizeAudience, grantScopes, readAudience } from './access-rules.ts';
import type { AdmissionParts, AdmittedRequest } from './admitted-request.ts';
import { parseAuthorizationDetails } from './authorization-details.ts';
import { findHintedUser } from './hints.ts';
import { reasonAgainstEmail, reasonAgainstPush } from './notification-channels.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';
import { invalidRequest, Refusal } from './refusal.ts';
import { pendingCountOf } from './request-limits.ts';
import { checkUserCode } from './user-codes.ts';

/** Shown in full on every surface, push messages and e-mails included. In UTF-16 code units. */
const LONGEST_BINDING_MESSAGE = 64;

export async function admitStandard(
  tenant: Tenant,
  parts: AdmissionParts,
  client: ClientConfig,
  parameters: RequestParameters,
): Promise<AdmittedRequest> {
  checkClient(tenant, client);
  const requested = readScope(parameter(parameters, 'scope'));
  const bindingMessage = readBindingMessage(parameter(parameters, 'binding_message'));
  const expiresInSeconds = readExpiry(tenant, parameter(parameters, 'requested_expiry'));
  const acrValues = readAcrValues(parameter(parameters, 'acr_values'));
  const user = await findHintedUser(tenant, client, parts.clientKeys, parameters);
  await checkUserCode(tenant, client, user, parameter(parameters, 'user_code'));
  checkBlocked(user);
  checkResource(parameters);
  const access = authorizeAudience(tenant, client, readAudience(tenant, parameters, client));
  const scope = grantScopes(tenant, client, user.user_id, access, requested);
  const detailsText = parameter(parameters, 'authorization_details');
  const authorizationDetails =
    detailsText === undefined
      ? undefined
      : parseAuthorizationDetails(detailsText, { config: tenant.config, client, ...access }, parts.schemas);
  const channel = await selectChannel(tenant, client, user);
  checkLimits(tenant, parts, client, user);
  return {
    client,
    user,
    bindingMessage,
    scope,
    access,
    authorizationDetails,
    channel,
    expiresInSeconds,
    acrValues,
  };
}

/** Whoever asks people must be known: CIBA Core §7.1. */
function checkClient(tenant: Tenant, client: ClientConfig): void {
  const why = whyNotCiba(client, rulesOf(tenant, client));
  if (why === undefined) return;
  throw new Refusal(
    400,
    'unauthorized_client',
    'This client may not ask people; CIBA needs one that proves itself',
    `"${client.client_id}" is ${why}`,
  );
}

/** CIBA Core §7.1: `openid` is mandatory. The other values are judged later, against the API. */
function readScope(text: string | undefined): string[] {
  if (text === undefined) throw invalidRequest('scope is missing, it must contain openid');
  const requested = text.split(' ').filter((scope) => scope !== '');
  if (!requested.includes('openid')) throw invalidRequest('scope must contain openid');
  return requested;
}

/** CIBA Core §7.1 leaves length and characters to the server. What is taken is shown as it was sent. */
function readBindingMessage(text: string | undefined): string {
  if (text === undefined) return '';
  if (text.length > LONGEST_BINDING_MESSAGE) {
    throw invalidBindingMessage(
      `binding_message has ${text.length} characters, at most ${LONGEST_BINDING_MESSAGE} can be shown`,
    );
  }
  if (text.trim() === '') throw invalidBindingMessage('binding_message is nothing but white space');
  // A replacement character is what is left of bytes that were no UTF-8.
  if (showInvisible(text) !== text || /[\uFFFD\p{Cs}\p{Co}\p{Cn}]/u.test(text)) {
    throw invalidBindingMessage('binding_message has characters that cannot be shown', showInvisible(text));
  }
  return text;
}

function invalidBindingMessage(description: string, hint?: string): Refusal {
  return new Refusal(400, 'invalid_binding_message', description, hint);
}

/** CIBA Core §7.1: a positive integer. It is a wish: a longer one is cut. */
function readExpiry(tenant: Tenant, text: string | undefined): number {
  const { default_expiry, expiry_limit } = tenant.config.ciba;
  if (text === undefined) return default_expiry;
  if (!/^0*[1-9]\d*$/.test(text)) {
    throw invalidRequest('requested_expiry must be a positive integer', `received "${text.slice(0, 40)}"`);
  }
  return Math.min(Number(text), expiry_limit);
}

/** CIBA Core §7.1: in order of preference, so that of one that is repeated the first place counts. */
function readAcrValues(text = ''): string[] {
  return [...new Set(text.split(' ').filter((value) => value !== ''))];
}

/** RFC 8707 §2 lets a server refuse several resources at once: a token here is for one API. */
function checkResource({ resource }: RequestParameters): void {
  if (resource === undefined || new Set([resource].flat()).size === 1) return;
  throw new Refusal(400, 'invalid_target', 'A token is for one resource. Ask for one at a time');
}

function checkBlocked(user: UserConfig): void {
  if (!user.blocked) return;
  throw new Refusal(
    403,
    'access_denied',
    'The user may not be asked',
    `unblock ${user.name}: PATCH /api/v2/users/{id} with blocked: false`,
  );
}

/** The first channel of the client by which the person can be reached, for however long the request lasts. */
async function selectChannel(
  tenant: Tenant,
  client: ClientConfig,
  user: UserConfig,
): Promise<NotificationChannel> {
  const reasons: string[] = [];
  for (const channel of client.async_approval_notification_channels ??
    (['guardian-push', 'email'] as const)) {
    const reason =
      channel === 'email' ? reasonAgainstEmail(tenant, user) : await reasonAgainstPush(tenant, user);
    if (reason === undefined) return channel;
    reasons.push(`${channel}: ${reason}`);
  }
  // CIBA Core §13: the server itself denies the request.
  throw new Refusal(
    403,
    'access_denied',
    `The user cannot be reached. ${reasons.join('; ')}`,
    `pair a device for ${user.name} in the approver app, or give them an e-mail address with email_verified: true`,
  );
}

function checkLimits(tenant: Tenant, parts: AdmissionParts, client: ClientConfig, user: UserConfig): void {
  const limitsPerson = rulesOf(tenant, client).limitsRequestsPerPerson;
  const exceeded = parts.limits.take(user.user_id, pendingCountOf(tenant), { limitsPerson });
  if (exceeded === undefined) return;
  throw new Refusal(
    429,
    'temporarily_unavailable',
    'The server has as many requests as it takes. Try again in a minute',
    'ciba.requests_per_minute_per_tenant or ciba.pending_requests_per_tenant: 0 turns it off',
    { 'retry-after': '60' },
  );
}
