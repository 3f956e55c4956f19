// One isolated world. Everything that changes hangs off this object, and `close()` leaves nothing behind.
import { type ApprovalId, type ApprovalPorts, Approvals } from '../approvals/index.ts';
import type { MovableClock } from '../clock.ts';
import type { QuickAnswersInput, TenantConfig } from '../contract/index.ts';
import { Exchanges } from '../exchange/index.ts';
import type { Ids } from '../ids.ts';
import { Instances } from '../instances/index.ts';
import { MemoryState } from '../memory-state.ts';
import { RuleBook, ScriptedPeople } from '../rules/index.ts';
import { provide, type Store } from '../store.ts';
import { EventLog, TRACE_BOUNDS, type TraceEntry } from '../trace/index.ts';
import { Configuration } from './configuration.ts';
import { Devices } from './devices.ts';
import { Directory } from './directory.ts';
import { EnrolmentTickets } from './enrolment-tickets.ts';
import { IssuedTokens } from './issued-tokens.ts';
import { LogOfTrace } from './log-of-trace.ts';
import { Passkeys } from './passkeys.ts';
import type { SigningKeys } from './signing-keys.ts';
import { STORIES } from './stories.ts';
import { TENANT_LOG_BOUNDS, TenantLog } from './tenant-log.ts';
import { TenantTime } from './tenant-time.ts';

export interface TenantParts {
  /** What it begins as, checked. */
  config: TenantConfig;
  /** Stands over the configuration, whatever that becomes. */
  quickAnswers?: QuickAnswersInput;
  /** With a slash at the end. */
  issuer: string;
  /** Where callers are asked for a certificate, without a slash at the end; undefined where nobody is. */
  mtlsUrl?: string | undefined;
  clock: MovableClock;
  ids: Ids;
  store: Store;
  /** Those that serve this tenant. Default: this one, as the store knows it. */
  instances?: Instances;
  /** What changes beside the store. Default: nothing yet. */
  memory?: MemoryState;
  /** Number of the last event of the tenant whose place this one takes; numbers of events go on from there. */
  lastEvent?: number | undefined;
  /** Number of the last event that readers here were told of before, whatever the store still knows of it. */
  toldEvent?: number | undefined;
  keys: SigningKeys;
  /** Who is told of new requests and of decisions. */
  ports: Omit<ApprovalPorts, 'record'>;
}

/** What browsers are given to prove later that they had it from here. */
interface TenantSecrets {
  /** Signs cookies. */
  readonly cookies: string;
  /** Binds the form behind the link of an e-mail to a session. */
  readonly consentForms: string;
}

export interface Tenant {
  /** As it is now; frozen. Read it when it is needed instead of keeping it. */
  readonly config: TenantConfig;
  readonly configuration: Configuration;
  /** The name that people know. */
  readonly displayName: string;
  readonly issuer: string;
  /** Where callers are asked for a certificate, without a slash at the end; undefined where nobody is. */
  readonly mtlsUrl: string | undefined;
  /** What everything here goes by, but sockets, callers who wait and other programs: those go by `clock.base`. */
  readonly clock: MovableClock;
  /** Puts `clock` forward. */
  readonly time: TenantTime;
  readonly ids: Ids;
  readonly store: Store;
  /** Those that serve this tenant, seen from this one. */
  readonly instances: Instances;
  /** Whoever keeps something in memory that must be in a snapshot adds it here. */
  readonly memory: MemoryState;
  readonly keys: SigningKeys;
  readonly secrets: TenantSecrets;
  readonly directory: Directory;
  readonly devices: Devices;
  readonly tickets: EnrolmentTickets;
  readonly passkeys: Passkeys;
  readonly approvals: Approvals;
  /** Which request a token came of. */
  readonly issuedTokens: IssuedTokens;
  readonly ruleBook: RuleBook;
  readonly scriptedPeople: ScriptedPeople;
  /** The trace: the story of requests, for whoever develops with it. */
  readonly log: EventLog;
  /** Exchanges as the trace shows them, and requests as they were. */
  readonly exchanges: Exchanges;
  /** The log as Auth0 keeps one, for tools. */
  readonly tenantLog: TenantLog;
  close(): Promise<void>;
}

export async function createTenant(parts: TenantParts): Promise<Tenant> {
  const { issuer, clock, ids, store, memory = new MemoryState(), keys, ports } = parts;
  // Before anything is read that others may change.
  const instances = parts.instances ?? (await Instances.open({ store, clock: clock.base, ids, issuer }));
  const time = await TenantTime.open(clock, store);
  const configuration = await Configuration.open(parts.config, store, {
    laidOver: parts.quickAnswers,
    tellOthers: () => instances.changed(),
    countInstances: () => instances.count(),
  });
  const story = store.journal<TraceEntry>(STORIES.trace, TRACE_BOUNDS);
  // One is left out, so that whoever has seen the last event of another tenant is told of a gap.
  if (parts.lastEvent !== undefined) story.startAbove(parts.lastEvent + 1);
  const log = await EventLog.open({ clock, journal: story, toldNumber: parts.toldEvent });
  memory.add(STORIES.trace, log);
  time.tell(log);
  const devices = new Devices({ store, clock, ids, others: instances });
  const approvals = new Approvals({
    store,
    clock,
    waitClock: clock.base,
    ids,
    others: {
      id: instances.areMany ? instances.id : undefined,
      tell: (id) => instances.tell('approvals', id),
      hear: (reader) => void instances.hear('approvals', (id) => reader(id as ApprovalId)),
      isLost: (instance) => instances.isLost(instance),
    },
    retentionMs: () => configuration.current.ciba.retention * 1000,
    redemptionGraceMs: () => configuration.current.ciba.redemption_grace * 1000,
    ports: { ...ports, record: (event) => void log.append(event) },
  });
  await devices.seed(configuration.current.users);
  configuration.watch(({ users }) => devices.seed(users));
  const directory = new Directory(configuration, issuer);
  const tenantLog = await TenantLog.open({
    clock,
    issuer,
    tenantName: () => configuration.current.tenant.name,
    nameOfClient: (clientId) => directory.client(clientId)?.name,
    nameOfUser: (userId) => directory.user(userId)?.name,
    journal: store.journal(STORIES.log, TENANT_LOG_BOUNDS),
  });
  memory.add(STORIES.log, tenantLog);
  await followTrace(log, tenantLog, approvals);
  const ruleBook = new RuleBook({
    store,
    rules: () => configuration.current.rules,
    change: (edit) =>
      configuration.change((draft) => {
        draft.rules = edit(draft.rules);
      }),
  });
  const scriptedPeople = new ScriptedPeople({
    book: ruleBook,
    approvals,
    store,
    clock,
    giver: { id: instances.id, isLost: (id) => instances.isLost(id) },
    seed: () => String(configuration.current.seed),
    typesOf: (audience) => directory.resourceServer(audience)?.authorization_details ?? [],
    record: (event) => void log.append(event),
  });
  configuration.watch(() => scriptedPeople.forgetLost());
  instances.addPendingCount(() => approvals.pendingCount);
  time.moveTogether({
    async prepare() {
      if (!instances.areMany) return;
      await approvals.setAllAlarms();
      await scriptedPeople.resume();
    },
    tell: () => instances.changed(),
  });
  keys.rotateTogether(() => instances.changed());
  instances.addRefresh(() => configuration.readAgain());
  instances.addRefresh(() => time.readAgain());
  instances.addRefresh(() => keys.readAgain());
  const secret = async (name: string): Promise<string> =>
    (await provide(store.collection<{ text: string }>('secrets'), name, () => ({ text: ids.make('', 43) })))
      .text;
  return {
    get config() {
      return configuration.current;
    },
    configuration,
    get displayName() {
      const { friendly_name: friendlyName, name } = configuration.current.tenant;
      return friendlyName ?? name;
    },
    issuer,
    mtlsUrl: parts.mtlsUrl,
    clock,
    time,
    ids,
    store,
    instances,
    memory,
    keys,
    secrets: { cookies: await secret('cookies'), consentForms: await secret('consent-forms') },
    directory,
    devices,
    tickets: new EnrolmentTickets({
      store,
      clock,
      ids,
      devices,
      tellIssued: (userId) => tenantLog.append({ type: 'gd_start_enroll', user_id: userId }),
    }),
    passkeys: new Passkeys({
      store,
      clock,
      ids,
      devices,
      config: () => configuration.current,
      issuer,
    }),
    approvals,
    issuedTokens: new IssuedTokens(store, clock),
    ruleBook,
    scriptedPeople,
    log,
    exchanges: new Exchanges(log, new URL(issuer).origin),
    tenantLog,
    async close() {
      configuration.close();
      const noAnswerComes = scriptedPeople.close();
      // Lets go those that wait for the end of their request.
      approvals.close();
      await noAnswerComes;
      log.close();
      tenantLog.close();
      await instances.close();
      await store.close();
    },
  };
}

/** Has the log tell what the trace tells, also of requests that an earlier process opened. */
async function followTrace(log: EventLog, tenantLog: TenantLog, approvals: Approvals): Promise<void> {
  const translation = new LogOfTrace();
  for (const { id, clientId, userId, channel, consentId } of (await approvals.list()).toReversed()) {
    translation.remember(id, { clientId, userId, channel, consentId });
  }
  log.subscribe((event, isOwn) => {
    const entries = translation.entriesOf(event);
    // Where other processes write the same log, each tells of its own events.
    if (isOwn) for (const entry of entries) tenantLog.append(entry);
  });
}
