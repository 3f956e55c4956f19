// What is asked in a scene: the parameters of a recorded run as they were received, for the world of the scene.
import type { AuthorizationDetail, TraceEvent } from '../contract/index.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';

export interface Question {
  clientId: string;
  userId: string;
  audience: string | undefined;
  scope: readonly string[];
  bindingMessage: string;
  details: readonly AuthorizationDetail[] | undefined;
  /** Other parameters of the request, as they were received. */
  more: Readonly<Record<string, string>>;
}

type Received = Extract<TraceEvent, { type: 'request.received' }>;

/** Parameters that may be repeated as they are; the others are made anew, or name the tenant. */
const REPEATED = ['acr_values', 'requested_expiry', 'request_expiry'];

export function readQuestion(received: Received): Question {
  const parameters = received.exchange?.request.parameters ?? {};
  return {
    clientId: received.client_id,
    userId: received.user_id,
    audience: received.audience,
    scope: received.scope,
    bindingMessage: received.binding_message,
    details: received.authorization_details,
    more: Object.fromEntries(Object.entries(parameters).filter(([name]) => REPEATED.includes(name))),
  };
}

/** The form of POST /bc-authorize. */
export function toForm(
  question: Question,
  server: { issuer: string; clientSecret: string },
): Record<string, string> {
  const { clientId, userId, audience, scope, bindingMessage, details, more } = question;
  return {
    client_id: clientId,
    client_secret: server.clientSecret,
    login_hint: JSON.stringify({ format: 'iss_sub', iss: server.issuer, sub: userId }),
    binding_message: bindingMessage,
    scope: scope.join(' '),
    // Named in any case: the tenant may have a default audience.
    audience: audience ?? `${server.issuer}userinfo`,
    ...(details === undefined ? {} : { authorization_details: JSON.stringify(details) }),
    ...more,
  };
}

/** The same details with one value changed: an amount ten times as high where there is one, else the first value. */
export function changeDetails(details: readonly AuthorizationDetail[]): AuthorizationDetail[] {
  const [first, ...others] = details;
  if (first === undefined) return [{ type: 'something_that_nobody_approved' }];
  const changed = changeAmount(first) ?? { ...first, changed_by_the_agent: true };
  return [{ ...changed, type: first.type }, ...others];
}

function changeAmount(detail: JsonObject): JsonObject | undefined {
  for (const [name, value] of Object.entries(detail)) {
    if (/amount|quantity|price/i.test(name) && !isJsonObject(value)) {
      const larger = timesTen(value);
      if (larger !== undefined) return { ...detail, [name]: larger };
    }
    const inside = isJsonObject(value) ? changeAmount(value) : undefined;
    if (inside) return { ...detail, [name]: inside };
  }
  return undefined;
}

function timesTen(value: unknown): number | string | undefined {
  if (typeof value === 'number') return value * 10;
  if (typeof value !== 'string' || !/^\d+(\.\d+)?$/.test(value)) return undefined;
  const decimals = value.split('.')[1]?.length ?? 0;
  return (Number(value) * 10).toFixed(decimals);
}
