// Plays the cases that are wanted, each with servers of its own, and gathers their figures.
import { describeMachine } from '../machine.ts';
import { measureDrift } from './cases/drift.ts';
import { measureNotification } from './cases/notification.ts';
import { type Crowd, measurePending } from './cases/pending.ts';
import { measureRates } from './cases/rates.ts';
import { measureStarts } from './cases/starts.ts';
import { measureWatchers } from './cases/watchers.ts';
import { explainFailure } from './failure.ts';
import type {
  DriftFigures,
  Figures,
  NotificationFigures,
  PendingFigures,
  RateFigures,
  StartFigures,
  Taken,
  WatcherFigures,
} from './figures.ts';
import type { Ground } from './ground.ts';
import { LoadProcess } from './load-process.ts';
import { assent, startAssentProcess } from './peers/assent.ts';
import { bareProvider } from './peers/bare-provider.ts';
import { findGlewlwyd, glewlwyd } from './peers/glewlwyd.ts';
import { mockServer } from './peers/mock-server.ts';
import type { Peer, RunningPeer } from './peers/peer.ts';
import type { Case, Plan } from './plan.ts';
import { ALGORITHMS, type PeerName } from './target.ts';

/** As `--quick-answers` sets them. */
const QUICK_ANSWERS = { interval: 0.05, held_poll: 4 };

type Tell = (words: string) => void;

/** What every case needs. */
interface Setting {
  ground: Ground;
  load: LoadProcess;
  plan: Plan;
  peers: readonly Peer[];
  tell: Tell;
}

/** One case. */
export async function measure(ground: Ground, name: Case, plan: Plan, tell: Tell): Promise<Figures> {
  await using load = new LoadProcess();
  // Without it no order is carried out any more, and everything that was started is ended on the way out.
  const giveUp = (): void => load.kill();
  process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
  try {
    tell(`${name} …`);
    return await MEASUREMENTS[name]({ ground, load, plan, peers: findPeers(), tell });
  } finally {
    process.off('SIGINT', giveUp).off('SIGTERM', giveUp);
  }
}

/** The first one is what starts are compared with. */
function findPeers(): Peer[] {
  return [mockServer, bareProvider, assent, ...(findGlewlwyd() === undefined ? [] : [glewlwyd])];
}

const MEASUREMENTS: Readonly<Record<Case, (setting: Setting) => Promise<Figures>>> = {
  start: async (setting) => ({ start: await measureStartsOfAll(setting) }),
  'client-credentials': async (setting) => ({ clientCredentials: await measureOwnTokens(setting) }),
  cycles: async (setting) => ({ cycles: await measureCycles(setting) }),
  pending: async (setting) => ({ pending: await measureCrowds(setting) }),
  drift: async (setting) => ({ drift: await measureDriftOfAll(setting) }),
  watchers: async (setting) => ({ watchers: await measureWatched(setting) }),
  notification: async (setting) => ({ notification: await measureNotified(setting) }),
};

function describe({ ground, plan }: Setting): Taken {
  const { rounds } = plan;
  const glewlwydVersion = findGlewlwyd();
  const versions = {
    ...ground.versions,
    ...(glewlwydVersion === undefined ? {} : { glewlwyd: glewlwydVersion }),
  };
  return { ...describeMachine(), rounds, versions, isPacked: ground.isPacked };
}

async function measureStartsOfAll(setting: Setting): Promise<StartFigures> {
  const { ground, load, plan, peers, tell } = setting;
  return { ...describe(setting), ...(await measureStarts(ground, load, peers, plan, tell)) };
}

async function measureOwnTokens(setting: Setting): Promise<RateFigures> {
  const { load, plan, tell } = setting;
  const { sliceMs, connections } = plan;
  const taken = describe(setting);
  await using running = await startAll(setting, ({ can }) => can.ownTokens);
  const variants = connections.map((count) => ({
    algorithm: 'RS256' as const,
    connections: count,
    ...running.that(({ can }) => takes(can, count)),
  }));
  const question = { kind: 'client credentials', variants, comparedTo: 'oauth2-mock-server' } as const;
  return { ...taken, sliceMs, ...(await measureRates(load, question, plan, tell)) };
}

async function measureCycles(setting: Setting): Promise<RateFigures> {
  const { load, plan, tell } = setting;
  const { sliceMs, connections } = plan;
  const taken = describe(setting);
  await using running = await startAll(setting, ({ can }) => can.cycles.length > 0);
  const variants = ALGORITHMS.flatMap((algorithm) =>
    connections.map((count) => ({
      algorithm,
      connections: count,
      ...running.that(({ can }) => takes(can, count) && can.cycles.includes(algorithm)),
    })),
  );
  const question = { kind: 'CIBA cycles', variants, comparedTo: 'oidc-provider' } as const;
  return { ...taken, sliceMs, ...(await measureRates(load, question, plan, tell)) };
}

function takes({ mostConnections = Number.POSITIVE_INFINITY }: Peer['can'], connections: number): boolean {
  return connections <= mostConnections;
}

async function measureCrowds(setting: Setting): Promise<PendingFigures> {
  const { ground, load, plan, tell } = setting;
  const taken = describe(setting);
  await using stack = new AsyncDisposableStack();
  const crowds: Crowd[] = [];
  for (const count of plan.pendingCounts) {
    // Every request may be polled again at once, and lives as long as the case takes.
    const patient = await startAssentProcess(
      ground,
      { interval: 0.001, push_expiry_limit: 3600 },
      `assent-${count}`,
    );
    crowds.push(
      { count, peer: stack.use(patient) },
      { count, peer: stack.use(await bareProvider.start(ground)) },
    );
  }
  return { ...taken, pending: await measurePending(load, crowds, plan, tell) };
}

async function measureDriftOfAll(setting: Setting): Promise<DriftFigures> {
  const { load, plan, tell } = setting;
  const taken = describe(setting);
  const ground = { ...setting.ground, watchesHeap: true };
  const takesPart = ({ can }: Peer): boolean => can.cycles.length === ALGORITHMS.length;
  await using running = await startAll({ ...setting, ground }, takesPart);
  return {
    ...taken,
    drift: await measureDrift(load, running.that(() => true).peers, plan, tell),
  };
}

async function measureWatched(setting: Setting): Promise<WatcherFigures> {
  const { ground, load, plan, tell } = setting;
  const taken = describe(setting);
  await using running = await assent.start(ground);
  return { ...taken, watched: await measureWatchers(load, running.target, plan, tell) };
}

async function measureNotified(setting: Setting): Promise<NotificationFigures> {
  const { ground, load, plan, tell } = setting;
  const taken = describe(setting);
  await using running = await startAssentProcess(ground, QUICK_ANSWERS);
  return { ...taken, ...(await measureNotification(load, running.target, plan, tell)) };
}

interface Running extends AsyncDisposable {
  /** The ones of which this is so: those that started, and those that could not be started. */
  that(isMeant: (peer: Peer) => boolean): {
    peers: RunningPeer[];
    absent: Array<{ peer: PeerName; error: string }>;
  };
}

/** Those that take part, side by side. */
async function startAll(
  { ground, peers, tell }: Setting,
  takesPart: (peer: Peer) => boolean,
): Promise<Running> {
  await using stack = new AsyncDisposableStack();
  const running: Array<{ peer: Peer; started: RunningPeer }> = [];
  const absent: Array<{ peer: Peer; error: string }> = [];
  for (const peer of peers.filter(takesPart)) {
    try {
      running.push({ peer, started: stack.use(await peer.start(ground)) });
    } catch (failure) {
      const error = explainFailure(peer.name, failure);
      absent.push({ peer, error });
      tell(error);
    }
  }
  const kept = stack.move();
  return {
    that: (isMeant) => ({
      peers: running.filter(({ peer }) => isMeant(peer)).map(({ started }) => started),
      absent: absent
        .filter(({ peer }) => isMeant(peer))
        .map(({ peer, error }) => ({ peer: peer.name, error })),
    }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
