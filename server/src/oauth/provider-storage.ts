// Where oidc-provider keeps its documents. Two things are special:
//  - A backchannel authentication request is shown as a view of our approval, so the provider never has a second opinion
//    about its state. Consuming it redeems the approval, which succeeds once; a spent one does not exist any more, so a
//    replay is refused without revoking the winner's tokens.
//  - Everything else that may be used once (codes, rotating refresh tokens) is spent by a conditional write;
//    the provider reads, checks and then writes, which lets parallel callers all win.
//  - Documents are kept in the tenant's time and shown to the provider in the computer's.
import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import { type Approval, grantedDetailsOf } from '../approvals/index.ts';
import { type Collection, Room, type Versioned } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ClientAssertions } from './client-assertions.ts';
import type { GrantedTarget } from './granted-target.ts';
import type { NarrowedDetails } from './narrowed-details.ts';
import { isPushed } from './notification-token.ts';
import type { OpenedRequests } from './opened-requests.ts';
import type { Polls } from './polls.ts';
import { toProviderClient } from './provider-client.ts';
import { shiftDocument } from './provider-time.ts';
import { Refusal } from './refusal.ts';
import { backchannelRequestView, isRedeemable, type Settlement } from './settlement.ts';
import { SpentMarks } from './spent-marks.ts';

/** Documents are kept a little longer than they are valid, so that a late caller gets the precise error. */
const GRACE_MS = 60_000;

/** What may be begun without asking anybody. A client without a secret is anybody, and a login needs no client at all. */
const BOUNDS: Readonly<Record<string, { most: number; refuse(): Refusal }>> = {
  DeviceCode: {
    most: 2_000,
    refuse: () =>
      new Refusal(429, 'too_many_requests', 'Global limit has been reached', 'Too many devices wait.'),
  },
  // Each may be as large as a body. RFC 9126 §2.3 has the status.
  PushedAuthorizationRequest: {
    most: 2_000,
    refuse: () =>
      new Refusal(
        429,
        'too_many_requests',
        'Global limit has been reached',
        'Too many pushed requests wait for their person to be sent along; each ends after a minute.',
      ),
  },
  // RFC 6749 §4.1.2.1 has that word for whoever is sent back.
  Interaction: {
    most: 5_000,
    refuse: () =>
      new Refusal(
        503,
        'temporarily_unavailable',
        'Too many logins were begun in the last hour and not finished',
      ),
  },
};

/** What is spent for tokens here. A refresh token may live on: see `rotateRefreshToken` of the provider. */
const GRANT_SOURCES = ['AuthorizationCode', 'DeviceCode'];

interface StoredDocument {
  payload: AdapterPayload;
  grantId?: string;
  uid?: string;
  userCode?: string;
}

export interface ProviderStorageParts {
  assertions: ClientAssertions;
  /** Types of authorization details that the provider knows. */
  detailTypes: readonly string[];
  tenant: Tenant;
  settlements: Collection<Settlement>;
  /** Gives what an approved request leads to. */
  settle(approval: Approval): Promise<Settlement | undefined>;
  polls: Polls;
  narrowing: NarrowedDetails;
  target: GrantedTarget;
  opened: OpenedRequests;
}

/** The adapter factory of the provider, called once per kind of document. */
export function createProviderStorage(parts: ProviderStorageParts): (name: string) => Adapter {
  return (name) => {
    if (name === 'Client') return clientAdapter(parts);
    if (name === 'ReplayDetection') return replayAdapter(parts);
    const documents = new ProviderDocuments(name, parts);
    return name === 'BackchannelAuthenticationRequest' ? backchannelAdapter(documents, parts) : documents;
  };
}

/** Whether a grant is there still: it goes when it is revoked. */
export async function findGrant(tenant: Tenant, grantId: string): Promise<boolean> {
  return (await documentsOf(tenant, 'Grant').get(grantId)) !== undefined;
}

/** Nothing that hangs on it is good any more. */
export async function dropGrant(tenant: Tenant, grantId: string): Promise<void> {
  await documentsOf(tenant, 'Grant').remove(grantId);
}

/** The provider's document of a request that is spent. Nobody is shown it any more. */
export async function forgetRequest(tenant: Tenant, authReqId: string): Promise<void> {
  await documentsOf(tenant, 'BackchannelAuthenticationRequest').remove(authReqId);
}

function documentsOf(tenant: Tenant, name: string): Collection<StoredDocument> {
  return tenant.store.collection<StoredDocument>(`provider/${name}`);
}

class ProviderDocuments implements Adapter {
  readonly #name: string;
  readonly #documents: Collection<StoredDocument>;
  readonly #bound: { room: Room; refuse(): Refusal } | undefined;
  readonly #tenant: Tenant;
  readonly #narrowing: NarrowedDetails;
  readonly #target: GrantedTarget;
  readonly #opened: OpenedRequests;

  constructor(name: string, { tenant, narrowing, target, opened }: ProviderStorageParts) {
    this.#name = name;
    this.#tenant = tenant;
    this.#narrowing = narrowing;
    this.#target = target;
    this.#opened = opened;
    this.#documents = documentsOf(tenant, name);
    const bound = BOUNDS[name];
    this.#bound = bound && {
      room: new Room({ list: () => this.#unspent() }, tenant.clock, bound.most),
      refuse: bound.refuse,
    };
  }

  async upsert(id: string, written: AdapterPayload, expiresIn?: number): Promise<void> {
    const payload = shiftDocument(written, this.#tenant.clock.leadSeconds());
    const document: StoredDocument = {
      payload,
      ...(payload.grantId === undefined ? {} : { grantId: payload.grantId }),
      ...(payload.uid === undefined ? {} : { uid: payload.uid }),
      ...(payload.userCode === undefined ? {} : { userCode: payload.userCode }),
    };
    const options =
      expiresIn === undefined ? {} : { expiresAt: this.#tenant.clock.now() + expiresIn * 1000 + GRACE_MS };
    for (;;) {
      // Most documents are new, so that looking first would be one way to the store in vain. Where room is short it is taken first.
      if (this.#bound === undefined && (await this.#documents.insert(id, document, options))) return;
      const found = await this.#documents.get(id);
      if (!found) {
        if (!this.#bound) continue;
        if (!(await this.#bound.room.take())) throw this.#bound.refuse();
        if (await this.#documents.insert(id, document, options)) return;
        continue;
      }
      // A save from a stale copy must not make a spent document usable again.
      const { consumed } = found.value.payload;
      const kept = consumed === undefined ? document : { ...document, payload: { ...payload, consumed } };
      if (await this.#documents.replace(id, found.version, kept, options)) return;
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.#name === 'PushedAuthorizationRequest' && (await this.#opened.isTaken(id))) return undefined;
    const found = await this.#documents.get(id);
    return found && this.#toProvider(this.#afterLeeway(found.value.payload));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#first(await this.#documents.findBy('uid', uid));
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#first(await this.#documents.findBy('userCode', userCode));
  }

  /** @throws InvalidGrant if it is gone or somebody else has spent it */
  async consume(id: string): Promise<void> {
    for (;;) {
      const found = await this.#documents.get(id);
      if (!found) throw new errors.InvalidGrant(`${this.#name} is gone`);
      const { payload } = found.value;
      if (payload.consumed !== undefined) {
        if (this.#afterLeeway(payload).consumed === undefined) return;
        throw new errors.InvalidGrant(`${this.#name} already used`);
      }
      if (this.#name === 'AuthorizationCode') this.#narrowing.check(payload['rar']);
      if (GRANT_SOURCES.includes(this.#name)) this.#target.check(payload['resource']);
      const consumed = Math.floor(this.#tenant.clock.now() / 1000);
      // What was pushed has been followed. It takes no room any more, so that it may not be large either.
      const { request: _followed, ...kept } = payload;
      const spent: StoredDocument = { ...found.value, payload: { ...kept, consumed } };
      if (!(await this.#documents.replace(id, found.version, spent))) continue;
      this.#bound?.room.giveBack();
      return;
    }
  }

  async destroy(id: string): Promise<void> {
    if (await this.#documents.remove(id)) this.#bound?.room.giveBack();
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const { id } of await this.#documents.findBy('grantId', grantId)) await this.#documents.remove(id);
  }

  /** Nobody waits for what is spent. It is kept for those who come with it once more. */
  async #unspent(): Promise<Array<Versioned<StoredDocument> & { id: string }>> {
    return (await this.#documents.list()).filter(({ value }) => value.payload.consumed === undefined);
  }

  #first(found: Array<Versioned<StoredDocument>>): AdapterPayload | undefined {
    return found[0] && this.#toProvider(found[0].value.payload);
  }

  #toProvider(payload: AdapterPayload): AdapterPayload {
    return shiftDocument(payload, -this.#tenant.clock.leadSeconds());
  }

  /** auth0: refresh token rotation, leeway: a spent refresh token still works for a moment. */
  #afterLeeway(payload: AdapterPayload): AdapterPayload {
    if (this.#name !== 'RefreshToken' || typeof payload.consumed !== 'number') return payload;
    const leewaySeconds = this.#tenant.directory.client(payload.clientId ?? '')?.refresh_token.leeway ?? 0;
    if (this.#tenant.clock.now() / 1000 >= payload.consumed + leewaySeconds) return payload;
    const { consumed: _consumed, ...unspent } = payload;
    return unspent;
  }
}

/** Clients are read from the tenant at each use, so that a change needs no restart. */
function clientAdapter({ tenant, assertions, detailTypes }: ProviderStorageParts): Adapter {
  const refuse = async (): Promise<never> => {
    throw new Error('clients are kept by the tenant, not by the provider');
  };
  return {
    find: async (id) => {
      const client = tenant.directory.client(id);
      return client && toProviderClient(client, assertions.keysOf(client), detailTypes);
    },
    upsert: refuse,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

/** RFC 7523 §3: an assertion id is good once. The provider is shown none of them: it would look first and write later. */
function replayAdapter({ tenant }: ProviderStorageParts): Adapter {
  const marks = new SpentMarks(tenant, 'client-assertions');
  const nothing = async (): Promise<undefined> => undefined;
  return {
    async upsert(id, _payload, expiresIn = 0) {
      // One by the tenant's clock is taken for one by the computer's, later on, until its end has come by that as well.
      const lastsSeconds = expiresIn + tenant.clock.leadSeconds();
      if (await marks.spend(id, lastsSeconds * 1000 + GRACE_MS)) return;
      throw new errors.InvalidClientAuth('client assertion replayed');
    },
    find: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  };
}

function backchannelAdapter(documents: ProviderDocuments, parts: ProviderStorageParts): Adapter {
  const { tenant, settlements, settle, polls, narrowing, target } = parts;
  return {
    upsert: (id, payload, expiresIn) =>
      documents.upsert(id, payload, (expiresIn ?? 0) + tenant.config.ciba.retention),
    async find(id) {
      refuseToPushed(tenant);
      const payload = await documents.find(id);
      if (payload) await polls.hold(id, payload.clientId);
      const approval = await tenant.approvals.findByAuthReqId(id);
      if (!payload || !approval || approval.state === 'redeemed') return undefined;
      const settlement = isRedeemable(tenant, approval) ? await settle(approval) : undefined;
      return backchannelRequestView(tenant, payload, approval, settlement);
    },
    async consume(id) {
      const approval = await tenant.approvals.findByAuthReqId(id);
      // A denied or expired request is not spent by asking for it: it answers the same again.
      if (approval?.state === 'denied' || approval?.state === 'expired') return;
      if (approval?.state === 'approved' && !isRedeemable(tenant, approval)) return;
      if (approval) narrowing.check(grantedDetailsOf(approval));
      if (approval) target.check(approval.audience);
      if (!approval || !(await tenant.approvals.redeem(approval.id))) {
        throw new errors.InvalidGrant('backchannel authentication request already redeemed');
      }
      await forgetRequest(tenant, id);
      await settlements.remove(id);
    },
    destroy: (id) => documents.destroy(id),
    findByUid: (uid) => documents.findByUid(uid),
    findByUserCode: (userCode) => documents.findByUserCode(userCode),
    revokeByGrantId: (grantId) => documents.revokeByGrantId(grantId),
  };
}

/** CIBA Core §11: a client that has its tokens pushed may not come for them, whatever it names. @throws Refusal */
function refuseToPushed(tenant: Tenant): void {
  const { oidc } = Provider.ctx ?? {};
  if (oidc?.route !== 'token' || !isPushed(tenant.directory.client(oidc.client?.clientId ?? ''))) return;
  throw new Refusal(
    400,
    'unauthorized_client',
    'This client has its tokens pushed and may not use the CIBA grant',
    'Wait for the callback, or register the client for poll or ping.',
  );
}
