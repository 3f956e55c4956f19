// A typed client for the control API, over http or https with the local authority. Used by the command line and by tests.
import {
  type ApiCall,
  type ApiCallAnswer,
  type ApprovalView,
  apiCallAnswerSchema,
  approvalViewSchema,
  CONTROL_API,
  type ControlDecision,
  type ControlTicket,
  chromiumPushSchema,
  controlTicketAnswerSchema,
  type DecisionResult,
  type Device,
  decisionResultSchema,
  devicesSchema,
  type Health,
  healthSchema,
  type MailboxEntry,
  type MailboxMessage,
  mailboxMessageSchema,
  mailboxSchema,
  type OriginalExchange,
  originalExchangeSchema,
  requestsSchema,
  type Snapshot,
  type Story,
  snapshotSchema,
  storySchema,
  type TraceEvent,
  traceEventSchema,
  traceSchema,
  type WorldSummary,
  worldSchema,
} from './contract/index.ts';
import { type ClockClient, createClockClient } from './control-client/clock-client.ts';
import { readServerVariables } from './control-client/environment.ts';
import { createFaultsClient, type FaultsClient } from './control-client/faults-client.ts';
import { createLessonsClient, type LessonsClient } from './control-client/lessons-client.ts';
import { createRulesClient, type RulesClient } from './control-client/rules-client.ts';
import { createScenesClient, type ScenesClient } from './control-client/scenes-client.ts';
import { readServerSentEvents } from './control-client/server-sent-events.ts';
import { createStepsClient, type StepsClient } from './control-client/steps-client.ts';
import { type ControlTransport, createControlTransport } from './control-client/transport.ts';

export { type ControlTransport, createControlTransport, readServerSentEvents };

export interface WaitOptions {
  user_id?: string;
  client_id?: string;
  /** Id or short name of the last request already seen. */
  after?: string;
  /** Seconds to wait at most, any number of them. Default 30. */
  timeout?: number;
  /** Ends the wait early; it then rejects with the reason of the signal. */
  signal?: AbortSignal;
}

export interface ControlClient {
  /** What fails on purpose. */
  readonly faults: FaultsClient;
  health(): Promise<Health>;
  requests(query?: {
    state?: string;
    user_id?: string;
    client_id?: string;
    limit?: number;
    /** Only those that were opened before this one: an id or a short name. */
    before?: string;
  }): Promise<ApprovalView[]>;
  /** `ref`: id, short name, auth_req_id or `latest`. */
  request(ref: string): Promise<ApprovalView>;
  /** Undefined when none came in time. */
  nextApproval(options?: WaitOptions): Promise<ApprovalView | undefined>;
  /** @param grantedDetails what is granted, where the types let it differ from what was asked */
  approve(ref: string, grantedDetails?: readonly unknown[]): Promise<DecisionResult>;
  deny(ref: string, reason?: string): Promise<DecisionResult>;
  expire(ref: string): Promise<ApprovalView>;
  trace(ref: string): Promise<TraceEvent[]>;
  /** What has happened so far, oldest first: all of it, or what came after event `after`, or before event `before`. */
  story(query?: { after?: number; before?: number; limit?: number }): Promise<Story>;
  /** The request of an event as it came in, secrets included. */
  original(number: number): Promise<OriginalExchange>;
  /** How an API judged a call, for the trace. */
  reportApiCall(call: ApiCall): Promise<ApiCallAnswer>;
  /** Messages in the built-in mailbox, newest first. */
  mailbox(query?: { to?: string; limit?: number }): Promise<MailboxEntry[]>;
  /** One of them, with its text. */
  mail(id: string): Promise<MailboxMessage>;
  /** A link for a browser in hand: it pairs for that person as soon as it opens the link. Five minutes, once. */
  inviteBrowser(userId: string): Promise<ControlTicket>;
  /** Devices of a person, oldest first. */
  devices(userId: string): Promise<Device[]>;
  /** Imitates Chromium's push service from now on. Resolves with the switches of a Chromium that uses it. */
  openForChromium(): Promise<readonly string[]>;
  /** Puts everything back to the start. Resolves once the next request is answered from there. */
  reset(): Promise<WorldSummary>;
  /** Everything that changes, as a JSON value. It holds secrets. */
  snapshot(): Promise<Snapshot>;
  /** Puts a snapshot in place of everything; nothing changes if it does not fit. */
  restore(snapshot: Snapshot): Promise<WorldSummary>;
  /** How people answer without anybody deciding. */
  readonly rules: RulesClient;
  /** Live events, first the ones after `afterNumber`. Ends when `signal` aborts or the server stops. */
  events(options?: { afterNumber?: number; signal?: AbortSignal }): AsyncIterable<TraceEvent>;
  /** One arrow after the other. */
  readonly steps: StepsClient;
  /** Runs that are played in a world of their own: what if, and attacks. */
  readonly scenes: ScenesClient;
  /** Guided steps that check themselves. */
  readonly lessons: LessonsClient;
  /** The time of the tenant. */
  readonly clock: ClockClient;
}

export interface ControlClientOptions {
  /** Where the server listens: `https://localhost:4443`. */
  url: string;
  /** Certificate authority to trust, as PEM. */
  ca?: string | undefined;
  /** The control token, where the server needs one. */
  token?: string | undefined;
  /** What decisions say about where they came from. Default `control API`. */
  from?: ControlDecision['from'];
}

/** Longest wait that the server grants, in seconds; a longer one is made of several. */
const LONGEST_WAIT = 60;

/**
 * Connects with the first call. There is nothing to close.
 *
 * @param options left out: what ASSENT_URL, ASSENT_CA and ASSENT_CONTROL_TOKEN say, which `assent exec` sets for its command
 * @throws Problem `usage` where they say nothing
 */
export function createControlClient(
  options: ControlClientOptions = readServerVariables(process.env),
): ControlClient {
  const { from = 'control API' } = options;
  const transport = createControlTransport(options);
  const pathOf = (ref: string): string => `${CONTROL_API}/requests/${encodeURIComponent(ref)}`;

  const decide = (ref: string, decision: ControlDecision): Promise<DecisionResult> =>
    // 409 is an answer too: somebody else was first.
    transport.call(
      { method: 'POST', path: `${pathOf(ref)}/decision`, body: decision, accepted: [200, 409] },
      decisionResultSchema,
    );

  return {
    clock: createClockClient(transport),
    faults: createFaultsClient(transport),
    lessons: createLessonsClient(transport),
    health: () => transport.call({ path: `${CONTROL_API}/health` }, healthSchema),
    async requests(query = {}) {
      const path = withQuery(`${CONTROL_API}/requests`, { ...query });
      return (await transport.call({ path }, requestsSchema)).requests;
    },
    request: (ref) => transport.call({ path: pathOf(ref) }, approvalViewSchema),
    async nextApproval({ timeout = 30, signal, ...query } = {}) {
      for (let left = timeout; ; left -= LONGEST_WAIT) {
        const wait = Math.max(0, Math.min(left, LONGEST_WAIT));
        const path = withQuery(`${CONTROL_API}/requests/next`, { ...query, timeout: wait });
        const approval = await transport.call({ path, signal }, approvalViewSchema.optional());
        if (approval || left <= LONGEST_WAIT) return approval;
      }
    },
    approve: (ref, grantedDetails) =>
      decide(ref, {
        decision: 'approve',
        from,
        ...(grantedDetails === undefined ? {} : { granted_details: [...grantedDetails] }),
      }),
    deny: (ref, reason) =>
      decide(ref, { decision: 'deny', from, ...(reason === undefined ? {} : { reason }) }),
    expire: (ref) =>
      transport.call({ method: 'POST', path: `${pathOf(ref)}/expire`, body: {} }, approvalViewSchema),
    async trace(ref) {
      return (await transport.call({ path: `${pathOf(ref)}/trace` }, traceSchema)).events;
    },
    story: (query = {}) =>
      transport.call({ path: withQuery(`${CONTROL_API}/trace`, { ...query }) }, storySchema),
    original: (number) =>
      transport.call({ path: `${CONTROL_API}/trace/${number}/original` }, originalExchangeSchema),
    reportApiCall: (call) =>
      transport.call(
        { method: 'POST', path: `${CONTROL_API}/api-calls`, body: call, accepted: [201] },
        apiCallAnswerSchema,
      ),
    async mailbox(query = {}) {
      const path = withQuery(`${CONTROL_API}/mailbox`, { ...query });
      return (await transport.call({ path }, mailboxSchema)).messages;
    },
    mail: (id) =>
      transport.call({ path: `${CONTROL_API}/mailbox/${encodeURIComponent(id)}` }, mailboxMessageSchema),
    inviteBrowser: (userId) =>
      transport.call(
        { method: 'POST', path: `${CONTROL_API}/tickets`, body: { user_id: userId }, accepted: [201] },
        controlTicketAnswerSchema,
      ),
    async devices(userId) {
      const path = withQuery(`${CONTROL_API}/devices`, { user_id: userId });
      return (await transport.call({ path }, devicesSchema)).devices;
    },
    async openForChromium() {
      const path = `${CONTROL_API}/chromium-push`;
      return (await transport.call({ method: 'POST', path, body: {} }, chromiumPushSchema)).switches;
    },
    reset: () => transport.call({ method: 'POST', path: `${CONTROL_API}/reset`, body: {} }, worldSchema),
    snapshot: () => transport.call({ path: `${CONTROL_API}/snapshot` }, snapshotSchema),
    restore: (snapshot) =>
      transport.call({ method: 'PUT', path: `${CONTROL_API}/snapshot`, body: snapshot }, worldSchema),
    rules: createRulesClient(transport),
    steps: createStepsClient(transport),
    scenes: createScenesClient(transport),
    async *events({ afterNumber, signal } = {}) {
      const stream = readServerSentEvents({
        open: (lastId) =>
          transport.open({
            path: `${CONTROL_API}/events`,
            headers: lastId === undefined ? {} : { 'last-event-id': lastId },
            signal,
          }),
        lastId: afterNumber?.toString(),
        signal,
      });
      for await (const { data } of stream) yield traceEventSchema.parse(JSON.parse(data));
    },
  };
}

function withQuery(path: string, query: Record<string, string | number | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}
