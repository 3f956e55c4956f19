// The client's half of CIBA in poll mode, as any agent speaks it: one request, then polls at the pace the server sets.
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { CIBA_GRANT_TYPE } from '../contract/index.ts';
import type { ControlTransport } from '../control-client.ts';
import { Problem } from '../problem.ts';

/** CIBA Core §7.3. */
const startedSchema = z.object({
  auth_req_id: z.string(),
  expires_in: z.number(),
  interval: z.number().default(5),
});
export type Started = z.output<typeof startedSchema>;

/** RFC 6749 §5.1 and RFC 9396 §7. */
const tokensSchema = z.object({
  access_token: z.string(),
  scope: z.string().optional(),
  expires_in: z.number(),
  authorization_details: z.array(z.looseObject({ type: z.string() })).optional(),
});
export type Tokens = z.output<typeof tokensSchema>;

/** RFC 6749 §5.2; `interval` beside `slow_down` is Auth0's. */
const refusalSchema = z.object({
  error: z.string(),
  error_description: z.string().optional(),
  interval: z.number().optional(),
});

/** Where a fault of this server took part, its id. */
const FAULT_HEADER = 'assent-fault';

export interface BackchannelClient {
  clientId: string;
  clientSecret: string;
  transport: ControlTransport;
}

interface Refusal extends z.output<typeof refusalSchema> {
  /** Id of the fault that is behind it. */
  fault?: string | undefined;
}

type Answer<T> = { ok: true; value: T } | ({ ok: false } & Refusal);

/** @throws Problem `bad_request` with the server's words when it refuses */
export async function startRequest(
  client: BackchannelClient,
  parameters: Readonly<Record<string, string>>,
): Promise<Started> {
  const answer = await post(client, '/bc-authorize', parameters, startedSchema);
  if (answer.ok) return answer.value;
  throw new Problem(
    'bad_request',
    `Refused with ${answer.error}: ${answer.error_description ?? 'no reason given'}`,
    {
      hint: adviceFor(answer),
    },
  );
}

/** Polls until there is an answer: the tokens, or undefined when they were denied or nobody decided. CIBA Core §11. */
export async function waitForTokens(
  client: BackchannelClient,
  started: Started,
  signal?: AbortSignal,
): Promise<Tokens | undefined> {
  let intervalSeconds = started.interval;
  for (;;) {
    await delay(intervalSeconds * 1000, undefined, { signal });
    const answer = await post(
      client,
      '/oauth/token',
      { grant_type: CIBA_GRANT_TYPE, auth_req_id: started.auth_req_id },
      tokensSchema,
    );
    if (answer.ok) return answer.value;
    switch (answer.error) {
      case 'authorization_pending':
        break;
      case 'slow_down':
        intervalSeconds = Math.max(intervalSeconds, answer.interval ?? intervalSeconds + 5);
        break;
      case 'access_denied':
      case 'expired_token':
        return undefined;
      default:
        throw new Problem(
          'bad_request',
          `The token was refused with ${answer.error}: ${answer.error_description}`,
          answer.fault === undefined ? {} : { hint: adviceFor(answer) },
        );
    }
  }
}

async function post<T>(
  { clientId, clientSecret, transport }: BackchannelClient,
  path: string,
  parameters: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
): Promise<Answer<T>> {
  const response = await transport.open({
    method: 'POST',
    path,
    body: new URLSearchParams({ ...parameters, client_id: clientId, client_secret: clientSecret }),
    accepted: [200, 400, 401, 403, 429, 500, 502, 503, 504],
  });
  const content: unknown = JSON.parse(await text(response));
  if (response.statusCode === 200) return { ok: true, value: schema.parse(content) };
  const fault = response.headers[FAULT_HEADER];
  return { ok: false, ...refusalSchema.parse(content), fault: typeof fault === 'string' ? fault : undefined };
}

function adviceFor({ error, error_description: description = '', fault }: Refusal): string {
  if (fault !== undefined)
    return `That is the fault ${fault}, on purpose. An agent may ask again; this command does not.\nEnd it:   assent faults remove ${fault}`;
  if (/client_notification_token/.test(description))
    return 'That client is called back, and this command plays one that polls. Name another: assent ask --client ID';
  if (/longer than push allows/.test(description))
    return 'It has to go by e-mail: list email in async_approval_notification_channels of the client, and see that the person has an address. Or ask for less time: assent ask --expiry 300';
  if (/notification channel/i.test(description))
    return 'This person has no device. Pair a browser in the approver app, or ask somebody else: assent ask --user';
  if (error === 'invalid_authorization_details')
    return 'Ask without details, or name others: assent ask --no-details, assent ask --details JSON';
  if (error === 'invalid_client' || error === 'access_denied' || error === 'unauthorized_client')
    return 'Name a client and its secret: assent ask --client ID --client-secret SECRET';
  if (error === 'missing_user_code')
    return 'That person has a user code, and this command sends none. Ask somebody else: assent ask --user, or name another client: assent ask --client ID';
  if (error === 'too_many_requests') return 'Wait a minute. The limits are in the tenant file, under "ciba".';
  return 'The log of the server says more.';
}
