// Which DPoP proofs were used, in memory: for an API. RFC 9449 §11.1.
export interface SpentProofs {
  /** False if it was used before. */
  spend(proofId: string, untilMs: number): boolean;
}

/** Looked through now and then, not at each call. */
const SWEEP_MS = 10_000;

/** @param nowMs where proofs that count no more are forgotten */
export function createSpentProofs(nowMs: () => number): SpentProofs {
  const endById = new Map<string, number>();
  let sweptAtMs = nowMs();
  return {
    spend(proofId, untilMs) {
      const now = nowMs();
      if (now - sweptAtMs > SWEEP_MS) {
        sweptAtMs = now;
        for (const [id, end] of endById) if (end < now) endById.delete(id);
      }
      if (endById.has(proofId)) return false;
      endById.set(proofId, untilMs);
      return true;
    },
  };
}
