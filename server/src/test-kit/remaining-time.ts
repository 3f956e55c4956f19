// How long a test may still wait, so that it ends with an error that explains instead of one that says "timed out".

/** Kept back for the explanation: a tenth of the test's time, a second at most. */
const SHARE = 0.1;
const MOST_MS = 1_000;

/** @param timeoutMs what the test may take; 0 for no limit */
export function measureRemainingMs(timeoutMs: number): () => number {
  const startedAtMs = performance.now();
  // Without a limit, a person may be looking through a debugger. An hour ends it all the same.
  const limitMs = timeoutMs > 0 && Number.isFinite(timeoutMs) ? timeoutMs : 3_600_000;
  return () => limitMs - Math.min(MOST_MS, limitMs * SHARE) - (performance.now() - startedAtMs);
}
