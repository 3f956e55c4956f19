// Whether a server stays as it was: an hour's worth of cycles and more, stretch by stretch, the servers by turns.
import type { DriftOf } from '../figures.ts';
import type { LoadProcess } from '../load-process.ts';
import type { RunningPeer } from '../peers/peer.ts';
import type { Plan } from '../plan.ts';
import { cpuOf, rateOf, rotate } from './rates.ts';

const CONNECTIONS = 8;

export async function measureDrift(
  load: LoadProcess,
  peers: readonly RunningPeer[],
  { driftCycles, driftStretch }: Plan,
  tell: (words: string) => void,
): Promise<DriftOf[]> {
  const order = {
    kind: 'CIBA cycles',
    algorithm: 'RS256',
    connections: CONNECTIONS,
    extent: { operations: driftStretch },
  } as const;
  const all = new Map<RunningPeer, DriftOf['stretches']>(peers.map((peer) => [peer, []]));
  for (let done = 0; done < driftCycles; done += driftStretch) {
    for (const peer of rotate(peers, done / driftStretch)) {
      const slice = await load.carryOut({ ...order, target: peer.target });
      const heapMiB = peer.heapMiB();
      all.get(peer)?.push({
        perSecond: Math.round(rateOf(slice)),
        cpuMs: Number(cpuOf(slice).toPrecision(4)),
        rssMiB: Math.round(slice.rssMiB),
        ...(heapMiB === undefined ? {} : { heapMiB: Math.round(heapMiB) }),
      });
    }
    if (((done / driftStretch) % 10) + 1 === 10)
      tell(`drift: ${done + driftStretch} of ${driftCycles} cycles`);
  }
  return peers.map((peer) => ({
    peer: peer.target.peer,
    cycles: driftCycles,
    stretch: driftStretch,
    stretches: all.get(peer) ?? [],
  }));
}
