// Whom a request is about, in the profile `standard`: exactly one of three hints says so. CIBA Core §7.1 and §7.2.
import type { ClientConfig, UserConfig } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ClientKeys } from './client-keys.ts';
import { readIdTokenHint, readLoginHintToken } from './hint-tokens.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { invalidRequest, Refusal } from './refusal.ts';

const HINTS = ['login_hint', 'id_token_hint', 'login_hint_token'] as const;

/** @throws Refusal `invalid_request`, `unknown_user_id` or `expired_login_hint_token` */
export async function findHintedUser(
  tenant: Tenant,
  client: ClientConfig,
  clientKeys: ClientKeys,
  parameters: RequestParameters,
): Promise<UserConfig> {
  const sent = HINTS.flatMap((name) => {
    const text = parameter(parameters, name);
    return text === undefined ? [] : [{ name, text }];
  });
  const [hint, second] = sent;
  if (hint === undefined || second !== undefined) {
    throw invalidRequest(
      `Exactly one of ${HINTS.join(', ')} must be sent, received ${sent.length === 0 ? 'none' : sent.map(({ name }) => name).join(' and ')}`,
    );
  }
  switch (hint.name) {
    case 'login_hint':
      return requireUser(findByLoginHint(tenant, hint.text), tenant);
    case 'id_token_hint':
      return requireUser(tenant.directory.user(await readIdTokenHint(tenant, client, hint.text)), tenant);
    case 'login_hint_token': {
      const subject = await readLoginHintToken(tenant, client, clientKeys, hint.text);
      const user =
        typeof subject === 'string' ? findByName(tenant, subject) : findBySubjectId(tenant, subject);
      return requireUser(user, tenant);
    }
  }
}

function requireUser(user: UserConfig | undefined, tenant: Tenant): UserConfig {
  if (user) return user;
  const known = tenant.directory.users().map((one) => one.user_id);
  throw new Refusal(
    400,
    'unknown_user_id',
    'No user of this server is meant by the hint',
    `expected a user id, an e-mail address or a phone number. People of this tenant: ${known.slice(0, 10).join(', ') || 'none'}`,
  );
}

/** Plain text, or Auth0's JSON. */
function findByLoginHint(tenant: Tenant, text: string): UserConfig | undefined {
  if (!text.trimStart().startsWith('{')) return findByName(tenant, text);
  let subject: unknown;
  try {
    subject = JSON.parse(text);
  } catch {
    // Answered below, as every other text that is not an object.
  }
  if (!isJsonObject(subject)) throw invalidRequest('login_hint begins like JSON and is none');
  return findBySubjectId(tenant, subject);
}

/** A subject identifier, RFC 9493 §3.2: `iss_sub`, `email` and `phone_number`. */
function findBySubjectId(tenant: Tenant, subject: Readonly<Record<string, unknown>>): UserConfig | undefined {
  const textOf = (name: string): string => {
    const value = subject[name];
    if (typeof value !== 'string' || value === '')
      throw invalidRequest(`The subject identifier has no text "${name}"`);
    return value;
  };
  const { format } = subject;
  switch (format) {
    case 'iss_sub':
      if (textOf('iss') !== tenant.issuer)
        throw invalidRequest('iss of the subject identifier is not this issuer');
      return tenant.directory.user(textOf('sub'));
    case 'email':
      return tenant.directory.userByEmail(textOf('email'));
    case 'phone_number':
      return findByPhone(tenant, textOf('phone_number'));
    default:
      throw invalidRequest('format of the subject identifier must be iss_sub, email or phone_number');
  }
}

function findByName(tenant: Tenant, text: string): UserConfig | undefined {
  return (
    tenant.directory.user(text) ??
    (text.includes('@') ? tenant.directory.userByEmail(text) : undefined) ??
    findByPhone(tenant, text)
  );
}

/** Compared by their digits; an E.164 number is written in many ways. Of two people with the same number none is meant. */
function findByPhone(tenant: Tenant, text: string): UserConfig | undefined {
  if (!/^\+?[\d ()./-]+$/.test(text)) return undefined;
  const digitsOf = (number: string): string => number.replaceAll(/\D/g, '');
  const digits = digitsOf(text);
  if (digits.length < 5) return undefined;
  const [user, second] = tenant.directory
    .users()
    .filter(({ phone_number: number }) => number !== undefined && digitsOf(number) === digits);
  return second === undefined ? user : undefined;
}
