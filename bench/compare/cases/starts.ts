// From nothing to the first answers: a new process each time, and what it weighs once it stands still.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { explainFailure } from '../failure.ts';
import type { StartFigures, StartOf } from '../figures.ts';
import type { Ground } from '../ground.ts';
import type { LoadProcess } from '../load-process.ts';
import { startAssentAsPeopleDo } from '../peers/assent.ts';
import type { Peer } from '../peers/peer.ts';
import type { Plan } from '../plan.ts';
import { weigh } from '../process-tree.ts';
import type { ServerProcess } from '../server-process.ts';
import { quartilesOf, ratiosOf } from '../statistics.ts';
import type { PeerName } from '../target.ts';
import { rotate } from './rates.ts';

interface Sample {
  readyMs: number;
  cpuMs: number;
  tokenMs?: number;
  rssMiB: number;
}

interface Way {
  peer: PeerName;
  title: string;
  play(): Promise<Sample>;
}

/** @param peers the first one is what the others are compared with */
export async function measureStarts(
  ground: Ground,
  load: LoadProcess,
  peers: readonly Peer[],
  { rounds, settleMs }: Plan,
  tell: (words: string) => void,
): Promise<Pick<StartFigures, 'starts' | 'failed'>> {
  const all = [
    ...peers.map(
      (peer): Way => ({ ...peer, peer: peer.name, play: () => playPeer(ground, load, peer, settleMs) }),
    ),
    ...waysOfPeople(ground, settleMs),
  ];
  const samples = new Map<string, Sample[]>(all.map(({ title }) => [title, []]));
  const failed = new Map<string, string>();
  const play = async (way: Way): Promise<void> => {
    if (failed.has(way.title)) return;
    try {
      samples.get(way.title)?.push(await way.play());
    } catch (error) {
      const words = explainFailure(way.peer, error);
      failed.set(way.title, words);
      tell(words);
    }
  };
  // The first one of each reads its files from the disk, or is translated.
  for (const way of all) await play(way);
  for (const list of samples.values()) list.length = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const way of rotate(all, round)) await play(way);
    tell(`starts: round ${round + 1} of ${rounds}`);
  }
  const ways = all.filter(({ title }) => !failed.has(title));
  const [first] = peers;
  const compared = first === undefined || failed.has(first.title) ? undefined : samples.get(first.title);
  const starts = ways.map(({ peer, title }) =>
    summarize({ peer, title }, samples.get(title) ?? [], title === first?.title ? undefined : compared),
  );
  if (failed.size === 0) return { starts };
  return {
    starts,
    failed: all.flatMap(({ peer, title }) => {
      const error = failed.get(title);
      return error === undefined ? [] : [{ peer, title, error }];
    }),
  };
}

function summarize(
  { peer, title }: Pick<Way, 'peer' | 'title'>,
  all: readonly Sample[],
  compared: readonly Sample[] | undefined,
): StartOf {
  const tokens = all.flatMap(({ tokenMs }) => tokenMs ?? []);
  return {
    peer,
    title,
    readyMs: quartilesOf(all.map(({ readyMs }) => readyMs)),
    cpuMs: quartilesOf(all.map(({ cpuMs }) => cpuMs)),
    ...(tokens.length === 0 ? {} : { tokenMs: quartilesOf(tokens) }),
    rssMiB: quartilesOf(all.map(({ rssMiB }) => rssMiB)),
    ...(compared === undefined
      ? {}
      : {
          ratio: ratiosOf(
            all.map(({ readyMs }) => readyMs),
            compared.map(({ readyMs }) => readyMs),
          ),
          cpuRatio: ratiosOf(
            all.map(({ cpuMs }) => cpuMs),
            compared.map(({ cpuMs }) => cpuMs),
          ),
        }),
  };
}

/** Two starts: one is asked for a token at once, the other is left alone and weighed. */
async function playPeer(ground: Ground, load: LoadProcess, peer: Peer, settleMs: number): Promise<Sample> {
  const tokenMs = await timeFirstToken(ground, load, peer);
  await using server = await peer.start(ground);
  return { ...(await weighAtRest(server, settleMs)), tokenMs };
}

async function timeFirstToken(ground: Ground, load: LoadProcess, peer: Peer): Promise<number> {
  await using server = await peer.start(ground);
  const kind = peer.can.cycles.length > 0 ? 'CIBA cycles' : 'client credentials';
  const once = { connections: 1, extent: { operations: 1 } };
  await load.carryOut({ kind, target: server.target, algorithm: 'RS256', ...once });
  return performance.now() - server.startedAtMs;
}

async function weighAtRest(server: ServerProcess, settleMs: number): Promise<Sample> {
  await wait(settleMs);
  return { readyMs: server.readyMs, cpuMs: server.readyCpuMs, rssMiB: weigh(server.pid).rssMiB };
}

/** With https and the tenant that comes with it: in a folder that is new, with keys and certificates still to be made, and in one that has them. */
function waysOfPeople(ground: Ground, settleMs: number): Way[] {
  const again = join(ground.folder, 'started-before');
  const anew = join(ground.folder, 'never-started');
  const play = async (folder: string): Promise<Sample> => {
    await mkdir(folder, { recursive: true });
    await using server = await startAssentAsPeopleDo(ground, folder);
    return await weighAtRest(server, settleMs);
  };
  return [
    { peer: 'assent', title: 'Assent as people start it', play: () => play(again) },
    {
      peer: 'assent',
      title: 'Assent as people start it, for the first time',
      play: async () => {
        await rm(anew, { recursive: true, force: true });
        return play(anew);
      },
    },
  ];
}
