// What becomes of a run in which somebody fails: of the others nobody is needed, so they go on without it, and the tables say why.
import type { PeerName } from './target.ts';

/** Why it failed, in words. @throws where it is Assent: then there is nothing to compare with */
export function explainFailure(peer: PeerName, error: unknown): string {
  if (peer === 'assent') throw error;
  return error instanceof Error ? error.message : String(error);
}
