// Every call of the approver app, typed by the contract. Answers are parsed: a server of another version fails here, in words.
import type {
  ApprovalView,
  DecisionResult,
  Device,
  Devices,
  EnrolmentTicket,
  Inbox,
  MailboxMessage,
  OwnMailbox,
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyRegistration,
  PasskeyRequest,
  People,
  PushRegistration,
  PushSetup,
  TicketHolder,
} from 'assent/contract';
import {
  APPROVER_API,
  approvalViewSchema,
  DEVICE_PROOF_TYPE,
  decisionResultSchema,
  demoRequestAnswerSchema,
  deviceSchema,
  devicesSchema,
  deviceTransactionSchema,
  enrolmentTicketSchema,
  inboxSchema,
  mailboxMessageSchema,
  ownMailboxSchema,
  passkeyCreationSchema,
  passkeyRequestSchema,
  peopleSchema,
  pushSetupSchema,
  ticketHolderSchema,
} from '../wire/contract.ts';
import { atLeast, optional, parseAs, readAs, type Schema, text } from '../wire/schema.ts';
import { type Answer, sendDeviceAnswer } from './device-answer.ts';
import { type DeviceKey, exportPublicKey, type Pairing } from './device-key.ts';
import { signJws } from './jws.ts';
import type { ServerClock } from './server-clock.ts';
import { absoluteUrl, createSignedFetch, type SignedRequest, toSeconds } from './signed-fetch.ts';

/** The server said no. `code` is stable; the texts are meant for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;

  constructor(code: string, status: number, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.status = status;
    this.hint = hint;
  }
}

/** RFC 9457 problem details, as far as they are used here; where a device answers, an error of Guardian's protocol. */
const problemSchema = atLeast({
  code: optional(text()),
  errorCode: optional(text()),
  message: optional(text()),
  title: optional(text()),
  detail: optional(text()),
  hint: optional(text()),
});

const PAIRING_PROOF_LIFETIME_SECONDS = 60;

/** Calls that need no pairing. */
export interface PublicClient {
  people(): Promise<People>;
  /** For whom a ticket is, without using it. Refused with 404 when it is not good. */
  lookUpTicket(ticket: string): Promise<TicketHolder>;
  pair(request: {
    userId: string;
    name: string;
    key: DeviceKey;
    ticket?: string | undefined;
  }): Promise<Device>;
}

/** Calls of one paired device. */
export interface ApproverClient {
  inbox(): Promise<Inbox>;
  /** Whether a request is for the person of this device. */
  knows(approvalId: string): Promise<boolean>;
  /** A request of this person as it is now; undefined if it is not theirs. */
  read(approvalId: string): Promise<ApprovalView | undefined>;
  /** @param passkey needed to approve where the tenant asks for one */
  decide(answer: Answer, passkey?: PasskeyAssertion): Promise<DecisionResult>;
  /** What a passkey is to sign to approve; or why nothing can be decided any more. */
  challenge(answer: Pick<Answer, 'approval' | 'granted'>): Promise<PasskeyRequest | DecisionResult>;
  /** What the browser is to be asked for to make a passkey for this device. */
  beginPasskey(): Promise<PasskeyCreation>;
  registerPasskey(registration: PasskeyRegistration): Promise<Device>;
  requestDemo(): Promise<{ name: string }>;
  openEvents(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
  /** All devices of this person, oldest first. */
  devices(): Promise<Devices['devices']>;
  /** Starts enrolling another device of this person. */
  issueTicket(): Promise<EnrolmentTicket>;
  rename(deviceId: string, name: string): Promise<Device>;
  /** This device, or another one of the same person. */
  unpair(deviceId: string): Promise<void>;
  /** What the built-in mailbox holds for this person, newest first. */
  mailbox(): Promise<OwnMailbox>;
  mail(id: string): Promise<MailboxMessage>;
  /** What a browser needs to subscribe to a push service. */
  pushSetup(): Promise<PushSetup>;
  /** How this device can be reached from now on. */
  registerPush(registration: PushRegistration): Promise<Device>;
  /** This device is told of nothing any more while its page is closed. */
  removePush(): Promise<void>;
}

export function createPublicClient(clock: ServerClock): PublicClient {
  return {
    async people() {
      const response = await fetch(`${APPROVER_API}/people`, { cache: 'no-store', credentials: 'omit' });
      clock.learnFromHeader(response);
      return read(response, peopleSchema);
    },
    async lookUpTicket(ticket) {
      const response = await fetch(`${APPROVER_API}/tickets/lookup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ticket }),
        cache: 'no-store',
        credentials: 'omit',
      });
      clock.learnFromHeader(response);
      return read(response, ticketHolderSchema);
    },
    async pair({ userId, name, key, ticket }) {
      const url = absoluteUrl(`${APPROVER_API}/devices`);
      const publicKey = await exportPublicKey(key.publicKey);
      const nowSeconds = toSeconds(clock.nowMs());
      const exp = nowSeconds + PAIRING_PROOF_LIFETIME_SECONDS;
      const proof = await signJws(
        { typ: DEVICE_PROOF_TYPE, jwk: publicKey },
        { sub: userId, aud: url, iat: nowSeconds, exp },
        key.privateKey,
      );
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: userId, name, public_key: publicKey, proof, ticket }),
        credentials: 'omit',
      });
      return read(response, deviceSchema);
    },
  };
}

export function createApproverClient(pairing: Pairing, clock: ServerClock): ApproverClient {
  const signedFetch = createSignedFetch(pairing, clock);

  /** A proof dated by a wrong device clock is refused; the refusal carries the server's time, so one retry is enough. */
  async function call(request: SignedRequest): Promise<Response> {
    const response = await signedFetch(request);
    return response.status === 401 && (await refusalOf(response.clone())).code === 'proof_invalid'
      ? signedFetch(request)
      : response;
  }

  async function sendAnswer(answer: Answer, passkey: PasskeyAssertion | undefined): Promise<Response> {
    const path = `${requestPath(answer.approval.id)}/transaction`;
    const transaction = await read(await call({ method: 'POST', path, body: {} }), deviceTransactionSchema);
    // This device's clock may have been set since the page learned how far it is off.
    clock.learn(transaction.now);
    return sendDeviceAnswer({ pairing, transaction, answer, passkey, nowMs: clock.nowMs() });
  }

  return {
    async inbox() {
      const inbox = await read(await call({ method: 'GET', path: `${APPROVER_API}/inbox` }), inboxSchema);
      clock.learn(inbox.now);
      return inbox;
    },

    async knows(approvalId) {
      return (await call({ method: 'GET', path: requestPath(approvalId) })).ok;
    },

    async read(approvalId) {
      const response = await call({ method: 'GET', path: requestPath(approvalId) });
      return response.status === 404 ? undefined : read(response, approvalViewSchema);
    },

    async challenge({ approval: { id, consent_hash }, granted }) {
      const path = `${requestPath(id)}/challenge`;
      const body = { consent_hash, ...(granted === undefined ? {} : { granted_details: granted }) };
      const response = await call({ method: 'POST', path, body });
      const ended =
        response.status === 409 ? readAs(decisionResultSchema, await response.clone().json()) : undefined;
      return ended ?? read(response, passkeyRequestSchema);
    },

    async beginPasskey() {
      const path = `${pathOf(pairing.deviceId)}/passkey/challenge`;
      return read(await call({ method: 'POST', path, body: {} }), passkeyCreationSchema);
    },

    async registerPasskey(registration) {
      const path = `${pathOf(pairing.deviceId)}/passkey`;
      return read(await call({ method: 'PUT', path, body: registration }), deviceSchema);
    },

    async decide(answer, passkey) {
      // What an answer signs is good for moments and for one answer. A clock that was set, or a connection that sent the
      // answer twice, makes another one needed; a request that was decided meanwhile says so.
      const once = await sendAnswer(answer, passkey);
      const isSpent = once.status === 401 && (await refusalOf(once.clone())).code === 'invalid_token';
      const response = isSpent ? await sendAnswer(answer, passkey) : once;
      // 409 is an answer as well: it says what was decided before.
      if (response.status === 409) return parse(await response.json(), decisionResultSchema);
      return read(response, decisionResultSchema);
    },

    async requestDemo() {
      const response = await call({ method: 'POST', path: `${APPROVER_API}/demo-request`, body: {} });
      return read(response, demoRequestAnswerSchema);
    },

    async openEvents(lastEventId, signal) {
      const response = await call({
        method: 'GET',
        path: `${APPROVER_API}/events`,
        headers: {
          accept: 'text/event-stream',
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        signal,
      });
      if (!response.ok) throw await refusalOf(response);
      return response;
    },

    async devices() {
      const answer = await read(
        await call({ method: 'GET', path: `${APPROVER_API}/devices` }),
        devicesSchema,
      );
      return answer.devices;
    },

    async issueTicket() {
      const response = await call({ method: 'POST', path: `${APPROVER_API}/tickets`, body: {} });
      return read(response, enrolmentTicketSchema);
    },

    async rename(deviceId, name) {
      return read(await call({ method: 'PATCH', path: pathOf(deviceId), body: { name } }), deviceSchema);
    },

    async unpair(deviceId) {
      const response = await call({ method: 'DELETE', path: pathOf(deviceId) });
      if (!response.ok) throw await refusalOf(response);
    },

    async mailbox() {
      return read(await call({ method: 'GET', path: `${APPROVER_API}/mailbox` }), ownMailboxSchema);
    },

    async mail(id) {
      const path = `${APPROVER_API}/mailbox/${encodeURIComponent(id)}`;
      return read(await call({ method: 'GET', path }), mailboxMessageSchema);
    },

    async pushSetup() {
      return read(await call({ method: 'GET', path: `${APPROVER_API}/push` }), pushSetupSchema);
    },

    async registerPush(registration) {
      const path = `${pathOf(pairing.deviceId)}/push`;
      return read(await call({ method: 'PUT', path, body: registration }), deviceSchema);
    },

    async removePush() {
      const response = await call({ method: 'DELETE', path: `${pathOf(pairing.deviceId)}/push` });
      if (!response.ok) throw await refusalOf(response);
    },
  };
}

function requestPath(approvalId: string): string {
  return `${APPROVER_API}/requests/${encodeURIComponent(approvalId)}`;
}

function pathOf(deviceId: string): string {
  return `${APPROVER_API}/devices/${encodeURIComponent(deviceId)}`;
}

/** Parses what the server sent, or says that page and server do not fit. */
export function parse<T>(body: unknown, schema: Schema<T>): T {
  try {
    return parseAs(schema, body);
  } catch (cause) {
    throw new Refusal('unexpected_answer', 0, cause instanceof Error ? cause.message : String(cause));
  }
}

async function read<T>(response: Response, schema: Schema<T>): Promise<T> {
  if (!response.ok) throw await refusalOf(response);
  return parse(await response.json(), schema);
}

async function refusalOf(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => ({}));
  const { code, errorCode, title, detail, message, hint } = readAs(problemSchema, body) ?? {};
  const words = detail ?? message ?? title ?? `HTTP ${response.status}`;
  return new Refusal(code ?? errorCode ?? 'unknown', response.status, words, hint);
}
