// The bank with agents that reach people by e-mail, and what tests of e-mail do over and over.
import type { TenantConfigInput, TraceEvent } from '../src/contract/index.ts';
import type { RunningAssent } from '../src/index.ts';
import { bankTenant } from '../src/tenant/bank-tenant.ts';
import { Agent, type Changes, TRANSFER, unlimitedBank } from './agent.ts';
import { Browser, type Visit } from './browser.ts';

type EmailInput = NonNullable<TenantConfigInput['email']>;

/** Every client may use e-mail after push. */
export function bankByEmail(
  email: EmailInput = {},
  changes: Partial<TenantConfigInput> = {},
): TenantConfigInput {
  const clients = (changes.clients ?? bankTenant.clients ?? []).map((client) => ({
    ...client,
    async_approval_notification_channels: ['guardian-push' as const, 'email' as const],
  }));
  return unlimitedBank({ ...changes, clients, email });
}

/** Asks Ada for the transfer, for longer than push allows. Gives the auth_req_id. */
export function askByEmail(agent: Agent, changes: Changes = {}): Promise<string> {
  return agent.askFor({
    requested_expiry: '3600',
    authorization_details: JSON.stringify([TRANSFER]),
    ...changes,
  });
}

/** The first event of that type after that number, once it is there. */
export async function eventOf<Type extends TraceEvent['type']>(
  assent: RunningAssent,
  type: Type,
  afterNumber = 0,
): Promise<Extract<TraceEvent, { type: Type }>> {
  const done = new AbortController();
  try {
    for await (const event of assent.control.events({ afterNumber, signal: done.signal })) {
      if (isOfType(event, type)) return event;
    }
  } finally {
    done.abort();
  }
  throw new Error(`the server stopped before ${type}`);
}

function isOfType<Type extends TraceEvent['type']>(
  event: TraceEvent,
  type: Type,
): event is Extract<TraceEvent, { type: Type }> {
  return event.type === type;
}

/** The link of the newest message in the built-in mailbox, once there is one for that request. */
export async function linkFor(assent: RunningAssent, authReqId: string): Promise<string> {
  const { id } = await assent.control.request(authReqId);
  const done = new AbortController();
  try {
    for await (const event of assent.control.events({ afterNumber: 0, signal: done.signal })) {
      if (event.type === 'notification.delivered' && event.approval === id) return event.link ?? '';
    }
  } finally {
    done.abort();
  }
  throw new Error('the server stopped before the message was there');
}

/** A request by e-mail and its page, read by whoever logs in as `person`. */
export async function openRequest(
  assent: RunningAssent,
  { person = 'Ada Lovelace', changes = {}, browser = new Browser() } = {},
): Promise<{ agent: Agent; authReqId: string; link: string; browser: Browser; page: Visit }> {
  const agent = new Agent(assent);
  const authReqId = await askByEmail(agent, changes);
  const link = await linkFor(assent, authReqId);
  const page = await (await browser.open(link)).press(person);
  return { agent, authReqId, link, browser, page };
}
