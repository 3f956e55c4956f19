// Plays the cases that are wanted, each with servers of its own, and gathers their figures.
import { describeMachine } from '../machine.ts';
import { measureRates } from './cases/rates.ts';
import { measureStarts } from './cases/starts.ts';
import type { Figures, RateFigures, StartFigures, Taken } from './figures.ts';
import type { Ground } from './ground.ts';
import { LoadProcess } from './load-process.ts';
import type { Options } from './options.ts';
import { assent } from './peers/assent.ts';
import { bareProvider } from './peers/bare-provider.ts';
import { mockServer } from './peers/mock-server.ts';
import type { Peer, RunningPeer } from './peers/peer.ts';
import type { Case } from './plan.ts';
import { ALGORITHMS } from './target.ts';

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
  const setting: Setting = { ground, load, options, peers: [mockServer, bareProvider, assent], tell };
  let figures: Figures = {};
  for (const name of options.cases) {
    tell(`${name} …`);
    figures = { ...figures, ...(await MEASUREMENTS[name](setting)) };
  }
  return figures;
}

const MEASUREMENTS: Readonly<Record<Case, (setting: Setting) => Promise<Figures>>> = {
  start: async (setting) => ({ start: await measureStartsOfAll(setting) }),
  'client-credentials': async (setting) => ({ clientCredentials: await measureOwnTokens(setting) }),
  cycles: async (setting) => ({ cycles: await measureCycles(setting) }),
};

function describe({ ground, options }: Setting): Taken {
  const { rounds } = options.plan;
  return { ...describeMachine(), rounds, versions: ground.versions, isPacked: options.isPacked };
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
