// Plays the cases that are wanted, each with servers of its own, and gathers their figures.
import { describeMachine } from '../machine.ts';
import { measureDrift } from './cases/drift.ts';
import { measureNotification } from './cases/notification.ts';
import { type Crowd, measurePending } from './cases/pending.ts';
import { measureRates } from './cases/rates.ts';
import { measureStarts } from './cases/starts.ts';
import { measureWatchers } from './cases/watchers.ts';
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
import type { Options } from './options.ts';
import { assent, startAssentProcess } from './peers/assent.ts';
import { bareProvider } from './peers/bare-provider.ts';
import { findGlewlwyd, glewlwyd } from './peers/glewlwyd.ts';
import { mockServer } from './peers/mock-server.ts';
import type { Peer, RunningPeer } from './peers/peer.ts';
import type { Case } from './plan.ts';
import { ALGORITHMS } from './target.ts';

/** As `--quick-answers` sets them. */
const QUICK_ANSWERS = { interval: 0.05, held_poll: 4 };

type Tell = (words: string) => void;

/** What every case needs. */
interface Setting {
  ground: Ground;
  load: LoadProcess;
  options: Options;
  peers: readonly Peer[];
  tell: Tell;
}

export async function measure(ground: Ground, options: Options, tell: Tell): Promise<Figures> {
  await using load = new LoadProcess();
  const setting: Setting = { ground, load, options, peers: findPeers(), tell };
  let figures: Figures = {};
  for (const name of options.cases) {
    tell(`${name} …`);
    figures = { ...figures, ...(await MEASUREMENTS[name](setting)) };
  }
  return figures;
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

function describe({ ground, options }: Setting): Taken {
  const { rounds } = options.plan;
  const glewlwydVersion = findGlewlwyd();
  const versions = {
    ...ground.versions,
    ...(glewlwydVersion === undefined ? {} : { glewlwyd: glewlwydVersion }),
  };
  return { ...describeMachine(), rounds, versions, isPacked: options.isPacked };
}

async function measureStartsOfAll(setting: Setting): Promise<StartFigures> {
  const { ground, load, options, peers, tell } = setting;
  return { ...describe(setting), starts: await measureStarts(ground, load, peers, options.plan, tell) };
}

async function measureOwnTokens(setting: Setting): Promise<RateFigures> {
  const { load, options, tell } = setting;
  const { sliceMs, connections } = options.plan;
  const taken = describe(setting);
  await using running = await startAll(setting, ({ can }) => can.ownTokens);
  const variants = connections.map((count) => ({
    algorithm: 'RS256' as const,
    connections: count,
    peers: running.peers,
  }));
  const question = { kind: 'client credentials', variants, comparedTo: 'oauth2-mock-server' } as const;
  return { ...taken, sliceMs, rates: await measureRates(load, question, options.plan, tell) };
}

async function measureCycles(setting: Setting): Promise<RateFigures> {
  const { load, options, peers, tell } = setting;
  const { sliceMs, connections } = options.plan;
  const taken = describe(setting);
  await using running = await startAll(setting, ({ can }) => can.cycles.length > 0);
  const variants = ALGORITHMS.flatMap((algorithm) =>
    connections.map((count) => ({
      algorithm,
      connections: count,
      peers: running.peers.filter(({ target }) =>
        peers.some(({ name, can }) => name === target.peer && can.cycles.includes(algorithm)),
      ),
    })),
  );
  const question = { kind: 'CIBA cycles', variants, comparedTo: 'oidc-provider' } as const;
  return { ...taken, sliceMs, rates: await measureRates(load, question, options.plan, tell) };
}

async function measureCrowds(setting: Setting): Promise<PendingFigures> {
  const { ground, load, options, tell } = setting;
  const taken = describe(setting);
  await using stack = new AsyncDisposableStack();
  const crowds: Crowd[] = [];
  for (const count of options.plan.pendingCounts) {
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
  return { ...taken, pending: await measurePending(load, crowds, options.plan, tell) };
}

async function measureDriftOfAll(setting: Setting): Promise<DriftFigures> {
  const { load, options, tell } = setting;
  const taken = describe(setting);
  await using running = await startAll(setting, ({ can }) => can.cycles.length === ALGORITHMS.length);
  return { ...taken, drift: await measureDrift(load, running.peers, options.plan, tell) };
}

async function measureWatched(setting: Setting): Promise<WatcherFigures> {
  const { ground, load, options, tell } = setting;
  const taken = describe(setting);
  await using running = await assent.start(ground);
  return { ...taken, watched: await measureWatchers(load, running.target, options.plan, tell) };
}

async function measureNotified(setting: Setting): Promise<NotificationFigures> {
  const { ground, load, options, tell } = setting;
  const taken = describe(setting);
  await using running = await startAssentProcess(ground, QUICK_ANSWERS);
  return { ...taken, ...(await measureNotification(load, running.target, options.plan, tell)) };
}

/** Those that take part, side by side. */
async function startAll(
  { ground, peers }: Setting,
  takesPart: (peer: Peer) => boolean,
): Promise<AsyncDisposable & { peers: readonly RunningPeer[] }> {
  await using stack = new AsyncDisposableStack();
  const running: RunningPeer[] = [];
  for (const peer of peers.filter(takesPart)) running.push(stack.use(await peer.start(ground)));
  const kept = stack.move();
  return { peers: running, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
